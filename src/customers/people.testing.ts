// Customers for tests of this room, written as they would lie in the database.
import { sql } from 'kysely'
import type { Actor } from '../lib/http.ts'
import { type Db, row } from '../store/database.ts'
import type { IdentityKind } from './schema.ts'

export const anna: Actor = { kind: 'member', id: 'anna', name: 'Anna', role: 'owner', scopes: [] }

export interface Person {
  name?: string
  kind?: 'person' | 'company'
  traits?: Record<string, unknown>
  state?: string
  sales?: number
  valueMinor?: number
  score?: number
  lastSeen?: string
  identities?: Partial<Record<IdentityKind, string>>
}

/** Makes a customer, with a standing when anything of it is given. Gives the id. */
export async function person(db: Db, about: Person = {}): Promise<number> {
  const seen = new Date(about.lastSeen ?? '2026-03-01T10:00:00Z')
  const made = await row(
    db,
    sql<{ id: number }>`
      insert into customers (canonical_id, kind, name, traits, trait_times, first_seen_at, last_seen_at)
      values (0, ${about.kind ?? 'person'}, ${about.name ?? null},
        ${JSON.stringify(about.traits ?? {})}::jsonb,
        ${JSON.stringify(Object.fromEntries(Object.keys(about.traits ?? {}).map((key) => [key, 1])))}::jsonb,
        ${seen}, ${seen})
      returning id`,
  )
  const id = made?.id ?? 0
  await sql`update customers set canonical_id = id where id = ${id}`.execute(db)
  await sql`
    insert into standings (customer_id, state, sales, value_minor, currency, last_seen_at)
    values (${id}, ${about.state ?? 'courting'}, ${about.sales ?? 0}, ${about.valueMinor ?? 0}, 'EUR', ${seen})`.execute(
    db,
  )
  if (about.score !== undefined)
    await sql`insert into scores (customer_id, score, pieces) values (${id}, ${about.score}, 2)`.execute(db)
  for (const [kind, value] of Object.entries(about.identities ?? {}))
    await sql`
      insert into identities (kind, value, customer_id)
      values (${kind}, ${value}, ${id})`.execute(db)
  return id
}

/** Makes an interaction of a customer. Gives its id. */
export async function happened(
  db: Db,
  customerId: number,
  name: string,
  more: { at?: string; touchpointId?: number; experience?: number; properties?: object; words?: string } = {},
): Promise<number> {
  const made = await row(
    db,
    sql<{ id: number }>`
      insert into interactions (customer_id, at, name, touchpoint_id, experience, evidence, words, properties, source)
      values (${customerId}, ${new Date(more.at ?? '2026-03-01T10:00:00Z')}, ${name}, ${more.touchpointId ?? null},
        ${more.experience ?? null}, ${more.experience === undefined ? null : 1}, ${more.words ?? null},
        ${JSON.stringify(more.properties ?? {})}::jsonb, 'test')
      returning id`,
  )
  return made?.id ?? 0
}

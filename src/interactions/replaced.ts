// What an import changes that was there before, kept so that undoing the import puts it back.
import { sql } from 'kysely'
import type { Tx } from '../store/database.ts'
import type { Origin } from './schema.ts'

/** Keeps what customers were known as before the import says more; what it writes is noted beside it. */
export async function keepTraits(
  tx: Tx,
  told: { customerId: number; at: Date; names: string[] }[],
  origin: Origin,
): Promise<void> {
  if (origin.importId === undefined || told.length === 0) return
  const written = new Map<number, Record<string, number>>()
  for (const { customerId, at, names } of told) {
    const entry = written.get(customerId) ?? {}
    for (const name of names) entry[name] = Math.max(entry[name] ?? 0, at.getTime())
    written.set(customerId, entry)
  }
  const sorted = [...written].sort(([a], [b]) => a - b)
  await sql`
    insert into import_replaced (import_id, subject, subject_id, customer_id, before)
    select ${origin.importId}::bigint, 'customer', c.id, c.id,
      jsonb_build_object('traits', c.traits, 'trait_times', c.trait_times, 'name', c.name,
        'time_zone', c.time_zone, 'written', n.written)
    from unnest(
      ${sorted.map(([id]) => id)}::bigint[],
      ${sorted.map(([, names]) => JSON.stringify(names))}::jsonb[]
    ) as n(id, written)
    join customers c on c.id = n.id
    where c.import_id is distinct from ${origin.importId}::bigint
    on conflict (import_id, subject, subject_id) do update
    set before = jsonb_set(import_replaced.before, '{written}',
      (import_replaced.before -> 'written') || (excluded.before -> 'written'))`.execute(tx)
}

/** Keeps purchases that were there before the import as they were. */
export async function keepPurchases(
  tx: Tx,
  purchases: { kind: string; key: string }[],
  origin: Origin,
): Promise<void> {
  if (origin.importId === undefined) return
  await sql`
    insert into import_replaced (import_id, subject, subject_id, customer_id, before)
    select ${origin.importId}::bigint, 'purchase', p.id, p.customer_id, to_jsonb(p) - 'tx'
    from unnest(
      ${purchases.map(({ kind }) => kind)}::text[],
      ${purchases.map(({ key }) => key)}::text[]
    ) as n(kind, key)
    join purchases p on p.kind = n.kind and p.key = n.key
    where p.import_id is distinct from ${origin.importId}::bigint
    on conflict do nothing`.execute(tx)
}

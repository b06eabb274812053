// What is known already of the identities that came in: who was erased, what is shared, whose each one is.
import { sql } from 'kysely'
import { texts } from '../store/arrays.ts'
import { type Db, rows } from '../store/database.ts'
import type { Group } from './identity-group.ts'
import { identityKey, tombstoneHash } from './identity-key.ts'
import type { Identity, IdentityKind } from './schema.ts'
import { identitiesOf, type Subject } from './subject.ts'

export async function erased(db: Db, subjects: Subject[]): Promise<Set<string>> {
  const byHash = new Map<string, string>()
  for (const subject of subjects)
    for (const identity of subject.identities)
      byHash.set(tombstoneHash(identity).toString('hex'), identityKey(identity))
  const hits = await rows(
    db,
    sql<{ hash: string }>`
      select encode(hash, 'hex') as hash
      from tombstones
      where hash = any(select decode(h, 'hex') from unnest(${[...byHash.keys()]}::text[]) as t(h))`,
  )
  return new Set(hits.map(({ hash }) => byHash.get(hash) ?? ''))
}

interface Bars {
  blocked: { kind: IdentityKind; value: string }[]
  /** Whether anybody was ever erased. */
  tombstones: boolean
}

/** Which of the identities are on the block list, and whether there are erased customers to look for. */
export async function readBars(db: Db, subjects: Subject[]): Promise<Bars> {
  const values = [...new Set(subjects.flatMap(({ identities }) => identities.map(({ value }) => value)))]
  const [found] = await rows(
    db,
    sql<Bars>`
      select exists (select from tombstones) as tombstones,
        (
          select coalesce(json_agg(json_build_object('kind', kind, 'value', value)), '[]')
          from blocked_identities
          where value = any(${texts(values)}::text[])
        ) as blocked`,
  )
  return found ?? { blocked: [], tombstones: false }
}

/** Takes out the identities on the block list: mailboxes and numbers that several people share. */
export function withoutBlocked(subjects: Subject[], blocked: Bars['blocked']): Subject[] {
  if (blocked.length === 0) return subjects
  const isOpen = (identity: Identity) =>
    !blocked.some(({ kind, value }) => kind === identity.kind && value === identity.value)
  return subjects.map(({ previous, ...subject }) => ({
    ...subject,
    identities: subject.identities.filter(isOpen),
    ...(previous && isOpen(previous) ? { previous } : {}),
  }))
}

/** Canonical ids of the customers that subjects name outright; one who is gone is missing. */
export async function canonicalsOfKnown(db: Db, subjects: Subject[]): Promise<Map<number, number>> {
  const ids = [
    ...new Set(subjects.flatMap(({ customerId }) => (customerId === undefined ? [] : [customerId]))),
  ]
  if (ids.length === 0) return new Map()
  const found = await rows(
    db,
    sql<{ id: number; canonical: number }>`
      select id, canonical_id as canonical
      from customers
      where id = any(${ids}::bigint[])`,
  )
  return new Map(found.map(({ id, canonical }) => [id, canonical]))
}

interface Owners {
  /** Canonical customer of each identity that is known, by identity key. */
  owners: Map<string, number>
  /** The row of it that the identity came with. */
  rowsOf: Map<string, number>
}

export async function findOwners(db: Db, subjects: Subject[]): Promise<Owners> {
  const identities = new Map<string, Identity>()
  for (const subject of subjects) {
    if (subject.customerId !== undefined) continue
    for (const identity of identitiesOf(subject)) identities.set(identityKey(identity), identity)
  }
  const stored = [...identities.values()].filter((identity) => identity.kind !== 'order')
  const orders = [...identities.values()].filter((identity) => identity.kind === 'order')
  const owners = new Map<string, number>()
  const rowsOf = new Map<string, number>()
  if (stored.length > 0) {
    const known = await rows(
      db,
      sql<{ position: number; canonical: number; customer: number }>`
        select wanted.position::integer, c.canonical_id as canonical, c.id as customer
        from unnest(
          ${texts(stored.map((i) => i.kind))}::text[],
          ${texts(stored.map((i) => i.source))}::text[],
          ${texts(stored.map((i) => i.value))}::text[]
        ) with ordinality as wanted(kind, source, value, position)
        -- looked up one by one: as joins the planner reads all of them when there are few thousand
        cross join lateral (
          select customer_id
          from identities
          where kind = wanted.kind
            and source = wanted.source
            and value = wanted.value
          limit 1
        ) i
        cross join lateral (
          select id, canonical_id
          from customers
          where id = i.customer_id
          limit 1
        ) c`,
    )
    for (const { position, canonical, customer } of known) {
      const key = identityKey(stored[position - 1] as Identity)
      owners.set(key, canonical)
      rowsOf.set(key, customer)
    }
  }
  if (orders.length > 0) {
    const known = await rows(
      db,
      sql<{ key: string; canonical: number; customer: number }>`
        select p.key, min(c.canonical_id) as canonical, min(c.id) as customer
        from purchases p
        join customers c on c.id = p.customer_id
        where p.key = any(${orders.map((i) => i.value)}::text[])
        group by p.key
        having count(distinct c.canonical_id) = 1`,
    )
    for (const row of known) {
      const key = identityKey({ kind: 'order', source: '', value: row.key })
      owners.set(key, row.canonical)
      rowsOf.set(key, row.customer)
    }
  }
  return { owners, rowsOf }
}

/** What the customers concerned are known by, read only where an event could add to it or join it. */
export async function loadGroups(
  db: Db,
  subjects: Subject[],
  owners: Map<string, number>,
): Promise<Map<number, Group>> {
  const groups = new Map<number, Group>()
  const needed = new Set<number>()
  for (const subject of subjects) {
    const ids = identitiesOf(subject).map((identity) => owners.get(identityKey(identity)))
    const [first] = ids
    if (ids.length === 1 && first !== undefined) {
      if (!groups.has(first)) groups.set(first, { id: first, keys: new Set() })
      continue
    }
    const known = new Set(ids.filter((id) => id !== undefined))
    for (const id of known) groups.set(id, groups.get(id) ?? { id, keys: new Set() })
    if (known.size > 1 || (known.size === 1 && ids.includes(undefined)))
      for (const id of known) needed.add(id)
  }
  if (needed.size === 0) return groups
  const identities = await rows(
    db,
    sql<Identity & { canonical: number }>`
      select c.canonical_id as canonical, i.kind, i.source, i.value
      from customers c
      join identities i on i.customer_id = c.id
      where c.canonical_id = any(${[...needed]}::bigint[])`,
  )
  for (const row of identities) groups.get(row.canonical)?.keys.add(identityKey(row))
  return groups
}

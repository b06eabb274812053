// What is known already of the identities that came in: who was erased, what is shared, whose each one is.
import { sql } from 'kysely'
import { numbers, texts } from '../store/arrays.ts'
import { type Db, row, rows } from '../store/database.ts'
import type { Group } from './identity-group.ts'
import { identityKey, tombstoneHash } from './identity-key.ts'
import type { Barred, KnownIdentities } from './known-identities.ts'
import type { Identity, IdentityKind } from './schema.ts'
import type { Asked, Keyed, Subject } from './subject.ts'

/** Keys of the identities that belonged to a customer who was erased; what is somebody's again is not looked for. */
export async function erased(db: Db, subjects: Asked[], owners: Map<string, number>): Promise<Set<string>> {
  const byHash = new Map<string, string>()
  for (const { identities } of subjects)
    for (const identity of identities)
      if (!owners.has(identity.key)) byHash.set(tombstoneHash(identity).toString('hex'), identity.key)
  if (byHash.size === 0) return new Set()
  const hits = await rows(
    db,
    sql<{ hash: string }>`
      select encode(hash, 'hex') as hash
      from tombstones
      where hash = any(select decode(h, 'hex') from unnest(${[...byHash.keys()]}::text[]) as t(h))`,
  )
  return new Set(hits.map(({ hash }) => byHash.get(hash) ?? ''))
}

/** Whether there is a block list to look at, and whether there are erased customers to look for. */
export async function readBarred(db: Db, known: KnownIdentities | undefined): Promise<Barred> {
  if (known?.barred) return known.barred
  const barred = (await row(
    db,
    sql<Barred>`
      select exists (select from blocked_identities) as blocked, exists (select from tombstones) as erased`,
  )) ?? { blocked: true, erased: true }
  if (known) known.barred = barred
  return barred
}

/** Takes out the identities on the block list: mailboxes and numbers that several people share. */
export async function withoutBlocked(db: Db, subjects: Subject[]): Promise<Subject[]> {
  const values = [...new Set(subjects.flatMap(({ identities }) => identities.map(({ value }) => value)))]
  const blocked = await rows(
    db,
    sql<{ kind: IdentityKind; value: string }>`
      select kind, value
      from blocked_identities
      where value = any(${texts(values)}::text[])`,
  )
  if (blocked.length === 0) return subjects
  const isOpen = (identity: Identity) =>
    !blocked.some(({ kind, value }) => kind === identity.kind && value === identity.value)
  return subjects.map(({ previous, ...subject }) => ({
    ...subject,
    identities: subject.identities.filter(isOpen),
    ...(previous && isOpen(previous) ? { previous } : {}),
  }))
}

/** Canonical ids of rows of customers; one that is gone is missing. */
export async function canonicalsOf(db: Db, ids: number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map()
  const found = await row(
    db,
    sql<{ ids: number[] | null; canonicals: number[] | null }>`
      select array_agg(id) as ids, array_agg(canonical_id) as canonicals
      from customers
      where id = any(${numbers(ids)}::bigint[])`,
  )
  const canonicals = found?.canonicals ?? []
  return new Map(found?.ids?.map((id, index) => [id, canonicals[index] ?? id]))
}

interface Owners {
  /** Canonical customer of each identity that is known, by identity key. */
  owners: Map<string, number>
  /** The row of it that the identity came with. */
  rowsOf: Map<string, number>
}

export async function findOwners(db: Db, subjects: Asked[], known?: KnownIdentities): Promise<Owners> {
  const found: Owners = { owners: new Map(), rowsOf: new Map() }
  const wanted = new Map<string, Keyed>()
  for (const { subject, identities } of subjects)
    if (subject.customerId === undefined)
      for (const identity of identities) wanted.set(identity.key, identity)
  if (known) await recall(db, wanted, known, found)
  const unknown = [...wanted.values()]
  await findStored(
    db,
    unknown.filter(({ kind }) => kind !== 'order'),
    known,
    found,
  )
  await findByOrder(
    db,
    unknown.filter(({ kind }) => kind === 'order'),
    found,
  )
  return found
}

/** Takes out of the wanted what is remembered and still stands. */
async function recall(
  db: Db,
  wanted: Map<string, Keyed>,
  known: KnownIdentities,
  { owners, rowsOf }: Owners,
): Promise<void> {
  const remembered = new Map<string, number>()
  for (const key of wanted.keys()) {
    const row = known.rowOf(key)
    if (row !== undefined) remembered.set(key, row)
  }
  const canonicals = await canonicalsOf(db, [...new Set(remembered.values())])
  for (const [key, row] of remembered) {
    const canonical = canonicals.get(row)
    if (canonical === undefined) known.forget(key)
    else {
      wanted.delete(key)
      owners.set(key, canonical)
      rowsOf.set(key, row)
    }
  }
}

async function findStored(
  db: Db,
  identities: Keyed[],
  known: KnownIdentities | undefined,
  { owners, rowsOf }: Owners,
): Promise<void> {
  if (identities.length === 0) return
  const found = await rows(
    db,
    sql<{ position: number; canonical: number; customer: number }>`
      select wanted.position::integer, c.canonical_id as canonical, c.id as customer
      from unnest(
        ${texts(identities.map((i) => i.kind))}::text[],
        ${texts(identities.map((i) => i.source))}::text[],
        ${texts(identities.map((i) => i.value))}::text[]
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
  for (const { position, canonical, customer } of found) {
    const { key } = identities[position - 1] as Keyed
    owners.set(key, canonical)
    rowsOf.set(key, customer)
    known?.remember(key, customer)
  }
}

async function findByOrder(db: Db, orders: Keyed[], { owners, rowsOf }: Owners): Promise<void> {
  if (orders.length === 0) return
  const found = await rows(
    db,
    sql<{ key: string; canonical: number; customer: number }>`
      select p.key, min(c.canonical_id) as canonical, min(c.id) as customer
      from purchases p
      join customers c on c.id = p.customer_id
      where p.key = any(${orders.map((i) => i.value)}::text[])
      group by p.key
      having count(distinct c.canonical_id) = 1`,
  )
  for (const { key, canonical, customer } of found) {
    const identity = identityKey({ kind: 'order', source: '', value: key })
    owners.set(identity, canonical)
    rowsOf.set(identity, customer)
  }
}

/** What the customers concerned are known by, read only where an event could add to it or join it. */
export async function loadGroups(
  db: Db,
  subjects: Asked[],
  owners: Map<string, number>,
): Promise<Map<number, Group>> {
  const groups = new Map<number, Group>()
  const needed = new Set<number>()
  for (const { identities } of subjects) {
    const [sole] = identities
    const first = sole && identities.length === 1 ? owners.get(sole.key) : undefined
    if (first !== undefined) {
      if (!groups.has(first)) groups.set(first, { id: first, keys: new Set() })
      continue
    }
    const ids = identities.map(({ key }) => owners.get(key))
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

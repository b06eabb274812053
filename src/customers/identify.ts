// Whose is it? Finds, for a batch of things that came in, the customer each belongs to; makes the customers
// that are new; joins those that an event shows to be one.
//
// The rules: an identity belongs to one customer. Strong identities (user id, external id, email, phone)
// may join customers, weak ones (a browser, an order) only bring an unknown visitor to a known customer.
// No automatic join may give a customer more identities of a kind than the limit, so one bad column
// can't melt the customer base into one person: what is refused is kept as a conflict for a person to
// settle, and the event goes to the customer of its strongest identity.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { numbers, texts, times } from '../store/arrays.ts'
import { type Db, rows, type Tx } from '../store/database.ts'
import { joinCustomers } from './join.ts'
import { type Identity, type IdentityKind, identityKinds } from './schema.ts'

/** How many identities of one kind a customer may gather by automatic joins (per source for `external`). */
export type IdentityLimits = Partial<Record<IdentityKind, number>>
export const defaultLimits: Record<IdentityKind, number> = {
  user_id: 1,
  external: 3,
  email: 5,
  phone: 5,
  order: Number.POSITIVE_INFINITY,
  anonymous_id: 200,
}

/** One thing that came in, as far as finding its customer goes. */
export interface Subject {
  identities: Identity[]
  at: Date
  kind?: 'person' | 'company'
  /** Said outright to be the same customer (alias): joins even over the limits. */
  previous?: Identity
  /** Known already: nothing is searched. */
  customerId?: number
}

export type Identified = { customerId: number; canonicalId: number; created: boolean } | { refused: string }

export interface IdentifyOptions {
  limits?: IdentityLimits
  importId?: number
  actor: string
}

/** Why something of an erased customer is refused. Whoever keeps what was refused must not keep this. */
export const erasedReason = 'This customer was erased at their request and is not brought back.'

interface Group {
  /** Canonical id; negative while the customer is not in the database yet. */
  id: number
  keys: Set<string>
  created?: { at: Date; lastAt: Date; kind: 'person' | 'company' }
  joinedInto?: Group
}

/** Thrown when another transaction took an identity first; the caller's transaction runs again. */
export class IdentityRace extends Error {
  readonly code = '40001'
}

/**
 * Finds or makes the customer of each subject, within the caller's transaction.
 * Refused: no identity at all, or a customer who was erased.
 */
export async function identify(tx: Tx, given: Subject[], options: IdentifyOptions): Promise<Identified[]> {
  const limits = { ...defaultLimits, ...options.limits }
  const bars = await readBars(tx, given)
  const subjects = withoutBlocked(given, bars.blocked)
  const canonicals = await canonicalsOfKnown(tx, subjects)
  const blocked = bars.tombstones ? await erased(tx, subjects) : new Set<string>()
  const { owners, rowsOf } = await findOwners(tx, subjects)
  const groups = await loadGroups(tx, subjects, owners)
  const joins: { from: Group; into: Group; evidence: object }[] = []
  const conflicts: { groups: Group[]; evidence: object; reason: string }[] = []
  const fresh = new Map<string, Group>()
  let nextTemporary = -1

  const groupOf = (identity: Identity): Group | undefined => {
    const key = identityKey(identity)
    const group = fresh.get(key) ?? groups.get(owners.get(key) ?? 0)
    return group && root(group)
  }

  const found = subjects.map((subject, position): Group | number | { refused: string } => {
    if (subject.customerId !== undefined)
      return canonicals.has(subject.customerId)
        ? subject.customerId
        : { refused: `There is no customer ${subject.customerId} (any more).` }
    const identities = [...subject.identities, ...(subject.previous ? [subject.previous] : [])]
    if (identities.some((identity) => blocked.has(identityKey(identity)))) return { refused: erasedReason }
    const stored = identities
      .filter((identity) => identity.kind !== 'order')
      .sort((a, b) => strength(a) - strength(b))
    const candidates = [...new Set(identities.map(groupOf).filter((group) => group !== undefined))]

    let home: Group | undefined = candidates[0]
    if (candidates.length > 1) home = settle(candidates, subject, identities)
    if (!home) {
      if (stored.length === 0)
        return {
          refused:
            identities.length < (given[position]?.identities.length ?? 0)
              ? 'All that says whose this is stands on the block list (shared by several people).'
              : identities.length > 0
                ? 'Nothing is known of this order yet, and the event names no customer.'
                : 'No user id, email, phone, external id or anonymous id says whose this is.',
        }
      home = newGroup(subject)
    }
    let target = home
    for (const identity of stored) {
      const key = identityKey(identity)
      if (groupOf(identity)) continue
      if (fits(target, identity)) {
        target.keys.add(key)
        fresh.set(key, target)
      } else if (strength(identity) < Math.min(...knownStrengths(target, stored))) {
        // A stronger identity that does not fit (a second user id on a known email) is somebody else.
        conflicts.push({
          groups: [target],
          evidence: { identity },
          reason: `too many of kind ${identity.kind}`,
        })
        target = newGroup(subject)
        target.keys.add(key)
        fresh.set(key, target)
      } else
        conflicts.push({
          groups: [target],
          evidence: { identity },
          reason: `too many of kind ${identity.kind}`,
        })
    }
    if (target.created) {
      if (subject.at < target.created.at) target.created.at = subject.at
      if (subject.at > target.created.lastAt) target.created.lastAt = subject.at
    }
    return target
  })

  /**
   * Of a customer's joined rows the one that the subject's strongest identity came with: should the join be
   * undone, what came in since goes back to where it belongs too.
   */
  function rowOf(subject: Subject | undefined, canonical: Group): number | undefined {
    return subject?.identities
      .toSorted((a, b) => strength(a) - strength(b))
      .filter((identity) => groupOf(identity) === canonical)
      .map((identity) => rowsOf.get(identityKey(identity)))
      .find((id) => id !== undefined)
  }

  function newGroup(subject: Subject): Group {
    const group: Group = {
      id: nextTemporary--,
      keys: new Set(),
      created: { at: subject.at, lastAt: subject.at, kind: subject.kind ?? 'person' },
    }
    groups.set(group.id, group)
    return group
  }

  function knownStrengths(group: Group, identities: Identity[]): number[] {
    return identities
      .filter((identity) => groupOf(identity) === group)
      .map(strength)
      .concat(Number.POSITIVE_INFINITY)
  }

  function fits(group: Group, identity: Identity): boolean {
    return count(group, identity.kind, identity.source) < limits[identity.kind]
  }

  /** Joins the candidates into one where the rules allow it; gives the one that the subject goes to. */
  function settle(candidates: Group[], subject: Subject, identities: Identity[]): Group {
    const strongest = identities.toSorted((a, b) => strength(a) - strength(b))
    let home = strongest.map(groupOf).find((group) => group !== undefined) ?? (candidates[0] as Group)
    for (const candidate of candidates) {
      const other = root(candidate)
      if (other === home) continue
      const alias = subject.previous !== undefined
      const shared = identities.filter((identity) => groupOf(identity) === other)
      const reason = alias ? undefined : whyNotJoined(home, other, shared)
      if (reason) {
        conflicts.push({ groups: [home, other], evidence: { identities }, reason })
        continue
      }
      // Whoever is known survives a visitor; of two known, the one first in the database.
      const [into, from] = isVisitor(home) && !isVisitor(other) ? [other, home] : pickSurvivor(home, other)
      const { importId } = options
      joins.push({ from, into, evidence: { identities, alias, ...(importId ? { importId } : {}) } })
      for (const key of from.keys) into.keys.add(key)
      from.joinedInto = into
      home = into
    }
    return home
  }

  function whyNotJoined(a: Group, b: Group, shared: Identity[]): string | undefined {
    const visitor = isVisitor(a) || isVisitor(b)
    if (!visitor && shared.every((identity) => isWeak(identity.kind)))
      return 'only a browser or an order connects these customers'
    for (const key of b.keys) {
      const { kind, source } = parseKey(key)
      if (count(a, kind, source) + count(b, kind, source) > limits[kind])
        return `together they would have more than ${limits[kind]} of kind ${kind}`
    }
    return undefined
  }

  const stored = await writeCustomers(tx, [...groups.values()], options)
  await writeIdentities(tx, fresh, options)
  for (const { from, into, evidence } of joins) {
    if (from.id < 0 || into.id < 0) throw new Error('a join was left without ids')
    await joinCustomers(tx, {
      survivor: into.id,
      absorbed: from.id,
      rule: 'shared identity',
      evidence,
      actor: options.actor,
    })
  }
  await writeConflicts(tx, conflicts)

  return found.map((result, position) => {
    if (typeof result === 'number')
      return { customerId: result, canonicalId: canonicals.get(result) ?? result, created: false }
    if ('refused' in result) return result
    const canonical = root(result)
    return {
      customerId: rowOf(subjects[position], canonical) ?? result.id,
      canonicalId: canonical.id,
      created: stored.has(result.id) && found.indexOf(result) === position,
    }
  })
}

/** The same identity always has the same key; used for look-ups and tombstones. */
export function identityKey({ kind, source, value }: Identity): string {
  return `${kind}\u0001${source}\u0001${value}`
}

/** What is kept of an erased identity: enough to know it again, not enough to read it. */
export function tombstoneHash(identity: Identity): Buffer {
  return createHash('sha256')
    .update(`troth\u0001${identityKey(identity)}`)
    .digest()
}

function parseKey(key: string): { kind: IdentityKind; source: string } {
  const [kind = '', source = ''] = key.split('\u0001')
  return { kind: kind as IdentityKind, source }
}

function root(group: Group): Group {
  return group.joinedInto ? root(group.joinedInto) : group
}

function count(group: Group, kind: IdentityKind, source: string): number {
  const prefix = `${kind}\u0001${source}\u0001`
  let found = 0
  for (const key of group.keys) if (key.startsWith(prefix)) found++
  return found
}

function isVisitor(group: Group): boolean {
  for (const key of group.keys) if (!isWeak(parseKey(key).kind)) return false
  return true
}

function isWeak(kind: IdentityKind): boolean {
  return kind === 'anonymous_id' || kind === 'order'
}

function strength(identity: Identity): number {
  return identityKinds.indexOf(identity.kind)
}

function pickSurvivor(a: Group, b: Group): [Group, Group] {
  if (a.id > 0 && b.id > 0) return a.id < b.id ? [a, b] : [b, a]
  return a.id > 0 || b.id < 0 ? [a, b] : [b, a]
}

async function erased(db: Db, subjects: Subject[]): Promise<Set<string>> {
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
async function readBars(db: Db, subjects: Subject[]): Promise<Bars> {
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
function withoutBlocked(subjects: Subject[], blocked: Bars['blocked']): Subject[] {
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
async function canonicalsOfKnown(db: Db, subjects: Subject[]): Promise<Map<number, number>> {
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

async function findOwners(db: Db, subjects: Subject[]): Promise<Owners> {
  const identities = new Map<string, Identity>()
  for (const subject of subjects) {
    if (subject.customerId !== undefined) continue
    for (const identity of subject.identities) identities.set(identityKey(identity), identity)
    if (subject.previous) identities.set(identityKey(subject.previous), subject.previous)
  }
  const stored = [...identities.values()].filter((identity) => identity.kind !== 'order')
  const orders = [...identities.values()].filter((identity) => identity.kind === 'order')
  const owners = new Map<string, number>()
  const rowsOf = new Map<string, number>()
  if (stored.length > 0) {
    const known = await rows(
      db,
      sql<Identity & { canonical: number; customer: number }>`
        select i.kind, i.source, i.value, c.canonical_id as canonical, c.id as customer
        from unnest(
          ${texts(stored.map((i) => i.kind))}::text[],
          ${texts(stored.map((i) => i.source))}::text[],
          ${texts(stored.map((i) => i.value))}::text[]
        ) as wanted(kind, source, value)
        -- looked up one by one: as joins the planner reads all of them when there are few thousand
        cross join lateral (
          select *
          from identities
          where kind = wanted.kind
            and source = wanted.source
            and value = wanted.value
          limit 1
        ) i
        cross join lateral (
          select *
          from customers
          where id = i.customer_id
          limit 1
        ) c`,
    )
    for (const row of known) {
      owners.set(identityKey(row), row.canonical)
      rowsOf.set(identityKey(row), row.customer)
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
async function loadGroups(
  db: Db,
  subjects: Subject[],
  owners: Map<string, number>,
): Promise<Map<number, Group>> {
  const groups = new Map<number, Group>()
  const needed = new Set<number>()
  for (const subject of subjects) {
    const all = [...subject.identities, ...(subject.previous ? [subject.previous] : [])]
    const ids = all.map((identity) => owners.get(identityKey(identity)))
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

async function writeCustomers(tx: Tx, groups: Group[], options: IdentifyOptions): Promise<Set<number>> {
  const made = groups.filter((group) => group.created)
  if (made.length === 0) return new Set()
  const ids = await rows(
    tx,
    sql<{ id: number }>`
      select nextval('customers_id_seq') as id
      from generate_series(1, ${made.length}::integer)`,
  )
  made.forEach((group, position) => {
    group.id = ids[position]?.id ?? 0
  })
  // One that was joined within the batch is made too: the merge's history then has both sides.
  await sql`
    insert into customers (id, canonical_id, kind, first_seen_at, last_seen_at, import_id)
    select id, id, kind, first_seen_at, last_seen_at, ${options.importId ?? null}::bigint
    from unnest(
      ${numbers(made.map((group) => group.id))}::bigint[],
      ${texts(made.map((group) => group.created?.kind ?? 'person'))}::text[],
      ${times(made.map((group) => group.created?.at ?? new Date()))}::timestamptz[],
      ${times(made.map((group) => group.created?.lastAt ?? new Date()))}::timestamptz[]
    ) as t(id, kind, first_seen_at, last_seen_at)`.execute(tx)
  return new Set(made.map((group) => group.id))
}

async function writeIdentities(tx: Tx, fresh: Map<string, Group>, options: IdentifyOptions): Promise<void> {
  if (fresh.size === 0) return
  // In one order over all transactions, so that two of them never wait for each other in a circle.
  const sorted = [...fresh].sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = sorted.map(([key]) => key.split('\u0001'))
  const written = await rows(
    tx,
    sql<{ one: number }>`
      insert into identities (kind, source, value, customer_id, import_id)
      select kind, source, value, customer_id, ${options.importId ?? null}::bigint
      from unnest(
        ${texts(parts.map((part) => part[0]))}::text[],
        ${texts(parts.map((part) => part[1]))}::text[],
        ${texts(parts.map((part) => part[2]))}::text[],
        ${numbers(sorted.map(([, group]) => group.id))}::bigint[]
      ) as t(kind, source, value, customer_id)
      on conflict (kind, source, value) do nothing
      returning 1 as one`,
  )
  if (written.length < sorted.length)
    throw new IdentityRace('another transaction identified this customer first')
}

async function writeConflicts(
  tx: Tx,
  conflicts: { groups: Group[]; evidence: object; reason: string }[],
): Promise<void> {
  for (const { groups, evidence, reason } of conflicts) {
    const customers = [...new Set(groups.map((group) => root(group).id))].sort((a, b) => a - b)
    await sql`
      insert into identity_conflicts (customers, evidence, reason)
      select ${customers}::bigint[], ${JSON.stringify(evidence)}::jsonb, ${reason}
      -- somebody has looked at it before and left them apart
      where not exists (
        select from identity_conflicts
        where customers = ${customers}::bigint[] and reason = ${reason} and settlement = 'apart')
      on conflict (customers, reason) where settled_at is null do nothing`.execute(tx)
  }
}

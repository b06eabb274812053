// Joining two customers by hand, and taking any join back, whoever or whatever made it.
//
// A merge is an edge of evidence and is never deleted; undone_at is its negative edge. Undoing one works out
// the group again from the edges that still stand (grouping.ts), so a merge can be undone in any order.
import { type RawBuilder, sql } from 'kysely'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { actorInWords, audit } from '../team/team.ts'
import { customersChanged } from './changes.ts'
import { canonicalsOf } from './grouping.ts'
import { joinCustomers } from './join.ts'
import { previewMerge } from './merge-preview.ts'
import { iso } from './summaries.ts'

export interface Merge {
  id: number
  survivorId: number
  survivor: string
  absorbedId: number
  absorbed: string
  rule: string
  evidence: unknown
  actor: string
  at: string
  undoneAt: string | null
  undoneBy: string | null
}

export interface MergeInput {
  /** Canonical id of the customer whose page stays. */
  survivor: number
  absorbed: number
  reason?: string | undefined
  /** Join although together they have more identities of a kind than one customer usually has. */
  beyondLimits?: boolean | undefined
}

/** Gives the merge's id. @throws NotFound, Conflict, Invalid when limits are exceeded and that was not said to be right */
export async function mergeCustomers(store: Store, input: MergeInput, actor: Actor): Promise<number> {
  return transaction(store.db, (tx) => mergeIn(store, tx, input, actor))
}

export async function mergeIn(store: Store, tx: Tx, input: MergeInput, actor: Actor): Promise<number> {
  const preview = await previewMerge(tx, input.survivor, input.absorbed)
  const [first] = preview.result.beyond
  if (first && !input.beyondLimits)
    throw new Invalid(
      `Together they would have ${first.count} ${first.kind}; one customer usually has at most ${first.limit}. Say that this is right to join them all the same.`,
      [{ field: 'beyondLimits', reason: 'must be said' }],
    )
  const merge = await joinCustomers(tx, {
    survivor: input.survivor,
    absorbed: input.absorbed,
    rule: 'by hand',
    evidence: { ...(input.reason ? { reason: input.reason } : {}), beyondLimits: first !== undefined },
    actor: actor.name,
  })
  await audit(tx, actor, 'joined', 'customer', input.survivor, { merge, absorbed: input.absorbed })
  await customersChanged(store, tx, [input.survivor, input.absorbed])
  return merge
}

/**
 * Takes a merge back: what came with each of them, before and since, is theirs again.
 * Gives the customers that there are now.
 */
export async function undoMerge(store: Store, mergeId: number, actor: Actor): Promise<number[]> {
  return transaction(store.db, (tx) => undoMergeIn(store, tx, mergeId, actor))
}

export async function undoMergeIn(store: Store, tx: Tx, mergeId: number, actor: Actor): Promise<number[]> {
  const merge = await row(
    tx,
    sql<{ absorbed: number; undone: boolean }>`
      select absorbed_id as absorbed, undone_at is not null as undone
      from merges
      where id = ${mergeId}::bigint
      for update`,
  )
  if (!merge) throw new NotFound('merge', mergeId)
  if (merge.undone) throw new Conflict('This has been undone already.')
  const group = await rows(
    tx,
    sql<{ id: number; canonical: number }>`
      select id, canonical_id as canonical
      from customers
      where canonical_id = (select canonical_id from customers where id = ${merge.absorbed}::bigint)
      order by id
      for update`,
  )
  const ids = group.map(({ id }) => id)
  if (!ids.includes(merge.absorbed))
    throw new GroupRace('another transaction joined these customers meanwhile')
  await sql`
    update merges
    set undone_at = now(), undone_by = ${actor.name}
    where id = ${mergeId}::bigint`.execute(tx)
  const edges = await rows(
    tx,
    sql<{ survivor: number; absorbed: number }>`
      select survivor_id as survivor, absorbed_id as absorbed
      from merges
      where absorbed_id = any(${ids}::bigint[]) and undone_at is null
      order by id`,
  )
  const canonicals = canonicalsOf(ids, edges)
  const changed = group.filter(({ id, canonical }) => canonicals.get(id) !== canonical)
  await sql`
    update customers c
    set canonical_id = n.canonical, tx = pg_current_xact_id()
    from unnest(
      ${changed.map(({ id }) => id)}::bigint[],
      ${changed.map(({ id }) => canonicals.get(id) ?? id)}::bigint[]
    ) as n(id, canonical)
    where c.id = n.id`.execute(tx)
  const now = [...new Set(canonicals.values())].sort((a, b) => a - b)
  const gone = [...new Set(group.map(({ canonical }) => canonical))].filter((id) => !now.includes(id))
  if (gone.length > 0) {
    // Parted under another of them: what is kept once per customer goes, and is worked out anew.
    await sql`delete from standings where customer_id = any(${gone}::bigint[])`.execute(tx)
    await sql`delete from scores where customer_id = any(${gone}::bigint[])`.execute(tx)
    await sql`delete from segment_members where customer_id = any(${gone}::bigint[])`.execute(tx)
  }
  await audit(tx, actor, 'parted', 'customer', merge.absorbed, { merge: mergeId, customers: now })
  await customersChanged(store, tx, [...now, ...gone])
  return now
}

/** Thrown when the group changed while its lock was waited for; the transaction runs again and sees it. */
class GroupRace extends Error {
  readonly code = '40001'
}

/** What was joined into this customer's life, newest first, undone ones too. */
export async function mergesOf(db: Db, canonical: number): Promise<Merge[]> {
  return rows(
    db,
    mergeRows(
      sql`
        m.survivor_id in (select id from customers where canonical_id = ${canonical}::bigint)
        or m.absorbed_id in (select id from customers where canonical_id = ${canonical}::bigint)`,
      200,
    ),
  )
}

export async function recentMerges(
  db: Db,
  options: { before?: number | undefined; limit: number },
): Promise<Merge[]> {
  return rows(
    db,
    mergeRows(
      sql`
        ${options.before ?? null}::bigint is null or m.id < ${options.before ?? null}::bigint`,
      options.limit,
    ),
  )
}

/** @throws NotFound */
export async function readMerge(db: Db, id: number): Promise<Merge> {
  const merge = await row(db, mergeRows(sql`m.id = ${id}::bigint`, 1))
  if (!merge) throw new NotFound('merge', id)
  return merge
}

function mergeRows(condition: RawBuilder<unknown>, limit: number): RawBuilder<Merge> {
  return sql<Merge>`
    select m.id, m.survivor_id as "survivorId", m.absorbed_id as "absorbedId", m.rule, m.evidence,
      ${actorInWords(sql`m.actor`)} as actor,
      ${iso(sql`m.at`)} as at, ${iso(sql`m.undone_at`)} as "undoneAt", m.undone_by as "undoneBy",
      ${ownLabel(sql`m.survivor_id`)} as survivor, ${ownLabel(sql`m.absorbed_id`)} as absorbed
    from merges m
    where ${condition}
    order by m.id desc
    limit ${limit}`
}

/** What one row, by itself, is known by: both sides of a merge keep their own names. */
function ownLabel(id: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`(
    select coalesce(c.name, (
        select i.value
        from identities i
        where i.customer_id = c.id and i.kind <> 'anonymous_id'
        order by i.kind, i.first_seen_at, i.value
        limit 1
      ), case c.kind when 'company' then 'Company ' else 'Visitor ' end || c.id)
    from customers c
    where c.id = ${id})`
}

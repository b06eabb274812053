// Segments: customers picked by a rule. Who is in one is kept in segment_members, refreshed by a job and on
// demand, so that the map can be asked for a segment without working the rule out again.
import { type RawBuilder, sql } from 'kysely'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import type { SegmentRule } from './segment-rule.ts'
import { segmentSql } from './segment-sql.ts'
import { type Names, sayRule } from './segment-words.ts'
import { iso } from './summaries.ts'

export interface Segment {
  id: number
  name: string
  rule: SegmentRule
  /** The rule in words. */
  words: string
  customers: number | null
  refreshedAt: string | null
  createdBy: string | null
}

const refreshQueue = 'customers.segment'

interface StoredSegment extends Omit<Segment, 'words'> {}

export async function listSegments(db: Db): Promise<Segment[]> {
  const found = await rows(db, stored(sql`true`))
  const names = await ruleNames(db)
  return found.map((segment) => ({ ...segment, words: sayRule(segment.rule, names) }))
}

/** @throws NotFound */
export async function readSegment(db: Db, id: number): Promise<Segment> {
  const found = await row(db, stored(sql`id = ${id}::bigint`))
  if (!found) throw new NotFound('segment', id)
  return { ...found, words: sayRule(found.rule, await ruleNames(db)) }
}

function stored(condition: RawBuilder<unknown>): RawBuilder<StoredSegment> {
  return sql<StoredSegment>`
    select id, name, rule, customers, ${iso(sql`refreshed_at`)} as "refreshedAt", created_by as "createdBy"
    from segments
    where ${condition}
    order by lower(name), id`
}

/** What the ids in rules stand for, to say rules in words. */
export async function ruleNames(db: Db): Promise<Names> {
  const workspace = await row(db, sql<{ currency: string }>`select currency from workspace`)
  const found = await rows(
    db,
    sql<{ kind: Exclude<keyof Names, 'currency'>; id: number; name: string }>`
      select 'touchpoints' as kind, id::bigint as id, name from touchpoints
      union all
      select 'promises', id, name from expectation_rules
      union all
      select 'segments', id, name from segments
      union all
      select 'companies', c.id, c.name
      from customers c
      where c.kind = 'company' and c.name is not null and c.id in (
        select (condition ->> 'companyId')::bigint
        from segments, jsonb_path_query(rule, 'strict $.** ? (@.about == "company")') as condition)`,
  )
  const names: Names = {
    currency: workspace?.currency ?? 'EUR',
    touchpoints: new Map(),
    promises: new Map(),
    segments: new Map(),
    companies: new Map(),
  }
  for (const { kind, id, name } of found) names[kind].set(id, name)
  return names
}

export async function createSegment(
  store: Store,
  input: { name: string; rule: SegmentRule },
  actor: Actor,
): Promise<number> {
  return transaction(store.db, async (tx) => {
    const made = await row(
      tx,
      sql<{ id: number }>`
        insert into segments (name, rule, created_by)
        values (${input.name.trim()}, ${JSON.stringify(input.rule)}::jsonb, ${actor.name})
        on conflict (name) do nothing
        returning id`,
    )
    if (!made)
      throw new Conflict(`There is a segment named “${input.name.trim()}” already. Choose another name.`)
    await assertNoCircle(tx, made.id, input.rule)
    await audit(tx, actor, 'created', 'segment', made.id, input)
    await store.jobs.enqueue(tx, refreshQueue, { segmentId: made.id })
    return made.id
  })
}

/** @throws NotFound, Conflict when another segment has the name */
export async function changeSegment(
  store: Store,
  id: number,
  input: { name: string; rule: SegmentRule },
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const before = await row(
      tx,
      sql<{
        name: string
        rule: SegmentRule
      }>`select name, rule from segments where id = ${id}::bigint for update`,
    )
    if (!before) throw new NotFound('segment', id)
    const taken = await row(
      tx,
      sql<object>`select 1 from segments where name = ${input.name.trim()} and id <> ${id}::bigint`,
    )
    if (taken)
      throw new Conflict(`There is a segment named “${input.name.trim()}” already. Choose another name.`)
    await assertNoCircle(tx, id, input.rule)
    await sql`
      update segments
      set name = ${input.name.trim()}, rule = ${JSON.stringify(input.rule)}::jsonb
      where id = ${id}::bigint`.execute(tx)
    await audit(tx, actor, 'changed', 'segment', id, { before, after: input })
    await store.jobs.enqueue(tx, refreshQueue, { segmentId: id })
  })
}

export async function deleteSegment(store: Store, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const before = await row(
      tx,
      sql<{
        name: string
        rule: SegmentRule
      }>`delete from segments where id = ${id}::bigint returning name, rule`,
    )
    if (!before) throw new NotFound('segment', id)
    await audit(tx, actor, 'deleted', 'segment', id, before)
  })
}

/** A segment that, through others, is picked by itself would never settle. */
async function assertNoCircle(db: Db, id: number, rule: SegmentRule): Promise<void> {
  const all = await rows(db, sql<{ id: number; rule: SegmentRule }>`select id, rule from segments`)
  const rules = new Map(all.map((segment) => [segment.id, segment.rule])).set(id, rule)
  const visit = (current: SegmentRule, seen: Set<number>): void => {
    for (const next of segmentsIn(current)) {
      if (next === id)
        throw new Invalid('This segment would be picked by itself. Take that condition out.', [
          { field: 'rule', reason: 'refers to itself' },
        ])
      const inner = rules.get(next)
      if (inner && !seen.has(next)) visit(inner, seen.add(next))
    }
  }
  visit(rule, new Set())
}

function segmentsIn(rule: SegmentRule): number[] {
  if ('all' in rule) return rule.all.flatMap(segmentsIn)
  if ('any' in rule) return rule.any.flatMap(segmentsIn)
  if ('not' in rule) return segmentsIn(rule.not)
  return rule.about === 'segment' ? [rule.segmentId] : []
}

/** Works the rule out and brings segment_members up to date. Gives how many customers are in it. */
export async function refreshSegment(store: Store, id: number, now = new Date()): Promise<number> {
  return transaction(store.db, async (tx) => {
    const segment = await row(
      tx,
      sql<{ rule: SegmentRule }>`select rule from segments where id = ${id}::bigint for update`,
    )
    if (!segment) throw new NotFound('segment', id)
    const counted = await row(
      tx,
      sql<{ customers: number }>`
        with picked as materialized (
          select c.id
          from customers c
          left join standings s on s.customer_id = c.id
          where (c.canonical_id = c.id) is true and ${segmentSql(segment.rule, now)}
        ), gone as (
          delete from segment_members m
          where m.segment_id = ${id}::bigint and not exists (select from picked where picked.id = m.customer_id)
        ), come as (
          insert into segment_members (segment_id, customer_id)
          select ${id}::bigint, id
          from picked
          on conflict do nothing
        )
        update segments
        set customers = (select count(*) from picked)::integer, refreshed_at = ${now}
        where id = ${id}::bigint
        returning customers`,
    )
    return counted?.customers ?? 0
  })
}

/** Refreshes every segment, one whose rule refers to others after them. */
export async function refreshSegments(store: Store): Promise<void> {
  const all = await rows(
    store.db,
    sql<{ id: number; rule: SegmentRule }>`select id, rule from segments order by id`,
  )
  const done = new Set<number>()
  const refresh = async (id: number): Promise<void> => {
    if (done.has(id)) return
    done.add(id)
    const segment = all.find((each) => each.id === id)
    if (!segment) return
    for (const other of segmentsIn(segment.rule)) await refresh(other)
    await refreshSegment(store, id)
  }
  for (const { id } of all) await refresh(id)
}

/** Refreshes segments after a change, and all of them every ten minutes. */
export function registerSegments(store: Store): void {
  store.jobs.handle<{ segmentId: number }>(refreshQueue, async (payloads) => {
    for (const id of new Set(payloads.map(({ segmentId }) => segmentId)))
      try {
        await refreshSegment(store, id)
      } catch (error) {
        // Deleted meanwhile: nothing to do.
        if (!(error instanceof NotFound)) throw error
      }
  })
  store.jobs.handle('customers.segments', () => refreshSegments(store), {
    every: '*/10 * * * *',
    retries: 0,
    // Waiting ones are one and the same work.
    batch: 100,
  })
}

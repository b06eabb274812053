// A rule run over history: every customer in whose life its opening event is found, judged anew, in the
// order of their ids. The bookmark moves in the transaction that judges, so a crash loses and repeats nothing.
import { sql } from 'kysely'
import { Conflict, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { openingIn } from './openings.ts'
import { judgeWithin } from './replay.ts'
import { readRule } from './rules.ts'

export interface Run {
  id: number
  ruleId: number
  state: 'waiting' | 'running' | 'done' | 'cancelled'
  /** Customers judged, of how many. */
  done: number
  total: number
  opened: number
  changed: number
  startedBy: string
  createdAt: string
  finishedAt: string | null
}

const queue = 'expectations.run'
const step = 200
/** A run hands its worker back after this long, so that stopping never waits for it. */
const turn = 5_000

export function registerRuns(store: Store): void {
  // By the minute: takes up a run whose process was killed.
  store.jobs.handle(queue, () => workOnRuns(store), { expireIn: 60, every: '* * * * *' })
}

/** Starts judging all of history by a rule. @throws NotFound; Conflict when it is being run already */
export async function startRun(store: Store, ruleId: number, actor: Actor): Promise<Run> {
  const id = await transaction(store.db, async (tx) => {
    const { rule, name } = await readRule(tx, ruleId)
    const counted = await row(
      tx,
      sql<{ total: number }>`
        select count(*)::integer as total
        from (${openingCustomers(rule.opened, ruleId)}) as found`,
    )
    const made = await row(
      tx,
      sql<{ id: number }>`
        insert into expectation_runs (rule_id, total, started_by)
        values (${ruleId}::bigint, ${counted?.total ?? 0}, ${actor.name})
        on conflict do nothing
        returning id`,
    )
    if (!made)
      throw new Conflict('This promise is being run over history already. Wait for it, or stop it first.')
    await audit(tx, actor, 'ran over history', 'promise', ruleId, { name })
    await store.jobs.enqueue(tx, queue, {})
    return made.id
  })
  return readRun(store.db, id)
}

/** Stops a run; what it has judged stays judged. @throws NotFound; Conflict when it is over */
export async function cancelRun(store: Store, id: number, actor: Actor): Promise<Run> {
  await transaction(store.db, async (tx) => {
    const run = await readRun(tx, id)
    const stopped = await row(
      tx,
      sql`
        update expectation_runs
        set state = 'cancelled', finished_at = now()
        where id = ${id}::bigint and state in ('waiting', 'running')
        returning id`,
    )
    if (!stopped) throw new Conflict('This run is over: there is nothing to stop.')
    await audit(tx, actor, 'stopped the run of', 'promise', run.ruleId)
  })
  return readRun(store.db, id)
}

/** @throws NotFound */
export async function readRun(db: Db, id: number): Promise<Run> {
  const [run] = await runs(db, sql`id = ${id}::bigint`)
  if (!run) throw new NotFound('run', id)
  return run
}

/** The last run of a rule, or null. */
export async function findRun(db: Db, ruleId: number): Promise<Run | null> {
  const [run] = await runs(db, sql`rule_id = ${ruleId}::bigint`)
  return run ?? null
}

function runs(db: Db, condition: ReturnType<typeof sql>): Promise<Run[]> {
  return rows(
    db,
    sql<Omit<Run, 'createdAt' | 'finishedAt'> & { createdAt: Date; finishedAt: Date | null }>`
      select id, rule_id as "ruleId", state, done, total, opened, changed, started_by as "startedBy",
        created_at as "createdAt", finished_at as "finishedAt"
      from expectation_runs
      where ${condition}
      order by id desc
      limit 1`,
  ).then((found) =>
    found.map((run) => ({
      ...run,
      createdAt: run.createdAt.toISOString(),
      finishedAt: run.finishedAt?.toISOString() ?? null,
    })),
  )
}

async function workOnRuns(store: Store): Promise<void> {
  const until = Date.now() + turn
  for (;;) {
    const more = await transaction(store.db, (tx) => oneStep(store, tx))
    if (!more) return
    store.projection?.wake()
    if (Date.now() > until) return store.jobs.enqueue(store.db, queue, {})
  }
}

/** Judges the next customers of the oldest run. False: nothing is left to do here. */
async function oneStep(store: Store, tx: Tx): Promise<boolean> {
  const run = await row(
    tx,
    sql<{ id: number; ruleId: number; reached: number }>`
      select id, rule_id as "ruleId", reached
      from expectation_runs
      where state in ('waiting', 'running')
      order by id
      limit 1
      for update skip locked`,
  )
  if (!run) return false
  const { rule } = await readRule(tx, run.ruleId)
  const next = await rows(
    tx,
    sql<{ id: number }>`
      select id
      from (${openingCustomers(rule.opened, run.ruleId)}) as found
      where id > ${run.reached}::bigint
      order by id
      limit ${step}`,
  )
  const last = next.at(-1)
  if (!last) {
    await sql`
      update expectation_runs
      set state = 'done', finished_at = now(), total = done
      where id = ${run.id}::bigint`.execute(tx)
    return true
  }
  const { opened, changed } = await judgeWithin(
    store,
    tx,
    next.map(({ id }) => id),
    { ruleIds: [run.ruleId] },
  )
  await sql`
    update expectation_runs
    set state = 'running', reached = ${last.id}::bigint, done = done + ${next.length},
      total = greatest(total, done + ${next.length}), opened = opened + ${opened}, changed = changed + ${changed}
    where id = ${run.id}::bigint`.execute(tx)
  return true
}

/** Canonical ids of everybody in whose life the rule may open something, or has. */
function openingCustomers(opened: Parameters<typeof openingIn>[0], ruleId: number) {
  return sql`
    select distinct c.canonical_id as id
    from interactions i
    join customers c on c.id = i.customer_id
    where ${openingIn(opened)}
    union
    select c.canonical_id
    from expectations e
    join customers c on c.id = e.customer_id
    where e.rule_id = ${ruleId}::bigint`
}

// Putting history where the present rules say.
//
// A saved map leaves a row in `replacings`: which events may stand elsewhere now, and how far the job has
// come. The job takes one stretch of interactions after the other in the order of their key; each stretch is
// one short transaction that moves rows and its own bookmark together, so a crash anywhere loses nothing and
// does nothing twice. Only rows that change are written. An edit while it runs supersedes it: the new run
// takes over what was not finished. Whoever takes a run's row lock works on it; a second worker finds it held.
import { sql } from 'kysely'
import { type Recorded, recordedEvent } from '../customers/schema.ts'
import { Conflict } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { type Consequence, isNothing } from './change.ts'
import { eventNames, mayMatchName, namesMatching } from './names.ts'
import { compilePlacing, mayDependOnProperties, type Place } from './placing.ts'
import { aboutHowMany } from './preview.ts'
import { loadMap } from './queries.ts'
import { type Gone, type Replaced, type Replacing, replacedEvent } from './schema.ts'

const queue = 'journey.replace'
/** Interactions looked at in one transaction: about 100 ms of work. */
const stretch = 5_000
/** A run hands its worker back after this long and queues up again, so that stopping never waits for it. */
const turn = 5_000

export function registerReplacing(store: Store): void {
  // By the minute: takes up a run whose process was killed. Its own job would only expire later.
  store.jobs.handle(queue, () => workOnReplacing(store), { expireIn: 60, every: '* * * * *' })
}

/** Leaves word, in the transaction that changes the map, of what has to be looked at again. Null: nothing. */
export async function planReplacing(
  store: Store,
  tx: Tx,
  plan: { version: number; consequence: Consequence; gone: readonly Gone[] },
  actor: Actor,
): Promise<Replacing | null> {
  if (isNothing(plan.consequence) || !(await anythingHappened(tx))) return null
  const { rules, removed, meaning } = plan.consequence
  const names = rules.length === 0 ? [] : await namesMatching(tx, rules)
  return begin(store, tx, {
    version: plan.version,
    names,
    touchpoints: [...removed, ...meaning],
    moved: Object.fromEntries(
      removed.map((id) => [id, plan.gone.find((each) => each.id === id)?.to ?? null]),
    ),
    actor,
  })
}

async function anythingHappened(db: Db): Promise<boolean> {
  return (await row(db, sql`select 1 from interactions limit 1`)) !== undefined
}

/** Places all of history again, whatever changed: after a cancelled run, or to be sure. */
export async function replaceAll(store: Store, actor: Actor): Promise<Replacing> {
  return transaction(store.db, async (tx) => {
    const { version } = await loadMap(tx)
    await audit(tx, actor, 'began', 'replacing', null, { version })
    return begin(store, tx, { version, names: null, touchpoints: [], moved: {}, actor })
  })
}

/** Stops the run under way; what it has moved stays moved, the rest stays where it was. @throws Conflict when none is */
export async function cancelReplacing(store: Store, actor: Actor): Promise<Replacing> {
  return transaction(store.db, async (tx) => {
    const [run] = await rows(
      tx,
      sql<{ id: number }>`
        update replacings
        set state = 'cancelled', finished_at = now()
        where state in ('waiting', 'running')
        returning id`,
    )
    if (!run) throw new Conflict('No history is being placed again right now: there is nothing to stop.')
    await audit(tx, actor, 'stopped', 'replacing', run.id)
    return readReplacing(tx, run.id)
  })
}

/** The run under way, or else the last one; null when there never was one. */
export async function currentReplacing(db: Db): Promise<Replacing | null> {
  const found = await row(
    db,
    sql<{ id: number }>`
      select id
      from replacings
      order by state in ('waiting', 'running') desc, id desc
      limit 1`,
  )
  return found ? readReplacing(db, found.id) : null
}

interface Start {
  version: number
  names: string[] | null
  touchpoints: number[]
  moved: Record<string, number | null>
  actor: Actor
}

async function begin(store: Store, tx: Tx, start: Start): Promise<Replacing> {
  const [left] = await rows(
    tx,
    sql<{ names: string[] | null; touchpoints: number[]; moved: Record<string, number | null> }>`
      update replacings
      set state = 'superseded', finished_at = now()
      where state in ('waiting', 'running')
      returning names, touchpoints, moved`,
  )
  const names = left && (left.names === null || start.names === null) ? null : start.names
  const all = left?.names && names ? [...new Set([...left.names, ...names])] : names
  const touchpoints = [...new Set([...(left?.touchpoints ?? []), ...start.touchpoints])]
  // Where a touchpoint went that has itself been removed since is followed to the end.
  const moved = Object.fromEntries(
    Object.entries({ ...left?.moved, ...start.moved }).map(([from, to]) => [
      from,
      to !== null && to in start.moved ? (start.moved[to] ?? null) : to,
    ]),
  )
  const [run] = await rows(
    tx,
    sql<{ id: number }>`
      insert into replacings (journey_version, names, touchpoints, moved, until_customer_id, until_id, about, created_by)
      values (
        ${start.version},
        ${all}::text[],
        ${touchpoints}::integer[],
        ${JSON.stringify(moved)}::jsonb,
        (select coalesce(max(customer_id), 0) from interactions),
        coalesce(pg_sequence_last_value(pg_get_serial_sequence('interactions', 'id')), 0),
        ${await aboutHowMany(tx)},
        ${start.actor.name}
      )
      returning id`,
  )
  if (!run) throw new Error('the re-placing was not written')
  await store.jobs.enqueue(tx, queue, {})
  return readReplacing(tx, run.id)
}

async function readReplacing(db: Db, id: number): Promise<Replacing> {
  const found = await row(
    db,
    sql<Replacing>`
      select id, state, looked_at as "lookedAt",
        case when state = 'done' then looked_at else greatest(about, looked_at) end as about,
        changed, created_by as "createdBy",
        to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt",
        to_char(finished_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "finishedAt"
      from replacings
      where id = ${id}`,
  )
  if (!found) throw new Error(`re-placing ${id} is gone`)
  return found
}

/** Works on the run under way for one turn; queues up again while there is more. */
export async function workOnReplacing(store: Store, size = stretch): Promise<void> {
  const until = Date.now() + turn
  for (;;) {
    const progress = await transaction(store.db, (tx) => takeStretch(store, tx, size))
    if (progress !== 'more') return
    if (Date.now() < until) continue
    await store.jobs.enqueue(store.db, queue, {})
    return
  }
}

interface Run {
  id: number
  version: number
  names: string[] | null
  touchpoints: number[]
  moved: Record<string, number | null>
  lastCustomerId: number
  lastId: number
  untilCustomerId: number
  untilId: number
}

async function takeStretch(store: Store, tx: Tx, size: number): Promise<'more' | 'done' | 'none'> {
  const run = await row(
    tx,
    sql<Run>`
      select id, journey_version as version, names, touchpoints, moved, last_customer_id as "lastCustomerId",
        last_id as "lastId", until_customer_id as "untilCustomerId", until_id as "untilId"
      from replacings
      where state in ('waiting', 'running')
      for update skip locked`,
  )
  if (!run) return 'none'
  const { place, plain } = await placingOf(store, tx, run)
  const page = await readStretch(tx, run, plain, size)
  const last = page.at(-1)
  const moves = page.flatMap((each) => {
    if (!each.wanted) return []
    const to = each.judgement
      ? destination(run.moved, each.touchpointId)
      : place({ name: each.name, channel: each.channel, properties: each.properties ?? {} })
    return to === each.touchpointId ? [] : [{ ...each, to }]
  })
  if (moves.length > 0)
    await sql`
      update interactions i
      set touchpoint_id = m.touchpoint_id, tx = pg_current_xact_id()
      from unnest(
        ${moves.map((each) => each.customerId)}::bigint[],
        ${moves.map((each) => each.id)}::bigint[],
        ${moves.map((each) => each.to)}::integer[],
        ${moves.map((each) => each.tx)}::text[]
      ) as m(customer_id, id, touchpoint_id, tx)
      where i.customer_id = m.customer_id and i.id = m.id and i.tx = m.tx::xid8`.execute(tx)
  const moved = new Set(moves.map((each) => each.customerId))
  for (const each of page)
    if (each.wanted && each.touchpointId !== null && run.touchpoints.includes(each.touchpointId))
      moved.add(each.customerId)
  await tell(store, tx, [...moved])
  const owners = [...new Set(moves.map((each) => each.customerId))]
  if (owners.length > 0) await store.jobs.publish(tx, replacedEvent, { customers: owners } satisfies Replaced)
  const done = page.length < size
  await sql`
    update replacings
    set state = ${done ? 'done' : 'running'},
      last_customer_id = ${last?.customerId ?? run.lastCustomerId},
      last_id = ${last?.id ?? run.lastId},
      looked_at = looked_at + ${page.length}::bigint,
      changed = changed + ${moves.length}::bigint,
      beat_at = now(),
      finished_at = case when ${done} then now() end
    where id = ${run.id}`.execute(tx)
  return done ? 'done' : 'more'
}

function destination(moved: Record<string, number | null>, touchpointId: number | null): number | null {
  if (touchpointId === null) return null
  const to = moved[touchpointId]
  return to === undefined ? touchpointId : to
}

interface Stretched {
  customerId: number
  id: number
  name: string
  channel: string
  touchpointId: number | null
  judgement: boolean
  /** The transaction that wrote it last: tells whether somebody else has changed it meanwhile. */
  tx: string
  properties: Record<string, unknown> | null
  /** False for a row that is only passed by. */
  wanted: boolean
}

/** The next rows in the order of their key. Rows that came after the map was saved stand where it says already. */
async function readStretch(tx: Tx, run: Run, plain: string[], size: number): Promise<Stretched[]> {
  return rows(
    tx,
    sql<Stretched>`
      with page as (
        select customer_id, id, name, channel, touchpoint_id, judgement, properties,
          tx::text as tx,
          id <= ${run.untilId}::bigint
            and (
              ${run.names}::text[] is null
              or name = any(${run.names}::text[])
              or coalesce(touchpoint_id = any(${run.touchpoints}::integer[]), false)
            ) as wanted
        from interactions
        where (customer_id, id) > (${run.lastCustomerId}::bigint, ${run.lastId}::bigint)
          and customer_id <= ${run.untilCustomerId}::bigint
        order by customer_id, id
        limit ${size}
      )
      select customer_id as "customerId", id, name, channel, touchpoint_id as "touchpointId", judgement, tx,
        wanted, case when wanted and not name = any(${plain}::text[]) then properties end as properties
      from page
      order by customer_id, id`,
  )
}

interface Placing {
  run: number
  place: Place
  /** Names of events whose name and channel decide where they go: their properties need not be read. */
  plain: string[]
}
const placings = new WeakMap<Store, Placing>()

async function placingOf(store: Store, tx: Tx, run: Run): Promise<Placing> {
  const known = placings.get(store)
  if (known?.run === run.id) return known
  const map = await loadMap(tx)
  const rules = map.touchpoints.flatMap((each) => each.rules).filter(mayDependOnProperties)
  const placing: Placing = {
    run: run.id,
    place: compilePlacing(map.stages, map.touchpoints),
    plain: (await eventNames(tx))?.filter((name) => !rules.some((rule) => mayMatchName(rule, name))) ?? [],
  }
  placings.set(store, placing)
  return placing
}

/** Has what follows from where interactions stand worked out anew; the projection hears by the rows' own tx. */
async function tell(store: Store, tx: Tx, customerIds: number[]): Promise<void> {
  if (customerIds.length === 0) return
  const canonical = await rows(
    tx,
    sql<{ id: number }>`
      select distinct canonical_id as id
      from customers
      where id = any(${customerIds}::bigint[])
      order by 1`,
  )
  const changed: Recorded = { customers: canonical.map(({ id }) => id) }
  await store.jobs.publish(tx, recordedEvent, changed)
}

// The work of putting history where the present rules say, a stretch at a time (replacing.ts tells the story).
import { sql } from 'kysely'
import { type Recorded, recordedEvent } from '../customers/schema.ts'
import { row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { eventNames, mayMatchName } from './names.ts'
import { compilePlacing, mayDependOnProperties, type Place } from './placing.ts'
import { loadMap } from './queries.ts'
import { type Replaced, replacedEvent } from './schema.ts'

export const queue = 'journey.replace'
/** Interactions looked at in one transaction: about 100 ms of work. */
const stretch = 5_000
/** A run hands its worker back after this long and queues up again, so that stopping never waits for it. */
const turn = 5_000

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

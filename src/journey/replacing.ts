// Putting history where the present rules say.
//
// A saved map leaves a row in `replacings`: which events may stand elsewhere now, and how far the job has
// come. The job takes one stretch of interactions after the other in the order of their key; each stretch is
// one short transaction that moves rows and its own bookmark together, so a crash anywhere loses nothing and
// does nothing twice. Only rows that change are written. An edit while it runs supersedes it: the new run
// takes over what was not finished. Whoever takes a run's row lock works on it; a second worker finds it held.
import { sql } from 'kysely'
import { Conflict } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { type Consequence, isNothing } from './change.ts'
import { namesMatching } from './names.ts'
import { aboutHowMany } from './preview.ts'
import { loadMap } from './queries.ts'
import { queue, workOnReplacing } from './replacing-work.ts'
import type { Gone, Replacing } from './schema.ts'

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

// What customers were told to expect, and whether it held.
//
// Rules open expectations from events and decide them by events or by the calendar (judge.ts); people add
// single ones (given.ts), move, settle and withdraw them (by-hand.ts) and record what was done about broken
// ones (mending.ts). Whatever happens, the lives concerned are replayed (replay.ts) and only what differs is
// written.

import { sql } from 'kysely'
import { type Recorded, recordedEvent } from '../customers/schema.ts'
import { type Replaced, replacedEvent } from '../journey/schema.ts'
import { rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { dueQueue, judgeCustomers, judgeDue, near, wakeAt } from './replay.ts'
import { registerRuns } from './runs.ts'

export { catalogue, type Promise_ } from './catalogue.ts'
export { summary } from './figures.ts'
export { type GivenExpectation, recordWithin as recordExpectationsWithin } from './given.ts'
export { mendFromHistory } from './mending.ts'
export { judgeCustomers } from './replay.ts'
export { createRule, listRules } from './rules.ts'

/** Judges whoever something happens to, and whatever runs out. */
export function registerExpectations(store: Store): void {
  store.jobs.on<Recorded>(
    recordedEvent,
    'expectations.judge',
    async (batches) => {
      const told = batches.filter((batch) => !batch.onlyJudgements)
      await judgeCustomers(store, [...new Set(told.flatMap(({ customers }) => customers))])
    },
    { batch: 50 },
  )
  store.jobs.on<Replaced>(
    replacedEvent,
    'expectations.follow',
    async (batches) => {
      await followPlaces(store, [...new Set(batches.flatMap(({ customers }) => customers))])
    },
    { batch: 50 },
  )
  store.jobs.handle(dueQueue, () => judgeDue(store).then(() => {}), { batch: 100 })
  store.jobs.handle('expectations.sweep', () => sweep(store), { every: '* * * * *', expireIn: 120 })
  registerRuns(store)
}

/** A judgement stands where the interaction stands that it is about; when history is placed again, it goes along. */
export async function followPlaces(store: Store, customers: number[]): Promise<void> {
  await sql`
    with lives as (
      select same.id, same.canonical_id
      from customers c
      join customers same on same.canonical_id = c.canonical_id
      where c.id = any(${customers}::bigint[])
    ),
    about as (
      select distinct j.customer_id, j.id, i.touchpoint_id
      from lives l
      join interactions j on j.customer_id = l.id and j.judgement and j.name like 'Expectation %'
      join expectations e on e.customer_id = j.customer_id and e.id = (j.properties ->> 'expectation')::bigint
      join lives o on o.canonical_id = l.canonical_id
      join interactions i
        on i.customer_id = o.id
        and i.id = case
          when j.name in ('Expectation Opened', 'Expectation Moved') then e.opened_by
          else e.decided_by
        end
      where j.touchpoint_id is distinct from i.touchpoint_id
    )
    update interactions i
    set touchpoint_id = about.touchpoint_id, tx = pg_current_xact_id()
    from about
    where i.customer_id = about.customer_id and i.id = about.id`.execute(store.db)
}

/** Once a minute: whatever ran out without its job, and a job for each time that comes within the next minute. */
async function sweep(store: Store): Promise<void> {
  await judgeDue(store)
  const now = Date.now()
  await transaction(store.db, async (tx) => {
    const times = await rows(
      tx,
      sql<{ at: Date }>`
        select distinct due_at as at
        from expectations
        where state = 'open' and due_at > ${new Date(now)} and due_at <= ${new Date(now + near)}
        order by at
        limit 100`,
    )
    for (const { at } of times) await wakeAt(store, tx, at.getTime())
  })
}

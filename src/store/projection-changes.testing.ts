// Whatever can happen to the database that the projection has to follow, at random.
import fc from 'fast-check'
import { sql } from 'kysely'
import type { TestStore } from './testing.ts'

type Change =
  | { kind: 'look' }
  | { kind: 'step'; customer: number; day: number; touchpoint: number | null; experience: number | null }
  | { kind: 'judgement'; customer: number; day: number; touchpoint: number }
  | { kind: 'purchase'; customer: number; day: number }
  | { kind: 'promise'; customer: number; day: number; state: string }
  | { kind: 'merge' | 'part'; customer: number; into: number }
  | { kind: 'erase'; customer: number }
  | { kind: 'move'; customer: number; touchpoint: number }
  | { kind: 'stage'; touchpoint: number; stage: number }
  | { kind: 'segment'; customer: number }

const customer = fc.integer({ min: 1, max: 6 })
const day = fc.integer({ min: 0, max: 9 })
const touchpoint = fc.integer({ min: 1, max: 4 })
export const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      customer,
      day,
      touchpoint: fc.option(touchpoint, { nil: null }),
      experience: fc.option(fc.integer({ min: -100, max: 100 }), { nil: null }),
    }),
  },
  fc.record({ kind: fc.constant('judgement' as const), customer, day, touchpoint }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('purchase' as const), customer, day }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('promise' as const),
      customer,
      day,
      state: fc.constantFrom('open', 'kept', 'broken'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge' as const), customer, into: customer }) },
  fc.record({ kind: fc.constant('part' as const), customer, into: customer }),
  fc.record({ kind: fc.constant('erase' as const), customer }),
  fc.record({ kind: fc.constant('move' as const), customer, touchpoint }),
  fc.record({ kind: fc.constant('stage' as const), touchpoint, stage: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant('segment' as const), customer }),
)

export async function begin(store: TestStore): Promise<void> {
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1), (2, 'Use', 'after', 2)`.execute(
    store.db,
  )
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 1, 'Advert', 1, 'us', 'sell'), (2, 1, 'Order', 2, 'customer', 'sale'),
    (3, 2, 'Delivery', 3, 'us', 'use'), (4, 2, 'Call', 4, 'us', 'care')`.execute(store.db)
  await sql`insert into segments (id, name, rule) values (1, 'some', '{}')`.execute(store.db)
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 6) g`.execute(store.db)
}

const atDay = (days: number) => new Date(Date.UTC(2026, 0, 1 + days))

export async function apply(store: TestStore, one: Change): Promise<void> {
  const { db } = store
  switch (one.kind) {
    case 'look':
      return
    case 'step':
      await sql`insert into interactions (customer_id, at, name, source, touchpoint_id, experience, evidence, channel)
        values (${one.customer}, ${atDay(one.day)}, 'Step', 't', ${one.touchpoint}, ${one.experience}, ${one.experience === null ? null : 1}, 'mail')`.execute(
        db,
      )
      return
    case 'judgement':
      await sql`insert into interactions (customer_id, at, name, source, touchpoint_id, experience, evidence, judgement)
        values (${one.customer}, ${atDay(one.day)}, 'Expectation Broken', 'troth', ${one.touchpoint}, -50, 2, true)`.execute(
        db,
      )
      return
    case 'purchase':
      await sql`insert into purchases (customer_id, key, sold_at) values (${one.customer}, gen_random_uuid()::text, ${atDay(one.day)})`.execute(
        db,
      )
      return
    case 'promise':
      await sql`with made as (
        insert into expectations (customer_id, opening, statement, stated_by, dimension, state, opened_at, due_at, came_at, decided_by)
        values (${one.customer}, gen_random_uuid()::text, 'by then', 'us', 'days', ${one.state}, ${atDay(one.day)}, ${atDay(one.day + 1)},
          ${one.state === 'kept' ? atDay(one.day + 1) : null}, (select max(id) from interactions where customer_id = ${one.customer}))
        returning customer_id, id
      )
      insert into expectation_moves (customer_id, expectation_id, at, due_at, moved_by, counted)
      select customer_id, id, ${atDay(one.day)}, ${atDay(one.day + 1)}, 'us', ${one.day % 2 === 0} from made`.execute(
        db,
      )
      return
    case 'merge':
      await sql`update customers set canonical_id = (select canonical_id from customers where id = ${one.into}), tx = pg_current_xact_id()
        where canonical_id = ${one.customer} and (select canonical_id from customers where id = ${one.into}) <> ${one.customer}`.execute(
        db,
      )
      return
    case 'part':
      await sql`update customers set canonical_id = id, tx = pg_current_xact_id()
        where id = ${one.customer} and canonical_id <> id`.execute(db)
      return
    case 'erase':
      await db.transaction().execute(async (tx) => {
        await sql`insert into projection_dirty (customer_id) values (${one.customer})`.execute(tx)
        await sql`delete from interactions where customer_id = ${one.customer}`.execute(tx)
      })
      return
    case 'move':
      await sql`update interactions set touchpoint_id = ${one.touchpoint}, tx = pg_current_xact_id() where customer_id = ${one.customer}`.execute(
        db,
      )
      return
    case 'stage':
      await sql`update touchpoints set stage_id = ${one.stage}, by = 'us' where id = ${one.touchpoint}`.execute(
        db,
      )
      return
    case 'segment':
      await sql`insert into segment_members values (1, ${one.customer}) on conflict do nothing`.execute(db)
      await sql`update segments set refreshed_at = clock_timestamp() where id = 1`.execute(db)
  }
}

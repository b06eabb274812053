// For the tests of insights: random companies (ties, nulls, extreme dates, joined customers, one customer,
// nobody), and the check that a question has one answer on both engines.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Store } from '../store/store.ts'
import { type TestStore, testStore } from '../store/testing.ts'
import { ask, askPostgres, type Question, readScope, type Scope } from './question.ts'

interface Life {
  customer: number
  steps: {
    day: number
    touchpoint: number | null
    experience: number | null
    evidence: number
    judgement: boolean
    /** Which of the purchases it belongs to, where there is that one. */
    bought: number
  }[]
  purchases: {
    day: number
    state: string
    minor: number | null
    kind: string
    renews: number | null
    renewals: number
  }[]
  promises: {
    day: number
    state: string
    decided: boolean
    rule: number
    gap: number | null
    told: boolean | null
    source: string
    /** Days from when it was said until it came; null: it has not come. */
    came: number | null
    /** Days from when it was said until another day was named. */
    moved: number | null
    /** Of a purchase, if the customer has one. */
    bought: boolean
  }[]
  joins: number | null
  picked: boolean
  referred: boolean
}

const days = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 120 }) },
  // ties, and the ends of what a calendar holds
  { weight: 2, arbitrary: fc.constant(30) },
  { weight: 1, arbitrary: fc.constantFrom(-700_000, 2_900_000) },
)
const life = fc.record({
  customer: fc.integer({ min: 1, max: 8 }),
  steps: fc.array(
    fc.record({
      day: days,
      touchpoint: fc.option(fc.integer({ min: 1, max: 7 }), { nil: null }),
      experience: fc.option(fc.integer({ min: -100, max: 100 }), { nil: null }),
      evidence: fc.integer({ min: 1, max: 3 }),
      judgement: fc.boolean(),
      bought: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 12 },
  ),
  purchases: fc.array(
    fc.record({
      day: days,
      state: fc.constantFrom('sold', 'delivered', 'cancelled', 'proposed'),
      minor: fc.option(fc.integer({ min: 0, max: 500_000 }), { nil: null }),
      kind: fc.constantFrom('order', 'contract'),
      renews: fc.option(fc.integer({ min: 0, max: 90 }), { nil: null }),
      renewals: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 3 },
  ),
  promises: fc.array(
    fc.record({
      day: days,
      state: fc.constantFrom('open', 'kept', 'exceeded', 'broken', 'withdrawn'),
      decided: fc.boolean(),
      rule: fc.integer({ min: 1, max: 2 }),
      gap: fc.option(fc.integer({ min: -20, max: 60 }), { nil: null }),
      told: fc.option(fc.boolean(), { nil: null }),
      source: fc.constantFrom('ad', 'page', 'person'),
      came: fc.option(fc.integer({ min: 0, max: 20 }), { nil: null }),
      moved: fc.option(fc.integer({ min: 0, max: 10 }), { nil: null }),
      bought: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  joins: fc.option(fc.integer({ min: 1, max: 8 }), { nil: null }),
  picked: fc.boolean(),
  referred: fc.boolean(),
})

/** Runs `check` on some random companies, each in a store of its own with its projection caught up. Segment 1 is there. */
export async function onRandomCompanies(
  check: (store: TestStore) => Promise<void>,
  numRuns = 2,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(life, { maxLength: 10 }), async (lives) => {
      await using store = await testStore()
      await fill(store, lives)
      await store.projection?.catchUp()
      await check(store)
    }),
    { numRuns, endOnFailure: true },
  )
}

/** The same rows from the projection and from Postgres; doubles to twelve digits, for sums are added in another order. */
export async function assertSame(store: Store, name: string, question: Question): Promise<void> {
  const here = await ask<Record<string, unknown>>(store, question)
  const there = await askPostgres<Record<string, unknown>>(store, question)
  assert.deepEqual(here.map(rounded), there.map(rounded), `${name} ${question.values.join(' ')}`)
}

function rounded(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value,
    ]),
  )
}

/** All time, a stretch, a segment, one day, and a time without anything. */
export async function someScopes(store: Store): Promise<Scope[]> {
  const asked = [
    {},
    { from: '2026-01-20', to: '2026-03-01' },
    { segment: 1 },
    { from: '2026-01-31', to: '2026-01-31', segment: 1 },
    { from: '2030-01-01' },
  ]
  return Promise.all(asked.map((each) => readScope(store, each)))
}

async function fill(store: TestStore, lives: Life[]): Promise<void> {
  const { db } = store
  const at = (day: number) => new Date(Date.UTC(2026, 0, 1) + day * 86_400_000)
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1), (2, 'Use', 'after', 1)`.execute(
    db,
  )
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 1, 'Advert', 1, 'us', 'sell'), (2, 1, 'Order', 2, 'customer', 'sale'), (3, 2, 'Delivery', 3, 'us', 'use'),
    (4, 2, 'Care call', 4, 'us', 'care'), (5, 2, 'Question', 5, 'us', 'ask'), (6, 2, 'Invoice', 6, 'us', 'bill'),
    (7, 2, 'Referral', 7, 'customer', 'refer')`.execute(db)
  await sql`insert into care_standards (id, name, touchpoint_id, within_days) values (1, 'A call within a week', 4, 7)`.execute(
    db,
  )
  await sql`insert into segments (id, name, rule) values (1, 'some', '{}')`.execute(db)
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 8) g`.execute(db)
  for (const one of lives) {
    for (const purchase of one.purchases)
      await sql`insert into purchases (customer_id, key, kind, state, sold_at, value_minor, renews_at, renewals)
        values (${one.customer}, gen_random_uuid()::text, ${purchase.kind}, ${purchase.state}, ${purchase.state === 'proposed' ? null : at(purchase.day)},
          ${purchase.minor}, ${purchase.renews === null ? null : at(purchase.day + purchase.renews)}, ${purchase.renewals})`.execute(
        db,
      )
    for (const step of one.steps)
      await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id, experience, evidence, judgement, purchase_id)
        values (${one.customer}, ${at(step.day)}, 'Step', 't', ${step.evidence === 1 ? 'mail' : 'phone'}, ${step.touchpoint},
          ${step.experience}, ${step.evidence}, ${step.judgement},
          (select id from purchases where customer_id = ${one.customer} order by id offset ${step.bought} limit 1))`.execute(
        db,
      )
    for (const promise of one.promises)
      await sql`with said as (
          insert into expectations (customer_id, rule_id, purchase_id, opening, statement, stated_by, dimension, state, opened_at, first_due_at,
            due_at, decided_at, came_at, told_at, gap, told_before, source_kind, source_name, decided_by)
          values (${one.customer}, ${promise.rule}, case when ${promise.bought} then (select max(id) from purchases where customer_id = ${one.customer}) end,
            gen_random_uuid()::text, 'by then', 'us', 'days', ${promise.state}, ${at(promise.day)}, ${at(promise.day + 5)},
            ${at(promise.day + 5)}, ${promise.decided ? at(promise.day + 3) : null}, ${promise.came === null ? null : at(promise.day + promise.came)},
            ${promise.told ? at(promise.day + 1) : null}, ${promise.gap}, ${promise.told}, ${promise.source}, 'Somewhere',
            case when ${promise.decided} then (select max(id) from interactions where customer_id = ${one.customer}) end)
          returning customer_id, id
        )
        insert into expectation_moves (customer_id, expectation_id, at, due_at, moved_by)
        select customer_id, id, ${at(promise.day + (promise.moved ?? 0))}, ${at(promise.day + 9)}, 'us'
        from said
        where ${promise.moved !== null}`.execute(db)
    if (one.referred)
      await sql`update customers set traits = '{"referred_by": "somebody"}', tx = pg_current_xact_id() where id = ${one.customer}`.execute(
        db,
      )
    if (one.picked)
      await sql`insert into segment_members values (1, ${one.customer}) on conflict do nothing`.execute(db)
  }
  for (const one of lives)
    if (one.joins !== null && one.joins !== one.customer)
      await sql`update customers set canonical_id = (select canonical_id from customers where id = ${one.joins}), tx = pg_current_xact_id()
        where canonical_id = ${one.customer} and (select canonical_id from customers where id = ${one.joins}) <> ${one.customer}`.execute(
        db,
      )
}

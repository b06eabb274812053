import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { until } from '../lib/testing.ts'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { judgeCustomers, registerExpectations } from './expectations.ts'
import { recordExpectations } from './given.ts'
import { actor, customerOf, event, happen, standing, timeline } from './lives.testing.ts'
import { judgeDue } from './replay.ts'
import { changeRule, listRules } from './rules.ts'
import { cancelRun, findRun, startRun } from './runs.ts'

const ordered = event('Order Completed', '2026-03-01T10:00:00Z', { promised_delivery_date: '2026-03-20' })

test('an order opens what was promised, its delivery decides it, and both are on the timeline', async () => {
  await using store = await testStore(registerExpectations)
  await happen(store, ordered)
  assert.deepEqual(await standing(store), ['broken awaited null null 0'])
  await happen(store, event('Order Delivered', '2026-03-24T10:00:00Z'))
  assert.deepEqual(await standing(store), ['broken 4 4 0'])
  assert.deepEqual(await timeline(store), ['2026-03-01 Expectation Opened', '2026-03-21 Expectation Broken'])
})

test('a delivery that was recorded late, a corrected day and a late move judge anew, and the timeline follows', async () => {
  await using store = await testStore(registerExpectations)
  const delivered = event('Order Delivered', '2026-03-24T10:00:00Z')
  await happen(store, ordered, delivered)
  assert.deepEqual(await standing(store), ['broken 4 4 0'])
  await happen(store, { ...delivered, at: new Date('2026-03-19T10:00:00Z') })
  assert.deepEqual(await standing(store), ['kept -1 -1 0'])
  assert.deepEqual(await timeline(store), ['2026-03-01 Expectation Opened', '2026-03-19 Expectation Kept'])
  const moved = event('Delivery Date Moved', '2026-03-05T10:00:00Z', {
    promised_delivery_date: '2026-03-10',
    told_at: '2026-03-05T12:00:00Z',
  })
  await happen(store, moved)
  assert.deepEqual(await standing(store), ['broken 9 -1 1'])
  assert.deepEqual(await timeline(store), [
    '2026-03-01 Expectation Opened',
    '2026-03-05 Expectation Moved',
    '2026-03-11 Expectation Broken',
  ])
})

test('what is open becomes broken when its time runs out, and open again when it is moved in time after all', async () => {
  await using store = await testStore(registerExpectations)
  const now = Date.now()
  const day = (days: number) => new Date(now + days * 86_400_000).toISOString()
  await happen(store, event('Order Completed', day(-10), { promised_delivery_date: day(3).slice(0, 10) }))
  assert.deepEqual(await standing(store), ['open null null 0'])
  assert.equal(await judgeDue(store, new Date(now + 5 * 86_400_000)), 1)
  assert.deepEqual(await standing(store), ['broken awaited null null 0'])
  assert.equal((await timeline(store)).length, 2)
  await happen(store, event('Delivery Date Moved', day(-1), { promised_delivery_date: day(30).slice(0, 10) }))
  assert.deepEqual(await standing(store), ['open null null 1'])
  assert.deepEqual(
    (await timeline(store)).map((each) => each.slice(11)),
    ['Expectation Opened', 'Expectation Moved'],
  )
})

test('a promise of seconds is broken within seconds by itself', async () => {
  await using store = await testStore(registerExpectations)
  await happen(store, event('Order Completed', new Date().toISOString()))
  const customer = await customerOf(store)
  const due = Date.now() + 2_000
  await recordExpectations(
    store,
    [
      {
        customerId: customer,
        statement: 'Called back within the minute',
        statedBy: 'us',
        openedAt: new Date(),
        due: { from: due, at: due, precision: 'hour', text: null },
      },
    ],
    { source: 'member' },
  )
  const before = await standing(store)
  // On a machine that is slow enough it is broken by now.
  if (Date.now() < due) assert.deepEqual(before, ['open null null 0'])
  const after = await until('its being judged', async () => {
    await store.jobs.drain()
    const [found] = await standing(store)
    return !found?.startsWith('open') && found
  })
  assert.equal(after, 'broken awaited null null 0')
})

test('a correction that takes the promise away takes its judgements away', async () => {
  await using store = await testStore(registerExpectations)
  await happen(store, ordered)
  await happen(store, { ...ordered, properties: { order_id: 'o-u1' } })
  assert.deepEqual(await standing(store), [])
  assert.deepEqual(await timeline(store), [])
})

test('judging again changes nothing', async () => {
  await using store = await testStore(registerExpectations)
  await happen(store, ordered, event('Order Delivered', '2026-03-24T10:00:00Z'))
  const before = await rows(store.db, sql`select * from expectations`)
  const receipts = await rows(store.db, sql`select * from interactions order by id`)
  const again = await judgeCustomers(store, [await customerOf(store)])
  assert.deepEqual(again, { opened: 0, changed: 0 })
  assert.deepEqual(await rows(store.db, sql`select * from expectations`), before)
  assert.deepEqual(await rows(store.db, sql`select * from interactions order by id`), receipts)
})

test('two words in one moment stand on the timeline once, whether they arrive together or one after the other', async () => {
  await using store = await testStore(registerExpectations)
  const at = '2026-03-04T10:00:00Z'
  const said = (user: string) => [
    event('Order Completed', '2026-03-01T10:00:00Z', { promised_delivery_date: '2026-03-20' }, user),
    event('Order Completed', at, { promised_delivery_date: '2026-03-22' }, user),
    event('Delivery Date Moved', at, { promised_delivery_date: '2026-03-24' }, user),
  ]
  await happen(store, ...said('u1'))
  for (const one of said('u2').toReversed()) await happen(store, one)
  const moved = await rows(
    store.db,
    sql<{ due: string }>`
      select properties ->> 'due' as due
      from interactions
      where judgement and name = 'Expectation Moved'`,
  )
  assert.deepEqual(
    moved.map(({ due }) => due.slice(0, 10)),
    ['2026-03-25', '2026-03-25'],
  )
  assert.deepEqual(await standing(store), ['broken awaited null null 1', 'broken awaited null null 1'])
})

test('the same day promised at an earlier time after all is a move of that time', async () => {
  await using store = await testStore(registerExpectations)
  const said = (day: string, promised: string) =>
    event('Order Completed', `2026-03-${day}T10:00:00Z`, { promised_delivery_date: `2026-03-${promised}` })
  await happen(store, said('01', '20'), said('05', '15'))
  await happen(store, said('03', '15'))
  assert.deepEqual(await timeline(store), [
    '2026-03-01 Expectation Opened',
    '2026-03-03 Expectation Moved',
    '2026-03-16 Expectation Broken',
  ])
})

const happenings = fc.array(
  fc.record({
    name: fc.constantFrom(
      'Order Completed',
      'Order Delivered',
      'Delivery Date Moved',
      'Delay Announced',
      'Order Cancelled',
    ),
    user: fc.constantFrom('u1', 'u2'),
    day: fc.integer({ min: 1, max: 9 }),
    promised: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 3, maxLength: 9, size: 'max' },
)

test('any order of arrival, any batches and any repetition give the same expectations and the same timeline', async () => {
  await using store = await testStore(registerExpectations)
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      happenings,
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 4 }),
      async (list, keys, size) => {
        const outcomes: unknown[] = []
        const shuffled = list
          .map((each) => ({ each, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each)
        for (const [order, batch] of [
          [list, list.length],
          [[...shuffled, ...shuffled.slice(0, 2)], size],
        ] as const) {
          round++
          const events = order.map((each) => ({
            ...event(
              each.name,
              `2026-03-0${each.day}T10:00:00Z`,
              { promised_delivery_date: `2026-03-0${each.promised}` },
              `${round}-${each.user}`,
            ),
            messageId: `${round} ${list.indexOf(each)}`,
          }))
          for (let start = 0; start < events.length; start += batch)
            await happen(store, ...events.slice(start, start + batch))
          outcomes.push(await livesOf(store, round))
        }
        assert.deepEqual(outcomes[1], outcomes[0])
      },
    ),
    { numRuns: 12 },
  )
})

/** Everything judged about the customers of one round, without ids. */
async function livesOf(store: Store, round: number): Promise<unknown> {
  const expectations = await rows(
    store.db,
    sql`
      select substring(i.value from '-.*') as who, e.state, e.awaited, e.gap, e.first_gap, e.due_at, e.told_at,
        e.told_before, e.moves, e.moved_by, e.opened_at, e.decided_at, e.came_at
      from expectations e
      join identities i on i.customer_id = e.customer_id and i.kind = 'user_id'
      where i.value like ${`${round}-%`}
      order by i.value, e.opened_at, e.due_at`,
  )
  const judgements = await rows(
    store.db,
    sql`
      select substring(i.value from '-.*') as who, j.name, j.at, j.properties - 'expectation' as properties
      from interactions j
      join identities i on i.customer_id = j.customer_id and i.kind = 'user_id'
      where i.value like ${`${round}-%`} and j.judgement
      order by i.value, j.at, j.name, j.properties::text`,
  )
  return { expectations, judgements }
}

test('a promise changed from today leaves what was promised before as it was promised; a correction does not', async () => {
  await using store = await testStore(registerExpectations)
  const [rule] = await listRules(store.db)
  assert.ok(rule)
  await happen(
    store,
    event('Order Completed', '2026-03-01T10:00:00Z', { promised_weeks: 2 }),
    event('Order Delivered', '2026-03-25T10:00:00Z'),
  )
  assert.deepEqual(await standing(store), ['broken 10 10 0'])
  const generous = { ...rule, rule: { ...rule.rule, due: [{ after: 4, unit: 'weeks' as const }] } }
  await changeRule(store, rule.id, 1, generous, 'now', actor)
  const run = await startRun(store, rule.id, actor)
  await store.jobs.drain()
  assert.deepEqual(await standing(store), ['broken 10 10 0'])
  assert.deepEqual(
    await findRun(store.db, rule.id).then((found) => [found?.id, found?.state, found?.done, found?.changed]),
    [run.id, 'done', 1, 0],
  )
  await changeRule(store, rule.id, 2, generous, 'always', actor)
  await startRun(store, rule.id, actor)
  await store.jobs.drain()
  assert.deepEqual(await standing(store), ['kept -4 -4 0'])
  await assert.rejects(cancelRun(store, run.id, actor), /over/)
})

test('the calendar is the customer’s', async () => {
  await using store = await testStore(registerExpectations)
  await happen(store, ordered, event('Order Delivered', '2026-03-21T02:00:00Z'))
  assert.deepEqual(await standing(store), ['broken 1 1 0'])
  await sql`update customers set time_zone = 'America/Sao_Paulo'`.execute(store.db)
  await judgeCustomers(store, [await customerOf(store)])
  assert.deepEqual(await standing(store), ['kept 0 0 0'])
})

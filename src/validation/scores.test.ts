import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { customersChanged, joinCustomers } from '../customers/customers.ts'
import { recordInteractions } from '../interactions/interactions.ts'
import type { Incoming } from '../interactions/schema.ts'
import { rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { oneCustomer } from './customer.ts'
import { registerValidation } from './validation.ts'

const origin = { source: 'api:1', again: 'keep' } as const
const now = new Date()
const dayMs = 86_400_000
let messages = 0

function happened(user: string, name: string, daysAgo: number, properties: object = {}): Incoming {
  const at = new Date(now.getTime() - daysAgo * dayMs)
  return {
    messageId: `m${messages++}`,
    at,
    receivedAt: at,
    identities: [{ kind: 'user_id', source: '', value: user }],
    name,
    properties: { ...properties },
  }
}
const bought = (user: string, daysAgo: number, order: string) =>
  happened(user, 'Order Completed', daysAgo, { order_id: order, total: 100, currency: 'EUR' })

async function recorded(store: Store, ...events: Incoming[]): Promise<void> {
  await recordInteractions(store, events, origin)
  await store.jobs.drain()
}

const scores = (store: Store) =>
  rows(
    store.db,
    sql<{ id: number; score: number; pieces: number }>`
      select customer_id as id, score, pieces
      from scores
      order by customer_id`,
  )

async function idOf(store: Store, user: string): Promise<number> {
  const [found] = await rows(
    store.db,
    sql<{ id: number }>`
      select c.canonical_id as id
      from identities i
      join customers c on c.id = i.customer_id
      where i.value = ${user}`,
  )
  return found?.id ?? 0
}

test('a score is there as soon as two experiences since the sale are, and says what made it', async () => {
  await using store = await testStore(registerValidation)
  await recorded(
    store,
    happened('anna', 'Design Meeting Held', 40, { rating: 5 }),
    bought('anna', 30, 'o1'),
    happened('anna', 'Product Reviewed', 20, { rating: 5 }),
  )
  assert.deepEqual(await scores(store), [])
  const early = (await oneCustomer(store, await idOf(store, 'anna'), now)).score
  assert.equal(early.value, null)
  assert.equal(early.sentence, 'Not enough evidence yet: one experience since the sale, and it takes two.')
  assert.deepEqual([early.effort.n, early.choice.n], [1, 1])

  await recorded(store, happened('anna', 'Complaint Received', 0, {}))
  const [stored] = await scores(store)
  const { score } = await oneCustomer(store, await idOf(store, 'anna'), now)
  assert.equal(stored?.score, Math.round(score.value ?? Number.NaN))
  assert.equal(stored?.pieces, 2)
  assert.deepEqual(
    score.contributions.map(({ words }) => words),
    ['Product Reviewed, rated 5 of 5', 'Complained'],
  )
  assert.match(
    score.sentence,
    /^\d+ of 100, from two experiences since the sale: .*against it speaks “Complained”\.$/,
  )
  const sum = score.contributions.reduce((total, each) => total + each.points, score.start)
  assert.ok(Math.abs(sum - (score.value ?? 0)) < 1e-6)
})

test('a promise about the delivery is told as the delivery, another one in its own words', async () => {
  await using store = await testStore(registerValidation)
  await recorded(store, bought('anna', 30, 'o1'))
  const id = await idOf(store, 'anna')
  await sql`
    update purchases set delivered_at = now() - interval '9 days'`.execute(store.db)
  for (const [key, statement, came, gap] of [
    ['a', 'Delivered by the day we named', '9 days', 4],
    ['b', 'Call back within a day', '5 days', 2],
  ] as const) {
    const made = await sql<{ id: number }>`
      insert into expectations (
        customer_id, purchase_id, opening, statement, stated_by, dimension, state, gap, opened_at, came_at
      )
      select ${id}, p.id, ${key}, ${statement}, 'us', 'days', 'broken', ${gap}, now(),
        case when ${key} = 'a' then p.delivered_at else now() - ${came}::interval end
      from purchases p
      returning id`.execute(store.db)
    await sql`
      insert into interactions (customer_id, at, name, source, judgement, experience, evidence, properties)
      select ${id}, now() - ${came}::interval, 'Expectation Broken', 'troth', true, -60, 2,
        jsonb_build_object('expectation', ${made.rows[0]?.id ?? 0}::bigint)`.execute(store.db)
  }
  const { score } = await oneCustomer(store, id)
  assert.deepEqual(
    score.contributions.map(({ words }) => words),
    ['Delivered four days late', 'Promise broken: Call back within a day, two days late'],
  )
  assert.ok(score.contributions.every(({ points }) => points < -5))
})

test('events that come late, out of order or are corrected give the score of the order in which they happened', async () => {
  const events = () => [
    bought('u', 50, 'o1'),
    happened('u', 'Product Reviewed', 40, { rating: 1 }),
    happened('u', 'Survey Answered', 20, { rating: 4 }),
    happened('u', 'Survey Answered', 10, { rating: 5 }),
  ]
  const found: unknown[] = []
  for (const order of [
    [0, 1, 2, 3],
    [3, 1, 0, 2],
    [2, 3, 1, 0],
  ]) {
    await using store = await testStore(registerValidation)
    const told = events()
    for (const index of order) await recorded(store, told[index] as Incoming)
    found.push((await scores(store)).map(({ score, pieces }) => [score, pieces]))
  }
  assert.deepEqual(found[1], found[0])
  assert.deepEqual(found[2], found[0])
})

test('the score of joined customers is made of both lives, and parting or erasing leaves none behind', async () => {
  await using store = await testStore(registerValidation)
  await recorded(
    store,
    bought('one', 50, 'o1'),
    happened('one', 'Product Reviewed', 40, { rating: 5 }),
    happened('one', 'Survey Answered', 30, { rating: 5 }),
    happened('two', 'Survey Answered', 20, { rating: 1 }),
    happened('two', 'Survey Answered', 10, { rating: 1 }),
  )
  const [one, two] = [await idOf(store, 'one'), await idOf(store, 'two')]
  assert.deepEqual(
    (await scores(store)).map(({ id, pieces }) => [id, pieces]),
    [[one, 2]],
    'who never bought has no choice to confirm',
  )
  await transaction(store.db, async (tx) => {
    await joinCustomers(tx, { survivor: two, absorbed: one, rule: 'by hand', evidence: {}, actor: 'test' })
    await customersChanged(store, tx, [one, two])
  })
  await store.jobs.drain()
  assert.deepEqual(
    (await scores(store)).map(({ id, pieces }) => [id, pieces]),
    [[two, 4]],
  )
})

test('what people of a company experience is the company’s', async () => {
  await using store = await testStore(registerValidation)
  await recordInteractions(
    store,
    [
      { ...happened('firm', 'Proposal Sent', 60), customerKind: 'company' },
      bought('buyer', 50, 'o1'),
      happened('user', 'Survey Answered', 20, { rating: 1 }),
      happened('buyer', 'Survey Answered', 10, { rating: 2 }),
    ],
    origin,
  )
  await sql`
    insert into memberships (company_id, customer_id, since)
    select firm.customer_id, people.customer_id, now()
    from identities firm, identities people
    where firm.value = 'firm' and people.value in ('buyer', 'user')`.execute(store.db)
  await store.jobs.drain()
  const firm = await idOf(store, 'firm')
  assert.deepEqual(
    (await scores(store)).map(({ id, pieces }) => [id, pieces]),
    [[firm, 2]],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { routesAs } from '../../lib/http-testing.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import { budget } from './budget.ts'
import { holdoutRoutes } from './routes.ts'
import type { BudgetAnswer } from './schema.ts'

const tested = (
  touchpointId: number,
  effects: [spendMinor: number, returned: number][],
  planned?: number,
) => ({
  touchpointId,
  name: 'Left some out',
  endedOn: '2026-05-01',
  arms: [[0, 1000] as [number, number], ...effects].map(([spendMinor, returned]) => ({
    spendMinor,
    customers: 10_000,
    returned,
    ...(planned === undefined ? {} : { planned }),
  })),
})

test('money is divided only by what a holdout showed; elsewhere it stays, and the words say: run a test', async () => {
  await using store = await company()
  await record(
    store,
    tested(1, [
      [100, 1300],
      [300, 1500],
    ]),
  )
  await record(
    store,
    tested(2, [
      [100, 1100],
      [200, 1120],
    ]),
  )
  const answer = await ask(store)
  const [call, card, advert] = [1, 2, 3].map((id) => answer.touchpoints.find((each) => each.id === id))
  assert.deepEqual([call?.effect, card?.effect, advert?.effect], ['proven', 'proven', 'unknown'])
  assert.ok((call?.proposedMinor ?? 0) > (card?.proposedMinor ?? 0))
  assert.equal(advert?.held, 'unknown')
  assert.ok((answer.divided?.effect ?? 0) > (answer.divided?.effectNow ?? 0))
  // a returning customer at the call cost 1.00 / 3 in a hundred
  assert.ok(Math.abs((call?.perReturnMinor ?? 0) - 100 / 0.03) < 1)
  assert.ok(
    answer.statements.some(
      (each) =>
        each.claim === 'proven by a test' && /A call at .* brought 3\.0 in 100 more back/.test(each.text),
    ),
  )
  assert.ok(
    answer.statements.some(
      (each) => each.claim === 'not enough to tell' && /unknown: run a test/.test(each.text),
    ),
  )
})

test('a test that showed nothing, one of uneven groups, and one amount alone divide nothing', async () => {
  await using store = await company()
  await record(
    store,
    tested(1, [
      [100, 1003],
      [200, 1010],
    ]),
  )
  const uneven = tested(
    2,
    [
      [100, 1400],
      [200, 1900],
    ],
    0.2,
  )
  uneven.arms[1] = { spendMinor: 100, customers: 5_000, returned: 900, planned: 0.2 }
  await record(store, uneven)
  const answer = await ask(store)
  assert.deepEqual(
    [1, 2].map((id) => answer.touchpoints.find((each) => each.id === id)?.effect),
    ['nothing shown', 'unknown'],
  )
  assert.equal(answer.divided, null)
  assert.match(answer.cannotDivide ?? '', /two different amounts at two moments or more; there is none yet/)
  assert.ok(answer.statements.some((each) => /not as large as planned/.test(each.text)))
  assert.ok(answer.statements.every((each) => !/NaN|undefined|null|Infinity/.test(each.text)))
})

test('without money entered it says so; nonsense results are refused with the reason', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  assert.match((await ask(store)).statements[0]?.text ?? '', /No money is entered/)
  for (const wrong of [
    tested(99, [[100, 5]]),
    tested(1, [[0, 5]]),
    tested(1, [[100, 20_000]]),
    { ...tested(1, [[100, 5]]), endedOn: 'never' },
  ])
    assert.equal((await post(store, wrong)).status, 400)
})

async function ask(store: TestStore): Promise<BudgetAnswer> {
  return (await budget.answering(new Asking(store), { change: 30, reserve: 0 })) as BudgetAnswer
}

async function post(store: TestStore, body: object): Promise<Response> {
  return routesAs(holdoutRoutes(store), 'manager').request('/api/holdout-results', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
}

async function record(store: TestStore, body: object): Promise<void> {
  const answer = await post(store, body)
  assert.equal(answer.status, 201, await answer.text())
}

/** Three touchpoints that cost money; a hundred customers reached by each. */
async function company(): Promise<TestStore> {
  const store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1), (2, 'Use', 'after', 1)`.execute(
    store.db,
  )
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 2, 'A call', 1, 'us', 'care'), (2, 2, 'A card', 2, 'us', 'care'), (3, 1, 'Advert', 1, 'us', 'sell')`.execute(
    store.db,
  )
  await sql`insert into budgets (touchpoint_id, starts_on, ends_on, amount_minor, currency)
    select id, '2026-01-01', '2026-12-31', 20000, (select currency from workspace) from touchpoints`.execute(
    store.db,
  )
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 100) g`.execute(store.db)
  await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id)
    select g, '2026-03-01T12:00:00Z', 'Step', 't', 'web', t from generate_series(1, 100) g, generate_series(1, 3) t`.execute(
    store.db,
  )
  await sql`insert into purchases (customer_id, key, state, sold_at, value_minor)
    select g, g || ':' || n, 'sold', '2026-03-02T12:00:00Z', 100 from generate_series(1, 100) g, generate_series(1, 2) n
    where n = 1 or g <= 30`.execute(store.db)
  await store.projection?.catchUp()
  return store
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { summary } from '../../expectations/expectations.ts'
import { routesAs } from '../../lib/http-testing.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { readFindings } from '../findings/findings.ts'
import { insightsRoutes } from '../routes.ts'
import { readToday } from './today.ts'

const now = new Date('2026-11-20T09:00:00Z')

test('a company of which nothing is known yet gets nothing made up', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const today = await readToday(store, now)
  assert.deepEqual([today.empty, today.few, today.mend.total, today.thank.total], [true, true, 0, 0])
  assert.equal(today.silent.visible, false)
  assert.equal(today.month.choseRightly, null)
  assert.deepEqual(today.month.kept, { hits: 0, n: 0, value: null, low: null, high: null })
  assert.deepEqual(await readFindings(store), [])
})

test('a broken promise stands on Today with its facts and the words, until somebody has made it good', async () => {
  await using store = await testStore()
  await company(store)
  await promise(store, 1, { state: 'broken', gap: 4, told: false, decided: '2026-11-17' })
  await happened(store, 1, '2026-11-18', 2, { words: 'I don’t want to be a nuisance.' })
  await happened(store, 1, '2026-11-19', 2)
  await promise(store, 2, { state: 'broken', gap: 2, told: true, decided: '2026-08-01' })
  await promise(store, 3, { state: 'kept', gap: 0, told: null, decided: '2026-11-18' })
  const today = await readToday(store, now)
  const { total, promises, days, everywhere } = today.mend
  assert.deepEqual([total, promises, days], [1, 1, 30], 'the one of August is on the promises page only')
  assert.equal(everywhere, (await summary(store.db, {})).all.unmended)
  assert.equal(everywhere, 2)
  const [row] = today.mend.rows
  assert.equal(row?.name, 'Miriam Castellanos')
  assert.equal(
    row?.why,
    'Delivered by the promised day: four days late and nobody said so beforehand. Asked for help twice since.',
  )
  assert.equal(row?.words, 'I don’t want to be a nuisance.')
  assert.equal(
    today.sentence.parts.map(({ text }) => text).join(''),
    'One promise was broken in the last seven days and one customer hasn’t heard how you’ll make it good.',
  )
  assert.deepEqual([today.month.kept.hits, today.month.kept.n], [1, 2])

  await sql`update expectations set mended_at = ${now} where customer_id = 1`.execute(store.db)
  assert.equal((await readToday(store, now)).mend.total, 0)
})

test('a renewal that somebody has taken on says who', async () => {
  await using store = await testStore()
  await company(store)
  await sql`
    insert into purchases (customer_id, kind, key, name, state, sold_at, renews_at)
    values (2, 'contract', 'c1', 'Care plan', 'sold', now() - interval '350 days', now() + interval '9 days')`.execute(
    store.db,
  )
  const row = async () => (await readToday(store)).renewals.rows[0]
  assert.match((await row())?.why ?? '', /^Care plan: renews on/)
  assert.equal((await row())?.takenBy, null)
  const response = await routesAs(insightsRoutes(store), 'member', { name: 'Jonas' }).request(
    '/api/today/takings',
    {
      method: 'POST',
      body: JSON.stringify({ kind: 'renewal', customerId: 2 }),
      headers: { 'content-type': 'application/json' },
    },
  )
  assert.equal(response.status, 204)
  assert.equal((await row())?.takenBy, 'Jonas')
})

test('who doubts can be taken on and given back; who is thanked is on the list no more', async () => {
  await using store = await testStore()
  await company(store)
  await sql`
    insert into standings (customer_id, state, since, facts, sales, last_sale_at)
    values (2, 'doubting', '2026-11-10', ${JSON.stringify([
      {
        kind: 'rating',
        at: '2026-11-10T10:00:00.000Z',
        speaks: 'against',
        decided: true,
        what: 'Assembly',
        value: -50,
        words: 'Moved twice.',
      },
    ])}::jsonb, 1, '2026-10-20')`.execute(store.db)
  await happened(store, 3, '2026-11-02', 3, { properties: { referred_name: 'Kim Bakker' } })
  const routes = routesAs(insightsRoutes(store), 'member', { name: 'Jonas' })
  const today = async () => readToday(store)
  const post = (path: string, body: object) =>
    routes.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })

  const doubt = (await readToday(store, now)).doubt.rows[0]
  assert.match(doubt?.why ?? '', /^Assembly, rated 2 of 5, 10 November\. Nobody has been in touch since\.$/)
  assert.equal(doubt?.words, 'Moved twice.')
  assert.equal((await post('/api/today/takings', { kind: 'doubt', customerId: 2 })).status, 204)
  assert.equal((await readToday(store, now)).doubt.rows[0]?.takenBy, 'Jonas')
  assert.equal((await routes.request('/api/today/takings/doubt/2', { method: 'DELETE' })).status, 204)
  assert.equal((await readToday(store, now)).doubt.rows[0]?.takenBy, null)
  assert.equal((await routes.request('/api/today/takings/doubt/2', { method: 'DELETE' })).status, 404)

  assert.match(
    (await readToday(store, now)).thank.rows[0]?.why ?? '',
    /^Brought Kim Bakker, last on 2 November/,
  )
  const thanked = await post('/api/today/thanks', { customerId: 3, how: 'call' })
  assert.equal(thanked.status, 201)
  assert.equal((await today()).thank.total, 0)
  const { interactionId } = (await thanked.json()) as { interactionId: number }
  const taken = await routes.request(`/api/today/thanks/3/${interactionId}`, { method: 'DELETE' })
  assert.equal(taken.status, 204)
  assert.equal((await today()).thank.total, 1)

  const viewer = routesAs(insightsRoutes(store), 'viewer')
  assert.equal((await viewer.request('/api/today')).status, 200)
  assert.equal((await viewer.request('/api/today/takings/doubt/2', { method: 'DELETE' })).status, 403)
})

async function company(store: TestStore): Promise<void> {
  await sql`insert into stages (id, name, side, position) values (901, 'Use', 'after', 90)`.execute(store.db)
  await sql`
    insert into touchpoints (id, stage_id, name, position, by, purpose)
    values (2, 901, 'Support question', 1, 'customer', 'help'), (3, 901, 'Referral', 2, 'customer', 'refer')
    on conflict (id) do update set by = excluded.by, purpose = excluded.purpose`.execute(store.db)
  await sql`
    insert into customers (id, canonical_id, name, first_seen_at, last_seen_at)
    values (1, 1, 'Miriam Castellanos', '2026-05-01', '2026-11-01'), (2, 2, 'Pavel Horák', '2026-05-01', '2026-11-01'),
      (3, 3, 'Rosa Lindqvist', '2026-05-01', '2026-11-01')`.execute(store.db)
}

async function promise(
  store: TestStore,
  customer: number,
  { state, gap, told, decided }: { state: string; gap: number; told: boolean | null; decided: string },
): Promise<void> {
  await sql`
    insert into expectations (customer_id, rule_id, opening, statement, stated_by, dimension, state, gap, first_gap,
      told_before, opened_at, first_due_at, due_at, decided_at)
    select ${customer}, id, ${`o${customer}`}, statement, 'us', 'days', ${state}, ${gap}, ${gap}, ${told}::boolean,
      '2026-06-01', ${decided}::timestamptz, ${decided}::timestamptz, ${decided}::timestamptz
    from expectation_rules
    where name = 'Delivered by the promised day'`.execute(store.db)
}

async function happened(
  store: TestStore,
  customer: number,
  day: string,
  touchpoint: number,
  more: { words?: string; properties?: object } = {},
): Promise<void> {
  await sql`
    insert into interactions (customer_id, at, name, touchpoint_id, words, properties, source)
    values (${customer}, ${day}::timestamptz, 'Something', ${touchpoint}, ${more.words ?? null},
      ${JSON.stringify(more.properties ?? {})}::jsonb, 'test')`.execute(store.db)
}

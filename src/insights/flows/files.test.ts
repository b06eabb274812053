import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { routesAs } from '../../lib/http-testing.ts'
import type { TestStore } from '../../store/testing.ts'
import { insightsRoutes } from '../routes.ts'
import { ask, company, life, step } from './flows.testing.ts'
import { readOcel } from './ocel.testing.ts'
import { readXes } from './xes.testing.ts'
import { escaped } from './xes.ts'

test('the event log has every journey step by step, as the standard’s schema wants it', async () => {
  await using store = await company()
  await full(store)
  const log = readXes(await download(store, 'xes'))
  assert.deepEqual(
    log.traces.map((trace) => [trace.attributes['concept:name'], trace.events.map(nameOf)]),
    [
      ['1', ['Advert', 'Order', 'Delivery']],
      ['2', ['Advert', 'Delivery']],
    ],
  )
  const [advert, order] = log.traces[0]?.events ?? []
  assert.equal(advert?.['time:timestamp'], '2026-01-01T12:00:00.000Z')
  assert.equal(advert?.['event'], 'Step <"&\n>')
  assert.deepEqual([order?.['experience'], order?.['evidence'], order?.['purchase']], ['-0.4', 'said', 'A-1'])
  const answer = await ask(store)
  assert.equal(
    log.traces.reduce((sum, trace) => sum + trace.events.length - 1, 0),
    answer.transitions,
  )
})

test('of each purchase its own trace, in the time and for the segment asked about', async () => {
  await using store = await company()
  await full(store)
  const purchases = readXes(await download(store, 'xes', 'case=purchase'))
  assert.deepEqual(
    purchases.traces.map((trace) => [trace.attributes['purchase'], trace.events.map(nameOf)]),
    [['A-1', ['Order', 'Delivery']]],
  )
  const february = readXes(await download(store, 'xes', 'from=2026-02-01'))
  assert.deepEqual(
    february.traces.map((trace) => trace.events.map(nameOf)),
    [['Delivery'], ['Delivery']],
  )
  await sql`insert into segments (id, name, rule) values (1, 'one', '{}')`.execute(store.db)
  await sql`insert into segment_members values (1, 2)`.execute(store.db)
  const segment = readXes(await download(store, 'xes', 'segment=1'))
  assert.deepEqual(
    segment.traces.map((trace) => trace.attributes['concept:name']),
    ['2'],
  )
  assert.match(segment.attributes['concept:name'] ?? '', /lives of customers, one/)
})

test('the object-centric log has customers, purchases and steps, as the standard’s schema wants it', async () => {
  await using store = await company()
  await full(store)
  const log = readOcel(await download(store, 'ocel.json'))
  assert.deepEqual(
    log.objects.map(({ id, type, relationships }) => [id, type, relationships.map((each) => each.objectId)]),
    [
      ['customer 1', 'customer', []],
      ['customer 2', 'customer', []],
      ['purchase 7', 'purchase', ['customer 1']],
    ],
  )
  assert.equal(log.events.length, 5)
  const order = log.events.find((event) => event.type === 'Order')
  assert.deepEqual(
    order?.relationships.map((each) => `${each.qualifier}: ${each.objectId}`),
    ['customer: customer 1', 'purchase: purchase 7'],
  )
  assert.deepEqual(
    log.eventTypes.map((type) => type.name),
    ['Advert', 'Order', 'Delivery'],
  )
})

test('restricted notes are in neither file, and the event log says how many were left out', async () => {
  await using store = await company()
  await full(store)
  await sql`update interactions set restricted_to = 'manager', words = 'secret illness', name = 'Secret', tx = pg_current_xact_id()
    where customer_id = 2 and touchpoint_id = 3`.execute(store.db)
  const xes = await download(store, 'xes')
  const ocel = await download(store, 'ocel.json')
  assert.equal(readXes(xes).attributes['restricted_notes_left_out'], '1')
  assert.equal(readOcel(ocel).events.length, 4)
  for (const text of [xes, ocel]) assert.doesNotMatch(text, /Secret|illness/)
})

test('nobody, joined customers, judgements and what has no place give files that can be opened', async () => {
  await using store = await company()
  assert.deepEqual(readXes(await download(store, 'xes')).traces, [])
  assert.deepEqual(readOcel(await download(store, 'ocel.json')).events, [])
  await life(store, 1, [
    ['2026-01-03', 'Order'],
    ['2026-01-04', null],
  ])
  await life(store, 2, [['2026-01-01', 'Advert']])
  await sql`update interactions set judgement = true where touchpoint_id is null`.execute(store.db)
  await sql`update customers set canonical_id = 1, tx = pg_current_xact_id() where id = 2`.execute(store.db)
  const log = readXes(await download(store, 'xes'))
  assert.deepEqual(
    log.traces.map((trace) => trace.events.map(nameOf)),
    [['Advert', 'Order']],
  )
  assert.equal(readOcel(await download(store, 'ocel.json')).objects.length, 1)
})

test('what is asked wrongly is said before the file begins', async () => {
  await using store = await company()
  const app = routesAs(insightsRoutes(store), 'viewer')
  const refused = await app.request('/api/insights/flows.xes?segment=99')
  assert.equal(refused.status, 404)
  assert.equal((await routesAs(insightsRoutes(store), null).request('/api/insights/flows.xes')).status, 401)
})

test('who stops reading, or only asks whether the file is there, holds no connection', async () => {
  await using store = await company()
  const app = routesAs(insightsRoutes(store), 'viewer')
  for (let time = 0; time < 12; time++) {
    const response = await app.request('/api/insights/flows.xes')
    await response.body?.cancel()
    assert.equal((await app.request('/api/insights/flows.xes', { method: 'HEAD' })).status, 200)
  }
  assert.equal(store.pool.totalCount - store.pool.idleCount, 0)
})

test('text that XML can’t hold is left out, and what it can is kept', () => {
  assert.equal(escaped('a\u0000b\u0008c\uD800d\uFFFFe'), 'abcde')
  assert.equal(escaped('Ünï 😀 <&">\n'), 'Ünï 😀 &lt;&amp;&quot;&gt;&#10;')
})

const nameOf = (event: Record<string, string>) => event['concept:name']

async function full(store: TestStore): Promise<void> {
  await sql`insert into purchases (id, customer_id, key, kind, state, sold_at, value_minor, currency)
    values (7, 1, 'A-1', 'order', 'sold', '2026-01-02', 12345, 'EUR'), (8, 3, 'B-1', 'order', 'sold', '2026-01-02', null, 'EUR')`.execute(
    store.db,
  )
  await step(store, 1, '2026-01-01', 'Advert')
  await step(store, 1, '2026-01-02', 'Order', 7)
  await step(store, 1, '2026-02-02', 'Delivery', 7)
  await step(store, 2, '2026-01-05', 'Advert')
  await step(store, 2, '2026-02-07', 'Delivery')
  await sql`update interactions set experience = -40, evidence = 1 where touchpoint_id = 2`.execute(store.db)
  await sql`update interactions set name = ${'Step <"&\n>'} where touchpoint_id = 1`.execute(store.db)
}

async function download(store: TestStore, ending: string, asked = ''): Promise<string> {
  await store.projection?.catchUp()
  const reply = await routesAs(insightsRoutes(store), 'viewer').request(
    `/api/insights/flows.${ending}?${asked}`,
  )
  assert.equal(reply.status, 200)
  assert.match(reply.headers.get('content-disposition') ?? '', new RegExp(`flows\\.${ending}`))
  return reply.text()
}

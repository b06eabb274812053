import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordInteractions } from '../interactions/interactions.ts'
import type { Incoming } from '../interactions/schema.ts'
import { routesAs } from '../lib/http-testing.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { registerExpectations } from './expectations.ts'
import { expectationsRoutes } from './routes.ts'

let messages = 0
function event(user: string, name: string, day: string, properties: Record<string, unknown> = {}): Incoming {
  const at = new Date(day.length === 10 ? `${day}T10:00:00Z` : day)
  return {
    messageId: `f${messages++}`,
    at,
    receivedAt: at,
    identities: [{ kind: 'user_id', source: '', value: user }],
    name,
    properties: { order_id: `o-${user}`, ...properties },
  }
}

/** An order promised for 20 March and what followed. */
function order(user: string, delivered: string | null, ...rest: Incoming[]): Incoming[] {
  return [
    event(user, 'Order Completed', '2026-03-01', {
      promised_delivery_date: '2026-03-20',
      promised_in: user.startsWith('p') ? 'proposal' : 'person',
      promised_on: user.startsWith('p') ? 'Offer B' : undefined,
      promised_by: 'Anna',
    }),
    ...(delivered ? [event(user, 'Order Delivered', delivered)] : []),
    ...rest,
  ]
}
const review = (user: string, day: string, rating: number) => event(user, 'Product Reviewed', day, { rating })

async function told(): Promise<Store & { [Symbol.asyncDispose](): Promise<void> }> {
  const store = await testStore(registerExpectations)
  await recordInteractions(
    store,
    [
      ...order('p1', '2026-03-18', review('p1', '2026-03-19', 5)),
      ...order('p2', '2026-03-20', review('p2', '2026-03-10', 4)),
      ...order('a1', '2026-03-28', review('a1', '2026-03-24', 1), review('a1', '2026-04-02', 4)),
      ...order('a2', '2026-03-28', event('a2', 'Complaint Received', '2026-03-25')),
      ...order('a3', '2026-03-28', event('a3', 'Delay Announced', '2026-03-15')),
      ...order('a4', null, review('a4', '2026-03-30', 1)),
      ...order('a5', null, event('a5', 'Order Cancelled', '2026-03-05'), review('a5', '2026-03-06', 2)),
      event('n1', 'Proposal Sent', '2026-02-01'),
      event('n1', 'Proposal Declined', '2026-02-03', { reason: 'wanted plastic' }),
    ],
    { source: 'api:1', again: 'keep' },
  )
  await store.jobs.drain()
  return store
}

test('every figure counts what happened, by promise and by where it was said; no person is named', async () => {
  await using store = await told()
  const app = routesAs(expectationsRoutes(store), 'viewer')
  const summary = await read(app, '/api/expectations/summary')
  const { kept, exceeded, broken, overdue, open, withdrawn, unmended } = summary.all
  assert.deepEqual(
    { kept, exceeded, broken, overdue, open, withdrawn, unmended },
    {
      kept: 2,
      exceeded: 0,
      broken: 4,
      overdue: 1,
      open: 0,
      withdrawn: 1,
      unmended: 4,
    },
  )
  assert.deepEqual([summary.all.byLastWord.hits, summary.all.byLastWord.n], [2, 6])
  assert.deepEqual(
    summary.sources.map((each: { kind: string; name: string | null; broken: number }) => [
      each.kind,
      each.name,
      each.broken,
    ]),
    [
      ['person', null, 4],
      ['proposal', null, 0],
      ['proposal', 'Offer B', 0],
    ],
  )
  assert.doesNotMatch(JSON.stringify(summary), /Anna/)
})

test('gaps are measured against the last word, and what could be kept is not said from a few', async () => {
  await using store = await told()
  const app = routesAs(expectationsRoutes(store), 'viewer')
  const gaps = await read(app, '/api/expectations/gaps?rule=1')
  assert.deepEqual([gaps.n, gaps.awaited], [5, 1])
  assert.deepEqual(
    gaps.bins
      .filter((bin: { n: number }) => bin.n > 0)
      .map((bin: { to: number; n: number }) => [bin.to, bin.n]),
    [
      [-2, 1],
      [0, 1],
      [8, 3],
    ],
  )
  const { items } = await read(app, '/api/promises')
  assert.equal(items[0].keepable.say, null)
  const misfits = await read(app, '/api/expectations/misfits')
  assert.deepEqual([misfits.share.hits, misfits.reasons[0].reason], [1, 'wanted plastic'])
})

test('the list pages, filters, exports, and takes up mending', async () => {
  await using store = await told()
  const app = routesAs(expectationsRoutes(store), 'member')
  const first = await read(app, '/api/expectations?mended=false&limit=3')
  const second = await read(app, `/api/expectations?mended=false&limit=3&cursor=${first.next}`)
  assert.deepEqual([first.items.length, second.items.length, second.next], [3, 1, null])
  const { expectation } = first.items[0]
  assert.deepEqual(
    [expectation.due, expectation.firstDue, expectation.state],
    ['2026-03-20', '2026-03-20', 'broken'],
  )
  const path = `/api/expectations/${expectation.customerId}/${expectation.id}/mending`
  const body = JSON.stringify({ done: true, note: 'Called and said sorry' })
  const headers = { 'content-type': 'application/json' }
  const mended = await answered(await app.request(path, { method: 'POST', body, headers }), 200)
  assert.equal(mended.mendedNote, 'Called and said sorry')
  assert.equal((await read(app, '/api/expectations?mended=false')).items.length, 3)
  assert.equal((await app.request(path, { method: 'DELETE' })).status, 200)
  assert.equal((await read(app, '/api/expectations?mended=false')).items.length, 4)
  const csv = await (await app.request('/api/expectations/export?state=broken')).text()
  assert.equal(csv.trim().split('\r\n').length, 5)
  assert.equal((await read(app, '/api/expectations?state=overdue')).items.length, 1)
})

test('a customer’s expectations are added, settled and moved over HTTP; what can’t be read is refused', async () => {
  await using store = await told()
  const app = routesAs(expectationsRoutes(store), 'member')
  const send = (method: string, path: string, body: object) =>
    app.request(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  const made = await send('POST', '/api/customers/1/expectations', {
    statement: 'We call back by Friday',
    due: '2099-W10',
    source: 'person',
  })
  const expectation = await answered(made, 201)
  assert.deepEqual(
    [expectation.state, expectation.dueFrom, expectation.due],
    ['open', '2099-03-02', '2099-03-08'],
  )
  const refused = await send('POST', '/api/customers/1/expectations', { statement: 'Soon', due: 'soon' })
  assert.equal(refused.status, 400)
  const path = `/api/expectations/1/${expectation.id}`
  const moved = await answered(
    await send('POST', `${path}/moves`, { due: '2099-03-20', by: 'customer' }),
    200,
  )
  assert.deepEqual([moved.due, moved.firstDue, moved.movedBy], ['2099-03-20', '2099-03-08', 'customer'])
  const kept = await answered(await send('PUT', `${path}/outcome`, {}), 200)
  assert.equal(kept.state, 'kept')
  const reopened = await answered(await app.request(`${path}/outcome`, { method: 'DELETE' }), 200)
  assert.equal(reopened.state, 'open')
  assert.equal((await send('PUT', '/api/expectations/2/99999/outcome', {})).status, 404)
})

test('a rule is previewed over history without writing, made, changed and retired', async () => {
  await using store = await told()
  const app = routesAs(expectationsRoutes(store), 'manager')
  const send = (method: string, path: string, body: object) =>
    app.request(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  const rule = {
    opened: { event: 'Order Completed' },
    due: [{ after: 3, unit: 'weeks' }],
    kept: { event: 'Order Delivered' },
  }
  const preview = await answered(await send('POST', '/api/promises/preview', { rule }), 200)
  assert.deepEqual(
    [preview.openings, preview.states.kept, preview.states.broken, preview.overdue],
    [7, 2, 5, 2],
  )
  const made = await send('POST', '/api/promises', {
    name: 'Within three weeks',
    statement: 'In three weeks',
    rule,
  })
  const { id } = await answered(made, 201)
  const run = await answered(await send('POST', `/api/promises/${id}/runs`, {}), 202)
  await store.jobs.drain()
  assert.deepEqual(
    (({ state, done, opened }) => ({ state, done, opened }))(await read(app, `/api/promise-runs/${run.id}`)),
    {
      state: 'done',
      done: 7,
      opened: 7,
    },
  )
  const stale = await send('PUT', `/api/promises/${id}`, { name: 'x', rule, version: 7, holds: 'now' })
  assert.equal(stale.status, 409)
  assert.equal((await app.request(`/api/promises/${id}/retirement`, { method: 'PUT' })).status, 200)
  const { items } = await read(app, `/api/promises/${id}/versions`)
  assert.equal(items.length, 1)
  const { items: named } = await read(app, '/api/promises/names')
  const [first, last] = [named[0], named.at(-1)]
  assert.deepEqual(Object.keys(last), ['id', 'name', 'retiredAt'], 'to choose one takes no figures')
  assert.deepEqual([last.id, last.name, first.retiredAt], [id, 'Within three weeks', null])
  assert.ok(last.retiredAt)
})

// biome-ignore lint/suspicious/noExplicitAny: the shapes are checked by what the tests read from them
type Answer = any

async function read(app: ReturnType<typeof routesAs>, path: string): Promise<Answer> {
  return answered(await app.request(path), 200)
}

async function answered(response: Response, status: number): Promise<Answer> {
  assert.equal(response.status, status, await response.clone().text())
  return response.json()
}

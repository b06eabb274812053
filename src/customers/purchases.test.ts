import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { routesAs } from '../lib/http-testing.ts'
import { rows } from '../store/database.ts'
import { testStore } from '../store/testing.ts'
import { happened, person } from './people.testing.ts'
import { customersRoutes } from './routes.ts'

const send = (method: string, value: object) => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

interface Bought {
  id: number
  key: string
  state: string
  valueMinor: number | null
  soldAt: string
  interactions: number
}

test('a purchase is written down and mended by hand, told to the map and kept in the log', async () => {
  await using store = await testStore()
  const app = routesAs(customersRoutes(store), 'member')
  const ines = await person(store.db)
  const path = `/api/customers/${ines}/purchases`
  const input = {
    kind: 'contract',
    key: 'C-7',
    state: 'sold',
    valueMinor: 120_000,
    soldAt: '2026-01-01T00:00:00Z',
  }
  const made = (await (await app.request(path, send('POST', input))).json()) as Bought
  assert.equal(made.key, 'C-7')
  assert.equal((await app.request(path, send('POST', input))).status, 409)
  const wrong = await app.request(
    `${path}/${made.id}`,
    send('PUT', { ...input, deliveredAt: '2025-12-01T00:00:00Z' }),
  )
  assert.equal(wrong.status, 400)
  assert.match(await wrong.text(), /delivered before it was sold/)
  const mended = (await (
    await app.request(
      `${path}/${made.id}`,
      send('PUT', { ...input, state: 'delivered', deliveredAt: '2026-02-01T09:00:00+01:00' }),
    )
  ).json()) as Bought
  assert.deepEqual({ state: mended.state, value: mended.valueMinor }, { state: 'delivered', value: 120_000 })
  const audited = await rows(
    store.db,
    sql<{ action: string }>`select action from audit where subject = 'purchase' order by id`,
  )
  assert.deepEqual(
    audited.map(({ action }) => action),
    ['made', 'changed'],
  )
  const dirty = await rows(store.db, sql`select 1 from projection_dirty where customer_id = ${ines}`)
  assert.ok(dirty.length > 0)
  assert.equal(
    (await app.request(`/api/customers/${await person(store.db)}/purchases/${made.id}`, send('PUT', input)))
      .status,
    404,
  )
})

test('renewals near are listed, nearest first, with what went by unanswered', async () => {
  await using store = await testStore()
  const ines = await person(store.db, { name: 'Ines' })
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
  for (const [key, days, state] of [
    ['soon', 20, 'sold'],
    ['late', -10, 'renewed'],
    ['far', 300, 'sold'],
    ['over', 5, 'ended'],
  ] as const)
    await sql`
      insert into purchases (customer_id, kind, key, state, renews_at)
      values (${ines}, 'contract', ${key}, ${state}, ${inDays(days)})`.execute(store.db)
  const app = routesAs(customersRoutes(store), 'viewer')
  const near = (await (await app.request('/api/renewals?days=60')).json()) as {
    items: { key: string; customer: string }[]
  }
  assert.deepEqual(
    near.items.map(({ key, customer }) => [key, customer]),
    [
      ['late', 'Ines'],
      ['soon', 'Ines'],
    ],
  )
})

test('a company shows what happened to any of its people, and hides words kept to a role', async () => {
  await using store = await testStore()
  const app = routesAs(customersRoutes(store), 'member')
  const studio = await person(store.db, { name: 'Studio Brandt', kind: 'company' })
  const ines = await person(store.db, { name: 'Ines', state: 'doubting' })
  const bo = await person(store.db, { name: 'Bo' })
  for (const [customerId, role] of [
    [ines, 'buys'],
    [bo, null],
  ] as const)
    assert.equal(
      (await app.request(`/api/customers/${studio}/people`, send('POST', { customerId, role }))).status,
      204,
    )
  assert.equal(
    (await app.request(`/api/customers/${studio}/people`, send('POST', { customerId: bo }))).status,
    409,
  )
  assert.equal(
    (await app.request(`/api/customers/${ines}/people`, send('POST', { customerId: bo }))).status,
    400,
  )
  await sql`insert into purchases (customer_id, key, value_minor) values (${ines}, 'o1', 500), (${bo}, 'o2', 700)`.execute(
    store.db,
  )
  await happened(store.db, ines, 'Support Contacted', { at: '2026-03-02T00:00:00Z', words: 'open' })
  const secret = await happened(store.db, bo, 'Note Added', {
    at: '2026-03-03T00:00:00Z',
    words: 'in confidence',
  })
  await sql`update interactions set restricted_to = 'owner' where id = ${secret}`.execute(store.db)

  const seen = (await (await app.request(`/api/customers/${studio}/people`)).json()) as {
    items: { customer: { label: string }; role: string | null }[]
    rollUp: {
      people: number
      purchases: number
      valueMinor: number
      states: unknown
      last: { name: string; words: string | null; customer: string }[]
    }
  }
  assert.deepEqual(
    seen.items.map(({ customer, role }) => [customer.label, role]),
    [
      ['Ines', 'buys'],
      ['Bo', null],
    ],
  )
  assert.equal(seen.rollUp.people, 2)
  assert.deepEqual([seen.rollUp.purchases, seen.rollUp.valueMinor], [2, 1200])
  assert.deepEqual(
    seen.rollUp.last.map(({ name, words, customer }) => [name, words, customer]),
    [
      ['Note Added', null, 'Bo'],
      ['Support Contacted', 'open', 'Ines'],
    ],
  )
  assert.equal((await app.request(`/api/customers/${studio}/people/${bo}`, { method: 'DELETE' })).status, 204)
  assert.equal((await app.request(`/api/customers/${studio}/people/${bo}`, { method: 'DELETE' })).status, 404)
})

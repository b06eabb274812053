import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { recordInteractions } from '../interactions/interactions.ts'
import type { Incoming } from '../interactions/schema.ts'
import { routesAs } from '../lib/http-testing.ts'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { oneCustomer } from './customer.ts'
import type { PromiseRow } from './customer-queries.ts'
import { validationRoutes } from './routes.ts'
import { type Story, sentenceOf } from './sentence.ts'

const now = new Date('2026-06-10T12:00:00Z')
const at = (text: string) => new Date(`${text}T10:00:00Z`)

const story: Story = {
  lastSale: { name: 'oak dining set', at: at('2026-05-12'), valueMinor: 234000, currency: 'EUR' },
  promise: null,
  helpSince: 0,
  complaintsSince: 0,
  channels: ['mail', 'phone'],
  firstSeenAt: at('2026-04-21'),
  lastSeenAt: at('2026-06-03'),
  interactions: 9,
  sales: 1,
  firstSaleAt: at('2026-05-12'),
  valueMinor: 234000,
  currency: 'EUR',
  lastCaredAt: at('2026-06-03'),
  referred: 0,
  cancelled: false,
}
const late: PromiseRow = {
  statement: 'Delivered by the day we named',
  state: 'broken',
  awaited: false,
  dimension: 'days',
  currency: null,
  gap: 4,
  dueAt: new Date('2026-05-20T00:00:00Z'),
  dueText: null,
  precision: 'day',
  toldBefore: false,
  isDelivery: true,
  mendedAt: null,
}
const said = (change: Partial<Story>, when = now) =>
  sentenceOf({ ...story, ...change }, 'UTC', when)
    .map((part) => part.text)
    .join('')
    .replaceAll('\u00a0', ' ')

test('the page begins with what is true now', () => {
  assert.equal(said({}), 'Bought an oak dining set on 12 May (€ 2,340).')
  assert.equal(
    said({ promise: late, helpSince: 2 }, new Date('2026-08-01T00:00:00Z')),
    'Bought an oak dining set on 12 May (€ 2,340). It came four days after the promised Tuesday, 19 May, with two calls for help since. Nobody of us has been in touch since 3 June (seen through mail and phone).',
  )
  assert.equal(
    said({ promise: { ...late, state: 'kept', gap: 0 } }),
    'Bought an oak dining set on 12 May (€ 2,340). It came by the promised Tuesday, 19 May.',
  )
  assert.equal(
    said({ promise: { ...late, statement: 'Fitted within two days', isDelivery: false } }),
    'Bought an oak dining set on 12 May (€ 2,340). “Fitted within two days” was kept four days late.',
  )
  assert.equal(
    said({ promise: { ...late, awaited: true, isDelivery: false }, complaintsSince: 1 }),
    'Bought an oak dining set on 12 May (€ 2,340). “Delivered by the day we named” was promised for Tuesday, 19 May and has not happened, with one complaint since.',
  )
  assert.equal(
    said({ lastCaredAt: null, referred: 2 }, new Date('2027-01-01T00:00:00Z')),
    'Bought an oak dining set on 12 May 2026 (€ 2,340). Brought two others. Nobody of us has been in touch since the sale, bills and offers aside (seen through mail and phone).',
  )
  assert.equal(
    said({ sales: 0, lastSale: null, firstSaleAt: null }),
    'First heard of on 21 April; nine interactions so far, and nothing bought yet.',
  )
  assert.equal(
    said({ sales: 3, valueMinor: 702050 }),
    'Bought three times since 12 May (€ 7,020.50 in all), last an oak dining set on 12 May (€ 2,340).',
  )
})

test('what is bad news says so, and nothing else does', () => {
  const toned = sentenceOf({ ...story, promise: late }, 'UTC', now).filter((part) => part.tone)
  assert.deepEqual(toned, [{ text: 'four days after the promised Tuesday, 19 May', tone: 'bad' }])
})

function event(name: string, when: string, more: Partial<Incoming> = {}): Incoming {
  return {
    messageId: `${name} ${when}`,
    at: at(when),
    receivedAt: at(when),
    identities: [{ kind: 'email', source: '', value: 'miriam@example.com' }],
    name,
    ...more,
  }
}

async function onlyCustomer(store: Store): Promise<number> {
  return (await row(store.db, sql<{ id: number }>`select min(id) as id from customers`))?.id ?? 0
}

test('a customer is shown with standing, facts in words, and let-down with its numbers', async () => {
  await using store = await testStore()
  await recordInteractions(
    store,
    [
      event('Design Meeting Held', '2026-05-02', { properties: { rating: 5 } }),
      event('Order Completed', '2026-05-12', {
        properties: { order_id: 'o1', total: 2340, currency: 'EUR', product_name: 'oak dining set' },
      }),
      event('Product Reviewed', '2026-05-24', { properties: { rating: 2, review: 'The drawer sticks.' } }),
    ],
    origin,
  )
  const id = await onlyCustomer(store)
  const customer = await oneCustomer(store, id, now)
  assert.equal(customer.shownName, 'miriam@example.com')
  assert.equal(customer.standing.state, 'doubting')
  assert.deepEqual(
    customer.standing.facts.map((fact) => [fact.sentence.replaceAll('\u00a0', ' '), fact.words]),
    [
      ['Product Reviewed, rated 2 of 5', 'The drawer sticks.'],
      ['Bought oak dining set (€ 2,340)', undefined],
    ],
  )
  assert.deepEqual(customer.experience.said, {
    before: { n: 1, value: 1, low: null, high: null },
    after: { n: 1, value: -0.5, low: null, high: null },
  })
})

test('the survivor’s traits win over those of the customer joined to it', async () => {
  await using store = await testStore()
  await sql`
    insert into customers (id, canonical_id, name, traits, first_seen_at, last_seen_at)
    values
      (1, 1, null, '{"city": "Bonn"}', now(), now()),
      (2, 1, 'Miriam', '{"city": "Kiel", "tier": "gold"}', now(), now())`.execute(store.db)
  const answer = await routesAs(validationRoutes(store), 'viewer').request('/api/customers/2')
  const customer = (await answer.json()) as { id: number; name: string; traits: object }
  assert.deepEqual(
    [customer.id, customer.name, customer.traits],
    [1, 'Miriam', { city: 'Bonn', tier: 'gold' }],
  )
  assert.equal((await routesAs(validationRoutes(store), 'viewer').request('/api/customers/3')).status, 404)
})

const origin = { source: 'api:1', again: 'keep' } as const

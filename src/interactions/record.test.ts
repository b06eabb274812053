import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Identity, IdentityKind } from '../customers/schema.ts'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { recordInteractions } from './interactions.ts'
import { repeatsCome } from './receipts.ts'
import type { Incoming } from './schema.ts'

const origin = { source: 'api:1', again: 'keep' } as const
let messages = 0

function event(
  name: string | undefined,
  who: Partial<Record<IdentityKind, string>>,
  more: Partial<Incoming> = {},
): Incoming {
  const identities: Identity[] = Object.entries(who).map(([kind, value]) => ({
    kind: kind as IdentityKind,
    source: '',
    value,
  }))
  return {
    messageId: `m${messages++}`,
    at: new Date('2026-03-01T10:00:00Z'),
    receivedAt: new Date('2026-03-01T10:00:01Z'),
    identities,
    ...(name ? { name } : {}),
    ...more,
  }
}

async function lives(store: Store): Promise<string[][]> {
  const found = await rows(
    store.db,
    sql<{ names: string[] }>`
      select array_agg(i.name order by i.at, i.id) as names
      from interactions i
      join customers c on c.id = i.customer_id
      group by c.canonical_id
      order by c.canonical_id`,
  )
  return found.map(({ names }) => names)
}

test('a visitor who signs in keeps what was seen before', async () => {
  await using store = await testStore()
  await recordInteractions(store, [event('Viewed Home', { anonymous_id: 'a1' })], origin)
  await recordInteractions(store, [event(undefined, { user_id: 'u1', anonymous_id: 'a1' })], origin)
  await recordInteractions(store, [event('Order Completed', { user_id: 'u1' })], origin)
  assert.deepEqual(await lives(store), [['Viewed Home', 'Order Completed']])
})

test('a visitor on a second device joins the customer when that device signs in', async () => {
  await using store = await testStore()
  await recordInteractions(store, [event('Order Completed', { user_id: 'u1' })], origin)
  await recordInteractions(store, [event('Viewed Help', { anonymous_id: 'phone' })], origin)
  await recordInteractions(store, [event(undefined, { user_id: 'u1', anonymous_id: 'phone' })], origin)
  assert.deepEqual(await lives(store), [['Order Completed', 'Viewed Help']])
})

test('a shared browser does not join two known customers', async () => {
  await using store = await testStore()
  const batch = [
    event('One', { user_id: 'u1', anonymous_id: 'kiosk' }),
    event('Two', { user_id: 'u2', anonymous_id: 'kiosk' }),
    event('Three', { user_id: 'u2' }),
  ]
  await recordInteractions(store, batch, origin)
  assert.deepEqual(await lives(store), [['One'], ['Two', 'Three']])
})

test('one email on every row of an import does not melt the customers into one', async () => {
  await using store = await testStore()
  const batch = Array.from({ length: 300 }, (_, i) =>
    event('Order Completed', { user_id: `u${i}`, email: 'all@shop.de' }),
  )
  await recordInteractions(store, batch, origin)
  assert.equal((await lives(store)).length, 300)
  const again = Array.from({ length: 300 }, (_, i) =>
    event('Order Delivered', { user_id: `u${i}`, email: 'all@shop.de' }),
  )
  await recordInteractions(store, again, origin)
  assert.deepEqual(new Set((await lives(store)).map((names) => names.length)), new Set([2]))
})

test('two customers known by different things become one when an event shows both', async () => {
  await using store = await testStore()
  await recordInteractions(
    store,
    [event('Call', { phone: '+491701234567' }), event('Mail', { email: 'm@x.de' })],
    origin,
  )
  assert.equal((await lives(store)).length, 2)
  await recordInteractions(
    store,
    [event('Order Completed', { email: 'm@x.de', phone: '+491701234567' })],
    origin,
  )
  assert.deepEqual(await lives(store), [['Call', 'Mail', 'Order Completed']])
  const merges = await rows(store.db, sql<{ moved: number[] }>`select moved from merges`)
  assert.equal(merges.length, 1)
})

test('the same message is recorded once, whatever batch it comes in', async () => {
  await using store = await testStore()
  const message = event('Order Completed', { user_id: 'u1' })
  const [first, second] = await recordInteractions(store, [message, message], origin)
  const [third] = await recordInteractions(store, [message], origin)
  assert.deepEqual([first?.status, second?.status, third?.status], ['created', 'duplicate', 'duplicate'])
  assert.deepEqual(await lives(store), [['Order Completed']])
})

test('the same messages sent by many callers at once are recorded once, for one customer each', async () => {
  await using store = await testStore()
  const batch = Array.from({ length: 50 }, (_, i) =>
    event('Order Completed', { user_id: `u${i % 10}`, email: `e${i % 10}@x.de` }),
  )
  await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      recordInteractions(store, i % 2 ? batch : batch.toReversed(), origin),
    ),
  )
  assert.deepEqual(
    (await lives(store)).map((names) => names.length),
    Array(10).fill(5),
  )
})

for (const { known, ids } of [
  { known: 'one thing', ids: (user: string) => ({ user_id: user }) },
  { known: 'two things', ids: (user: string) => ({ user_id: user, email: `${user}@x.de` }) },
])
  test(`many callers at once with the same new customers, known by ${known}, all get through`, async () => {
    await using store = await testStore()
    // Each batch meets others in many customers: on its way through it loses to one after the other.
    const users = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 200 }, (_, i) => `u${(batch * 7919 + i * (batch + 1) * 104729) % 4_999}`),
    )
    const outcomes = await Promise.all(
      users.map((batch) =>
        recordInteractions(
          store,
          batch.map((user) => event('Product Viewed', ids(user))),
          origin,
        ),
      ),
    )
    assert.ok(outcomes.flat().every(({ status }) => status === 'created'))
    assert.equal((await lives(store)).length, new Set(users.flat()).size)
  })

test('an import run again says what changed and replaces it', async () => {
  await using store = await testStore()
  const from = { source: 'import:shop', again: 'replace', importId: 1 } as const
  const row = event('Product Reviewed', { user_id: 'u1' }, { properties: { rating: 2, review: 'Late.' } })
  const other = event('Order Completed', { user_id: 'u1' })
  await recordInteractions(store, [row, other], from)
  const changed = { ...row, properties: { rating: 4, review: 'Late, but kind.' } }
  const outcomes = await recordInteractions(store, [changed, other], { ...from, importId: 2 })
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['updated', 'unchanged'],
  )
  const stored = await rows(
    store.db,
    sql<{ words: string; experience: number; evidence: number }>`
    select words, experience, evidence from interactions where name = 'Product Reviewed'`,
  )
  assert.deepEqual(stored, [{ words: 'Late, but kind.', experience: 50, evidence: 1 }])
})

test('an event that names only the order finds the customer and the purchase', async () => {
  await using store = await testStore()
  const ordered = event(
    'Order Completed',
    { user_id: 'u1' },
    { properties: { order_id: 'o1', total: 99.5, currency: 'JPY' } },
  )
  await recordInteractions(store, [ordered], origin)
  const delivered = event('Order Delivered', { order: 'o1' }, { properties: { order_id: 'o1' } })
  const stranger = event('Order Delivered', { order: 'o2' }, { properties: { order_id: 'o2' } })
  const outcomes = await recordInteractions(store, [delivered, stranger], origin)
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['created', 'rejected'],
  )
  const purchases = await rows(
    store.db,
    sql<{ state: string; value: number; n: number }>`
    select p.state, p.value_minor as value, count(i.id) as n
    from purchases p join interactions i on i.purchase_id = p.id group by p.id, p.state, p.value_minor`,
  )
  assert.deepEqual(purchases, [{ state: 'delivered', value: 100, n: 2 }])
})

test('late traits do not overwrite newer ones, and companies gather their people', async () => {
  await using store = await testStore()
  const told = (at: string, traits: Record<string, unknown>) =>
    event(undefined, { user_id: 'u1' }, { at: new Date(at), traits })
  await recordInteractions(store, [told('2026-02-02', { city: 'Kiel', name: 'Ada L.' })], origin)
  await recordInteractions(store, [told('2026-01-01', { city: 'Bonn', plan: 'a' })], origin)
  await recordInteractions(
    store,
    [event(undefined, { user_id: 'u1' }, { company: { key: 'c1', traits: { name: 'Studio Brandt' } } })],
    origin,
  )
  const found = await rows(store.db, sql`select name, kind, traits from customers order by id`)
  assert.deepEqual(found, [
    { name: 'Ada L.', kind: 'person', traits: { city: 'Kiel', plan: 'a', name: 'Ada L.' } },
    { name: 'Studio Brandt', kind: 'company', traits: { name: 'Studio Brandt' } },
  ])
})

test('a message sent again among new ones is one interaction, whether or not repeats were expected', async () => {
  await using store = await testStore()
  const sent = Array.from({ length: 6 }, (_, i) => event(`Event ${i}`, { user_id: `u${i % 2}` }))
  const statuses = async (...messages: Incoming[]) =>
    (await recordInteractions(store, messages, origin)).map(({ status }) => status)
  const [a, b, c, d, e, f] = sent as [Incoming, Incoming, Incoming, Incoming, Incoming, Incoming]
  assert.deepEqual(await statuses(a, b), ['created', 'created'])
  assert.ok(!repeatsCome(store))
  assert.deepEqual(await statuses(c, a, d, a), ['created', 'duplicate', 'created', 'duplicate'])
  assert.ok(repeatsCome(store))
  assert.deepEqual(await statuses(b, e, f, e), ['duplicate', 'created', 'created', 'duplicate'])
  assert.deepEqual(await lives(store), [
    ['Event 0', 'Event 2', 'Event 4'],
    ['Event 1', 'Event 3', 'Event 5'],
  ])
})

test('a message sent again is a repetition even when it would be refused now', async () => {
  await using store = await testStore()
  const sent = event('Order Completed', { user_id: 'u1' })
  await recordInteractions(store, [sent], origin)
  await sql`insert into blocked_identities (kind, value, reason) values ('user_id', 'u1', 'shared')`.execute(
    store.db,
  )
  assert.ok(!repeatsCome(store))
  const [again, other] = await recordInteractions(store, [sent, event('Other', { user_id: 'u1' })], origin)
  assert.equal(again?.status, 'duplicate')
  assert.equal(other?.status, 'rejected')
})

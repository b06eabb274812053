import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { recordInteractions } from '../interactions/interactions.ts'
import { routesAs } from '../lib/http-testing.ts'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { voicesRoutes } from './routes.ts'
import { placeVoices, recordVoices } from './voices.ts'

const review = {
  at: '2026-03-10T12:00:00Z',
  author: 'Miriam C.',
  source: 'Google',
  words: 'Came four days late, but what a table.',
  properties: { rating: 4 },
}
const send = (value: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

async function withMiriam(store: Store): Promise<number> {
  const at = new Date('2026-03-06T10:00:00Z')
  const [outcome] = await recordInteractions(
    store,
    [
      {
        messageId: 'm1',
        at,
        receivedAt: at,
        name: 'Order Delivered',
        identities: [{ kind: 'email', source: '', value: 'miriam@x.org' }],
        traits: { name: 'Miriam Castellanos' },
        properties: { order_id: 'HO-9' },
      },
      {
        messageId: 'm2',
        at,
        receivedAt: at,
        identities: [{ kind: 'email', source: '', value: 'miriam@y.org' }],
        traits: { name: 'Miriam Zander' },
      },
    ],
    { source: 'api:1', again: 'keep' },
  )
  assert.ok(outcome && 'customerId' in outcome)
  return outcome.customerId
}

interface Candidates {
  items: { customer: { id: number }; reasons: string[]; strength: string }[]
}

test('a voice is kept once, placed, offered with reasons, and never matched by itself', async () => {
  await using store = await testStore()
  const miriam = await withMiriam(store)
  const app = routesAs(voicesRoutes(store), 'manager')
  const first = await app.request('/api/voices', send(review))
  assert.equal(first.status, 201)
  const voice = (await first.json()) as { id: number; experience: number; customer: unknown }
  assert.equal(voice.experience, 50)
  assert.equal(voice.customer, null)
  assert.equal((await app.request('/api/voices', send(review))).status, 200)
  const { items } = (await (await app.request(`/api/voices/${voice.id}/candidates`)).json()) as Candidates
  assert.deepEqual(items.length, 1)
  assert.equal(items[0]?.customer.id, miriam)
  assert.deepEqual(items[0]?.reasons, [
    'A similar name, Miriam Castellanos.',
    '“Order Delivered” was 4 days before.',
  ])

  const [, signed] = await recordVoices(
    store,
    [
      { at: new Date(), source: 'Google', words: 'fine' },
      { at: new Date(), source: 'Google', words: 'good', author: 'M', properties: { order_id: 'HO-9' } },
    ],
    { source: 'import:x' },
  )
  const named = (await (await app.request(`/api/voices/${signed?.id}/candidates`)).json()) as Candidates
  assert.equal(named.items[0]?.strength, 'strong')
})

test('a matched voice is on the timeline at its own time, and leaves it when the match is taken back', async () => {
  await using store = await testStore()
  const miriam = await withMiriam(store)
  const app = routesAs(voicesRoutes(store), 'member')
  const [voice] = await recordVoices(store, [{ ...review, at: new Date(review.at) }], { source: 'import:x' })
  const said = () =>
    rows(
      store.db,
      sql<{ at: Date; words: string; experience: number; evidence: number }>`
        select at, words, experience, evidence from interactions where customer_id = ${miriam} and words is not null`,
    )
  const path = `/api/voices/${voice?.id}/matching`
  for (let round = 0; round < 2; round++) {
    assert.equal((await app.request(path, send({ customerId: miriam }))).status, 200)
    assert.deepEqual(await said(), [
      { at: new Date(review.at), words: review.words, experience: 50, evidence: 1 },
    ])
    assert.equal((await app.request(path, send({ customerId: miriam }))).status, 409)
    assert.equal((await app.request(path, { method: 'DELETE' })).status, 200)
    assert.deepEqual(await said(), [])
  }
  assert.equal((await app.request(`/api/voices/${voice?.id}/dismissal`, { method: 'POST' })).status, 200)
  const open = (await (await app.request('/api/voices')).json()) as { items: unknown[] }
  assert.deepEqual(open.items, [])
  assert.equal((await app.request(path, send({ customerId: 999_999 }))).status, 404)
})

test('a voice follows the map when its rules change', async () => {
  await using store = await testStore()
  await recordVoices(store, [{ ...review, at: new Date(review.at) }], { source: 'import:x' })
  await sql`insert into stages (id, name, side, position) values (1, 'Living with it', 'after', 1)`.execute(
    store.db,
  )
  await sql`
    insert into touchpoints (id, stage_id, name, position, purpose, rules)
    values (5, 1, 'Review', 1, 'say', '[{"event":"Product Reviewed"}]')`.execute(store.db)
  await placeVoices(store)
  assert.deepEqual(await rows(store.db, sql`select touchpoint_id from voices`), [{ touchpoint_id: 5 }])
})

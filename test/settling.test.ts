import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { customersRoutes } from '#src/customers/routes.ts'
import type { Identity, IdentityKind } from '#src/customers/schema.ts'
import { recordInteractions } from '#src/interactions/interactions.ts'
import type { Incoming } from '#src/interactions/schema.ts'
import { routesAs } from '#src/lib/http-testing.ts'
import { rows } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { testStore } from '#src/store/testing.ts'

const origin = { source: 'api:1', again: 'keep' } as const
let messages = 0

function seen(...identities: [IdentityKind, string][]): Incoming {
  const at = new Date('2026-03-01T10:00:00Z')
  return {
    messageId: `m${messages++}`,
    at,
    receivedAt: at,
    name: 'Viewed Home',
    identities: identities.map(([kind, value]): Identity => ({ kind, source: '', value })),
  }
}

async function groups(store: Store): Promise<number> {
  const found = await rows(store.db, sql`select distinct canonical_id from customers`)
  return found.length
}

async function body<Reply>(response: Response): Promise<Reply> {
  assert.ok(response.ok, await response.clone().text())
  return (await response.json()) as Reply
}

const post = (value: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

test('a refused join waits for a person, who joins the two or leaves them apart for good', async () => {
  await using store = await testStore()
  const app = routesAs(customersRoutes(store), 'manager')
  await recordInteractions(
    store,
    [seen(['user_id', 'u1'], ['email', 'a@x.org']), seen(['user_id', 'u2'], ['email', 'b@x.org'])],
    origin,
  )
  const confused = () => seen(['user_id', 'u1'], ['email', 'b@x.org'])
  await recordInteractions(store, [confused()], origin)
  assert.equal(await groups(store), 2)
  type Conflicts = { items: { id: number; reason: string; customers: { id: number }[] }[] }
  const open = await body<Conflicts>(await app.request('/api/conflicts'))
  assert.equal(open.items.length, 1)
  const [conflict] = open.items
  assert.match(conflict?.reason ?? '', /user_id/)
  const [a, b] = conflict?.customers.map(({ id }) => id) ?? []

  const apart = await app.request(`/api/conflicts/${conflict?.id}/settlement`, post({ as: 'apart' }))
  assert.equal(apart.status, 204)
  await recordInteractions(store, [confused()], origin)
  assert.deepEqual((await body<Conflicts>(await app.request('/api/conflicts'))).items, [])

  await sql`delete from identity_conflicts`.execute(store.db)
  await recordInteractions(store, [confused()], origin)
  const again = await body<Conflicts>(await app.request('/api/conflicts'))
  const settlement = { as: 'one', survivor: a, absorbed: b }
  const path = `/api/conflicts/${again.items[0]?.id}/settlement`
  assert.equal((await app.request(path, post(settlement))).status, 400)
  const joined = await app.request(path, post({ ...settlement, beyondLimits: true }))
  assert.equal(joined.status, 204, await joined.text())
  assert.equal(await groups(store), 1)
})

test('a shared mailbox on the block list no longer joins people, and what it joined can be parted', async () => {
  await using store = await testStore()
  const app = routesAs(customersRoutes(store), 'manager')
  await recordInteractions(
    store,
    [
      seen(['email', 'kitchen@hotel.test']),
      seen(['phone', '+4930111111']),
      seen(['email', 'kitchen@hotel.test'], ['phone', '+4930111111']),
    ],
    origin,
  )
  assert.equal(await groups(store), 1)
  const effect = await body<{ customers: number[]; merges: number[] }>(
    await app.request('/api/blocked-identities/email/Kitchen@hotel.test/effect'),
  )
  assert.equal(effect.customers.length, 1)
  assert.equal(effect.merges.length, 1)
  const blocking = {
    kind: 'email',
    value: 'Kitchen@Hotel.test',
    reason: 'the kitchen’s mailbox',
    undoMerges: true,
  }
  await body(await app.request('/api/blocked-identities', post(blocking)))
  assert.equal(await groups(store), 2)

  const outcomes = await recordInteractions(
    store,
    [seen(['email', 'kitchen@hotel.test']), seen(['email', 'kitchen@hotel.test'], ['phone', '+4930111111'])],
    origin,
  )
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'created'],
  )
  const [refused] = outcomes
  assert.match(refused && 'reason' in refused ? refused.reason : '', /block list/)
  assert.equal(
    (await app.request('/api/blocked-identities/email/kitchen@hotel.test', { method: 'DELETE' })).status,
    204,
  )
  const [known] = await recordInteractions(store, [seen(['email', 'kitchen@hotel.test'])], origin)
  assert.equal(known?.status, 'created')
})

test('a viewer reads merges and conflicts but changes nothing', async () => {
  await using store = await testStore()
  const app = routesAs(customersRoutes(store), 'viewer')
  assert.equal((await app.request('/api/merges')).status, 200)
  assert.equal((await app.request('/api/conflicts')).status, 200)
  assert.equal((await app.request('/api/merges/1/undoing', { method: 'POST' })).status, 403)
  assert.equal((await app.request('/api/conflicts/1/settlement', post({ as: 'apart' }))).status, 403)
  assert.equal((await app.request('/api/customers/1/merges', post({ absorb: 2 }))).status, 403)
})

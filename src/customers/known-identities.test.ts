import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Actor } from '../lib/http.ts'
import { row, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { blockIdentity, unblockIdentity } from './blocking.ts'
import { identify } from './identify.ts'
import { identityKey } from './identity-key.ts'
import { KnownIdentities, knownIdentities } from './known-identities.ts'
import { mergeCustomers } from './merging.ts'
import type { Identity } from './schema.ts'
import type { Identified } from './subject.ts'

const owner: Actor = { kind: 'member', id: 'm1', name: 'Olga', role: 'owner', scopes: [] }
const user = (value: string): Identity => ({ kind: 'user_id', source: '', value })

async function versionIn(db: Tx): Promise<number> {
  const found = await row(db, sql<{ version: number }>`select identities_version as version from workspace`)
  return found?.version ?? 0
}

/** Whose each one is, with what the store remembers of it. */
async function whose(store: Store, ...values: string[]): Promise<Identified[]> {
  return transaction(store.db, async (tx) =>
    identify(
      tx,
      values.map((value) => ({ identities: [user(value)], at: new Date() })),
      { actor: 'test', known: knownIdentities(store, await versionIn(tx)) },
    ),
  )
}

async function customerOf(store: Store, value: string): Promise<number> {
  const [found] = await whose(store, value)
  assert.ok(found && 'customerId' in found, JSON.stringify(found))
  return found.customerId
}

async function remembered(store: Store, value: string): Promise<number | undefined> {
  return transaction(store.db, async (tx) =>
    knownIdentities(store, await versionIn(tx)).rowOf(identityKey(user(value))),
  )
}

test('an identity that was met is remembered, and who it is told to be now is asked each time', async () => {
  await using store = await testStore()
  const ada = await customerOf(store, 'ada')
  assert.equal(await remembered(store, 'ada'), undefined, 'what a transaction makes may still be taken back')
  assert.equal(await customerOf(store, 'ada'), ada)
  assert.equal(await remembered(store, 'ada'), ada)

  const bo = await customerOf(store, 'bo')
  await mergeCustomers(store, { survivor: bo, absorbed: ada, beyondLimits: true }, owner)
  const [found] = await whose(store, 'ada')
  assert.deepEqual(found, { customerId: ada, canonicalId: bo, created: false })
})

test('what takes an identity from its customer makes all processes forget', async () => {
  await using store = await testStore()
  const ada = await customerOf(store, 'ada')
  await customerOf(store, 'ada')
  await blockIdentity(store, { kind: 'user_id', value: 'ada', reason: 'shared', undoMerges: false }, owner)
  const [blocked] = await whose(store, 'ada')
  assert.ok(blocked && 'refused' in blocked)
  await unblockIdentity(store, 'user_id', 'ada', owner)
  const again = await customerOf(store, 'ada')
  assert.notEqual(again, ada)

  // as the undoing of an import does, perhaps in another process
  await customerOf(store, 'ada')
  await sql`delete from identities where value = 'ada'`.execute(store.db)
  assert.notEqual(await customerOf(store, 'ada'), again)
})

test('a customer who is gone is not found by memory', async () => {
  await using store = await testStore()
  const known = new KnownIdentities(1)
  known.remember(identityKey(user('ada')), 4711)
  const [found] = await transaction(store.db, (tx) =>
    identify(tx, [{ identities: [user('ada')], at: new Date() }], { actor: 'test', known }),
  )
  assert.ok(found && 'customerId' in found && found.created)
  assert.equal(known.rowOf(identityKey(user('ada'))), undefined)
})

test('a transaction that began before the last change neither uses nor changes what is remembered', async () => {
  await using store = await testStore()
  const now = knownIdentities(store, 7)
  now.remember('a', 1)
  const old = knownIdentities(store, 6)
  assert.equal(old.rowOf('a'), undefined)
  old.remember('b', 2)
  assert.equal(knownIdentities(store, 7), now)
  assert.equal(now.rowOf('b'), undefined)
  assert.equal(knownIdentities(store, 8).rowOf('a'), undefined)
})

test('of very many the first to come are forgotten', () => {
  const known = new KnownIdentities(1)
  for (let id = 0; id <= 100_000; id++) known.remember(`user_id\u0001\u0001${id}`, id)
  assert.equal(known.rowOf('user_id\u0001\u00010'), undefined)
  assert.equal(known.rowOf('user_id\u0001\u00011'), 1)
  assert.equal(known.rowOf('user_id\u0001\u0001100000'), 100_000)
})

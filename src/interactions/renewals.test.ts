import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { recordInteractions } from './interactions.ts'
import { recordMissedRenewals } from './renewals.ts'
import type { Incoming } from './schema.ts'

const origin = { source: 'api:1', again: 'keep' } as const
let messages = 0

function event(name: string, at: string, properties: Record<string, unknown>, receivedAt = at): Incoming {
  return {
    messageId: `m${messages++}`,
    at: new Date(at),
    receivedAt: new Date(receivedAt),
    identities: [{ kind: 'user_id', source: '', value: 'u1' }],
    name,
    properties: { contract_id: 'c1', ...properties },
  }
}

async function missed(store: Store): Promise<string[]> {
  const found = await rows(
    store.db,
    sql<{ at: Date }>`select at from interactions where name = 'Renewal Missed' order by at`,
  )
  return found.map(({ at }) => at.toISOString().slice(0, 10))
}

test('a contract that is not renewed at its date gets that written on the timeline, once', async () => {
  await using store = await testStore()
  await recordInteractions(
    store,
    [event('Contract Signed', '2025-01-01', { renews_at: '2026-01-01' })],
    origin,
  )
  assert.equal(await recordMissedRenewals(store, new Date('2026-01-01T12:00:00Z')), 0)
  assert.equal(await recordMissedRenewals(store, new Date('2026-01-05T03:00:00Z')), 1)
  assert.equal(await recordMissedRenewals(store, new Date('2026-01-06T03:00:00Z')), 0)
  assert.deepEqual(await missed(store), ['2026-01-01'])
})

test('a contract that was renewed has missed nothing, whether or not the next date was said', async () => {
  await using store = await testStore()
  await recordInteractions(
    store,
    [
      event('Contract Signed', '2024-01-01', { renews_at: '2025-01-01' }),
      event('Contract Renewed', '2024-12-20', { renews_at: '2026-01-01' }),
    ],
    origin,
  )
  assert.equal(await recordMissedRenewals(store, new Date('2025-12-01')), 0)
  await recordInteractions(store, [event('Contract Renewed', '2025-11-15', {})], origin)
  assert.equal(await recordMissedRenewals(store, new Date('2026-02-01')), 0)
})

test('a second year that is not renewed is missed, and late news of a renewal in time takes it back', async () => {
  await using store = await testStore()
  await recordInteractions(
    store,
    [
      event('Contract Signed', '2024-01-01', { renews_at: '2025-01-01' }),
      event('Contract Renewed', '2024-12-20', { renews_at: '2026-01-01' }),
    ],
    origin,
  )
  assert.equal(await recordMissedRenewals(store, new Date('2026-02-01')), 1)
  await recordInteractions(
    store,
    [event('Contract Renewed', '2025-12-28', { renews_at: '2027-01-01' }, '2026-02-10')],
    origin,
  )
  assert.equal(await recordMissedRenewals(store, new Date('2026-02-11')), 0)
  assert.deepEqual(await missed(store), [])
})

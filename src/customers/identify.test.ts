import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { rows, type Tx } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { identify } from './identify.ts'
import type { Identity } from './schema.ts'
import type { Subject } from './subject.ts'

const at = new Date('2026-03-01T10:00:00Z')
const user = (value: string): Identity => ({ kind: 'user_id', source: '', value })
const email = (value: string): Identity => ({ kind: 'email', source: '', value })
const subject = (...identities: Identity[]): Subject => ({ identities, at })

/** Two transactions identify at once: the first commits when the second waits for it. */
async function bothAtOnce(store: Store, first: Subject[], second: Subject[]) {
  const committing = Promise.withResolvers<void>()
  const identified = Promise.withResolvers<void>()
  const work = (subjects: Subject[]) => (tx: Tx) => identify(tx, subjects, { actor: 'test' })
  const one = store.db.transaction().execute(async (tx) => {
    const found = await work(first)(tx)
    identified.resolve()
    await committing.promise
    return found
  })
  await identified.promise
  // not run again when it loses: what it throws is seen
  const two = store.db.transaction().execute(work(second))
  const ended = two.catch(() => {})
  for (;;) {
    const waiting = await rows(
      store.db,
      sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (waiting.length > 0) break
  }
  committing.resolve()
  await ended
  return { one: await one, two }
}

test('customers whom another transaction made first are its customers, without beginning anew', async () => {
  await using store = await testStore()
  const { one, two } = await bothAtOnce(
    store,
    [subject(user('u1'))],
    [subject(user('u1')), subject(user('u2')), subject(user('u1'))],
  )
  const [first] = one
  const [again, other, third] = await two
  assert.ok(first && 'customerId' in first && other && 'customerId' in other)
  assert.deepEqual(
    [again, third],
    [
      { ...first, created: false },
      { ...first, created: false },
    ],
  )
  assert.ok(other.created && other.customerId !== first.customerId)
  const customers = await rows(store.db, sql<{ id: number }>`select id from customers order by id`)
  assert.deepEqual(
    customers.map(({ id }) => id),
    [first.customerId, other.customerId].toSorted((a, b) => a - b),
  )
})

test('who is known by more than that begins anew: what it says has to be concluded from what there is now', async () => {
  await using store = await testStore()
  const { two } = await bothAtOnce(
    store,
    [subject(user('u1'))],
    [subject(user('u1'), email('ada@x.de')), subject(user('u2'))],
  )
  await assert.rejects(two, { code: '40001' })
  assert.equal((await rows(store.db, sql`select from customers`)).length, 1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testStore } from '../store/testing.ts'
import { moveByHand, settleByHand, unsettle } from './by-hand.ts'
import { registerExpectations } from './expectations.ts'
import { recordExpectations } from './given.ts'
import { actor, customerOf, event, happen, standing, timeline } from './lives.testing.ts'
import { mend, unmend } from './mending.ts'

test('what was assumed, entered by hand, is judged by its day, moved, settled and taken back', async () => {
  await using store = await testStore(registerExpectations)
  await happen(store, event('Showroom Visited', '2026-03-01T10:00:00Z'))
  const customerId = await customerOf(store)
  const [made] = await recordExpectations(
    store,
    [
      {
        customerId,
        statement: 'Drawers repaired free for five years',
        statedBy: 'customer',
        due: 'early March 2031',
        openedAt: new Date('2026-03-02'),
      },
    ],
    { source: 'member', memberId: 'm1' },
  )
  assert.ok(made && made.status === 'created')
  await moveByHand(store, customerId, made.id, { due: '2030-W10', by: 'us', toldAt: new Date() }, actor)
  assert.deepEqual(await standing(store), ['open null null 1'])
  await settleByHand(store, customerId, made.id, { state: 'broken', note: 'We charged for it' }, actor)
  assert.deepEqual(await standing(store), ['broken null null 1'])
  await mend(store, customerId, made.id, { done: false }, actor)
  await mend(store, customerId, made.id, { done: true, note: 'Paid back' }, actor)
  await unmend(store, customerId, made.id, actor)
  await unsettle(store, customerId, made.id, actor)
  assert.deepEqual(await standing(store), ['open null null 1'])
  assert.deepEqual(
    (await timeline(store)).map((each) => each.slice(11)),
    ['Expectation Opened', 'Expectation Moved'],
  )
  await assert.rejects(mend(store, customerId, made.id, { done: true }, actor), /not broken/)
})

test('a day that cannot be read is refused in words, and the same key again is the same expectation', async () => {
  await using store = await testStore(registerExpectations)
  await happen(store, event('Showroom Visited', '2026-03-01T10:00:00Z'))
  const given = {
    key: 'offer',
    customerId: await customerOf(store),
    statement: 'An offer by Friday',
    statedBy: 'us' as const,
    openedAt: new Date('2026-03-02T09:00:00Z'),
    watch: { kept: { event: 'Proposal Sent' } },
  }
  const record = async (due: string) =>
    (await recordExpectations(store, [{ ...given, due }], { source: 'import:x' }))[0]
  assert.match(JSON.stringify(await record('whenever')), /rejected.*whenever/)
  assert.equal((await record('2026-03-06'))?.status, 'created')
  assert.equal((await record('2026-03-06'))?.status, 'unchanged')
  assert.equal((await record('2026-03-09'))?.status, 'updated')
  await happen(store, event('Proposal Sent', '2026-03-09T10:00:00Z'))
  assert.deepEqual(await standing(store), ['kept 0 0 0'])
})

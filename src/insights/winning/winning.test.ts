import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import type { Winning } from './schema.ts'
import { winning } from './winning.ts'

test('a courtship runs from the first touch to the sale; the next one belongs to a returning customer', async () => {
  await using store = await company()
  // brought by somebody, bought after ten days and two touches, came back after a visit
  await customer(store, 1, { referred_by: 'somebody' })
  await step(store, 1, '2026-01-01', 'Advert')
  await step(store, 1, '2026-01-05', 'Visit')
  await purchase(store, 1, '2026-01-11', 90_000)
  await step(store, 1, '2026-02-01', 'Visit')
  await purchase(store, 1, '2026-02-04', 10_000)
  // came by themselves, never bought, said why and where they went
  await customer(store, 2)
  await step(store, 2, '2026-01-03', 'Visit', { reason: 'Too dear', competitor: 'The other shop' })
  // newsletters court nobody
  await customer(store, 3)
  await step(store, 3, '2026-01-03', 'Newsletter')
  // still being courted when the record ends
  await customer(store, 4)
  await step(store, 4, '2026-06-20', 'Advert')
  await step(store, 1, '2026-06-25', 'Newsletter')
  await store.projection?.catchUp()
  const answer = await ask(store)
  const group = (name: string) => answer.groups.find((each) => each.courted === name)
  assert.deepEqual(
    [group('referred')?.begun, group('referred')?.won.hits, group('referred')?.days.median],
    [1, 1, 10],
  )
  assert.equal(group('referred')?.touches.median, 2)
  assert.deepEqual([group('returning')?.begun, group('returning')?.days.median], [1, 3])
  assert.deepEqual([group('cold')?.begun, group('cold')?.won.n, group('cold')?.open], [2, 1, 1])
  assert.deepEqual([group('referred')?.revenueShare, group('returning')?.revenueShare], [0.9, 0.1])
  assert.deepEqual(answer.reasons, [{ reason: 'Too dear', n: 1, share: 1 }])
  assert.deepEqual(answer.wentTo, [{ name: 'The other shop', n: 1, share: 1 }])
  // a rate of one in one is never told as a rate
  assert.ok(answer.statements.some((each) => each.claim === 'not enough to tell'))
  assert.ok(answer.statements.every((each) => !/NaN|null|undefined|Infinity/.test(each.text)))
})

test('without anything recorded it says so', async () => {
  await using store = await company()
  await store.projection?.catchUp()
  const answer = await ask(store)
  assert.deepEqual(
    answer.statements.map((each) => each.claim),
    ['counted'],
  )
})

async function ask(store: TestStore): Promise<Winning> {
  return (await winning.answering(new Asking(store), { quiet: 90 })) as Winning
}

async function company(): Promise<TestStore> {
  const store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1)`.execute(store.db)
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 1, 'Advert', 1, 'us', 'sell'), (2, 1, 'Visit', 2, 'customer', 'use'), (3, 1, 'Newsletter', 3, 'us', 'mass')`.execute(
    store.db,
  )
  return store
}

async function customer(store: TestStore, id: number, traits: object = {}): Promise<void> {
  await sql`insert into customers (id, canonical_id, traits, first_seen_at, last_seen_at)
    values (${id}, ${id}, ${JSON.stringify(traits)}, now(), now())`.execute(store.db)
}

async function step(store: TestStore, who: number, day: string, where: string, properties: object = {}) {
  await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id, properties)
    select ${who}, ${`${day}T12:00:00Z`}, 'Step', 't', 'web', id, ${JSON.stringify(properties)} from touchpoints where name = ${where}`.execute(
    store.db,
  )
}

async function purchase(store: TestStore, who: number, day: string, minor: number): Promise<void> {
  await sql`insert into purchases (customer_id, key, state, sold_at, value_minor)
    values (${who}, gen_random_uuid()::text, 'sold', ${`${day}T12:00:00Z`}, ${minor})`.execute(store.db)
}

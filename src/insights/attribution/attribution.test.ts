import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import { attribution } from './attribution.ts'
import { type Attribution, attributionQuery } from './schema.ts'

test('first sales are credited by five ways of counting, with who did not buy, and what they were worth', async () => {
  await using store = await company()
  for (let who = 1; who <= 20; who++) {
    await touches(store, who, ['Advert', 'Visit'])
    await sale(store, who, '2026-02-01', 10_000)
  }
  for (let who = 21; who <= 30; who++) {
    await touches(store, who, ['Visit'])
    await sale(store, who, '2026-02-01', 40_000)
  }
  for (let who = 31; who <= 60; who++) await touches(store, who, ['Advert'])
  await end(store)
  const answer = await ask(store)
  assert.deepEqual([answer.won, answer.lost, answer.untouched], [30, 30, 0])
  assert.equal(answer.minor, 600_000)
  const credit = (name: string, method: string) =>
    answer.credited.find((each) => each.name === name)?.by.find((each) => each.method === method)
  assert.deepEqual(
    ['first', 'last', 'linear', 'shapley'].map((method) => credit('Advert', method)?.sales),
    [20, 0, 10, 10],
  )
  assert.equal(credit('Visit', 'last')?.minor, 600_000)
  assert.equal(credit('Advert', 'first')?.minor, 200_000)
  // without the visit nobody buys, without the advert the ten who came by themselves: effects 1 and 2/3
  assert.ok(Math.abs((credit('Visit', 'markov')?.share ?? 0) - 0.6) < 1e-9)
  const [most] = answer.credited
  assert.deepEqual([most?.name, most?.wonWith, most?.lostWith], ['Visit', 30, 0])
  assert.ok((most?.by[2]?.low ?? 1) < (most?.by[2]?.share ?? 0))
  assert.match(
    answer.statements[0]?.text ?? '',
    /^Between 33 and 100 of 100 first sales, depending on how one counts, go along with “Visit”\.$/,
  )
  assert.equal(answer.statements[0]?.claim, 'goes along with')
  assert.ok(
    answer.statements.some((each) => /disagree on who comes first: “Advert” by first touch/.test(each.text)),
  )
})

test('only touches in the days before the first sale count; the sale, invoices and what comes later are none', async () => {
  await using store = await company()
  for (let who = 1; who <= 12; who++) {
    await touch(store, who, '2025-01-01', 'Advert')
    await touch(store, who, '2026-01-20', 'Visit')
    await touch(store, who, '2026-01-31', 'Order')
    await touch(store, who, '2026-01-31', 'Invoice')
    await sale(store, who, '2026-02-01', 100)
    // the order is recorded a day before what it is an order for was sold
    await sql`update interactions set purchase_id = (select max(id) from purchases) where customer_id = ${who} and touchpoint_id = 3`.execute(
      store.db,
    )
    await touch(store, who, '2026-02-10', 'Advert')
    await sale(store, who, '2026-03-01', 100)
  }
  await end(store)
  const near = await ask(store, { lookback: 60 })
  assert.deepEqual(
    near.credited.map((each) => each.name),
    ['Visit'],
  )
  assert.equal(near.minor, 1_200)
  const far = await ask(store, { lookback: 3650 })
  assert.deepEqual(far.credited.map((each) => each.name).toSorted(), ['Advert', 'Visit'])
  const none = await ask(store, { lookback: 5 })
  assert.match(none.statements[0]?.text ?? '', /Before none of 12 first sales is a touch recorded/)
})

test('in a time, only first sales in it count; who may still buy, or bought at another time, is left out', async () => {
  await using store = await company()
  for (let who = 1; who <= 12; who++) {
    await touches(store, who, ['Visit'])
    await sale(store, who, who <= 10 ? '2026-02-01' : '2026-05-01', 100)
  }
  for (let who = 13; who <= 15; who++) await touches(store, who, ['Visit'])
  await touch(store, 16, '2026-03-25', 'Visit')
  await end(store)
  const answer = await ask(store, { from: '2026-01-01', to: '2026-03-31', quiet: 30 })
  assert.deepEqual([answer.won, answer.lost, answer.open], [10, 3, 1])
})

test('by channel it credits the channels that touches went through', async () => {
  await using store = await company()
  for (let who = 1; who <= 12; who++) {
    await touch(store, who, '2026-01-01', 'Advert', 'mail')
    await touch(store, who, '2026-01-05', 'Visit', '')
    await sale(store, who, '2026-02-01', 100)
  }
  await end(store)
  const answer = await ask(store, { by: 'channel' })
  assert.deepEqual(answer.credited.map((each) => each.name).toSorted(), ['mail', 'no channel'])
})

test('too few, and nobody, are answered in words', async () => {
  await using store = await company()
  assert.match((await ask(store)).statements[0]?.text ?? '', /^Nobody bought for the first time/)
  await touches(store, 1, ['Advert'])
  await sale(store, 1, '2026-02-01', 100)
  const single = await ask(store)
  assert.match(single.statements[0]?.text ?? '', /Only 1 first sales|Only one/)
  for (const each of single.statements) assert.doesNotMatch(each.text, /NaN|null|undefined|Infinity/)
  assert.doesNotMatch(JSON.stringify(single), /NaN|Infinity/)
})

async function ask(store: TestStore, asked: object = {}): Promise<Attribution> {
  await store.projection?.catchUp()
  return (await attribution.answering(new Asking(store), attributionQuery.parse(asked))) as Attribution
}

async function company(): Promise<TestStore> {
  const store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1), (2, 'Use', 'after', 1)`.execute(
    store.db,
  )
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 1, 'Advert', 1, 'us', 'sell'), (2, 1, 'Visit', 2, 'customer', 'use'), (3, 1, 'Order', 3, 'customer', 'sale'),
    (4, 2, 'Invoice', 1, 'us', 'bill')`.execute(store.db)
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 99) g`.execute(store.db)
  return store
}

async function touches(store: TestStore, who: number, where: string[]): Promise<void> {
  for (const [day, name] of where.entries()) await touch(store, who, `2026-01-0${day + 1}`, name)
}

async function touch(
  store: TestStore,
  who: number,
  day: string,
  where: string,
  channel = 'web',
): Promise<void> {
  await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id)
    select ${who}, ${`${day}T12:00:00Z`}, 'Touch', 't', ${channel}, id from touchpoints where name = ${where}`.execute(
    store.db,
  )
}

async function sale(store: TestStore, who: number, day: string, minor: number): Promise<void> {
  await sql`insert into purchases (customer_id, key, state, sold_at, value_minor)
    values (${who}, gen_random_uuid()::text, 'sold', ${`${day}T12:00:00Z`}, ${minor})`.execute(store.db)
}

/** Something happens long after, so that who has not bought by then will not. */
async function end(store: TestStore): Promise<void> {
  await touch(store, 99, '2026-10-01', 'Invoice')
}

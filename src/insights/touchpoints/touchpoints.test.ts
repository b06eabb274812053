import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { assertFinite } from '../../stats/testing.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import type { Touchpoints } from './schema.ts'
import { touchpoints } from './touchpoints.ts'

test('what a customer met before the landmark is compared with what they did after it', async () => {
  await using store = await company()
  // 1 came back after the landmark, 2 before it, 3 never; 4 bought too recently to know
  await buyer(store, 1, ['2026-01-10', '2026-03-20'], [['Care call', '2026-01-15', 100]])
  await buyer(store, 2, ['2026-01-10', '2026-01-20'], [['Care call', '2026-02-20', -100]])
  await buyer(store, 3, ['2026-01-10'], [['Care call', '2025-12-01', 100]])
  await buyer(store, 4, ['2026-05-01'], [['Care call', '2026-05-03', 100]])
  await store.projection?.catchUp()
  const answer = await ask(store, { landmark: '30', horizon: '60', lookback: '20' })
  assert.deepEqual(
    answer.funnel.map(({ name, n }) => [name, n]),
    [
      ['buyers', 4],
      ['too-recent', 1],
      ['counted', 3],
    ],
  )
  assert.equal(answer.early, 1)
  // the call of customer 2 came after the landmark, that of customer 3 before the time looked at
  assert.equal(answer.touchpoints.find(({ name }) => name === 'Care call')?.met.hits, 1)
  // the sale is the outcome itself
  assert.ok(!answer.touchpoints.some(({ name }) => name === 'Order'))
  assertSpeaks(answer)
})

test('who chooses is looked at from the first touch, while nobody has bought yet', async () => {
  await using store = await company()
  const shown = (day: string): [string, string, number] => ['Showroom', day, 100]
  // landmark and horizon of choosing follow from the data: a day, and from there on
  await buyer(store, 1, ['2026-01-20'], [shown('2026-01-10')])
  await buyer(store, 2, [], [shown('2026-01-10')])
  // bought at once; saw the showroom only after having bought; was only written to; came too late to know
  await buyer(store, 3, ['2026-01-11'], [shown('2026-01-10')])
  await buyer(store, 4, ['2026-01-02'], [shown('2026-01-10')])
  await buyer(store, 5, [], [['Newsletter', '2026-01-10', 100]])
  await buyer(store, 6, [], [shown('2026-06-29')])
  await store.projection?.catchUp()
  const { criteria } = await ask(store, { criteria: 'yes' })
  assert.ok(criteria)
  const { choosing } = criteria
  assert.deepEqual(
    [choosing.n, choosing.already, choosing.tooRecent],
    [2, criteria.spans.landmark >= 1 ? 1 : 0, 1],
  )
  assert.equal(criteria.touchpoints.find(({ name }) => name === 'Showroom')?.met.choosing, 2)
  assert.ok(!criteria.touchpoints.some(({ name }) => name === 'Order' || name === 'Care call'))
})

test('thin data are answered in words, whatever is asked', async () => {
  await using store = await company()
  await sql`insert into segments (id, name, rule) values (7, 'Friends', '{}')`.execute(store.db)
  const outcomes = ['return', 'referral', 'renewal', 'rating', 'segment:7']
  for (const outcome of outcomes)
    for (const model of ['linear', 'logistic'])
      assertSpeaks(await ask(store, { outcome, model, criteria: model === 'linear' ? 'no' : 'yes' }))
  await buyer(store, 1, ['0001-01-02'], [['Care call', '0001-01-03', 100]])
  await buyer(store, 2, ['9999-12-30'], [['Care call', '9999-12-31', 100]])
  await buyer(store, 3, ['2026-01-01', '2026-01-01', '2026-01-02'], [['Care call', '2026-01-01', -100]])
  await contract(store, 3, '2026-01-01', '2026-03-01', 1)
  await contract(store, 2, '2026-01-01', '2026-01-01', 0)
  await store.projection?.catchUp()
  for (const outcome of outcomes) assertSpeaks(await ask(store, { outcome, criteria: 'yes' }))
  assertSpeaks(await ask(store, { landmark: '3650', horizon: '3650', lookback: '3650' }))
  assertSpeaks(await ask(store, { from: '2026-01-01', to: '2026-01-01', segment: '7' }))
})

test('what can’t be asked is refused, naming the field', async () => {
  await using store = await company()
  const refused = (asked: Record<string, string>) => !touchpoints.asked.safeParse(asked).success
  for (const outcome of ['', 'returns', 'segment:', "segment:1' or 1=1", 'segment:1e3'])
    assert.ok(refused({ outcome }), outcome)
  for (const landmark of ['0', '-1', '1.5', '99999999', 'NaN']) assert.ok(refused({ landmark }), landmark)
  await assert.rejects(ask(store, { outcome: 'segment:99' }), /segment/)
})

test('a renewal is looked for at its own date, and only where that has come', async () => {
  await using store = await company()
  await buyer(store, 1, [], [['Care call', '2026-01-20', 100]])
  await contract(store, 1, '2026-01-01', '2026-05-01', 1)
  await buyer(store, 2, [], [['Care call', '2026-01-20', 100]])
  await contract(store, 2, '2026-01-01', '2026-03-01', 0)
  await buyer(store, 3, [], [['Care call', '2026-06-20', 100]])
  await contract(store, 3, '2026-05-01', '2027-05-01', 0)
  await store.projection?.catchUp()
  const answer = await ask(store, { outcome: 'renewal', landmark: '30' })
  assert.deepEqual(
    answer.funnel.map(({ name, n }) => [name, n]),
    [
      ['buyers', 3],
      ['too-recent', 1],
      ['counted', 2],
    ],
  )
})

/** Every sentence has words and a claim, and no number that is none. */
function assertSpeaks(answer: Touchpoints): void {
  assert.ok(answer.statements.length > 0)
  for (const { text } of answer.statements) assert.doesNotMatch(text, /NaN|null|undefined|Infinity/)
  assertFinite(answer)
  assert.ok(touchpoints.answer.safeParse(answer).success)
}

async function ask(store: TestStore, asked: Record<string, string>): Promise<Touchpoints> {
  return (await touchpoints.answering(new Asking(store), touchpoints.asked.parse(asked))) as Touchpoints
}

async function company(): Promise<TestStore> {
  const store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1), (2, 'Use', 'after', 2)`.execute(
    store.db,
  )
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 1, 'Order', 1, 'customer', 'sale'), (2, 2, 'Care call', 2, 'us', 'care'), (3, 2, 'Newsletter', 3, 'us', 'mass'), (4, 1, 'Showroom', 4, 'customer', 'sell')`.execute(
    store.db,
  )
  // the record goes on until June
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (99, 99, now(), now())`.execute(
    store.db,
  )
  await step(store, 99, '2026-06-30', 'Newsletter', null)
  await store.projection?.catchUp()
  return store
}

async function buyer(
  store: TestStore,
  id: number,
  sales: string[],
  met: [string, string, number][],
): Promise<void> {
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (${id}, ${id}, now(), now())`.execute(
    store.db,
  )
  for (const day of sales)
    await sql`insert into purchases (customer_id, key, state, sold_at, value_minor)
      values (${id}, gen_random_uuid()::text, 'sold', ${at(day)}, 9900)`.execute(store.db)
  for (const [where, day, felt] of met) await step(store, id, day, where, felt)
}

async function step(store: TestStore, who: number, day: string, where: string, felt: number | null) {
  await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id, experience, evidence)
    select ${who}, ${at(day)}, 'Step', 't', 'web', id, ${felt}, ${felt === null ? null : 1} from touchpoints where name = ${where}`.execute(
    store.db,
  )
}

async function contract(store: TestStore, who: number, sold: string, renews: string, renewals: number) {
  await sql`insert into purchases (customer_id, key, kind, state, sold_at, renews_at, renewals, value_minor)
    values (${who}, gen_random_uuid()::text, 'contract', 'sold', ${at(sold)}, ${at(renews)}, ${renewals}, 9900)`.execute(
    store.db,
  )
}

function at(day: string): Date {
  const date = new Date(0)
  const [year = 0, month = 1, date1 = 1] = day.split('-').map(Number)
  date.setUTCFullYear(year, month - 1, date1)
  return new Date(date.getTime() + 12 * 3_600_000)
}

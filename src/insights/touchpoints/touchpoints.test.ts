import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { mcFaddenShares } from '../../stats/mcfadden.ts'
import { Seeded } from '../../stats/seeded.ts'
import { told } from '../../stats/testing.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import { type Estimated, type EstimateInput, estimate } from './estimate.ts'
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

test('a difference that is there is found, and one that busy customers make falls away between equals', () => {
  const found = of(madeUp(12_000))
  const [call, letter, visits] = found.touchpoints
  // by 15 in 100, whoever gets it
  assert.ok(within(call?.meeting, 0.15))
  // the busy get it and come back
  assert.ok((letter?.meeting?.less ?? 0) > 0.05)
  assert.ok(within(letter?.meeting, 0))
  assert.ok((visits?.met ?? 0) > 0)
  assert.equal(found.touchpoints.map(({ importance }) => importance?.rank)[0], 1)
})

test('weighed in odds, what is there is found as large, and shares are those of a regression for every order', () => {
  const made = madeUp(6_000)
  const found = of({ ...made, model: 'logistic' })
  const [call, letter] = found.touchpoints
  assert.ok(within(call?.meeting, 0.15))
  assert.ok(within(letter?.meeting, 0))
  const inShares = of(made).touchpoints[0]?.meeting?.value ?? 0
  assert.ok(Math.abs((call?.meeting?.value ?? 0) - inShares) < 0.01)
  // without the visits that show activity, nothing but the touchpoints themselves is in the regressions
  const { buyers, touches } = made
  const rows = buyers['customer_id']?.length ?? 0
  const met = [1, 2].map((id) => {
    const column = new Float64Array(rows)
    for (const [at, where] of touches['touchpoint_id']?.entries() ?? [])
      if (where === id) column[touches['customer_id']?.[at] ?? 0] = 1
    return column
  })
  const exact = told(
    mcFaddenShares(
      { n: rows, full: met, outcome: buyers['outcome'] ?? new Float64Array() },
      { groups: [[0], [1]] },
    ),
  )
  const plainBuyers = { ...buyers }
  for (const name of ['day', 'minor', 'company', 'channel']) plainBuyers[name] = new Float64Array(rows)
  const near = of({
    buyers: plainBuyers,
    touches,
    touchpoints: made.touchpoints.slice(0, 2),
    model: 'logistic',
  })
  for (const [place, share] of exact.shares.entries()) {
    const own = near.touchpoints[place]?.importance?.share ?? 0
    assert.ok(Math.abs(own - share) < 0.1 * share, `${own}, by every order ${share}`)
  }
})

test('a bad experience weighs as it does, and good and bad are told apart', () => {
  const found = of(
    madeUp(12_000, {
      feeling: (chance) => (chance < 0.2 ? -80 : chance < 0.6 ? 80 : null),
      byFeeling: (felt) => (felt === -80 ? -0.2 : 0),
    }),
  )
  const [call] = found.touchpoints
  assert.ok(within(call?.feeling, 0.2))
  assert.ok(within(call?.penalty, -0.2))
  assert.ok(within(call?.reward, 0))
  const weighs = call?.penaltyReward
  assert.deepEqual(weighs && 'kind' in weighs ? weighs.kind : weighs, { kind: 'basic' })
})

test('all came back, nobody came back, everybody met it, it decides everything: words, and no number that is none', () => {
  const n = 400
  const all = (outcome: (row: number) => number, met: (row: number) => boolean) => of(plain(n, outcome, met))
  assert.match(
    because(
      all(
        () => 1,
        (row) => row % 2 === 0,
      ),
    ),
    /every outcome is the same/,
  )
  assert.match(
    because(
      all(
        () => 0,
        (row) => row % 2 === 0,
      ),
    ),
    /every outcome is the same/,
  )
  assert.equal(
    all(
      (row) => row % 2,
      () => true,
    ).touchpoints[0]?.meeting,
    null,
  )
  assert.equal(
    all(
      (row) => row % 2,
      () => false,
    ).touchpoints[0]?.meeting,
    null,
  )
  const decides = all(
    (row) => row % 2,
    (row) => row % 2 === 1,
  )
  assert.equal(decides.touchpoints[0]?.meeting?.value.toFixed(6), '1.000000')
  for (const each of [
    decides,
    of(
      plain(
        1,
        () => 1,
        () => true,
      ),
    ),
    of(
      plain(
        0,
        () => 1,
        () => true,
      ),
    ),
  ])
    assertFinite(each)
})

test('the same data give the same answer', () => {
  assert.deepEqual(of(madeUp(2_000)), of(madeUp(2_000)))
})

function because({ explained }: Estimated): string {
  return 'cannotTell' in explained ? explained.cannotTell : ''
}

function within(difference: { low: number; high: number } | null | undefined, truth: number): boolean {
  return difference ? difference.low <= truth && truth <= difference.high : false
}

function of(input: EstimateInput): Estimated {
  return estimate({ ...input, replicates: 60 })
}

/** A call that helps, a letter for the busy, and visits that show who is busy. */
function madeUp(
  n: number,
  {
    feeling = () => null,
    byFeeling = () => 0,
  }: { feeling?: (chance: number) => number | null; byFeeling?: (felt: number | null) => number } = {},
): EstimateInput {
  const seeded = new Seeded(5)
  const random = () => seeded.next()
  const touches: [number, number, number | null][] = []
  const outcome = Array.from({ length: n }, (_, customer) => {
    const busy = random() < 0.5
    const call = random() < 0.4
    const felt = call ? feeling(random()) : null
    if (call) touches.push([customer, 1, felt])
    if (random() < (busy ? 0.7 : 0.2)) touches.push([customer, 2, null])
    for (let visits = poisson(busy ? 5 : 2, random); visits > 0; visits--) touches.push([customer, 3, null])
    const chance = 0.3 + (busy ? 0.25 : 0) + (call ? 0.15 : 0) + byFeeling(felt)
    return random() < chance ? 1 : 0
  })
  return input(outcome, touches, [
    { id: 1, byUs: true, purpose: 3 },
    { id: 2, byUs: true, purpose: 7 },
    { id: 3, byUs: false, purpose: 1 },
  ])
}

function plain(n: number, outcome: (row: number) => number, met: (row: number) => boolean): EstimateInput {
  const rows = Array.from({ length: n }, (_, row) => row)
  return input(
    rows.map(outcome),
    rows.filter(met).map((row) => [row, 1, null]),
    [{ id: 1, byUs: true, purpose: 3 }],
  )
}

function input(
  outcome: number[],
  touches: [number, number, number | null][],
  kinds: EstimateInput['touchpoints'],
): EstimateInput {
  const of = (value: (row: number) => number) => Float64Array.from(outcome, (_, row) => value(row))
  const touch = (value: (each: [number, number, number | null]) => number) =>
    Float64Array.from(touches, value)
  return {
    buyers: {
      customer_id: of((row) => row),
      day: of((row) => 20_000 + (row % 400)),
      minor: of((row) => (row % 7 === 0 ? Number.NaN : 1000 * (row % 50))),
      bought_before: of(() => 0),
      company: of((row) => (row % 11 === 0 ? 1 : 0)),
      referred: of(() => 0),
      channel: of((row) => (row % 3 === 0 ? Number.NaN : row % 3)),
      status: of(() => 1),
      early: of(() => 0),
      outcome: Float64Array.from(outcome),
    },
    touches: {
      customer_id: touch(([customer]) => customer),
      touchpoint_id: touch(([, touchpoint]) => touchpoint),
      felt: touch(([, , felt]) => felt ?? Number.NaN),
      said: touch(() => 1),
      before_sale: touch(() => 1),
    },
    touchpoints: kinds,
  }
}

function poisson(mean: number, random: () => number): number {
  let count = 0
  for (let product = random(); product > Math.exp(-mean); product *= random()) count++
  return count
}

function assertFinite(value: unknown): void {
  assert.doesNotMatch(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'number' && !Number.isFinite(each) ? 'not a number' : each,
    ),
    /not a number/,
  )
}

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

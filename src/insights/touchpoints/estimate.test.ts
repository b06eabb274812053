import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mcFaddenShares } from '../../stats/mcfadden.ts'
import { Seeded } from '../../stats/seeded.ts'
import { assertFinite, told } from '../../stats/testing.ts'
import { type Estimated, type EstimateInput, estimate, estimateBeside } from './estimate.ts'

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
      { n: rows, full: met, outcome: Float64Array.from(buyers['outcome'] ?? []) },
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

test('with a thread beside it the answer is the same', async () => {
  const input = { ...madeUp(3_000), replicates: 60 }
  const [beside, alone] = [await estimateBeside(input), estimate(input)]
  assert.ok(alone.touchpoints.some(({ meeting }) => meeting))
  // to the rounding of sums
  const rounded = (found: Estimated) =>
    JSON.stringify(found, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(9)) : value,
    )
  assert.equal(rounded(beside), rounded(alone))
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

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawMoments } from './block-moments.ts'
import { percentileInterval } from './bootstrap.ts'
import { importance, importanceDifferences } from './importance.ts'
import { drawnOrders, shareable, sharesFromAllOrders, sharesFromOrders } from './lmg.ts'
import { centred, momentsOf } from './moments.ts'
import { leastSquares } from './regression.ts'
import { relativeWeights } from './relative-weights.ts'
import type { Rows } from './rows.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, drawnRows, mtcars, near, rowsOf, told, untold } from './testing.ts'

const cars = rowsOf(mtcars.mpg, mtcars.cyl, mtcars.disp, mtcars.hp, mtcars.gear)
const singly = (columns: number) => Array.from({ length: columns }, (_, column) => [column])

test('LMG shares of mtcars’ R² are those computed elsewhere, and sum to it', () => {
  const { r2, groups } = told(importance(cars, { groups: singly(4) }))
  near(r2, 0.7791896, 5e-8)
  for (const [i, wanted] of [0.24705, 0.2435, 0.21091, 0.07773].entries())
    near(groups[i]?.share, wanted, 5e-6)
  near(
    groups.reduce((sum, { share }) => sum + share, 0),
    r2,
    1e-10,
  )
  assert.deepEqual(
    groups.map(({ rank }) => rank),
    [1, 2, 3, 4],
  )
})

test('relative weights of mtcars’ R² are those published for the package rwa', () => {
  const weights = relativeWeights(dataOf(cars, singly(4)))
  for (const [i, wanted] of [0.2284797, 0.2221469, 0.2321744, 0.0963886].entries())
    near(weights[i], wanted, 5e-8)
  near(
    weights.reduce((sum, weight) => sum + weight, 0),
    0.779189638983056,
    1e-10,
  )
})

test('shares are the mean of what a group adds over all orders of entering, one regression each', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const rows = drawnRows(50, 7, seed)
      const groups = [[0, 4], [1], [2, 5], [3]]
      const control = 6
      const r2 = (columns: number[]) =>
        told(
          leastSquares(told(momentsOf({ ...rows, full: rows.full.filter((_, i) => columns.includes(i)) }))),
        ).r2
      const wanted = [0, 0, 0, 0]
      const orders = permutations([0, 1, 2, 3])
      for (const order of orders) {
        const columns = [control]
        for (const group of order) {
          const before = r2(columns)
          columns.push(...(groups[group] ?? []))
          wanted[group] = (wanted[group] ?? 0) + (r2(columns) - before) / orders.length
        }
      }
      const answer = told(importance(rows, { groups, controls: [control], replicates: 40 }))
      for (const [i, { share }] of answer.groups.entries()) near(share, wanted[i] ?? 0)
      near(answer.r2Controls, r2([control]))
      near(answer.r2, r2([0, 1, 2, 3, 4, 5, 6]))
    }),
    { numRuns: 10 },
  )
})

test('some orders, drawn well, come close to all, sum to the same, and tell how close', () => {
  const groups = Array.from({ length: 12 }, (_, i) => [2 * i, 2 * i + 1])
  const data = dataOf(drawnRows(2_000, 24, 5), groups)
  const all = sharesFromAllOrders(data)
  const total = all.reduce((sum, share) => sum + share, 0)
  const { shares, error } = sharesFromOrders(data, drawnOrders(12, 25, 8, 3))
  near(
    shares.reduce((sum, share) => sum + share, 0),
    total,
    1e-10,
  )
  for (const [i, share] of shares.entries()) {
    assert.ok(Math.abs(share - (all[i] ?? 0)) < 4 * (error[i] ?? 0) + 1e-9)
    assert.ok(Math.abs(share - (all[i] ?? 0)) < 0.002 * total)
  }
})

test('for many groups the intervals from a few orders are those from all', () => {
  const groups = Array.from({ length: 10 }, (_, i) => Array.from({ length: 12 }, (_, j) => 12 * i + j))
  const rows = drawnRows(900, 120, 8)
  const options = { seed: 2, replicates: 30 }
  const few = told(importance(rows, { groups, ...options }))
  const draws = told(drawMoments(rows, options))
  const exact = Array.from({ length: 30 }, (_, replicate) =>
    sharesFromAllOrders(shareable(centred(draws.drawn(replicate)), groups, [])),
  )
  for (let group = 0; group < 10; group++) {
    const [all, some] = [0, 1].map((way) =>
      exact.map((shares, replicate) =>
        way === 0 ? (shares[group] ?? 0) : (few.replicates.values[replicate * 10 + group] ?? 0),
      ),
    ) as [number[], number[]]
    near(spread(some) / spread(all), 1, 0.15)
    const off = all.map((share, replicate) => (some[replicate] ?? 0) - share)
    assert.ok(Math.abs(mean(off)) < 0.1 * spread(all), `${mean(off)} of ${spread(all)}`)
  }
})

test('an interval is the middle of the draws, less the chance that drawing adds once more', () => {
  const answer = told(importance(drawnRows(120, 4, 3), { groups: singly(4) }))
  const perColumn = (1 - answer.r2) / (120 - 4 - 1)
  for (const [group, { low, high, chance }] of answer.groups.entries()) {
    near(chance, perColumn)
    const middle = told(percentileInterval(answer.replicates, group))
    near(low, Math.max(0, middle.low - chance))
    near(high, middle.high - chance)
  }
})

test('shares don’t depend on units, nor on the order of columns or groups', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 5, maxLength: 5 }),
      (seed, factors) => {
        const rows = drawnRows(40, 5, seed)
        const [shift = 0] = factors
        const scaled = rows.full.map((values, i) =>
          values.map((value) => value * (Math.abs(factors[i] ?? 0) < 1e-3 ? 1 : (factors[i] ?? 1)) + shift),
        )
        const turned = {
          ...rows,
          full: scaled.toReversed(),
          outcome: rows.outcome.map((value) => 7 - 3 * value),
        }
        const options = { controls: [4], replicates: 30 }
        const one = told(importance(rows, { ...options, groups: [[0], [1, 2], [3]] }))
        const other = told(importance(turned, { replicates: 30, controls: [0], groups: [[1], [3, 2], [4]] }))
        for (const [i, { share, low }] of one.groups.entries()) {
          near(share, other.groups[2 - i]?.share ?? 0, 1e-7)
          near(low, other.groups[2 - i]?.low ?? 0, 1e-7)
        }
      },
    ),
    { numRuns: 30 },
  )
})

test('one seed gives one answer', () => {
  const rows = drawnRows(500, 20, 1)
  const options = { groups: singly(20), replicates: 30 }
  assert.deepEqual(importance(rows, options), importance(rows, options))
  assert.notDeepEqual(importance(rows, options), importance(rows, { ...options, seed: 2 }))
})

test('a decoy that only busy customers meet is not seen among equals', () => {
  const random = new Seeded(17)
  const n = 3_000
  const activity = new Float64Array(n)
  const newsletter = new Float64Array(n)
  const delivery = new Float64Array(n)
  const outcome = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    activity[row] = random.normal()
    newsletter[row] = random.normal() + (activity[row] ?? 0) > 0 ? 1 : 0
    delivery[row] = random.next() < 0.5 ? 1 : 0
    outcome[row] = 0.8 * (activity[row] ?? 0) + 0.4 * (delivery[row] ?? 0) + random.normal()
  }
  const rows = rowsOf(outcome, newsletter, delivery, activity)
  const alone = told(importance(rows, { groups: [[0], [1]] }))
  const equals = told(importance(rows, { groups: [[0], [1]], controls: [2] }))
  assert.ok((alone.groups[0]?.low ?? 0) > 0.05)
  assert.ok((equals.groups[0]?.low ?? 1) <= (equals.groups[0]?.chance ?? 0))
  assert.ok((equals.groups[1]?.low ?? 0) > (equals.groups[1]?.chance ?? 1))
  near(equals.r2, equals.r2Controls + equals.groups.reduce((sum, { share }) => sum + share, 0), 1e-10)
})

test('the interval, less what chance gives, covers the truth about as often as it says', () => {
  const truth = told(importance(drawnRows(200_000, 3, 1), { groups: singly(3), replicates: 20 }))
  let covered = 0
  const runs = 100
  for (let run = 0; run < runs; run++) {
    const { groups } = told(importance(drawnRows(300, 3, 100 + run), { groups: singly(3), seed: run }))
    for (const [i, { low, high, chance }] of groups.entries()) {
      const share = truth.groups[i]?.share ?? 0
      if (low - chance <= share && share <= high - chance) covered++
    }
  }
  // 95 % promised; 200 draws and 300 customers give a little less.
  assert.ok(covered / (3 * runs) > 0.91 && covered / (3 * runs) < 0.99, `${covered} of ${3 * runs}`)
})

test('the same customers can weigh things otherwise for one outcome than for another', () => {
  const rows = drawnRows(1_000, 3, 4)
  const random = new Seeded(9)
  const other = Float64Array.from({ length: 1_000 }, (_, row) => (rows.full[2]?.[row] ?? 0) + random.normal())
  const options = { groups: singly(3) }
  const [first, second] = [
    told(importance(rows, options)),
    told(importance({ ...rows, outcome: other }, options)),
  ]
  const differences = told(importanceDifferences(first, second))
  assert.ok((differences[0]?.low ?? 0) > 0 && (differences[2]?.high ?? 0) < 0)
  assert.ok((differences[2]?.adjusted ?? 1) <= 0.05)
  for (const { value, p, adjusted } of told(importanceDifferences(first, first))) {
    near(value, 0)
    assert.deepEqual([p, adjusted], [1, 1])
  }
})

test('columns that are constant, repeated or unused get nothing, and what they repeat is shared', () => {
  const { mpg, wt, hp } = mtcars
  const flat = new Float64Array(32)
  const answer = told(importance(rowsOf(mpg, wt, flat, hp, hp), { groups: [[0], [1], [2], [3], []] }))
  assertFinite({ ...answer, replicates: 0 })
  near(answer.groups[1]?.share, 0)
  near(answer.groups[4]?.share, 0)
  near(answer.groups[2]?.share, answer.groups[3]?.share ?? 1)
  near(answer.r2, told(leastSquares(told(momentsOf(rowsOf(mpg, wt, hp))))).r2)
})

test('what the data can’t carry is said', () => {
  const { mpg, wt } = mtcars
  const ask = (rows: Rows, groups = [[0]]) => importance(rows, { groups, replicates: 30 })
  assert.match(untold(ask(rowsOf(new Float64Array(), new Float64Array()))), /nobody/)
  assert.match(untold(ask(rowsOf(mpg.slice(0, 1), wt.slice(0, 1)))), /one customer/)
  assert.match(untold(ask(rowsOf(mpg.slice(0, 9), wt.slice(0, 9)))), /only 9 were counted/)
  assert.match(untold(ask({ ...rowsOf(mpg, wt), units: new Int32Array(32) })), /one customer/)
  assert.match(
    untold(
      ask(
        rowsOf(
          mpg.map(() => 4),
          wt,
        ),
      ),
    ),
    /every outcome is the same/,
  )
  assert.match(
    untold(
      ask(
        rowsOf(
          mpg,
          wt.map((value) => value * 1e300),
        ),
      ),
    ),
    /too large/,
  )
  const rare = mpg.map((_, i) => (i === 0 ? 1 : 0))
  assert.match(untold(ask(rowsOf(rare, wt))), /no answer/)
  assertFinite(
    told(
      ask(
        rowsOf(
          mpg,
          wt.map((value) => value * 1e90),
        ),
      ),
    ),
  )
  assertFinite(told(ask(rowsOf(mpg, rare))))
})

function dataOf(rows: Rows, groups: number[][]) {
  return shareable(centred(told(momentsOf(rows))), groups, [])
}

function permutations(items: number[]): number[][] {
  if (items.length < 2) return [items]
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  )
}

function spread(values: number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

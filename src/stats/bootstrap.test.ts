import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockMoments, resampledSums, wholeOf } from './block-moments.ts'
import { bootstrap, percentileInterval, quantileOf, rankIntervals, resampledDifference } from './bootstrap.ts'
import { meanOf } from './means.ts'
import { momentsOf, packedSize } from './moments.ts'
import { leastSquares } from './regression.ts'
import type { Rows } from './rows.ts'
import { drawnRows, near, told, untold } from './testing.ts'

test('the same seed gives the same replicates, another seed others', () => {
  const draw = (seed: number) => bootstrap(50, 1, (counts) => [counts[0] ?? 0], { seed }).values
  assert.deepEqual(draw(1), draw(1))
  assert.notDeepEqual(draw(1), draw(2))
  const drawn = draw(3).reduce((sum, count) => sum + count, 0)
  assert.ok(Math.abs(drawn / 200 - 1) < 0.3)
})

test('the interval of a mean agrees with the t interval', () => {
  const { outcome } = drawnRows(400, 1, 7)
  const t = meanOf([...outcome])
  const mean = (counts: Float64Array) => [
    outcome.reduce((sum, value, i) => sum + value * (counts[i] ?? 0), 0) / 400,
  ]
  const interval = told(percentileInterval(bootstrap(400, 1, mean, { replicates: 4_000, seed: 5 }), 0))
  const width = (t.high ?? 0) - (t.low ?? 0)
  near(interval.low, t.low ?? 0, 0.05 * width)
  near(interval.high, t.high ?? 0, 0.05 * width)
})

test('quantiles are those of R’s default', () => {
  const values = Float64Array.of(1, 2, 4, 8)
  near(quantileOf(values, 0), 1)
  near(quantileOf(values, 0.3), 1.9)
  near(quantileOf(values, 0.9), 6.8)
  near(quantileOf(values, 1), 8)
})

test('where too many draws gave no answer there is no interval', () => {
  const values = Float64Array.from({ length: 200 }, (_, i) => (i % 5 === 0 ? Number.NaN : i))
  assert.match(untold(percentileInterval({ replicates: 200, width: 1, values }, 0)), /no answer/)
  assert.match(
    untold(percentileInterval({ replicates: 0, width: 1, values: new Float64Array() }, 0)),
    /no answer/,
  )
})

test('ranks have intervals, and what is equal shares the better rank', () => {
  const rows = Array.from({ length: 100 }, (_, i) => [5, i < 50 ? 3 : 4, i < 50 ? 4 : 3, 0, 0])
  const ranks = rankIntervals({ replicates: 100, width: 5, values: Float64Array.from(rows.flat()) })
  assert.deepEqual(ranks, [
    { low: 1, high: 1 },
    { low: 2, high: 3 },
    { low: 2, high: 3 },
    { low: 4, high: 4 },
    { low: 4, high: 4 },
  ])
})

test('a difference between answers to the same draws has an interval and a p value that is never 0', () => {
  const of = (value: (i: number) => number) => ({
    replicates: 199,
    width: 1,
    values: Float64Array.from({ length: 199 }, (_, i) => value(i)),
  })
  const clear = told(
    resampledDifference(
      10,
      of((i) => 10 + i / 199),
      0,
      of(() => 0),
      0,
    ),
  )
  near(clear.p, 0.01)
  assert.ok(clear.low > 10 && clear.high < 11)
  const none = told(
    resampledDifference(
      0,
      of((i) => i),
      0,
      of(() => 99),
      0,
    ),
  )
  assert.equal(none.p, 1)
  assert.ok(none.low < 0 && none.high > 0)
})

test('blocks add up to the whole, however the rows are dealt', () => {
  const rows = drawnRows(1_000, 4, 11)
  const whole = told(momentsOf(rows))
  for (const inRandomOrder of [false, true]) {
    const dealt = told(blockMoments(rows, { blocks: 30, seed: 4, inRandomOrder }))
    for (const [cell, sum] of wholeOf(dealt).sums.entries()) near(sum, whole.sums[cell] ?? Number.NaN)
    assert.equal(dealt.byCustomer, false)
    const sizes = Array.from({ length: 30 }, (_, block) => dealt.sums[block * packedSize(4)] ?? 0)
    assert.ok(
      sizes.every((size) => size >= 33 && size <= 34),
      `${sizes}`,
    )
  }
})

test('with no more customers than blocks it is the bootstrap by customer, draw for draw', () => {
  const rows = drawnRows(60, 3, 12)
  const units = Int32Array.from({ length: 60 }, (_, row) => Math.floor(row / 2))
  const dealt = told(blockMoments({ ...rows, units }))
  assert.equal(dealt.byCustomer, true)
  const blocks = resampledSums(dealt, 50, 9)
  const size = packedSize(3)
  const plain = bootstrap(
    30,
    size,
    (counts) =>
      told(momentsOf({ ...rows, weights: Float64Array.from(units, (unit) => counts[unit] ?? 0) })).sums,
    { replicates: 50, seed: 9 },
  )
  for (const [cell, value] of plain.values.entries()) near(blocks[cell], value, 1e-9)
})

test('intervals from blocks of customers are as wide as those from drawing every customer', () => {
  const replicates = 1_000
  const ratios: number[] = []
  for (const seed of [1, 2, 3]) {
    const rows = drawnRows(8_000, 4, seed)
    const answer = (moments: Parameters<typeof leastSquares>[0]) => {
      const fit = told(leastSquares(moments))
      return [fit.r2, ...fit.coefficients.map(({ value }) => value)]
    }
    const weighted = (weights: Float64Array): Rows => ({ ...rows, weights })
    const plain = bootstrap(8_000, 5, (counts) => answer(told(momentsOf(weighted(counts)))), {
      replicates,
      seed,
    })
    const dealt = told(blockMoments(rows, { seed }))
    const sums = resampledSums(dealt, replicates, seed)
    const size = packedSize(4)
    const values = Float64Array.from(
      Array.from({ length: replicates }, (_, i) =>
        answer({ ...dealt, sums: sums.subarray(i * size, (i + 1) * size) }),
      ).flat(),
    )
    for (let column = 0; column < 5; column++) {
      const [a, b] = [
        told(percentileInterval(plain, column)),
        told(percentileInterval({ replicates, width: 5, values }, column)),
      ]
      ratios.push((b.high - b.low) / (a.high - a.low))
    }
  }
  // One width is good to 1/√800 = 3.5 % for its blocks and 4 % for each side's draws.
  assert.ok(Math.max(...ratios.map((ratio) => Math.abs(ratio - 1))) < 0.2, `${ratios}`)
  near(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length, 1, 0.05)
})

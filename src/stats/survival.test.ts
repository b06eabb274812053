import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type LifeTable, lifeTable } from './life-table.ts'
import { logRank } from './log-rank.ts'
import { survivalCurve, survivalDifference, survivingAt, waitOf, waitQuantile } from './survival.ts'
import { assertFinite, near, told, untold } from './testing.ts'

// Weeks in remission of 42 children with leukaemia (Freireich et al. 1963; in every textbook on survival):
// with 6-mercaptopurine and with placebo. A plus, here false, was still in remission when last seen.
const treated = lifeTable(
  [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
  [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
)
const placebo = lifeTable(
  [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23],
  Array(21).fill(1),
)

test('the curve of the leukaemia trial is the published one', () => {
  const curve = survivalCurve(treated)
  assert.deepEqual([...curve.times], [6, 7, 10, 13, 16, 22, 23])
  assert.deepEqual([...curve.atRisk], [21, 17, 15, 12, 11, 7, 6])
  const published = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
  for (const [i, value] of published.entries()) near(curve.surviving[i], value, 5e-5)
  // Kleinbaum & Klein: standard errors by Greenwood .0764 … .1346.
  near((curve.surviving[0] ?? 0) * Math.sqrt(curve.greenwood[0] ?? 0), 0.0764, 5e-5)
  near((curve.surviving[6] ?? 0) * Math.sqrt(curve.greenwood[6] ?? 0), 0.1346, 5e-5)
})

test('the median with placebo is 8 weeks, and with treatment 23, whose end was not seen', () => {
  // R: survfit(…) gives 8 (4, 12) with the log interval, 23 (16, NA) with treatment.
  assert.deepEqual(waitOf(survivalCurve(placebo), 0.5), { n: 21, happened: 21, value: 8, low: 4, high: 12 })
  assert.deepEqual(waitOf(survivalCurve(treated), 0.5), {
    n: 21,
    happened: 9,
    value: 23,
    low: 16,
    high: null,
  })
})

test('the two groups of the trial differ: log-rank 16.79', () => {
  const { chiSquare, degrees, p, groups } = told(logRank([treated, placebo]))
  near(chiSquare, 16.79, 5e-3)
  assert.equal(degrees, 1)
  near(p, 4.17e-5, 1e-7)
  near(groups[0]?.expected, 19.25, 5e-3)
  near(groups[1]?.expected, 10.75, 5e-3)
})

test('the share still waiting has the interval it names', () => {
  const curve = survivalCurve(treated)
  const log = told(survivingAt(treated, curve, 10, 'log'))
  // R: summary(survfit(…), times = 10): .753 (.586, .968); log-log .753 (.503, .889).
  near(log.low, 0.5859, 5e-5)
  near(log.high, 0.9676, 5e-5)
  assert.equal(log.atRisk, 15)
  const logLog = told(survivingAt(treated, curve, 10))
  near(logLog.low, 0.5032, 5e-5)
  near(logLog.high, 0.8894, 5e-5)
})

test('before anything happened, and after all has, the interval has a width', () => {
  const early = told(survivingAt(treated, survivalCurve(treated), 3))
  assert.equal(early.value, 1)
  assert.equal(early.interval, 'wilson')
  assert.ok(early.low < 0.9)
  const late = told(survivingAt(placebo, survivalCurve(placebo), 30))
  assert.equal(late.value, 0)
  assert.ok(late.high > 0)
})

test('at ten weeks four in ten more are in remission with treatment than with placebo', () => {
  const at = (table: LifeTable) => survivingAt(table, survivalCurve(table), 10)
  const difference = told(survivalDifference(at(treated), at(placebo)))
  near(difference.value, 0.7529 - 8 / 21, 5e-5)
  assert.ok(difference.low > 0.05 && difference.high < 0.62)
})

test('what was not seen, and who is not there, gives the reason', () => {
  assert.equal(untold(survivingAt(treated, survivalCurve(treated), 60)), 'nobody was followed for that long')
  const none = lifeTable([], [])
  assert.equal(untold(survivingAt(none, survivalCurve(none), 3)), 'there is no case')
  untold(
    survivalDifference(
      survivingAt(none, survivalCurve(none), 3),
      survivingAt(treated, survivalCurve(treated), 3),
    ),
  )
  untold(logRank([treated, none]))
  untold(logRank([lifeTable([3, 4], [0, 0]), lifeTable([3, 4], [0, 0])]))
  assert.deepEqual(waitOf(survivalCurve(none), 0.5), {
    n: 0,
    happened: 0,
    value: null,
    low: null,
    high: null,
  })
  assert.equal(lifeTable([Number.NaN, Number.POSITIVE_INFINITY, 2], [1, 1, 1]).leftOut, 2)
})

test('law: without censoring the curve is the share left, and counting equal cases together changes nothing', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(times, (values) => {
      const curve = survivalCurve(lifeTable(values, Array(values.length).fill(1)))
      for (const [i, time] of curve.times.entries())
        near(curve.surviving[i], values.filter((each) => each > time).length / values.length, 1e-12)
      const scaled = survivalCurve(
        lifeTable(
          values.map((value) => value * 1.5),
          Array(values.length).fill(1),
          Array(values.length).fill(3),
        ),
      )
      assert.equal(scaled.n, values.length * 3)
      for (const [i, value] of curve.surviving.entries()) near(scaled.surviving[i], value, 1e-12)
    }),
  )
})

test('law: log-rank doesn’t depend on the order of groups, and all answers are finite', () => {
  const group = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { maxLength: 30 })
  fc.assert(
    fc.property(fc.array(group, { minLength: 2, maxLength: 4 }), (groups) => {
      const tables = groups.map((cases) =>
        lifeTable(
          cases.map(([time]) => time),
          cases.map(([, happened]) => happened),
        ),
      )
      const one = logRank(tables)
      assertFinite(one)
      const other = logRank(tables.toReversed())
      if ('chiSquare' in one && 'chiSquare' in other) near(one.chiSquare, other.chiSquare, 1e-6)
      for (const table of tables) {
        const curve = survivalCurve(table)
        assertFinite(curve)
        for (const time of [0, 5, 20]) assertFinite(survivingAt(table, curve, time))
      }
    }),
  )
})

test('a million customers in whole days are counted in a moment', () => {
  const n = 1_000_000
  const time = Int32Array.from({ length: n }, (_, i) => (i * 7919) % 731)
  const happened = Uint8Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0))
  const began = performance.now()
  const curve = survivalCurve(lifeTable(time, happened))
  assert.ok(performance.now() - began < 2_000)
  assert.equal(curve.n, n)
})

test('waits may be mirrored: a quantile of negative times is that of the mirrored question', () => {
  const cases = [-9, -7, -7, -4, -1].map((time) => ({ time, happened: true }))
  assert.equal(waitQuantile(cases, 0.6).value, -7)
})

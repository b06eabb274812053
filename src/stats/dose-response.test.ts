import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  adjustedStepAndSlope,
  type Dose,
  doseEdges,
  meanOfDoses,
  stepAndSlope,
  within,
} from './dose-response.ts'
import { assertFinite, mtcars, near, rowsOf, told, untold } from './testing.ts'

const gaps = mtcars.carb.map((carb) => carb - 3)
const single: Dose[] = Array.from(mtcars.mpg, (mpg, i) => ({
  gap: gaps[i] ?? 0,
  n: 1,
  sum: mpg,
  squares: mpg * mpg,
}))

test('step and slope agree with an independent computation, from single outcomes and from sums by gap', () => {
  const summed = [...new Set(gaps)].map((gap) => {
    const those = single.filter((dose) => dose.gap === gap)
    const total = (read: (dose: Dose) => number) => those.reduce((sum, dose) => sum + read(dose), 0)
    return { gap, n: those.length, sum: total(({ sum }) => sum), squares: total(({ squares }) => squares) }
  })
  for (const doses of [single, summed]) {
    const shape = told(stepAndSlope(doses, 2))
    assert.deepEqual([shape.kept, shape.broken, shape.cap], [20, 12, 2])
    near(shape.whereKept.value, 22.515)
    near(shape.step.value, -8.285)
    near(shape.slope.value, 1.56)
    near(shape.whereKept.error, 1.3491305, 1e-7)
    near(shape.step.error, 3.30809227, 1e-8)
    near(shape.slope.error, 2.13682071, 1e-8)
  }
})

test('adjusted for what else is known, it is the regression with that in it', () => {
  const shape = told(adjustedStepAndSlope(gaps, rowsOf(mtcars.mpg, mtcars.wt), 2))
  near(shape.step.value, 0.38133731, 1e-8)
  near(shape.step.error, 1.82434025, 1e-8)
  near(shape.slope.value, -2.05689928, 1e-8)
  near(shape.slope.error, 0.91274009, 1e-8)
})

test('left alone, the cap is the gap within which nine in ten of the broken lie', () => {
  const doses = [-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((gap) => ({
    gap,
    n: 1,
    sum: gap % 3,
    squares: (gap % 3) ** 2,
  }))
  assert.equal(told(stepAndSlope(doses)).cap, 9)
})

test('where all broken promises were broken by the same, there is a step and no slope to tell', () => {
  const doses = [
    { gap: 0, n: 40, sum: 160, squares: 700 },
    { gap: 3, n: 20, sum: 40, squares: 100 },
  ]
  const shape = told(stepAndSlope(doses))
  near(shape.step.value, -2)
  assert.equal(shape.slope.error, null)
})

test('what the data can’t carry is said', () => {
  const dose = (gap: number, n: number): Dose => ({ gap, n, sum: n * 2, squares: n * 4 })
  assert.match(untold(stepAndSlope([])), /no promise was decided/)
  assert.match(untold(stepAndSlope([dose(-1, 30)])), /none was broken/)
  assert.match(untold(stepAndSlope([dose(2, 30)])), /none was kept/)
  assert.match(untold(stepAndSlope([dose(0, 1), dose(1, 1)])), /only 2 were counted/)
  assert.match(untold(stepAndSlope([dose(0, 30), dose(1, 30)])), /the same/)
  assert.match(
    untold(
      adjustedStepAndSlope(
        gaps.map(() => Number.NaN),
        rowsOf(mtcars.mpg),
      ),
    ),
    /none was broken|missing/,
  )
  assertFinite(stepAndSlope([dose(0, 30), { gap: 1e12, n: 3, sum: 1, squares: 1 }]))
})

test('every gap falls into exactly one group, days or cents', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -1e9, max: 1e9 })), {
        minLength: 1,
      }),
      (values) => {
        const lines = values.map((gap) => ({ gap, n: 1, sum: 2, squares: 4 }))
        const edges = doseEdges(lines)
        for (const line of lines) assert.equal(edges.filter((edge) => within(edge)(line)).length, 1)
        const counted = edges.map((edge) => meanOfDoses(lines.filter(within(edge))).n)
        assert.equal(
          counted.reduce((sum, n) => sum + n, 0),
          lines.length,
        )
      },
    ),
  )
  assert.deepEqual(doseEdges([]).length, 10)
})

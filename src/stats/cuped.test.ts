import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Arm, cuped } from './cuped.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, mtcars, near, told, untold } from './testing.ts'

const side = (am: number, ...before: Float64Array[]): Arm => ({
  outcome: mtcars.mpg.filter((_, i) => mtcars.am[i] === am),
  before: before.map((values) => values.filter((_, i) => mtcars.am[i] === am)),
})

test('the adjusted difference and what it removed agree with an independent computation on mtcars', () => {
  const answer = told(cuped(side(1, mtcars.wt), side(0, mtcars.wt)))
  near(answer.plain.value, 7.244939271255061)
  near(answer.plain.low, 3.336855112540557)
  near(answer.adjusted.value, -0.023615219662537244)
  near(answer.adjusted.high, 3.1401992083185792)
  near(answer.varianceRemoved, 0.3465123372543638)
  assert.deepEqual(answer.n, { treated: 13, control: 19 })
})

test('in a fair test it narrows the interval by as much as the past foretells, and moves nothing', () => {
  const random = new Seeded(2)
  let covered = 0
  let removed = 0
  for (let run = 0; run < 200; run++) {
    const arm = (effect: number): Arm => {
      const before = Float64Array.from({ length: 150 }, () => random.normal())
      return { outcome: before.map((x) => effect + x + random.normal()), before: [before] }
    }
    const { adjusted, varianceRemoved } = told(cuped(arm(0.5), arm(0)))
    if (adjusted.low <= 0.5 && 0.5 <= adjusted.high) covered++
    removed += varianceRemoved / 200
  }
  assert.ok(covered >= 182 && covered <= 198, `${covered}`)
  near(removed, 0.5, 0.03)
})

test('covariates that say nothing remove nothing', () => {
  const flat = new Float64Array(32).fill(5)
  const without = told(cuped(side(1), side(0)))
  near(without.varianceRemoved, 0)
  near(told(cuped(side(1, flat), side(0, flat))).varianceRemoved, 0)
  near(told(cuped(side(1, mtcars.am), side(0, mtcars.am))).adjusted.value, without.plain.value)
})

test('what the data can’t carry is said', () => {
  const none: Arm = { outcome: new Float64Array(), before: [] }
  assert.match(untold(cuped(none, side(0))), /fewer than two/)
  assert.match(untold(cuped(side(1), none)), /fewer than two/)
  const flat = (value: number): Arm => ({ outcome: new Float64Array(5).fill(value), before: [] })
  assert.match(untold(cuped(flat(2), flat(2))), /the same/)
  assertFinite(told(cuped(flat(2), flat(3))))
  const huge = (arm: Arm): Arm => ({ ...arm, outcome: arm.outcome.map((value) => value * 1e200) })
  assert.match(untold(cuped(huge(side(1)), huge(side(0)))), /too large/)
})

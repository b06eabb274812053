import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brier, calibration, calibrationBins } from './calibration.ts'
import { logistic, probabilities, sigmoid } from './logistic.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, mtcars, near, rowsOf, told, untold } from './testing.ts'

test('Brier’s score of his own example: ten forecasts of rain', () => {
  // Brier 1950, table 1, sums over both classes: .19; over one class, as today, half of that.
  const rain = Float64Array.of(0.7, 0.9, 0.8, 0.4, 0.2, 0, 0, 0, 0, 0.1)
  const fell = Float64Array.of(0, 1, 1, 1, 0, 0, 0, 0, 0, 0)
  const { score, ofBaseRate, skill } = told(brier(rain, fell))
  near(score.value, 0.19 / 2)
  near(ofBaseRate, 0.21)
  near(skill, 1 - 0.095 / 0.21)
})

test('probabilities fitted to the outcomes have slope 1 and are right in the large; distorted ones say how', () => {
  const rows = rowsOf(mtcars.am, mtcars.wt)
  const fit = told(logistic(rows))
  const p = probabilities(rows, fit)
  const right = told(calibration(p, mtcars.am))
  near(right.slope.value, 1, 1e-7)
  near(right.inTheLarge.value, 0, 1e-7)
  const logOdds = p.map((each) => Math.log(each / (1 - each)))
  near(
    told(
      calibration(
        logOdds.map((each) => sigmoid(each / 2)),
        mtcars.am,
      ),
    ).slope.value,
    2,
    1e-6,
  )
  const low = told(
    calibration(
      logOdds.map((each) => sigmoid(each - 0.7)),
      mtcars.am,
    ),
  )
  near(low.inTheLarge.value, 0.7, 1e-6)
  near(low.slope.value, 1, 1e-7)
  // glm(am ~ offset(logit(p)), binomial): the information is Σ p(1 − p).
  near(low.inTheLarge.error, 1 / Math.sqrt(p.reduce((sum, each) => sum + each * (1 - each), 0)), 1e-6)
})

test('true probabilities are found calibrated, in every bin', () => {
  const random = new Seeded(3)
  const p = Float64Array.from({ length: 20_000 }, () => random.next())
  const outcome = p.map((each) => (random.next() < each ? 1 : 0))
  const { slope, inTheLarge } = told(calibration(p, outcome))
  assert.ok((slope.low ?? 2) < 1 && (slope.high ?? 0) > 1)
  assert.ok((inTheLarge.low ?? 2) < 0 && (inTheLarge.high ?? -1) > 0)
  const bins = told(calibrationBins(p, outcome))
  assert.equal(bins.length, 10)
  assert.equal(
    bins.reduce((sum, { happened }) => sum + happened.n, 0),
    20_000,
  )
  for (const { foretold, happened } of bins) {
    assert.equal(happened.n, 2_000)
    assert.ok(Math.abs(foretold - (happened.value ?? 0)) < 0.04)
  }
})

test('equal probabilities stay in one bin', () => {
  const p = Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.9, 0.9)
  const bins = told(calibrationBins(p, Float64Array.of(0, 0, 0, 0, 0, 1, 1, 1), 4))
  assert.deepEqual(
    bins.map(({ from, to, happened }) => [from, to, happened.hits, happened.n]),
    [
      [0.2, 0.2, 1, 6],
      [0.9, 0.9, 2, 2],
    ],
  )
})

test('what the data can’t carry is said', () => {
  const [p, y] = [Float64Array.of(0.1, 0.4, 0.5, 0.9), Float64Array.of(0, 1, 0, 1)]
  for (const judge of [brier, calibration, calibrationBins]) {
    assert.match(untold(judge(new Float64Array(), new Float64Array())), /nobody/)
    assert.match(untold(judge(Float64Array.of(0.1, Number.NaN, 0.5, 0.9), y)), /missing/)
    assert.match(untold(judge(Float64Array.of(0.1, 2, 0.5, 0.9), y)), /probability/)
    assert.match(untold(judge(p, Float64Array.of(0, 3, 0, 1))), /neither/)
    assertFinite(judge(p, y))
  }
  assert.match(untold(calibration(p, Float64Array.of(1, 1, 1, 1))), /always/)
  assert.match(
    untold(
      calibration(
        p.map(() => 0.3),
        y,
      ),
    ),
    /the same/,
  )
  assert.match(untold(calibration(p, Float64Array.of(0, 0, 1, 1))), /every yes/)
  assertFinite(calibration(Float64Array.of(0, 1, 0, 1, 1, 0), Float64Array.of(0, 1, 1, 0, 1, 0)))
  assert.equal(told(brier(p, Float64Array.of(1, 1, 1, 1))).skill, null)
})

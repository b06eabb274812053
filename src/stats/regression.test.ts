import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isTold } from './cannot-tell.ts'
import { momentsOf } from './moments.ts'
import { leastSquares, type Regression, type RegressionOptions, robustLeastSquares } from './regression.ts'
import { type Rows, sparseColumns } from './rows.ts'
import { assertFinite, drawnRows, longley, mtcars, near, rowsOf, told } from './testing.ts'

test('least squares agrees with R on mtcars', () => {
  const fit = fitted(rowsOf(mtcars.mpg, mtcars.cyl, mtcars.disp, mtcars.hp, mtcars.gear))
  near(fit.r2, 0.779189638983056)
  assert.equal(fit.n, 32)
  matches(fit, [27.423422701, -0.86623535638, -0.011903482284, -0.030501004671, 1.423062628])
  errors(fit, [6.3010847588, 0.8494074654, 0.0118986408, 0.0198216302, 1.2105318578])
})

test('least squares agrees with what NIST certifies for Longley’s nearly repeated columns', () => {
  const fit = fitted(rowsOf(longley.outcome, ...longley.columns))
  near(fit.r2, 0.995479004577296)
  matches(
    fit,
    [
      -3482258.63459582, 15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359,
      -0.0511041056535807, 1829.15146461355,
    ],
  )
  errors(
    fit,
    [
      890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675,
      0.22607320006937, 455.478499142212,
    ],
  )
})

test('for a yes/no outcome the robust errors are HC1', () => {
  const fit = told(robustLeastSquares(rowsOf(mtcars.am, mtcars.wt, mtcars.hp)))
  matches(fit, [1.5474297248, -0.479555824, 0.0027382787])
  errors(fit, [0.2098018587, 0.0829028638, 0.0010789399])
  assert.equal(fit.errors, 'unequal spread')
})

test('several rows of one customer are allowed to err together', () => {
  const units = Int32Array.from(mtcars.carb)
  const numbers = [...new Set(units)]
  const fit = told(
    robustLeastSquares({
      ...rowsOf(mtcars.mpg, mtcars.wt, mtcars.hp),
      units: units.map((carb) => numbers.indexOf(carb)),
    }),
  )
  matches(fit, [37.227270116, -3.8778307424, -0.031772946982])
  errors(fit, [2.413761057, 0.8319061865, 0.0065066502])
  assert.ok(!isTold(robustLeastSquares({ ...rowsOf(mtcars.mpg, mtcars.wt), units: new Int32Array(32) })))
})

test('a ridge of ten rows pulls towards nothing, except what is not to be pulled', () => {
  const rows = rowsOf(mtcars.mpg, mtcars.wt, mtcars.hp)
  matches(fitted(rows, { ridge: 10 }), [34.21413597690689, -2.9992828318, -0.0305006786])
  const spared = fitted(rows, { ridge: 10, unpenalised: [1] })
  near(spared.coefficients[0]?.value, -2.4984893015, 1e-8)
  near(spared.coefficients[1]?.value, -0.0447400805, 1e-8)
})

test('sparse columns, and rows counted more than once, give what full ones and repeated rows give', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const drawn = drawnRows(40, 3, seed)
      const [first, second, third] = drawn.full as [Float64Array, Float64Array, Float64Array]
      const zeroed = [second, third].map((values) => values.map((value) => (value > 0.5 ? value : 0)))
      const entries = zeroed.flatMap((values, column) =>
        [...values].map((value, row) => ({ row, column, value })).filter(({ value }) => value !== 0),
      )
      const sparse = sparseColumns(40, 2, {
        row: Int32Array.from(entries, ({ row }) => row),
        column: Int32Array.from(entries, ({ column }) => column),
        value: Float64Array.from(entries, ({ value }) => value),
      })
      const weights = Float64Array.from({ length: 40 }, (_, row) => row % 3)
      const mixed: Rows = { n: 40, full: [first], sparse, outcome: drawn.outcome, weights }
      const repeat = (values: Float64Array) =>
        Float64Array.from([...values].flatMap((value, row) => Array<number>(row % 3).fill(value)))
      const repeated = rowsOf(repeat(drawn.outcome), repeat(first), ...zeroed.map(repeat))
      for (const fit of [fitted, (rows: Rows) => told(robustLeastSquares(rows))])
        same(fit(mixed), fit(repeated))
    }),
    { numRuns: 30 },
  )
})

test('a column that repeats others is left out and said to be, and the fit stays', () => {
  const rows = rowsOf(
    mtcars.mpg,
    mtcars.wt,
    mtcars.wt.map((wt) => 3 - 2 * wt),
    mtcars.hp,
  )
  const fit = fitted(rows)
  assert.equal(fit.rank, 2)
  assert.deepEqual(fit.coefficients[1], { value: 0, error: null, low: null, high: null })
  near(fit.r2, fitted(rowsOf(mtcars.mpg, mtcars.wt, mtcars.hp)).r2)
})

test('what the data can’t carry is said, and nothing is ever not a number', () => {
  const constant = new Float64Array(32).fill(3)
  const cases: [Rows, RegExp | null][] = [
    [rowsOf(new Float64Array()), /nobody/],
    [rowsOf(Float64Array.of(1), Float64Array.of(2)), /too few/],
    [rowsOf(Float64Array.of(1, 2), Float64Array.of(2, 3)), /only 2 were counted/],
    [rowsOf(constant, mtcars.wt), /every outcome is the same/],
    [rowsOf(mtcars.mpg, constant), null],
    [rowsOf(mtcars.mpg, new Float64Array(32)), null],
    [rowsOf(mtcars.mpg, mtcars.mpg), null],
    [
      rowsOf(
        mtcars.mpg,
        mtcars.wt.map((wt) => 1e120 * wt),
      ),
      null,
    ],
    [
      rowsOf(
        mtcars.mpg.map((mpg) => 1e120 * mpg),
        mtcars.wt,
      ),
      null,
    ],
    [
      rowsOf(
        mtcars.mpg,
        mtcars.wt.map((wt) => 1e300 * wt),
      ),
      /too large/,
    ],
    [
      rowsOf(
        mtcars.mpg,
        mtcars.wt.map((wt) => (wt > 3 ? Number.NaN : wt)),
      ),
      /missing/,
    ],
    [{ ...rowsOf(mtcars.mpg, mtcars.wt), weights: new Float64Array(32) }, /nobody/],
  ]
  for (const [rows, why] of cases)
    for (const answer of [
      robustLeastSquares(rows),
      (() => {
        const moments = momentsOf(rows)
        return isTold(moments) ? leastSquares(moments) : moments
      })(),
    ]) {
      assertFinite(answer)
      if (why) assert.match(isTold(answer) ? 'told' : answer.cannotTell, why)
      else assert.ok(isTold(answer), JSON.stringify(answer))
    }
})

test('a million seconds since 1970 that differ by a few keep their digits', () => {
  const rows = rowsOf(
    mtcars.mpg,
    mtcars.wt.map((wt) => 1.7e12 + wt * 1024),
  )
  near(
    fitted(rows).coefficients[0]?.value,
    (fitted(rowsOf(mtcars.mpg, mtcars.wt)).coefficients[0]?.value ?? 0) / 1024,
    1e-7,
  )
})

function fitted(rows: Rows, options?: RegressionOptions): Regression {
  return told(leastSquares(told(momentsOf(rows)), options))
}

function matches(fit: Regression, wanted: number[]): void {
  for (const [i, value] of wanted.entries())
    near((i === 0 ? fit.intercept : fit.coefficients[i - 1])?.value, value, 1e-8)
}

function errors(fit: Regression, wanted: number[]): void {
  for (const [i, value] of wanted.entries())
    near((i === 0 ? fit.intercept : fit.coefficients[i - 1])?.error, value, 1e-8)
}

function same(a: Regression, b: Regression): void {
  near(a.r2, b.r2)
  for (const [i, one] of [a.intercept, ...a.coefficients].entries()) {
    const other = [b.intercept, ...b.coefficients][i]
    near(one.value, other?.value ?? Number.NaN, 1e-8)
    near(one.error ?? -1, other?.error ?? -1, 1e-8)
  }
}

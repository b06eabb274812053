import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Logistic, logistic, probabilities, sigmoid } from './logistic.ts'
import type { Rows } from './rows.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, drawnRows, mtcars, near, rowsOf, told, untold } from './testing.ts'

test('logistic regression agrees with R on mtcars', () => {
  const fit = told(logistic(rowsOf(mtcars.am, mtcars.wt, mtcars.hp)))
  values(fit, [18.86629872, -8.08347518, 0.0362556])
  near(fit.intercept.error, 7.44355843, 1e-8)
  near(fit.coefficients[0]?.error, 3.06867528, 1e-8)
  near(fit.coefficients[1]?.error, 0.01773415, 1e-8)
  near(fit.deviance, 10.059110472266985)
  near(fit.nullDeviance, 43.2297332768578)
  near(fit.mcFadden, 0.7673103739075824)
  assert.equal(fit.separated, false)
  const sum = probabilities(rowsOf(mtcars.am, mtcars.wt, mtcars.hp), fit).reduce((total, p) => total + p, 0)
  near(sum, 13)
})

test('a ridge of three rows pulls as much as its definition says', () => {
  const fit = told(logistic(rowsOf(mtcars.am, mtcars.wt, mtcars.hp), { ridge: 3 }))
  values(fit, [3.56296873, -1.37490812, 0.00232750049])
  near(fit.coefficients[0]?.error, 0.28135803, 1e-7)
})

test('groups with a count give what their members one by one give', () => {
  const rows: Rows = {
    n: 3,
    full: [Float64Array.of(0, 1, 2)],
    outcome: Float64Array.of(0.25, 0.5, 0.6),
    weights: Float64Array.of(8, 4, 10),
  }
  const members = [0.25, 0.5, 0.6].flatMap((share, x) =>
    Array.from({ length: [8, 4, 10][x] ?? 0 }, (_, i) => ({
      x,
      y: i < share * ([8, 4, 10][x] ?? 0) ? 1 : 0,
    })),
  )
  const [grouped, single] = [
    told(logistic(rows)),
    told(
      logistic(
        rowsOf(
          Float64Array.from(members, ({ y }) => y),
          Float64Array.from(members, ({ x }) => x),
        ),
      ),
    ),
  ]
  near(grouped.deviance, single.deviance)
  near(grouped.coefficients[0]?.value, single.coefficients[0]?.value ?? 0)
  near(grouped.coefficients[0]?.error, single.coefficients[0]?.error ?? 0)
  assert.equal(grouped.n, 22)
})

test('outcomes that the columns foretell without fault keep finite coefficients, and say so', () => {
  const x = Float64Array.from({ length: 20 }, (_, i) => i)
  const wholly = told(
    logistic(
      rowsOf(
        x.map((value) => (value > 9 ? 1 : 0)),
        x,
      ),
    ),
  )
  assert.equal(wholly.separated, true)
  assert.equal(wholly.ridge, 1)
  assertFinite(wholly)
  // Everyone of one group did; in the other, half did.
  const inPart = told(
    logistic(
      rowsOf(
        x.map((value) => (value > 9 || value % 2 ? 1 : 0)),
        x.map((value) => (value > 9 ? 1 : 0)),
      ),
    ),
  )
  assert.equal(inPart.separated, true)
  assertFinite(inPart)
  const spared = told(
    logistic(
      rowsOf(
        x.map((value) => (value > 9 ? 1 : 0)),
        x,
      ),
      { ridge: 2, unpenalised: [0] },
    ),
  )
  assert.equal(spared.separated, true)
})

test('what the data can’t carry is said', () => {
  const x = mtcars.wt
  assert.match(
    untold(
      logistic(
        rowsOf(
          x.map(() => 1),
          x,
        ),
      ),
    ),
    /always/,
  )
  assert.match(
    untold(
      logistic(
        rowsOf(
          x.map(() => 0),
          x,
        ),
      ),
    ),
    /never/,
  )
  assert.match(untold(logistic(rowsOf(new Float64Array(), new Float64Array()))), /nobody/)
  assert.match(untold(logistic(rowsOf(x, x))), /neither yes nor no/)
  assert.match(
    untold(
      logistic(
        rowsOf(
          mtcars.am,
          x.map((wt) => wt * 1e300),
        ),
      ),
    ),
    /too large/,
  )
  assert.match(untold(logistic({ ...rowsOf(mtcars.am, x), weights: new Float64Array(32) })), /nobody/)
})

test('constant, repeated and huge columns leave finite answers', () => {
  const { am, wt } = mtcars
  for (const columns of [
    [new Float64Array(32)],
    [wt.map(() => 7)],
    [wt, wt],
    [wt.map((value) => value * 1e100)],
    [wt.map((value, i) => (i === 3 ? 1e9 : value))],
    [],
  ])
    assertFinite(told(logistic(rowsOf(am, ...columns))))
  assertFinite(logistic(rowsOf(Float64Array.of(0, 1), Float64Array.of(0, 1))))
  const twice = told(logistic(rowsOf(am, wt, wt)))
  assert.equal(twice.coefficients[1]?.error, null)
  near(twice.deviance, told(logistic(rowsOf(am, wt))).deviance)
})

test('coefficients kept from falling below 0 are the best of all choices of which to leave out', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const random = new Seeded(seed)
      const drawn = drawnRows(60, 4, seed)
      const signs = [1, -1, random.next() - 0.5, random.next() - 0.5]
      const outcome = Float64Array.from({ length: 60 }, (_, row) =>
        random.next() < sigmoid(signs.reduce((sum, sign, i) => sum + sign * (drawn.full[i]?.[row] ?? 0), 0))
          ? 1
          : 0,
      )
      const loss = ({ deviance, coefficients }: Logistic, columns: readonly Float64Array[]) =>
        deviance + coefficients.reduce((sum, { value }, i) => sum + 2 * value ** 2 * variance(columns[i]), 0)
      const fit = told(logistic({ ...drawn, outcome }, { ridge: 2, nonNegative: [0, 1, 2, 3] }))
      let least = Number.POSITIVE_INFINITY
      for (let chosen = 0; chosen < 16; chosen++) {
        const full = drawn.full.filter((_, i) => chosen & (1 << i))
        const free = told(logistic({ n: 60, full, outcome }, { ridge: 2 }))
        if (free.coefficients.every(({ value }) => value >= 0)) least = Math.min(least, loss(free, full))
      }
      assert.ok(fit.coefficients.every(({ value }) => value >= 0))
      near(loss(fit, drawn.full), least, 1e-8)
    }),
    { numRuns: 40 },
  )
})

function values(fit: Logistic, wanted: number[]): void {
  for (const [i, value] of wanted.entries())
    near((i === 0 ? fit.intercept : fit.coefficients[i - 1])?.value, value, 1e-8)
}

function variance(column: Float64Array | undefined): number {
  const values = column ?? new Float64Array()
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}

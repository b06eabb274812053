import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logistic, sigmoid } from './logistic.ts'
import { mcFaddenShares, yesNoImportance } from './mcfadden.ts'
import { type Rows, selectColumns, sparseColumns } from './rows.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, drawnRows, mtcars, near, rowsOf, told, untold } from './testing.ts'

/** Yes or no with log-odds from the columns, less and less. */
function drawn(n: number, columns: number, seed: number, strength = 0.5): Rows {
  const random = new Seeded(seed, 1)
  const rows = drawnRows(n, columns, seed)
  const outcome = Float64Array.from({ length: n }, (_, row) =>
    random.next() <
    sigmoid(-0.5 + rows.full.reduce((sum, values, i) => sum + (strength * (values[row] ?? 0)) / (i + 1), 0))
      ? 1
      : 0,
  )
  return { ...rows, outcome }
}

test('shares of McFadden’s R² are the mean of what each adds over all orders, and sum to it', () => {
  const rows = rowsOf(mtcars.am, mtcars.mpg, mtcars.hp, mtcars.cyl, mtcars.disp)
  const groups = [[0], [1, 2]]
  const r2 = (columns: number[]) => told(logistic(selectColumns(rows, columns), { ridge: 1 })).mcFadden
  const { shares, mcFadden, mcFaddenControls } = told(mcFaddenShares(rows, { groups, controls: [3] }))
  near(shares[0], (r2([3, 0]) - r2([3]) + r2([3, 0, 1, 2]) - r2([3, 1, 2])) / 2)
  near(shares[1], (r2([3, 1, 2]) - r2([3]) + r2([3, 0, 1, 2]) - r2([3, 0])) / 2)
  near(mcFaddenControls + shares.reduce((sum, share) => sum + share, 0), mcFadden, 1e-10)
  near(mcFadden, r2([0, 1, 2, 3]))
})

test('above eight groups some orders are tried, and sum to the same', () => {
  const rows = drawn(300, 9, 3)
  const groups = Array.from({ length: 9 }, (_, i) => [i])
  const answer = told(mcFaddenShares(rows, { groups, orders: 4 }))
  assert.equal(answer.orders, 4)
  near(
    answer.shares.reduce((sum, share) => sum + share, 0),
    answer.mcFadden,
    1e-10,
  )
})

test('near the fit, sums of squares share it out almost as the likelihood does', () => {
  const rows = drawn(3_000, 5, 7)
  const options = { groups: [[0], [1], [2], [3]], controls: [4] }
  const exact = told(mcFaddenShares(rows, options))
  const quick = told(yesNoImportance(rows, options))
  near(quick.n, 3_000)
  near(quick.r2, exact.mcFadden)
  near(quick.r2Controls, exact.mcFaddenControls)
  for (const [i, { share, low, high }] of quick.groups.entries()) {
    near(share, exact.shares[i] ?? 0, 0.03 * exact.mcFadden)
    assert.ok(low < share && share < high)
  }
  near(
    quick.groups.reduce((sum, { share }) => sum + share, quick.r2Controls),
    quick.r2,
    1e-10,
  )
})

test('columns that are left out of groups and controls play no part, full or sparse', () => {
  const rows = drawn(500, 4, 9)
  const [first, second, third, fourth] = rows.full as [Float64Array, Float64Array, Float64Array, Float64Array]
  const entries = [second, third].flatMap((values, column) =>
    [...values].map((value, row) => ({ row, column, value })),
  )
  const sparse = sparseColumns(500, 2, {
    row: Int32Array.from(entries, ({ row }) => row),
    column: Int32Array.from(entries, ({ column }) => column),
    value: Float64Array.from(entries, ({ value }) => value),
  })
  const mixed = { n: 500, full: [first, fourth], sparse, outcome: rows.outcome }
  const a = told(yesNoImportance(mixed, { groups: [[0], [3]] }))
  const b = told(yesNoImportance(rowsOf(rows.outcome, first, third), { groups: [[0], [1]] }))
  for (const [i, { share }] of a.groups.entries()) near(share, b.groups[i]?.share ?? 0)
})

test('what the data can’t carry is said', () => {
  const rows = drawn(200, 2, 5)
  const options = { groups: [[0], [1]], replicates: 30 }
  for (const ask of [mcFaddenShares, yesNoImportance]) {
    assert.match(untold(ask({ ...rows, outcome: rows.outcome.map(() => 1) }, options)), /always/)
    assert.match(untold(ask({ ...rows, outcome: rows.outcome.map(() => 0) }, options)), /never/)
    assert.match(
      untold(ask(rowsOf(new Float64Array(), new Float64Array(), new Float64Array()), options)),
      /nobody/,
    )
    assertFinite(
      ask({ ...rows, outcome: Float64Array.from(rows.full[0] ?? [], (x) => (x > 0 ? 1 : 0)) }, options),
    )
    assertFinite(ask({ ...rows, full: [new Float64Array(200), new Float64Array(200)] }, options))
  }
})

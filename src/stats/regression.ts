import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import { studentT } from './distributions.ts'
import { cholesky, inverse, sandwich, solve } from './linear-algebra.ts'
import {
  addRows,
  type Centred,
  centred,
  type Layout,
  type Moments,
  momentsOf,
  packedSize,
} from './moments.ts'
import { linearPredictor, type Rows, unitsOf } from './rows.ts'

/**
 * A coefficient with its standard error and 95 % interval, in the units of the data. Value 0 and nulls where
 * the column is constant or a combination of the columns before it.
 */
export interface Coefficient {
  value: number
  error: number | null
  low: number | null
  high: number | null
}

export interface Regression {
  /** Rows, or the sum of their weights. */
  n: number
  intercept: Coefficient
  /** One a column. */
  coefficients: Coefficient[]
  /** Share of the outcome's variance that goes along with the columns, in [0, 1]. */
  r2: number
  /** How many columns could be told apart. */
  rank: number
  /** What the errors allow for. */
  errors: 'equal spread' | 'unequal spread' | 'several rows a customer'
}

export interface RegressionOptions {
  /**
   * Pulls coefficients towards 0: ridge·Σ(βⱼ·sdⱼ)² is added to the sum of squares, so that its unit is rows of
   * evidence for "nothing". Default 0. The intercept is never pulled.
   */
  ridge?: number
  /** Columns that are not pulled either. */
  unpenalised?: readonly number[]
}

/**
 * Least squares, or ridge (Hoerl and Kennard 1970), from sums of products. The errors assume equal spread;
 * under ridge they are those of the pulled estimate, and know nothing of its bias.
 * Checked on R's mtcars, lm(mpg ~ cyl + disp + hp + gear), and on Longley's data as certified by NIST.
 */
export function leastSquares(moments: Moments, options: RegressionOptions = {}): Told<Regression> {
  const solved = solveNormal(centred(moments), options)
  if (!isTold(solved)) return solved
  const { n, rank } = solved
  const variance = solved.rss / (n - rank - 1)
  const slopes = sandwich(solved.bread, solved.products, moments.columns)
  const spread = bordered(slopes, 1 / n).map((each) => each * variance)
  return regressionOf(moments, solved, spread, n - rank - 1, 'equal spread')
}

/**
 * The same with errors that hold when the spread differs from row to row, as it does for a yes/no outcome
 * (White 1980; HC1 of MacKinnon and White 1985). Where rows have units, the errors of a customer's rows may
 * also go together (Liang and Zeger 1986, with Stata's correction for few units). Reads the rows three times.
 */
export function robustLeastSquares(rows: Rows, options: RegressionOptions = {}): Told<Regression> {
  const moments = momentsOf(rows)
  if (!isTold(moments)) return moments
  const solved = solveNormal(centred(moments), options)
  if (!isTold(solved)) return solved
  const { n, rank } = solved
  const units = unitsOf(rows)
  if (rows.units && units < 2) return cannotTell('it is all one customer', 2)
  const { intercept, slopes } = inTheirUnits(moments, solved)
  const outcomeScale = moments.scale[moments.columns + 1] as number
  const { outcome } = rows
  const residuals = linearPredictor(rows, intercept, slopes).map(
    (fitted, row) => ((outcome[row] as number) - fitted) / outcomeScale,
  )
  const meat = rows.units
    ? meatByUnit(rows, rows.units, units, residuals, moments, solved.means)
    : meatByRow(rows, residuals, moments, solved.means)
  const correction = rows.units ? (units / (units - 1)) * ((n - 1) / (n - rank - 1)) : n / (n - rank - 1)
  const spread = sandwich(bordered(solved.bread, 1 / n), meat, moments.columns + 1).map(
    (each) => each * correction,
  )
  return rows.units
    ? regressionOf(moments, solved, spread, units - 1, 'several rows a customer')
    : regressionOf(moments, solved, spread, n - rank - 1, 'unequal spread')
}

/** Slopes alone, in the units of the data, and which columns are aliased: what a bootstrap draw needs, at little cost. */
export function slopesOf(
  moments: Moments,
  options: RegressionOptions = {},
): Told<{ slopes: Float64Array; aliased: Uint8Array }> {
  const equations = normalEquations(centred(moments), options)
  if (!isTold(equations)) return equations
  const slopes = solve(equations.factor, equations.right)
  const { scale, columns } = moments
  return {
    slopes: slopes.map((slope, i) => (slope * (scale[columns + 1] as number)) / (scale[i + 1] as number)),
    aliased: equations.factor.aliased,
  }
}

/** The normal equations in scaled units, about the means. */
interface Solved {
  n: number
  means: Float64Array
  slopes: Float64Array
  /** Inverse of the (pulled) products. */
  bread: Float64Array
  products: Float64Array
  aliased: Uint8Array
  rank: number
  rss: number
  tss: number
}

function normalEquations(data: Centred, { ridge = 0, unpenalised = [] }: RegressionOptions) {
  const { n, columns, matrix } = data
  const size = columns + 1
  const tss = matrix[size * size - 1] as number
  if (!(n > 0)) return cannotTell('nobody was counted', columns + 2)
  if (!Number.isFinite(tss)) return cannotTell('a value is too large to be counted with')
  const products = new Float64Array(columns * columns)
  for (let i = 0; i < columns; i++) products.set(matrix.subarray(i * size, i * size + columns), i * columns)
  const right = Float64Array.from({ length: columns }, (_, i) => matrix[i * size + columns] as number)
  const pulled = products.slice()
  for (let i = 0; i < columns; i++)
    if (!unpenalised.includes(i))
      pulled[i * columns + i] = (products[i * columns + i] as number) * (1 + ridge / n)
  const factor = cholesky(pulled, columns)
  const { rank } = factor
  if (n - rank - 1 < 1)
    return cannotTell(`only ${n} were counted, too few to tell ${rank} things apart`, rank + 2)
  if (tss <= 0) return cannotTell('every outcome is the same')
  return { tss, products, right, factor }
}

function solveNormal(data: Centred, options: RegressionOptions): Told<Solved> {
  const { n, columns, means } = data
  const equations = normalEquations(data, options)
  if (!isTold(equations)) return equations
  const { tss, products, right, factor } = equations
  const slopes = solve(factor, right)
  let rss = tss
  for (let i = 0; i < columns; i++) {
    rss -= 2 * (slopes[i] as number) * (right[i] as number)
    for (let j = 0; j < columns; j++)
      rss += (slopes[i] as number) * (products[i * columns + j] as number) * (slopes[j] as number)
  }
  const { rank, aliased } = factor
  return { n, means, slopes, bread: inverse(factor), products, aliased, rank, rss: Math.max(0, rss), tss }
}

/** A square matrix with one row and column before it: `corner`, else zeros. */
function bordered(matrix: Float64Array, corner: number): Float64Array {
  const size = Math.round(Math.sqrt(matrix.length))
  const result = new Float64Array((size + 1) ** 2)
  result[0] = corner
  for (let i = 0; i < size; i++)
    result.set(matrix.subarray(i * size, (i + 1) * size), (i + 1) * (size + 1) + 1)
  return result
}

/** Σ w·e²·zzᵀ for z = (1, columns about their means), scaled. */
function meatByRow(rows: Rows, residuals: Float64Array, layout: Layout, means: Float64Array): Float64Array {
  const { weights } = rows
  const squared = residuals.map((each, row) => each * each * (weights ? (weights[row] as number) : 1))
  const sums = new Float64Array(packedSize(layout.columns))
  addRows(rows, layout, squared, rows.outcome, sums)
  const size = layout.columns + 1
  const mean = (i: number) => (i === 0 ? 0 : (means[i - 1] as number))
  const meat = new Float64Array(size * size)
  let cell = 0
  for (let i = 0; i < size; i++, cell++)
    for (let j = i; j < size; j++, cell++) {
      meat[i * size + j] =
        (sums[cell] as number) -
        mean(i) * (sums[j] as number) -
        mean(j) * (sums[i] as number) +
        mean(i) * mean(j) * (sums[0] as number)
      meat[j * size + i] = meat[i * size + j] as number
    }
  return meat
}

/** Σ over units of ttᵀ for t = Σ w·e·z over the unit's rows, scaled. */
function meatByUnit(
  rows: Rows,
  unit: Int32Array,
  units: number,
  residuals: Float64Array,
  layout: Layout,
  means: Float64Array,
): Float64Array {
  const size = layout.columns + 1
  const totals = Array.from({ length: size }, () => new Float64Array(units))
  const add = (column: number, row: number, value: number) => {
    const total = totals[column] as Float64Array
    const where = unit[row] as number
    total[where] = (total[where] as number) + value
  }
  const { n, full, sparse, weights } = rows
  for (let row = 0; row < n; row++) {
    const e = (residuals[row] as number) * (weights ? (weights[row] as number) : 1)
    add(0, row, e)
    for (let column = 0; column < size - 1; column++) add(column + 1, row, -e * (means[column] as number))
    for (const [column, values] of full.entries())
      add(column + 1, row, e * inRange(layout, column + 1, values[row] as number))
    if (!sparse) continue
    const end = sparse.starts[row + 1] as number
    for (let place = sparse.starts[row] as number; place < end; place++) {
      const column = full.length + (sparse.index[place] as number) + 1
      add(column, row, e * inRange(layout, column, sparse.value[place] as number))
    }
  }
  const meat = new Float64Array(size * size)
  for (const [i, left] of totals.entries())
    for (const [j, right] of totals.entries())
      meat[i * size + j] = left.reduce((sum, value, at) => sum + value * (right[at] as number), 0)
  return meat
}

function inRange({ shift, scale }: Layout, place: number, value: number): number {
  return (value - (shift[place] as number)) / (scale[place] as number)
}

function inTheirUnits({ shift, scale, columns }: Layout, { means, slopes }: Solved) {
  const own = slopes.map((slope, i) => (slope * (scale[columns + 1] as number)) / (scale[i + 1] as number))
  let intercept = (shift[columns + 1] as number) + (scale[columns + 1] as number) * (means[columns] as number)
  for (let i = 0; i < columns; i++)
    intercept -=
      (own[i] as number) * ((shift[i + 1] as number) + (scale[i + 1] as number) * (means[i] as number))
  return { intercept, slopes: own }
}

/** Scales back. `spread`: covariance of (outcome at the means, slopes) in scaled units. */
function regressionOf(
  layout: Layout,
  solved: Solved,
  spread: Float64Array,
  degrees: number,
  errors: Regression['errors'],
): Told<Regression> {
  const size = layout.columns + 1
  const own = inTheirUnits(layout, solved)
  const outcomeScale = layout.scale[size] as number
  const t = studentT(0.975, degrees)
  const coefficient = (value: number, variance: number, scale: number): Coefficient => {
    const error = (Math.sqrt(Math.max(0, variance)) * outcomeScale) / scale
    return { value, error, low: value - t * error, high: value + t * error }
  }
  // The intercept is the outcome at the means, less the slopes times the means.
  const toZero = Float64Array.from({ length: size }, (_, i) =>
    i === 0
      ? 1
      : -((solved.means[i - 1] as number) + (layout.shift[i] as number) / (layout.scale[i] as number)),
  )
  let interceptVariance = 0
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      interceptVariance += (toZero[i] as number) * (spread[i * size + j] as number) * (toZero[j] as number)
  const regression: Regression = {
    n: solved.n,
    intercept: coefficient(own.intercept, interceptVariance, 1),
    coefficients: Array.from(own.slopes, (value, i) =>
      solved.aliased[i]
        ? { value: 0, error: null, low: null, high: null }
        : coefficient(value, spread[(i + 1) * (size + 1)] as number, layout.scale[i + 1] as number),
    ),
    r2: Math.min(1, Math.max(0, 1 - solved.rss / solved.tss)),
    rank: solved.rank,
    errors,
  }
  const numbers = [regression.intercept, ...regression.coefficients].flatMap(({ value, error }) => [
    value,
    error ?? 0,
  ])
  return numbers.every(Number.isFinite) ? regression : cannotTell('a value is too large to be counted with')
}

import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import { cholesky, inverse, sandwich } from './linear-algebra.ts'
import { addRows, centred, type Layout, momentsOf, packedSize } from './moments.ts'
import { leastAbove, withoutHeld } from './non-negative.ts'
import { z95 } from './proportions.ts'
import type { Coefficient, RegressionOptions } from './regression.ts'
import { linearPredictor, type Rows } from './rows.ts'

export interface Logistic {
  /** Rows, or the sum of their weights. */
  n: number
  /** Log-odds where every column is 0. */
  intercept: Coefficient
  /** Log-odds per unit of each column. */
  coefficients: Coefficient[]
  /** −2·log-likelihood, with the columns and with none. */
  deviance: number
  nullDeviance: number
  /** McFadden's R²: 1 − deviance / nullDeviance, in [0, 1]. */
  mcFadden: number
  /** The columns foretell the outcome without a fault, so that only the ridge keeps coefficients finite. */
  separated: boolean
  /** The ridge that was used: as asked for, or 1 where nothing else would have stayed finite. */
  ridge: number
}

export interface LogisticOptions extends RegressionOptions {
  /** Columns whose coefficient may not fall below 0. */
  nonNegative?: readonly number[]
}

/**
 * Logistic regression by maximum likelihood, with Newton's steps (iteratively reweighted least squares;
 * McCullagh and Nelder 1989, §4.4). The ridge adds ridge·Σ(βⱼ·sdⱼ)² to the deviance (le Cessie and van
 * Houwelingen 1992). Outcomes are in [0, 1]: a share with a weight stands for that many yes and no. Errors
 * are those of the information at the estimate; a coefficient held at 0 by `nonNegative` has none.
 * Checked on R's mtcars, glm(am ~ wt + hp, binomial).
 */
export function logistic(rows: Rows, options: LogisticOptions = {}): Told<Logistic> {
  for (const outcome of rows.outcome)
    if (!(outcome >= 0 && outcome <= 1)) return cannotTell('an outcome is missing, or neither yes nor no')
  const moments = momentsOf(rows)
  if (!isTold(moments)) return moments
  const { n, matrix, columns } = centred(moments)
  if (!(n > 0)) return cannotTell('nobody was counted', columns + 2)
  const share = shareOfYes(rows, n)
  if (share <= 0) return cannotTell('it never happened')
  if (share >= 1) return cannotTell('it always happened')
  const variances = Float64Array.from(
    { length: columns },
    (_, i) => (matrix[i * (columns + 2)] as number) / n,
  )
  const problem = { rows, n, share, layout: moments, variances }
  const asked = climb(problem, options)
  if (isTold(asked)) return asked
  // Coefficients that run away: the data separate the outcomes, wholly or in part. A row of doubt holds them.
  const held = climb(problem, { ...options, ridge: Math.max(1, options.ridge ?? 0), unpenalised: [] })
  return isTold(held) ? { ...held, separated: true } : held
}

/** P(yes) for each row. */
export function probabilities(rows: Rows, fit: Logistic): Float64Array {
  return logOddsOf(rows, fit).map(sigmoid)
}

/** ln(P(yes) / P(no)) for each row. */
export function logOddsOf(rows: Rows, { intercept, coefficients }: Logistic): Float64Array {
  return linearPredictor(
    rows,
    intercept.value,
    coefficients.map(({ value }) => value),
  )
}

export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}

interface Problem {
  rows: Rows
  n: number
  share: number
  layout: Layout
  /** Variance of each column, scaled. */
  variances: Float64Array
}

/** Newton's steps, halved where they overshoot. All in scaled units, the intercept first. */
function climb(problem: Problem, options: LogisticOptions): Told<Logistic> {
  const { rows, share, layout, variances } = problem
  const size = layout.columns + 1
  const ridge = options.ridge ?? 0
  const pull = Float64Array.from({ length: size }, (_, i) =>
    i === 0 || options.unpenalised?.includes(i - 1) ? 0 : ridge * (variances[i - 1] as number),
  )
  const bounded = new Set(options.nonNegative?.map((column) => column + 1))
  let beta: Float64Array = new Float64Array(size)
  beta[0] = Math.log(share / (1 - share))
  let logOdds = predictor(rows, layout, beta)
  let loss = penalisedDeviance(rows, logOdds, beta, pull)
  for (let step = 0; step < 60; step++) {
    const { information, gradient } = derivatives(rows, layout, logOdds)
    const target = best(information, gradient, beta, pull, bounded)
    let next = target
    let moved = predictor(rows, layout, next)
    let nextLoss = penalisedDeviance(rows, moved, next, pull)
    for (let halving = 0; halving < 30 && !(nextLoss <= loss + 1e-12 * Math.abs(loss)); halving++) {
      next = next.map((value, i) => (value + (beta[i] as number)) / 2)
      moved = predictor(rows, layout, next)
      nextLoss = penalisedDeviance(rows, moved, next, pull)
    }
    const furthest = furthestApart(moved, logOdds, rows.weights)
    ;[beta, logOdds, loss] = [next, moved, nextLoss]
    const largest = logOdds.reduce((most, each) => Math.max(most, Math.abs(each)), 1)
    if (furthest < 1e-8 * largest) return finish(problem, beta, logOdds, information, pull, bounded, ridge)
    // Newton settles within a dozen steps, or goes on by about 1 for ever where outcomes are separated.
    if (step >= 25 && furthest > 0.1) break
  }
  return cannotTell('no answer settled')
}

function furthestApart(a: Float64Array, b: Float64Array, weights: Float64Array | undefined): number {
  let furthest = 0
  for (let row = 0; row < a.length; row++)
    if (weights?.[row] !== 0) furthest = Math.max(furthest, Math.abs((a[row] as number) - (b[row] as number)))
  return furthest
}

/** The coefficients at which the quadratic through the present ones is least, within the bounds. */
function best(
  information: Float64Array,
  gradient: Float64Array,
  beta: Float64Array,
  pull: Float64Array,
  bounded: ReadonlySet<number>,
): Float64Array {
  const size = beta.length
  const curvature = information.slice()
  const right = gradient.slice()
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++)
      right[i] = (right[i] as number) + (information[i * size + j] as number) * (beta[j] as number)
    curvature[i * (size + 1)] = (curvature[i * (size + 1)] as number) + (pull[i] as number)
  }
  return leastAbove(curvature, right, bounded)
}

/** Information Σ w·p(1 − p)·zzᵀ and gradient Σ w·(y − p)·z for z = (1, scaled columns). */
function derivatives(rows: Rows, layout: Layout, logOdds: Float64Array) {
  const size = layout.columns + 1
  const { n, outcome, weights: counts } = rows
  const weights = new Float64Array(n)
  const away = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    const p = sigmoid(logOdds[row] as number)
    // Only where p is as good as 0 or 1; the product below stays the exact gradient.
    const variance = Math.max(p * (1 - p), 1e-12)
    weights[row] = variance * (counts ? (counts[row] as number) : 1)
    away[row] = ((outcome[row] as number) - p) / variance
  }
  const plain = { ...layout, shift: layout.shift.slice(), scale: layout.scale.slice() }
  plain.shift[size] = 0
  plain.scale[size] = 1
  const sums = new Float64Array(packedSize(layout.columns))
  addRows(rows, plain, weights, away, sums)
  const information = new Float64Array(size * size)
  const gradient = new Float64Array(size)
  let cell = 0
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++, cell++) {
      information[i * size + j] = sums[cell] as number
      information[j * size + i] = sums[cell] as number
    }
    gradient[i] = sums[cell++] as number
  }
  return { information, gradient }
}

function predictor(rows: Rows, layout: Layout, beta: Float64Array): Float64Array {
  const { intercept, slopes } = inTheirUnits(layout, beta)
  return linearPredictor(rows, intercept, slopes)
}

function inTheirUnits({ shift, scale }: Layout, beta: Float64Array) {
  const slopes = Float64Array.from(beta.subarray(1), (value, i) => value / (scale[i + 1] as number))
  const intercept = slopes.reduce(
    (sum, slope, i) => sum - slope * (shift[i + 1] as number),
    beta[0] as number,
  )
  return { intercept, slopes }
}

function penalisedDeviance(
  rows: Rows,
  logOdds: Float64Array,
  beta: Float64Array,
  pull: Float64Array,
): number {
  return beta.reduce((sum, value, i) => sum + (pull[i] as number) * value * value, devianceOf(rows, logOdds))
}

/** −2·Σ w·(y·ln p + (1 − y)·ln(1 − p)), from log-odds so that no p is rounded to 0 or 1. */
function devianceOf(rows: Rows, logOdds: Float64Array): number {
  const { n, outcome, weights } = rows
  let sum = 0
  for (let row = 0; row < n; row++) {
    const odds = logOdds[row] as number
    const loss = Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds))) - odds * (outcome[row] as number)
    sum += loss * (weights ? (weights[row] as number) : 1)
  }
  return 2 * sum
}

function shareOfYes({ outcome, weights }: Rows, counted: number): number {
  let yes = 0
  for (let row = 0; row < outcome.length; row++)
    yes += (outcome[row] as number) * (weights ? (weights[row] as number) : 1)
  return yes / counted
}

function finish(
  { rows, n, share, layout }: Problem,
  beta: Float64Array,
  logOdds: Float64Array,
  information: Float64Array,
  pull: Float64Array,
  bounded: ReadonlySet<number>,
  ridge: number,
): Told<Logistic> {
  const size = beta.length
  const held = new Set([...bounded].filter((i) => beta[i] === 0))
  const pulled = information.map((value, cell) =>
    cell % (size + 1) === 0 ? value + (pull[cell / (size + 1)] as number) : value,
  )
  const factor = cholesky(withoutHeld(pulled, size, held), size)
  const spread = sandwich(inverse(factor), information, size)
  const own = inTheirUnits(layout, beta)
  const toZero = Float64Array.from({ length: size }, (_, i) =>
    i === 0 ? 1 : -(layout.shift[i] as number) / (layout.scale[i] as number),
  )
  let interceptVariance = 0
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      interceptVariance += (toZero[i] as number) * (spread[i * size + j] as number) * (toZero[j] as number)
  const deviance = devianceOf(rows, logOdds)
  const nullDeviance = -2 * n * (share * Math.log(share) + (1 - share) * Math.log1p(-share))
  return {
    n,
    intercept: coefficient(own.intercept, interceptVariance, 1),
    coefficients: Array.from(own.slopes, (value, i) =>
      factor.aliased[i + 1]
        ? { value: 0, error: null, low: null, high: null }
        : coefficient(value, spread[(i + 1) * (size + 1)] as number, layout.scale[i + 1] as number),
    ),
    deviance,
    nullDeviance,
    mcFadden: Math.min(1, Math.max(0, 1 - deviance / nullDeviance)),
    separated: isSeparated(rows, logOdds),
    ridge,
  }
}

function coefficient(value: number, variance: number, scale: number): Coefficient {
  const error = Math.sqrt(Math.max(0, variance)) / scale
  return { value, error, low: value - z95 * error, high: value + z95 * error }
}

/** Every yes lies above every no. */
function isSeparated(rows: Rows, logOdds: Float64Array): boolean {
  let leastYes = Number.POSITIVE_INFINITY
  let mostNo = Number.NEGATIVE_INFINITY
  const { n, outcome, weights } = rows
  for (let row = 0; row < n; row++) {
    if (weights && weights[row] === 0) continue
    const here = outcome[row] as number
    if (here > 0) leastYes = Math.min(leastYes, logOdds[row] as number)
    if (here < 1) mostNo = Math.max(mostNo, logOdds[row] as number)
  }
  return leastYes > mostNo
}

import { cannotTell, type Told } from './cannot-tell.ts'
import { studentT } from './distributions.ts'
import { type Cholesky, cholesky, inverse, solve } from './linear-algebra.ts'
import type { Difference } from './proportions.ts'
import { scaleOf } from './scale.ts'

export interface Interrupted {
  before: number
  after: number
  /** How fast it moved before, per period. */
  trend: Difference
  /** The step at the change. */
  level: Difference
  /** How much faster it moves since, per period. */
  slope: Difference
  /** What it is in the last period beyond where the line from before had led. */
  byNow: Difference
  /** How much each period takes after the one before, −1 to 1. */
  alike: number
  /** To be shown with every figure. */
  caution: string
}

/** Fewer periods on a side than this can't hold a line and its spread. */
const fewest = 8

/**
 * Before against after a change whose time is known: a line with a step and a bend at `at` (the first place
 * after the change), where each period may take after the one before (AR(1)), fitted by restricted maximum
 * likelihood with t intervals (95 %) on (n−4)·(1−ρ)/(1+ρ) degrees of freedom. Turner et al. 2021, BMC Medical
 * Research Methodology 21:181, found REML the best of six methods.
 *
 * Least squares with Newey & West's errors, the usual choice, was tried: with 24 periods a side its intervals
 * held the truth in 83 % of series that take after themselves by .3 (74 % at .6) instead of 95; these in 93
 * to 95 % (91 to 94 %).
 */
export function interrupted(values: readonly number[], at: number): Told<Interrupted> {
  const n = values.length
  if (!values.every(Number.isFinite)) return cannotTell('the series has gaps')
  if (!(at >= fewest && n - at >= fewest))
    return cannotTell(`fewer than ${fewest} periods lie before the change or after it`, fewest)
  const scale = scaleOf(values)
  const lines = bestLines(
    values.map((value) => value / scale),
    at,
  )
  if (lines === null) return cannotTell('the values lie on their lines exactly, so chance can’t be judged')
  const { beta, factor, variance, alike } = lines
  const covariance = inverse(factor)
  const quantile = studentT(
    0.975,
    Math.max(3, ((n - 4) * (1 - Math.max(0, alike))) / (1 + Math.max(0, alike))),
  )
  return {
    before: at,
    after: n - at,
    trend: combined([0, 1, 0, 0]),
    level: combined([0, 0, 1, 0]),
    slope: combined([0, 0, 0, 1]),
    byNow: combined([0, 0, 1, n - 1 - at]),
    alike,
    caution:
      'Whatever else happened at that time is in these figures too, and so are seasons; only a comparison with some who were spared the change could tell them apart.',
  }

  function combined(weights: number[]): Difference {
    let value = 0
    let squared = 0
    for (const [i, left] of weights.entries()) {
      value += left * (beta[i] as number)
      for (const [j, right] of weights.entries()) squared += left * right * (covariance[i * 4 + j] as number)
    }
    const half = quantile * Math.sqrt(Math.max(0, squared * variance))
    return { value: value * scale, low: (value - half) * scale, high: (value + half) * scale }
  }
}

interface Lines {
  /** Height just at the change, trend, step and bend. */
  beta: Float64Array
  factor: Cholesky
  /** Of what is new in each period. */
  variance: number
  alike: number
}

/** The lines at the likeliest ρ, from a grid in steps of 1/40 between −.5 and .95. */
function bestLines(values: readonly number[], at: number): Lines | null {
  const total = spread(values)
  let best: (Lines & { likelihood: number }) | null = null
  for (let step = -20; step <= 38; step++) {
    const alike = step / 40
    const { beta, factor, squares } = linesWith(values, at, alike)
    if (!(squares > 1e-20 * total)) return null
    let determinant = 0
    for (let i = 0; i < 4; i++) determinant += Math.log(factor.lower[i * 5] as number)
    const degrees = values.length - 4
    const likelihood = -(degrees / 2) * Math.log(squares) + 0.5 * Math.log(1 - alike * alike) - determinant
    if (best === null || likelihood > best.likelihood)
      best = { likelihood, beta, factor, variance: squares / degrees, alike }
  }
  return best
}

/** Generalised least squares: each period less `alike` times the one before (Prais & Winsten 1954). */
function linesWith(values: readonly number[], at: number, alike: number) {
  const crossed = new Float64Array(16)
  const right = new Float64Array(4)
  const first = Math.sqrt(1 - alike * alike)
  const whitened = values.map((value, t) => {
    const x = design(t, at)
    if (t === 0) return { x: x.map((each) => each * first), y: value * first }
    const previous = design(t - 1, at)
    return {
      x: x.map((each, i) => each - alike * (previous[i] ?? 0)),
      y: value - alike * (values[t - 1] ?? 0),
    }
  })
  for (const { x, y } of whitened)
    for (const [i, left] of x.entries()) {
      right[i] = (right[i] as number) + left * y
      for (const [j, other] of x.entries()) crossed[i * 4 + j] = (crossed[i * 4 + j] as number) + left * other
    }
  const factor = cholesky(crossed, 4)
  const beta = solve(factor, right)
  const squares = whitened.reduce(
    (sum, { x, y }) => sum + (y - x.reduce((line, each, i) => line + each * (beta[i] as number), 0)) ** 2,
    0,
  )
  return { beta, factor, squares }
}

/** Time counts from the change, so that the third coefficient is the step there. */
function design(t: number, at: number): number[] {
  return t < at ? [1, t - at, 0, 0] : [1, t - at, 1, t - at]
}

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, mean * mean)
}

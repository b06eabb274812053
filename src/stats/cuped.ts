import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import type { Difference } from './proportions.ts'
import { robustLeastSquares } from './regression.ts'

/** One side of a test: the outcome, and what was known of the same customers before it began. */
export interface Arm {
  outcome: Float64Array
  before: readonly Float64Array[]
}

export interface Cuped {
  /** Treated minus control, as measured. */
  plain: Difference
  /** The same after taking off what was to be expected from before. */
  adjusted: Difference
  /**
   * Share of the difference's variance that this took away, in [0, 1]; often none. Half of it would have
   * needed twice the customers.
   */
  varianceRemoved: number
  n: { treated: number; control: number }
}

/**
 * CUPED (Deng, Xu, Kohavi and Walker 2013) with one slope for both arms, which is the regression of the
 * outcome on the arm and the covariates (analysis of covariance). Intervals allow for unequal spread (HC1).
 * Only what was measured before the assignment may be given as `before`.
 */
export function cuped(treated: Arm, control: Arm): Told<Cuped> {
  const n = { treated: treated.outcome.length, control: control.outcome.length }
  if (n.treated < 2 || n.control < 2) return cannotTell('one side has fewer than two customers', 2)
  const all = n.treated + n.control
  const join = (a: Float64Array, b: Float64Array | undefined) => {
    const joined = new Float64Array(all)
    joined.set(a)
    joined.set(b ?? new Float64Array(), a.length)
    return joined
  }
  const arm = new Float64Array(all).fill(1, 0, n.treated)
  const outcome = join(treated.outcome, control.outcome)
  const before = treated.before.map((values, i) => join(values, control.before[i]))
  const plain = ofArm(robustLeastSquares({ n: all, full: [arm], outcome }))
  if (!isTold(plain)) return plain
  // The arm comes first: a covariate that only repeats it is left out, not the arm.
  const adjusted = ofArm(robustLeastSquares({ n: all, full: [arm, ...before], outcome }))
  if (!isTold(adjusted)) return adjusted
  const varianceRemoved = plain.error > 0 ? Math.max(0, 1 - (adjusted.error / plain.error) ** 2) : 0
  return { plain: plain.difference, adjusted: adjusted.difference, varianceRemoved, n }
}

function ofArm(fit: ReturnType<typeof robustLeastSquares>): Told<{ difference: Difference; error: number }> {
  if (!isTold(fit)) return fit
  const { value, error, low, high } = fit.coefficients[0] ?? { value: 0, error: null, low: null, high: null }
  if (error === null || low === null || high === null) return cannotTell('one side is empty', 2)
  return { difference: { value, low, high }, error }
}

import { cannotTell, type Told } from './cannot-tell.ts'
import { incompleteBeta, logBeta } from './distributions.ts'
import { benjaminiHochberg } from './holm.ts'

/** Customers who had A with enough time after it, and how many of them then had B. */
export interface FollowedPair {
  from: string
  to: string
  /** Customers with A who were followed for the whole window. */
  n: number
  /** Of them, those who had B within it. */
  hits: number
  /** P(B) in windows of the same length that start anywhere. */
  base: number
}

export interface NextStep {
  from: string
  to: string
  n: number
  hits: number
  base: number
  /** P̂(B | A), drawn towards P(B) where few were seen. */
  chance: number
  low: number
  high: number
  /** chance over base; and its lower bound (95 %). */
  lift: number
  liftLow: number
  /** Benjamini–Hochberg over all pairs. */
  p: number
  /** Often, surely and more than by chance: fit to be shown. */
  shown: boolean
}

export interface NextSteps {
  /** How many customers the base rate is worth, κ. */
  kappa: number
  steps: NextStep[]
}

/** Fewer customers who went from A to B than this aren't a habit. */
const support = 20

/**
 * What customers come with next: P̂(B | A) = (n_AB + κ·P(B))/(n_A + κ), κ the one that makes all the counts most
 * likely as beta-binomials around their base rates (empirical Bayes; Efron & Morris 1973), with the interval of
 * the beta distribution that results. Shown where the lower bound of the lift is above 1, at least 20 customers
 * did it, and the exact chance of so many, adjusted for all pairs looked at, is below 5 %.
 */
export function nextSteps(pairs: readonly FollowedPair[]): Told<NextSteps> {
  const usable = pairs.filter(
    ({ n, hits, base }) =>
      Number.isInteger(n) && n > 0 && n < 1e15 && hits >= 0 && hits <= n && base > 1e-12 && base < 1,
  )
  if (usable.length === 0) return cannotTell('nobody was followed from one question to the next')
  const kappa = likeliestKappa(usable)
  const tails = benjaminiHochberg(usable.map(({ n, hits, base }) => atLeast(hits, n, base)))
  const steps = usable.map((pair, i): NextStep => {
    const a = pair.hits + kappa * pair.base
    const b = pair.n - pair.hits + kappa * (1 - pair.base)
    const chance = a / (a + b)
    const low = betaQuantile(0.025, a, b)
    const p = tails[i] ?? 1
    return {
      ...pair,
      chance,
      low,
      high: betaQuantile(0.975, a, b),
      lift: chance / pair.base,
      liftLow: low / pair.base,
      p,
      shown: pair.hits >= support && low > pair.base && p < 0.05,
    }
  })
  return { kappa, steps: steps.toSorted((one, other) => other.liftLow - one.liftLow) }
}

/**
 * κ by golden section on its logarithm, between a hundredth of a customer and a million. The likelihood has one
 * peak, or rises to an end: at the upper one nothing differs from its base rate, at the lower one nothing is
 * like it.
 */
function likeliestKappa(pairs: readonly FollowedPair[]): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let low = Math.log(1e-2)
  let high = Math.log(1e6)
  while (high - low > 1e-6) {
    const left = high - golden * (high - low)
    const right = low + golden * (high - low)
    if (marginal(pairs, Math.exp(left)) > marginal(pairs, Math.exp(right))) high = right
    else low = left
  }
  return Math.exp((low + high) / 2)
}

/** Σ ln B(n_AB + κp, n_A − n_AB + κ(1−p)) − ln B(κp, κ(1−p)). */
function marginal(pairs: readonly FollowedPair[], kappa: number): number {
  let sum = 0
  for (const { n, hits, base } of pairs) {
    const a = kappa * base
    const b = kappa * (1 - base)
    sum += logBeta(hits + a, n - hits + b) - logBeta(a, b)
  }
  return sum
}

/** P(X ≥ hits) of a binomial, exactly: as an incomplete beta function. */
function atLeast(hits: number, n: number, p: number): number {
  return hits === 0 ? 1 : incompleteBeta(p, hits, n - hits + 1)
}

/** By bisection. */
function betaQuantile(p: number, a: number, b: number): number {
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (incompleteBeta(middle, a, b) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

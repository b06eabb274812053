import type { GroupedHistories, History } from './histories.ts'
import type { ReturnModel } from './model.ts'

type Name = 'r' | 'alpha' | 's' | 'beta'
type Parameters = Record<Name, number>

/**
 * Pareto/NBD: customers buy at their own steady rate (gamma: r, α) and leave at any moment at their own
 * steady rate (gamma: s, β). Schmittlein, Morrison & Colombo 1987, Management Science 33(1); likelihood as in
 * Fader & Hardie 2005, "A note on deriving the Pareto/NBD model".
 * Checked on CDNOW: r .553, α 10.578, s .606, β 11.669, log-likelihood −9594.98.
 */
export const paretoNbd: ReturnModel<Name> = {
  name: 'Pareto/NBD',
  parameters: ['r', 'alpha', 's', 'beta'],
  leaving: ['s', 'beta'],
  starts: (typical) => [
    { r: 0.5, alpha: typical / 3, s: 0.5, beta: typical / 3 },
    { r: 1, alpha: typical, s: 0.1, beta: typical },
    { r: 2, alpha: typical / 2, s: 2, beta: typical * 2 },
  ],
  logLikelihood,
  alive,
  expected,
  expectedOfNew: ({ r, alpha, s, beta }, span) => (r / alpha) * timeAsCustomer(s, beta, span),
}

/** ln L = ln Γ(r+x)/Γ(r) + r ln α + s ln β/(β+T) − (r+x) ln(α+T) + ln(1 + the odds of having left). */
function logLikelihood(histories: GroupedHistories, logs: Float64Array, slope: Float64Array): number {
  const [r, alpha, s, beta] = Array.from(logs, Math.exp) as [number, number, number, number]
  const parameters = { r, alpha, s, beta }
  const { count, returns, last, observed, times, most } = histories
  const gamma = new Float64Array(most + 1)
  const byRate = new Float64Array(most + 1)
  gamma[0] = r * Math.log(alpha)
  byRate[0] = Math.log(alpha)
  for (let x = 0; x < most; x++) {
    gamma[x + 1] = (gamma[x] as number) + Math.log(r + x)
    byRate[x + 1] = (byRate[x] as number) + 1 / (r + x)
  }
  const logBeta = Math.log(beta)
  let total = 0
  const slopes = { r: 0, alpha: 0, s: 0, beta: 0 }
  for (let i = 0; i < count.length; i++) {
    const weight = count[i] as number
    const x = returns[i] as number
    const to = times[observed[i] as number] as number
    const buys = r + x
    const logA = Math.log(alpha + to)
    const logB = Math.log(beta + to)
    const left = leftBetween(parameters, x, times[last[i] as number] as number, to)
    const gone = 1 / (1 + Math.exp(-left.logOdds))
    const either = left.logOdds > 0 ? left.logOdds - Math.log(gone) : Math.log1p(Math.exp(left.logOdds))
    total += weight * ((gamma[x] as number) + s * (logBeta - logB) - buys * logA + either)
    slopes.r += weight * ((byRate[x] as number) - logA + gone * (logA - left.logAlpha))
    slopes.alpha +=
      weight * (r / alpha + buys * (gone * (1 / (alpha + to) - left.perAlpha) - 1 / (alpha + to)))
    slopes.s += weight * (logBeta - logB + gone * (1 / s + logB - left.logBeta))
    slopes.beta += weight * (s / beta - s / (beta + to) + gone * (s / (beta + to) - (s + 1) * left.perBeta))
  }
  slope[0] = slopes.r * r
  slope[1] = slopes.alpha * alpha
  slope[2] = slopes.s * s
  slope[3] = slopes.beta * beta
  return total
}

function alive(parameters: Parameters, { returns, last, observed }: History): number {
  return 1 / (1 + Math.exp(leftBetween(parameters, returns, last, observed).logOdds))
}

/** P(still a customer) × the rate to expect × the time as a customer to expect within the span. */
function expected(parameters: Parameters, history: History, span: number): number {
  const { r, alpha, s, beta } = parameters
  const rate = (r + history.returns) / (alpha + history.observed)
  return alive(parameters, history) * rate * timeAsCustomer(s, beta + history.observed, span)
}

/** The mean time until leaving or the end of the span, leaving at a rate ~ gamma(s, beta). */
function timeAsCustomer(s: number, beta: number, span: number): number {
  if (!(span > 0)) return 0
  const log = Math.log(beta / (beta + span))
  const bent = (s - 1) * log
  return beta * (Math.abs(bent) < 1e-9 ? -log * (1 + bent / 2) : -Math.expm1(bent) / (s - 1))
}

/** Having left between the last purchase and the end: its odds, and means over when it may have been. */
interface Left {
  logOdds: number
  /** Means of ln(α+t), 1/(α+t), ln(β+t) and 1/(β+t) over the time t of leaving: the slopes need them. */
  logAlpha: number
  perAlpha: number
  logBeta: number
  perBeta: number
}

/**
 * How much likelier it is that the customer left between the last purchase and the end than not:
 *   s · (α+T)^(r+x) · (β+T)^s · ∫ (α+t)^−(r+x) · (β+t)^−(s+1) dt, t from t_x to T.
 * The usual form has two values of ₂F₁ here, whose difference loses its digits and which overflow for many
 * purchases. Over u = ln(β+t) the integral is of a smooth falling function: Gauss–Legendre with eight points
 * on pieces in which it falls to no less than e⁻⁴, until what is left is below rounding.
 */
function leftBetween({ r, alpha, s, beta }: Parameters, x: number, from: number, to: number): Left {
  const buys = r + x
  const start = Math.log(beta + from)
  const end = Math.log(beta + to)
  const logStart = Math.log(alpha + from)
  let sum = 0
  let logAlpha = 0
  let perAlpha = 0
  let logBeta = 0
  let perBeta = 0
  for (let left = start; left < end; ) {
    let width = Math.min(end - left, 1, 4 / fall(left))
    width = Math.min(width, 4 / fall(left + width))
    const before = sum
    for (let i = 0; i < nodes.length; i++) {
      const u = left + (width / 2) * (1 + (nodes[i] as number))
      const time = Math.exp(u)
      const log = Math.log(alpha - beta + time)
      const part = width * (weights[i] as number) * Math.exp(-s * (u - start) - buys * (log - logStart))
      sum += part
      logAlpha += part * log
      perAlpha += part / (alpha - beta + time)
      logBeta += part * u
      perBeta += part / time
    }
    left += width
    if (sum - before < 1e-16 * sum || left + width === left) break
  }
  if (sum === 0) return nowhere
  return {
    logOdds: Math.log((s * sum) / 2) + s * (end - start) + buys * (Math.log(alpha + to) - logStart),
    logAlpha: logAlpha / sum,
    perAlpha: perAlpha / sum,
    logBeta: logBeta / sum,
    perBeta: perBeta / sum,
  }

  /** How fast the logarithm falls at u. */
  function fall(u: number): number {
    const time = Math.exp(u)
    return s + buys * (time / (alpha - beta + time))
  }
}

/** No time in which to leave. */
const nowhere: Left = { logOdds: Number.NEGATIVE_INFINITY, logAlpha: 0, perAlpha: 0, logBeta: 0, perBeta: 0 }

/** The points and weights of Gauss–Legendre with eight points on [−1, 1] (Abramowitz & Stegun 25.4). */
const nodes = Float64Array.of(
  -0.9602898564975363,
  -0.7966664774136267,
  -0.525532409916329,
  -0.1834346424956498,
  0.1834346424956498,
  0.525532409916329,
  0.7966664774136267,
  0.9602898564975363,
)
const weights = Float64Array.of(
  0.1012285362903763,
  0.2223810344533745,
  0.3137066458778873,
  0.362683783378362,
  0.362683783378362,
  0.3137066458778873,
  0.2223810344533745,
  0.1012285362903763,
)

/** What is known of a customer who is still one: a gamma over the buying rate, a beta over the chance to leave. */
export interface Known {
  /** Shape of the gamma distribution. */
  rate: number
  /** Its rate, in units of time. */
  per: number
  leaves: number
  stays: number
}

/** Beyond a million purchases in the span the sum is cut short: too small then. */
const mostTerms = 1_000_000

/**
 * The purchases to expect within `span` of a customer who buys at the rate λ ~ gamma(rate, per) and leaves
 * after each with the chance p ~ beta(leaves, stays): the mean of (1 − e^(−λpt))/p.
 *
 * Fader, Hardie & Lee 2005 (eq. 10) write it with ₂F₁, which is 0/0 where a = 1 and overflows for customers
 * with many purchases. The same is a sum of positive terms, each at most 1: with N the purchases there would
 * be if nobody left (negative binomial), Σ P(N > j) · E(1−p)^j over j ≥ 0. Good to eleven digits.
 * Checked on CDNOW's first customer: 1.226.
 */
export function expectedUntilLeaving({ rate, per, leaves, stays }: Known, span: number): number {
  if (!(span > 0)) return 0
  const z = span / (per + span)
  // P(N = j); in logarithms as long as it is too small for a number.
  let log = rate * Math.log(per / (per + span))
  let chance = log < -700 ? 0 : Math.exp(log)
  const enough = 1e-12 * (1 - z) ** 2
  let more = 1
  let stayed = 1
  let sum = 0
  for (let j = 0; j < mostTerms; j++) {
    more = Math.max(0, more - chance)
    sum += more * stayed
    stayed *= (stays + j) / (leaves + stays + j)
    const ratio = ((rate + j) / (j + 1)) * z
    if (chance === 0) {
      log += Math.log(ratio)
      if (log > -700) chance = Math.exp(log)
    } else {
      chance *= ratio
      // What remains is at most about chance/(1 − z)².
      if (chance < enough && ratio < 1) break
    }
  }
  return sum
}

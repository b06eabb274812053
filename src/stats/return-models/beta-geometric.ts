import type { GroupedHistories, History } from './histories.ts'
import type { ReturnModel } from './model.ts'
import { expectedUntilLeaving } from './until-leaving.ts'

type Name = 'r' | 'alpha' | 'a' | 'b'
type Parameters = Record<Name, number>

/**
 * BG/NBD: customers buy at their own steady rate (over customers a gamma distribution, shape r, rate α) and
 * after each further purchase leave for good with their own chance (a beta distribution, a and b).
 * Fader, Hardie & Lee 2005, Marketing Science 24(2). It says of everyone who bought only once that they are
 * still a customer; MBG/NBD doesn't.
 * Checked on CDNOW: r .2426, α 4.4136, a .7929, b 2.4259, log-likelihood −9582.43.
 */
export const bgNbd = betaGeometric('BG/NBD', 0)

/**
 * MBG/NBD: as BG/NBD, but customers may leave after the first purchase too. Batislam, Denizel & Filiztekin
 * 2007, Int. J. of Research in Marketing 24(3); Hoppe & Wagner 2007.
 * Checked on CDNOW: r .5248, α 6.1831, a .8914, b 1.6140, log-likelihood −9582.14.
 */
export const mbgNbd = betaGeometric('MBG/NBD', 1)

/** `first`: how many chances to leave there are before the first return, 0 or 1. */
function betaGeometric(name: string, first: 0 | 1): ReturnModel<Name> {
  return {
    name,
    parameters: ['r', 'alpha', 'a', 'b'],
    leaving: ['a', 'b'],
    starts,
    logLikelihood,
    alive,
    expected,
    expectedOfNew,
  }

  function starts(typical: number): Parameters[] {
    return [
      { r: 0.5, alpha: typical / 4, a: 0.8, b: 2 },
      { r: 1, alpha: typical, a: 0.1, b: 1 },
      { r: 0.3, alpha: typical / 10, a: 2, b: 2 },
      { r: 3, alpha: typical / 2, a: 0.5, b: 10 },
    ]
  }

  /**
   * ln L of one customer with x, t_x, T, where k = x + first is how often they could have left and did not:
   *   ln Γ(r+x)/Γ(r) + r ln α − (r+x) ln(α+T) + ln B(a, b+k)/B(a, b)
   *   + ln(1 + a/(b+k−1) · ((α+T)/(α+t_x))^(r+x)), the last only where k > 0.
   * Ratios of Γ and B at whole distances are sums of logarithms, kept by x.
   */
  function logLikelihood(histories: GroupedHistories, logs: Float64Array, slope: Float64Array): number {
    const [r, alpha, a, b] = Array.from(logs, Math.exp) as [number, number, number, number]
    const { count, returns, last, observed, times } = histories
    const { base, byRate, byA, byB, leave } = byReturns(histories.most, r, alpha, a, b)
    const logTimes = times.map((time) => Math.log(alpha + time))
    const inverse = times.map((time) => 1 / (alpha + time))
    let total = 0
    let slopeR = 0
    let slopeAlpha = 0
    let slopeA = 0
    let slopeB = 0
    for (let i = 0; i < count.length; i++) {
      const weight = count[i] as number
      const x = returns[i] as number
      const from = last[i] as number
      const to = observed[i] as number
      const logT = logTimes[to] as number
      const gap = logT - (logTimes[from] as number)
      const power = r + x
      // How much likelier, in logarithms, it is that the customer left after the last purchase than not.
      const odds = (leave[x] as number) + power * gap
      let gone = 0
      let either = 0
      if (odds > 0) {
        const small = Math.exp(-odds)
        gone = 1 / (1 + small)
        either = odds + Math.log1p(small)
      } else if (odds > -700) {
        const small = Math.exp(odds)
        gone = small / (1 + small)
        either = Math.log1p(small)
      }
      const here = inverse[to] as number
      total += weight * ((base[x] as number) - power * logT + either)
      slopeR += weight * ((byRate[x] as number) - logT + gone * gap)
      slopeAlpha += weight * (r / alpha + power * (gone * (here - (inverse[from] as number)) - here))
      slopeA += weight * ((byA[x] as number) + gone / a)
      slopeB += weight * ((byB[x] as number) - (x + first === 0 ? 0 : gone / (b + x + first - 1)))
    }
    slope[0] = slopeR * r
    slope[1] = slopeAlpha * alpha
    slope[2] = slopeA * a
    slope[3] = slopeB * b
    return total
  }

  /** The parts of the likelihood and of its slopes that depend on the number of returns alone. */
  function byReturns(most: number, r: number, alpha: number, a: number, b: number) {
    const base = new Float64Array(most + 1)
    const byRate = new Float64Array(most + 1)
    const byA = new Float64Array(most + 1)
    const byB = new Float64Array(most + 1)
    const leave = new Float64Array(most + 1)
    let gamma = r * Math.log(alpha)
    let rate = Math.log(alpha)
    let stayed = first === 0 ? 0 : -Math.log1p(a / b)
    let stayedA = first === 0 ? 0 : -1 / (a + b)
    let stayedB = first === 0 ? 0 : 1 / b - 1 / (a + b)
    for (let x = 0; x <= most; x++) {
      base[x] = gamma + stayed
      byRate[x] = rate
      byA[x] = stayedA
      byB[x] = stayedB
      const k = x + first
      leave[x] = k === 0 ? Number.NEGATIVE_INFINITY : Math.log(a / (b + k - 1))
      gamma += Math.log(r + x)
      rate += 1 / (r + x)
      stayed -= Math.log1p(a / (b + k))
      stayedA -= 1 / (a + b + k)
      stayedB += 1 / (b + k) - 1 / (a + b + k)
    }
    return { base, byRate, byA, byB, leave }
  }

  function alive({ r, alpha, a, b }: Parameters, { returns: x, last, observed }: History): number {
    const k = x + first
    if (k === 0) return 1
    const odds = Math.log(a / (b + k - 1)) + (r + x) * Math.log((alpha + observed) / (alpha + last))
    return 1 / (1 + Math.exp(odds))
  }

  function expected(parameters: Parameters, history: History, span: number): number {
    const { r, alpha, a, b } = parameters
    const { returns: x, observed } = history
    return (
      alive(parameters, history) *
      expectedUntilLeaving({ rate: r + x, per: alpha + observed, leaves: a, stays: b + x + first }, span)
    )
  }

  /** Someone new has already passed the chance to leave at once, in the share b/(a+b) of cases, if there is one. */
  function expectedOfNew({ r, alpha, a, b }: Parameters, span: number): number {
    const stayed = first === 0 ? 1 : b / (a + b)
    return stayed * expectedUntilLeaving({ rate: r, per: alpha, leaves: a, stays: b + first }, span)
  }
}

import { cannotTell, type Told } from './cannot-tell.ts'
import { z95 } from './proportions.ts'

/** The one-sided 80 % point of the normal distribution: the usual power. */
const z80 = 0.8416212335729143

/** More customers, or weeks, than there will ever be. */
const mostCustomers = 1e12

/**
 * How many are needed with the share `b` to see, 80 times in 100, that it differs from the share `a` of
 * `ratio` times as many others (two-sided 5 % test, unpooled variance; Fleiss 1981, without continuity
 * correction). Rounded: 10 against 12 % of as many needs 3,838. Endless where the shares are equal.
 */
export function needed(a: number, b: number, ratio = 1): number {
  const variance = b * (1 - b) + (a * (1 - a)) / ratio
  return Math.round(((z95 + z80) ** 2 * variance) / (a - b) ** 2)
}

/**
 * How many are needed on each side to see, 80 times in 100, that means differ by `difference` where single
 * values have the standard deviation `deviation` (two-sided 5 % t test; Guenther 1981). R's
 * power.t.test(delta = 1, sd = 1, power = .8) says 16.7, this 17.
 */
export function neededForMeans(difference: number, deviation: number): Told<number> {
  if (difference === 0 || !Number.isFinite(difference))
    return cannotTell('there is no difference to look for')
  if (!(deviation >= 0 && deviation < Number.POSITIVE_INFINITY))
    return cannotTell('it isn’t known how much values vary')
  const each = Math.ceil(2 * ((z95 + z80) * (deviation / difference)) ** 2 + z95 ** 2 / 4)
  return each <= mostCustomers ? each : cannotTell('the difference is too small ever to be seen')
}

/** The smallest rise of the share `a` that would be seen, 80 times in 100, with `n` on each side. */
export function smallestRise(a: number, n: number): Told<number> {
  if (!(a >= 0 && a < 1)) return cannotTell('the share can’t rise')
  // Below ten the normal approximation behind `needed` means nothing.
  if (!(n >= 10)) return cannotTell('fewer than 10 on each side show nothing', 10)
  let low = a
  let high = 1
  if (needed(a, 1) > n) return cannotTell('even a rise to all of them would not be seen', needed(a, 1))
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (middle > a && needed(a, middle) <= n) high = middle
    else low = middle
  }
  return high - a
}

export interface Outlook {
  /** Customers needed on each side. */
  needed: number
  weeks: number
  /** It would take longer than anyone should wait: better not started than looked at early. */
  hopeless: boolean
  /** The rise that could be seen in the longest time allowed; null: none. */
  smallest: number | null
}

/**
 * What to say before a test of a share begins: how long until a rise from `share` by `rise` would be seen, with
 * so many customers a week going half to each side, and whether that is longer than `atMost` weeks.
 */
export function outlook(share: number, rise: number, aWeek: number, atMost = 26): Told<Outlook> {
  const after = share + rise
  if (!(share >= 0 && after <= 1 && rise > 0))
    return cannotTell('a rise of a share that stays below all of them is needed')
  if (!(aWeek > 0 && aWeek < Number.POSITIVE_INFINITY))
    return cannotTell('no customers come by to be tested on')
  const each = needed(share, after)
  const weeks = Math.ceil((2 * each) / aWeek)
  if (!(each <= mostCustomers && weeks <= mostCustomers))
    return cannotTell('the rise is too small ever to be seen')
  const smallest = smallestRise(share, Math.floor((aWeek * atMost) / 2))
  return {
    needed: each,
    weeks,
    hopeless: weeks > atMost,
    smallest: typeof smallest === 'number' ? smallest : null,
  }
}

import { z95 } from './proportions.ts'

/** The one-sided 80 % point of the normal distribution: the usual power. */
const z80 = 0.8416212335729143

/**
 * How many are needed with the share `b` to see, 80 times in 100, that it differs from the share `a` of
 * `ratio` times as many others (two-sided 5 % test, unpooled variance; Fleiss 1981, without continuity
 * correction). Rounded: 10 against 12 % of as many needs 3,838.
 */
export function needed(a: number, b: number, ratio = 1): number {
  const variance = b * (1 - b) + (a * (1 - a)) / ratio
  return Math.round(((z95 + z80) ** 2 * variance) / (a - b) ** 2)
}

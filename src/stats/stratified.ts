import { cannotTell, type Told } from './cannot-tell.ts'
import { normalTwoSided } from './distributions.ts'
import { type Difference, z95 } from './proportions.ts'

/** A layer of equals: of `n` with and of `without.n` without, how many it happened to. */
export interface Layer {
  with: { hits: number; n: number }
  without: { hits: number; n: number }
}

/**
 * The difference of two shares among equals: within layers and then averaged with Mantel and Haenszel's
 * weights, so that layers in which only one side has anybody say nothing. 95 % interval and p value with
 * Sato's variance (Sato 1989, Biometrics 45), which holds for few large layers and for many thin ones.
 * Checked on the tolbutamide trial (two layers by age, Rothman's textbook): .0349, 90 % −.018 to .087.
 */
export function differenceAmongEquals(layers: readonly Layer[]): Told<Difference & { p: number; n: number }> {
  let weight = 0
  let sum = 0
  let paired = 0
  let own = 0
  let n = 0
  for (const { with: a, without: b } of layers) {
    const total = a.n + b.n
    if (a.n <= 0 || b.n <= 0) continue
    n += total
    weight += (a.n * b.n) / total
    sum += (a.hits * b.n - b.hits * a.n) / total
    paired += (a.n * a.n * b.hits - b.n * b.n * a.hits + (a.n * b.n * (b.n - a.n)) / 2) / (total * total)
    own += (a.hits * (b.n - b.hits) + b.hits * (a.n - a.hits)) / (2 * total)
  }
  if (weight === 0) return cannotTell('there are no equals to compare with')
  const value = sum / weight
  const variance = (value * paired + own) / (weight * weight)
  if (!(variance > 0)) return cannotTell('it happened to all of them or to none')
  const error = Math.sqrt(variance)
  return {
    value,
    low: Math.max(-1, value - z95 * error),
    high: Math.min(1, value + z95 * error),
    p: normalTwoSided(value / error),
    n,
  }
}

// Many comparisons at once: p values raised so that the whole family keeps its promise.

/**
 * Holm's adjusted p values (Holm 1979): the chance of even one false finding in the family stays below the
 * level at which they are read. Same order as given; values outside [0, 1] are taken as 1.
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1)
  let least = 0
  for (const [rank, { p, index }] of ordered(pValues).entries()) {
    least = Math.max(least, Math.min(1, p * (pValues.length - rank)))
    adjusted[index] = least
  }
  return adjusted
}

/**
 * Benjamini and Hochberg's adjusted p values (1995): among what is then called a finding, the expected share
 * of false ones stays below the level. Same order as given; values outside [0, 1] are taken as 1.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1)
  let most = 1
  for (const [rank, { p, index }] of [...ordered(pValues).entries()].toReversed()) {
    most = Math.min(most, (p * pValues.length) / (rank + 1))
    adjusted[index] = most
  }
  return adjusted
}

function ordered(pValues: readonly number[]): { p: number; index: number }[] {
  return pValues.map((p, index) => ({ p: p >= 0 && p <= 1 ? p : 1, index })).toSorted((a, b) => a.p - b.p)
}

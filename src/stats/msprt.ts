import { cannotTell, type Told } from './cannot-tell.ts'

/** One look at a running test: the difference so far and its standard error. */
export interface Look {
  difference: number
  error: number
}

export interface AlwaysValid {
  /** How much likelier the data are if there is some difference than if there is none, in natural logarithms. */
  logRatio: number
  /** Valid however often one has looked: the chance, were there no difference, that any look would say this much. */
  p: number
  /** Holds the truth at all looks together 95 times in 100 (or as `level` says). */
  low: number
  high: number
}

/**
 * A test one may look at every day and stop when one likes: the mixture sequential probability ratio test.
 * With V = error² and differences around `tau` expected,
 *   Λ = √(V/(V+τ²)) · exp(τ²d²/(2V(V+τ²))), p = min(1, 1/max Λ over the looks),
 *   interval d ± √(V(V+τ²)/τ² · (2 ln(1/α) + ln((V+τ²)/V))).
 * Robbins 1970; Johari, Koomen, Pekelis & Walsh 2022, Operations Research 70(3). `tau` must be fixed before
 * the test begins: the difference worth seeing is a good choice. Looks come in order of time; the interval is
 * that of the last.
 * Checked: d .03 with error and τ .01 → Λ 6.7088, p .1491.
 */
export function alwaysValid(looks: readonly Look[], tau: number, level = 0.95): Told<AlwaysValid> {
  if (!(tau > 0 && tau < Number.POSITIVE_INFINITY))
    return cannotTell('no difference worth seeing was set beforehand')
  const seen = looks.filter(
    ({ difference, error }) => countable(error / tau) && Math.abs(difference) <= 1e9 * error,
  )
  const last = seen.at(-1)
  if (!last) return cannotTell('there is no difference with a standard error yet')
  const most = seen.reduce((max, look) => Math.max(max, logRatio(look, tau)), Number.NEGATIVE_INFINITY)
  const spread = (last.error / tau) ** 2
  const half = last.error * Math.sqrt((1 + spread) * (2 * -Math.log(1 - level) + Math.log1p(1 / spread)))
  return {
    logRatio: logRatio(last, tau),
    p: Math.min(1, Math.exp(-most)),
    low: last.difference - half,
    high: last.difference + half,
  }
}

/** Neither nothing nor beyond all proportion to the difference worth seeing. */
function countable(error: number): boolean {
  return error >= 1e-9 && error <= 1e9
}

function logRatio({ difference, error }: Look, tau: number): number {
  const spread = (error / tau) ** 2
  return -0.5 * Math.log1p(1 / spread) + (difference / error) ** 2 / (2 * (1 + spread))
}

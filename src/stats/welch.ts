import { studentT } from './distributions.ts'
import type { Mean } from './means.ts'
import type { Difference } from './proportions.ts'

/**
 * The difference of two independent means, a − b, with Welch's interval (95 %): unequal variances, degrees
 * of freedom after Satterthwaite. Works from means with their t intervals, as meanOf and meanFrom give
 * them. Null when a side has fewer than two values.
 * Checked on R's `sleep` data: t.test(extra ~ group) → −1.58 (−3.3655, 0.2055), df 17.776.
 */
export function welch(a: Mean, b: Mean): Difference | null {
  if (a.value === null || b.value === null || a.n < 2 || b.n < 2) return null
  const [va, vb] = [squaredError(a), squaredError(b)]
  const value = a.value - b.value
  const variance = va + vb
  if (variance === 0) return { value, low: value, high: value }
  const degrees = variance ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1))
  const half = studentT(0.975, degrees) * Math.sqrt(variance)
  return { value, low: value - half, high: value + half }
}

function squaredError(mean: Mean): number {
  const half = ((mean.high ?? 0) - (mean.low ?? 0)) / 2
  return (half / studentT(0.975, mean.n - 1)) ** 2
}

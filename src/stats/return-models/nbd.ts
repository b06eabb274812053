import type { GroupedHistories, History } from './histories.ts'
import type { ReturnModel } from './model.ts'

type Parameters = Record<'r' | 'alpha', number>

/**
 * NBD: customers buy at their own steady rate (over customers a gamma distribution, shape r, rate α) and
 * nobody ever leaves (Ehrenberg 1959): what the models with leaving have to beat. The likelihood is that of
 * the times of purchase, so it compares with theirs.
 * Checked on CDNOW: r .385, α 12.072, log-likelihood −9763.7 (Fader, Hardie & Lee 2005).
 */
export const nbd: ReturnModel<'r' | 'alpha'> = {
  name: 'NBD',
  parameters: ['r', 'alpha'],
  leaving: [],
  starts: (typical) => [
    { r: 0.5, alpha: typical / 2 },
    { r: 3, alpha: typical },
  ],
  logLikelihood,
  alive: () => 1,
  expected: ({ r, alpha }: Parameters, { returns, observed }: History, span) =>
    ((r + returns) / (alpha + observed)) * span,
  expectedOfNew: ({ r, alpha }: Parameters, span) => (r / alpha) * span,
}

/** ln L = ln Γ(r+x)/Γ(r) + r ln α − (r+x) ln(α+T). */
function logLikelihood(histories: GroupedHistories, logs: Float64Array, slope: Float64Array): number {
  const [r, alpha] = Array.from(logs, Math.exp) as [number, number]
  const { count, returns, observed, times, most } = histories
  const gamma = new Float64Array(most + 1)
  const rate = new Float64Array(most + 1)
  for (let x = 0; x < most; x++) {
    gamma[x + 1] = (gamma[x] as number) + Math.log(r + x)
    rate[x + 1] = (rate[x] as number) + 1 / (r + x)
  }
  const logAlpha = Math.log(alpha)
  let total = 0
  let slopeR = 0
  let slopeAlpha = 0
  for (let i = 0; i < count.length; i++) {
    const weight = count[i] as number
    const x = returns[i] as number
    const end = alpha + (times[observed[i] as number] as number)
    const log = Math.log(end)
    total += weight * ((gamma[x] as number) + r * logAlpha - (r + x) * log)
    slopeR += weight * ((rate[x] as number) + logAlpha - log)
    slopeAlpha += weight * (r / alpha - (r + x) / end)
  }
  slope[0] = slopeR * r
  slope[1] = slopeAlpha * alpha
  return total
}

import { z95 } from '../proportions.ts'
import type { ReturnFit } from './fit.ts'
import { type GroupedHistories, sampleOf } from './histories.ts'

export interface Forecast {
  customers: number
  /** Purchases to expect of all these customers together in the span. */
  expected: number
  /**
   * Where their number will lie 95 times in 100 if customers go on as before: from what the parameters leave
   * open and from chance. Null where the parameters' own uncertainty is not known.
   */
  low: number | null
  high: number | null
  /** How many of them are still customers, to expect. */
  stillCustomers: number
}

/** The slopes over the parameters are taken from about this many different histories. */
const sample = 4_000

/**
 * What these customers will buy in the `span` after what was seen of them (in the histories' unit of time).
 * The interval is the delta method's over the logarithms of the parameters, plus the spread of the customers'
 * own purchases, taken as those of a rate that is gamma distributed and a customer who is there or not.
 */
export function forecast<Name extends string>(
  fit: ReturnFit<Name>,
  histories: GroupedHistories,
  span: number,
): Forecast {
  const { expected, variance, alive } = added(fit, fit.parameters, histories, span)
  const error = parameterVariance(fit, histories, span)
  const half = error === null ? null : z95 * Math.sqrt(variance + error)
  return {
    customers: histories.customers,
    expected,
    low: half === null ? null : Math.max(0, expected - half),
    high: half === null ? null : expected + half,
    stillCustomers: alive,
  }
}

/** gᵀCg, g the slopes of the total over the logarithms of the parameters. */
function parameterVariance<Name extends string>(
  fit: ReturnFit<Name>,
  histories: GroupedHistories,
  span: number,
): number | null {
  if (fit.covariance === null) return null
  const some = sampleOf(histories, sample)
  const share = histories.customers / Math.max(1, some.customers)
  const step = 1e-4
  const slopes = fit.model.parameters.map((name) => {
    const moved = (by: number) => ({ ...fit.parameters, [name]: fit.parameters[name] * Math.exp(by) })
    const above = added(fit, moved(step), some, span).expected
    const below = added(fit, moved(-step), some, span).expected
    return (share * (above - below)) / (2 * step)
  })
  const variance = fit.covariance.reduce(
    (sum, row, i) =>
      sum + row.reduce((part, value, j) => part + (slopes[i] ?? 0) * value * (slopes[j] ?? 0), 0),
    0,
  )
  return Math.max(0, variance)
}

function added<Name extends string>(
  { model }: ReturnFit<Name>,
  parameters: Record<Name, number>,
  { count, returns, last, observed, times }: GroupedHistories,
  span: number,
) {
  const shape = (parameters as Record<string, number>)['r'] ?? 1
  let expected = 0
  let variance = 0
  let alive = 0
  for (let i = 0; i < count.length; i++) {
    const weight = count[i] as number
    const history = {
      returns: returns[i] as number,
      last: times[last[i] as number] as number,
      observed: times[observed[i] as number] as number,
    }
    const here = model.alive(parameters, history)
    const mean = model.expected(parameters, history, span)
    const ifHere = here > 0 ? mean / here : 0
    expected += weight * mean
    alive += weight * here
    variance +=
      weight * (here * (ifHere + ifHere * ifHere * (1 + 1 / (shape + history.returns))) - mean * mean)
  }
  return { expected, variance: Math.max(0, variance), alive }
}

// The same question for a yes or no whose chance is bent: effects that multiply odds, where the linear answer adds up
// shares. One logistic regression of everything; near it the likelihood is a weighted sum of squares
// (stats/mcfadden.ts), so that importance, differences and intervals follow as they do for shares. A
// regression for each of the 2^60 ways in which touchpoints could be asked would never end.
import { isTold, type Told } from '../../stats/cannot-tell.ts'
import { logistic, logOddsOf, sigmoid } from '../../stats/logistic.ts'
import { nearFit } from '../../stats/mcfadden.ts'
import { type Rows, selectColumns } from '../../stats/rows.ts'
import { type Design, inGroup } from './design.ts'

export interface Odds {
  /** The design's rows near the fit: weighted, the outcome in log-odds. */
  rows: Rows
  /** By how much a share of the weighted squares is to be multiplied to be a share of McFadden's R². */
  perShare: number
  /** What a unit of log-odds is in shares, on average over the buyers: mean p(1 − p). */
  perLogOdds: number
  /** The columns foretell the outcome without a fault: a row of doubt holds the odds. */
  separated: boolean
}

export function oddsOf({ rows, controls, groups }: Design): Told<Odds> {
  const used = selectColumns(rows, [...controls, ...groups.flatMap(inGroup)])
  const fit = logistic(used, { ridge: 1 })
  if (!isTold(fit)) return fit
  const logOdds = logOddsOf(used, fit)
  const near = nearFit(rows, logOdds)
  const variance = logOdds.reduce((sum, each) => sum + sigmoid(each) * (1 - sigmoid(each)), 0)
  const explained = explainedBy(near, logOdds)
  return {
    rows: near,
    perShare: explained > 0 ? fit.mcFadden / explained : 1,
    perLogOdds: variance / Math.max(1, rows.n),
    separated: fit.separated,
  }
}

/** R² of the weighted rows. */
function explainedBy({ outcome, weights }: Rows, logOdds: Float64Array): number {
  const [ofFit, ofOutcome] = [logOdds, outcome].map((values) => {
    let [n, sum, squares] = [0, 0, 0]
    for (let row = 0; row < values.length; row++) {
      const weight = weights ? (weights[row] as number) : 1
      const value = values[row] as number
      n += weight
      sum += weight * value
      squares += weight * value * value
    }
    return n > 0 ? squares - (sum * sum) / n : 0
  })
  return ofFit !== undefined && ofOutcome !== undefined && ofOutcome > 0 ? ofFit / ofOutcome : 0
}

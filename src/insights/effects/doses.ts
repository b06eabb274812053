import { doseEdges } from '../../stats/dose-response.ts'
import type { Cases } from './cases.ts'
import { estimateOf, type Observed } from './compare.ts'
import type { Estimate, Figures } from './schema.ts'

/** A bin with fewer than this is only counted. */
const fewestInBin = 5

/** By how far off it was: the outcomes in bins of the gap, none of them across the promise. */
export function dosesOf(cases: Cases, rated: Observed, back: Observed): Figures['doses'] {
  const gaps = (observed: Observed) => Float64Array.from(observed.cases, (row) => cases.gap[row] as number)
  const [ratedGaps, backGaps] = [gaps(rated), gaps(back)]
  const edges = doseEdges(
    [...ratedGaps, ...backGaps].filter((gap) => !Number.isNaN(gap)).map((gap) => ({ gap })),
  )
  const within = (values: Float64Array, gaps: Float64Array, from: number | null, to: number | null) =>
    values.filter((_, row) => {
      const gap = gaps[row] as number
      return gap >= (from ?? Number.NEGATIVE_INFINITY) && gap <= (to ?? Number.POSITIVE_INFINITY)
    })
  return edges
    .map(([from, to]) => ({
      from,
      to,
      rating: drawn(estimateOf('rating', within(rated.values, ratedGaps, from, to))),
      cameBack: drawn(estimateOf('cameBack', within(back.values, backGaps, from, to))),
    }))
    .filter(({ rating, cameBack }) => rating.n > 0 || cameBack.n > 0)
}

function drawn(estimate: Estimate): Estimate {
  return estimate.n < fewestInBin ? { n: estimate.n, value: null, low: null, high: null } : estimate
}

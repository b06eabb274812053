// What goes along with choosing against what goes along with being validated: the shares of importance of the same
// touchpoints, before the sale, in two questions with a landmark each. Choosing: among all who asked or were
// courted and had not bought by their landmark, who buys after it; buyers alone would say nothing of choosing, and
// whoever bought by the landmark had less time to meet anything. Being validated: among buyers, who has the outcome
// after theirs. The same person may be in both: blocks are made from the customer's number, so that a draw takes the
// same people in both.
import type { Draws } from '../../stats/block-moments.ts'
import { percentileInterval } from '../../stats/bootstrap.ts'
import { cannotTell, isTold, type Told } from '../../stats/cannot-tell.ts'
import {
  type Importance,
  type ImportanceDifference,
  importanceDifferences,
  importanceFromDraws,
  relativeShares,
} from '../../stats/importance.ts'
import type { Column, Columns } from '../../store/projection-columns.ts'
import { measureActivity, type TouchpointKind } from './activity.ts'
import { type Buyers, column, enteringBuyers, picked } from './buyers.ts'
import { type Design, designOf, inGroup, type Met, metCounts } from './design.ts'
import { drawn } from './draws.ts'
import type { Sums } from './levels.ts'
import { touchedBy } from './touched.ts'

export interface Population {
  people: Columns<Column>
  touches: Columns<Column>
}

export interface EstimatedSide {
  n: number
  leftOut: Buyers['leftOut']
  outcome: Sums
  /** Share of the outcome's variance that the touchpoints go along with, less chance; and why there is none. */
  explained: Told<{ value: number; low: number }>
}

export interface EstimatedCriterion {
  id: number
  /** Met by so many, among those who might choose and among buyers. */
  met: { choosing: number; validated: number }
  /** Of all that touchpoints before the sale go along with; null where it could not be weighed in both. */
  choosing: Weight | null
  validated: Weight | null
  /** Choosing less validated. p after Holm's adjustment. */
  difference: (Weight & { p: number }) | null
}

interface Weight {
  value: number
  low: number
  high: number
}

export interface EstimatedCriteria {
  choosing: EstimatedSide
  validated: EstimatedSide
  touchpoints: EstimatedCriterion[]
  cannotTell: { words: 'choosing' | 'validated' | 'both'; why: string; needed: number | null } | null
}

interface Analysis {
  side: EstimatedSide
  met: Met[]
  design: Design
  draws: Told<Draws>
}

/** p from draws is never below 2 / (draws + 1): so many that Holm's adjustment leaves room for a finding. */
const fewestDraws = 1_000
const drawsPerTouchpoint = 50

export function criteriaOf(
  choosing: Population,
  validated: Population,
  touchpoints: readonly TouchpointKind[],
  seed: number,
  tell: (done: number, words: string) => void,
): EstimatedCriteria {
  const replicates = Math.max(fewestDraws, drawsPerTouchpoint * touchpoints.length)
  tell(0.92, 'Weighing what goes along with choosing')
  const a = analysis(choosing, touchpoints, replicates, seed)
  tell(0.95, 'Weighing the same among buyers')
  const b = analysis(validated, touchpoints, replicates, seed)
  const common = touchpoints.flatMap((_, place) => {
    const groups = [a, b].map(({ design }) => design.groups.find((each) => each.place === place))
    return groups[0] && groups[1] ? [{ place, choosing: groups[0], validated: groups[1] }] : []
  })
  const weigh = ({ draws, design }: Analysis, which: 'choosing' | 'validated') =>
    isTold(draws)
      ? beyondChance(
          importanceFromDraws(draws, {
            groups: common.map((each) => inGroup(each[which])),
            controls: design.controls,
            seed,
          }),
        )
      : draws
  const few = cannotTell('fewer than two touchpoints before the sale were met by enough in both')
  const weighed = [
    common.length < 2 ? few : weigh(a, 'choosing'),
    common.length < 2 ? few : weigh(b, 'validated'),
  ]
  const [ofChoosing, ofValidated] = weighed as [Told<Beyond>, Told<Beyond>]
  a.side.explained = isTold(ofChoosing) ? ofChoosing.explained : ofChoosing
  b.side.explained = isTold(ofValidated) ? ofValidated.explained : ofValidated
  const weights = [ofChoosing, ofValidated].map((each) => (isTold(each) ? weightsOf(each.importance) : null))
  const differences =
    isTold(ofChoosing) && isTold(ofValidated)
      ? importanceDifferences(ofChoosing.importance, ofValidated.importance)
      : null
  return {
    choosing: a.side,
    validated: b.side,
    touchpoints: touchpoints.map(({ id }, place) => {
      const group = common.findIndex((each) => each.place === place)
      const found = differences && isTold(differences) ? differences[group] : undefined
      return {
        id,
        met: { choosing: a.met[place]?.met ?? 0, validated: b.met[place]?.met ?? 0 },
        choosing: weights[0]?.[group] ?? null,
        validated: weights[1]?.[group] ?? null,
        difference: found
          ? { value: found.value, low: found.low, high: found.high, p: found.adjusted }
          : null,
      }
    }),
    cannotTell: why(ofChoosing, ofValidated, differences),
  }
}

function why(
  choosing: Told<Beyond>,
  validated: Told<Beyond>,
  differences: Told<ImportanceDifference[]> | null,
): EstimatedCriteria['cannotTell'] {
  if (isTold(choosing) && isTold(validated))
    return differences && !isTold(differences)
      ? { words: 'both', why: differences.cannotTell, needed: differences.needed ?? null }
      : null
  const first = isTold(choosing) ? validated : choosing
  if (isTold(first)) return null
  const words = isTold(choosing) ? 'validated' : isTold(validated) ? 'choosing' : 'both'
  return { words, why: first.cannotTell, needed: first.needed ?? null }
}

function analysis(
  { people, touches }: Population,
  touchpoints: readonly TouchpointKind[],
  replicates: number,
  seed: number,
): Analysis {
  const buyers = enteringBuyers(people, seed)
  const ids = column(people, 'customer_id')
  const touched = touchedBy(
    buyers,
    ids,
    touches,
    touchpoints.map(({ id }) => id),
  )
  const met = metCounts(touched, touchpoints.length)
  const activity = measureActivity(touched, touchpoints)
  const design = designOf(buyers, people, touched, met, activity)
  design.rows.units = Int32Array.from(picked(ids, buyers), blockOf)
  const sum = buyers.outcome.reduce((all, each) => all + each, 0)
  const squares = buyers.outcome.reduce((all, each) => all + each * each, 0)
  return {
    side: {
      n: buyers.n,
      leftOut: buyers.leftOut,
      outcome: { n: buyers.n, sum, squares },
      explained: cannotTell('nobody was counted'),
    },
    met,
    design,
    draws: drawn(design, replicates, seed),
  }
}

const blocks = 400

/** The same of 400 blocks for the same customer, wherever they are counted; neighbours lie in different ones. */
function blockOf(customer: number): number {
  let mixed = Math.imul(customer ^ (customer >>> 15), 0x2c1b3c6d)
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
  return ((mixed ^ (mixed >>> 15)) >>> 0) % blocks
}

interface Beyond {
  importance: Importance
  explained: { value: number; low: number }
}

/**
 * Shares less what pure chance gets: with it, what goes along with little would seem evenly shared out, and so
 * different from what goes along with much. A draw holds chance twice. Where all touchpoints together do no
 * better than chance there is nothing to share out.
 */
function beyondChance(importance: Told<Importance>): Told<Beyond> {
  if (!isTold(importance)) return importance
  const { replicates, groups } = importance
  const { width } = replicates
  const values = replicates.values.map((value, cell) => value - 2 * (groups[cell % width]?.chance ?? 0))
  const totals = Float64Array.from({ length: replicates.replicates }, (_, draw) =>
    values.subarray(draw * width, (draw + 1) * width).reduce((sum, each) => sum + each, 0),
  )
  const interval = percentileInterval({ replicates: totals.length, width: 1, values: totals }, 0)
  if (!isTold(interval)) return interval
  const value = groups.reduce((sum, { share, chance }) => sum + share - chance, 0)
  if (!(value > 0 && interval.low > 0))
    return cannotTell('no more goes along with it than chance would bring')
  return {
    importance: {
      ...importance,
      groups: groups.map((group) => ({ ...group, share: group.share - group.chance })),
      replicates: { ...replicates, values },
    },
    explained: { value, low: interval.low },
  }
}

function weightsOf(importance: Importance): Weight[] | null {
  const relative = relativeShares(importance)
  if (!relative) return null
  const { shares, replicates } = relative
  return shares.flatMap((value, group) => {
    const interval = percentileInterval(replicates, group)
    return isTold(interval) ? [{ value, ...interval }] : []
  })
}

// The long arithmetic of touchpoint analysis, in a thread of its own: from the rows of two queries to what goes
// along with what, each with its interval.
import type { Draws } from '../../stats/block-moments.ts'
import { drawCounts } from '../../stats/bootstrap.ts'
import { isTold, type Told } from '../../stats/cannot-tell.ts'
import { type GroupImportance, importanceFromDraws } from '../../stats/importance.ts'
import { centred } from '../../stats/moments.ts'
import { type PenaltyReward, penaltyRewardFrom } from '../../stats/penalty-reward.ts'
import { type Performance, type Quadrant, quadrants } from '../../stats/quadrants.ts'
import type { Column, Columns } from '../../store/projection-columns.ts'
import { measureActivity, type TouchpointKind } from './activity.ts'
import { type Contrast, contrasts, type Difference } from './contrasts.ts'
import { criteriaOf, type EstimatedCriteria, type Population } from './criteria.ts'
import {
  type Design,
  designOf,
  fewestEach,
  type GroupColumns,
  inGroup,
  type Met,
  metCounts,
} from './design.ts'
import { drawn } from './draws.ts'
import { type Feeling, type LevelSums, Levels, type Sums } from './levels.ts'
import { oddsOf } from './odds.ts'
import { type Buyers, column, enteringBuyers, picked, touchedBy } from './touched.ts'

export interface EstimateInput {
  buyers: Columns
  touches: Columns<Column>
  touchpoints: TouchpointKind[]
  /** How a yes or no is weighed: in shares, or in odds. Default: in shares. */
  model?: Model
  /** Who might choose, and the touchpoints before the sale: weighed for choosing against the outcome. */
  choosing?: { people: Population; touchpoints: TouchpointKind[] } | undefined
  replicates?: number
  seed?: number
}

export type Model = 'linear' | 'logistic'

export interface Estimated {
  n: number
  /** Odds: what touchpoints and controls decide without a fault, so that odds are held by a row of doubt. */
  separated: boolean
  leftOut: Buyers['leftOut']
  /** In whom the outcome had happened by the landmark already: they stay in, and are compared with each other. */
  early: number
  outcome: Sums
  period: Design['period']
  /** Touchpoints whose steps show how busy a customer is, and how much of that is no chance. */
  activity: { touchpoints: number[]; reliability: number }
  touchpoints: EstimatedTouchpoint[]
  /** Shares of the outcome's variance; and why there are none. */
  explained: Told<{ r2: number; r2Controls: number }>
  criteria: EstimatedCriteria | null
}

export interface EstimatedTouchpoint extends Met, Differences {
  id: number
  said: LevelSums
  inferred: LevelSums
  outcomes: Record<Feeling, Sums>
  /** Null where too few met it or didn't. */
  importance: EstimatedImportance | null
}

export interface EstimatedImportance {
  /** Shares of the outcome's variance. */
  share: number
  low: number
  high: number
  /** What pure chance would be expected to get. */
  chance: number
  rank: number
  plausibleRanks: { low: number; high: number }
  /** Where nearly all draws put it: matters more than touchpoints do on average, goes well. */
  place: Pick<Quadrant, 'important' | 'good'> | null
}

/** Between equals; null where it can't be told. */
interface Differences {
  /** Having met it against not having met it. */
  meeting: Told3
  /** Having felt well there against badly. */
  feeling: Told3
  /** Having felt badly, or well, against having met it and neither. */
  penalty: Told3
  reward: Told3
  /** Whether bad or good weighs more; null where either can't be told. */
  penaltyReward: Told<PenaltyReward> | null
  /** Touchpoints that nearly the same buyers met. */
  twins: number[]
}
type Told3 = Omit<Difference, 'moves'> | null

export function estimate(
  {
    buyers: columns,
    touches,
    touchpoints,
    model = 'linear',
    choosing,
    replicates = 200,
    seed = 1,
  }: EstimateInput,
  tell: (done: number, words: string) => void = () => {},
): Estimated {
  const buyers = enteringBuyers(columns, seed)
  tell(0.45, `Following ${buyers.n.toLocaleString('en')} buyers`)
  const ids = touchpoints.map(({ id }) => id)
  const touched = touchedBy(buyers, column(columns, 'customer_id'), touches, ids)
  const met = metCounts(touched, touchpoints.length)
  const activity = measureActivity(touched, touchpoints)
  const design = designOf(buyers, columns, touched, met, activity)
  tell(0.6, 'Adding up who met what')
  if (model === 'logistic') tell(0.62, 'Fitting the odds')
  const odds = model === 'logistic' ? oddsOf(design) : null
  const draws =
    odds && !isTold(odds) ? odds : drawn(odds ? { ...design, rows: odds.rows } : design, replicates, seed)
  const levels = new Levels(buyers, touched, touchpoints.length, isTold(draws) ? draws.blocks : 1)
  tell(0.75, 'Sharing out what goes along')
  const importance = isTold(draws)
    ? importanceFromDraws(draws, { groups: design.groups.map(inGroup), controls: design.controls, seed })
    : draws
  const [perShare, perUnit] = odds && isTold(odds) ? [odds.perShare, odds.perLogOdds] : [1, 1]
  tell(0.9, 'Comparing with equals')
  const differences = isTold(draws) ? differencesOf(draws, design, met, ids, perUnit) : []
  const places = isTold(importance)
    ? quadrants(importance, performanceOf(levels, design.groups, replicates, seed), { mark: 0 })
    : []
  return {
    n: buyers.n,
    separated: odds !== null && isTold(odds) && odds.separated,
    leftOut: buyers.leftOut,
    early: picked(column(columns, 'early'), buyers).filter((each) => each === 1).length,
    outcome: {
      n: buyers.n,
      sum: buyers.outcome.reduce((sum, each) => sum + each, 0),
      squares: buyers.outcome.reduce((sum, each) => sum + each * each, 0),
    },
    period: design.period,
    activity: {
      touchpoints: activity.touchpoints.map(({ place }) => ids[place] ?? 0),
      reliability: activity.reliability,
    },
    touchpoints: ids.map((id, place) => {
      const group = design.groups.findIndex((each) => each.place === place)
      const share = isTold(importance) ? importance.groups[group] : undefined
      return {
        id,
        ...(met[place] as Met),
        ...levels.at(place),
        importance: share ? { ...scaled(share, perShare), place: placeOf(places[group]) } : null,
        ...(differences[group] ?? {
          meeting: null,
          feeling: null,
          penalty: null,
          reward: null,
          penaltyReward: null,
          twins: [],
        }),
      }
    }),
    explained: isTold(importance)
      ? { r2: importance.r2 * perShare, r2Controls: importance.r2Controls * perShare }
      : importance,
    criteria: choosing
      ? criteriaOf(choosing.people, { people: columns, touches }, choosing.touchpoints, seed, tell)
      : null,
  }
}

function scaled(importance: GroupImportance, by: number): GroupImportance {
  const { share, low, high, chance } = importance
  return { ...importance, share: share * by, low: low * by, high: high * by, chance: chance * by }
}

/**
 * A touchpoint's differences are between buyers who are equal in the controls and in what they met before it on the
 * map. What comes later may be its consequence (a bad review of a late delivery) and is left out.
 */
function differencesOf(
  draws: Draws,
  design: Design,
  met: readonly Met[],
  ids: readonly number[],
  perUnit: number,
): Differences[] {
  const twins = twinsOf(draws, design.groups)
  const { n } = design.rows
  const found = contrasts(
    draws,
    design.groups.map((group, index) => ({
      columns: [
        ...design.controls,
        ...design.groups
          .slice(0, index)
          .flatMap((each) => (twins[index]?.includes(each.place) ? [] : inGroup(each))),
        ...inGroup(group),
      ],
      wanted: contrastsOf(group, met[group.place] as Met),
      less: [design.activity.level],
    })),
  )
  const shown = (difference: Difference | null | undefined): Told3 => {
    if (!difference) return null
    const { value, low, high, p, less } = difference
    return {
      value: value * perUnit,
      low: low * perUnit,
      high: high * perUnit,
      p,
      less: less === null ? null : less * perUnit,
    }
  }
  return found.map(([meeting, feeling, penalty, reward], index) => ({
    meeting: shown(meeting),
    feeling: shown(feeling),
    penalty: shown(penalty),
    reward: shown(reward),
    penaltyReward: penalty && reward ? penaltyRewardFrom(penalty, reward, n) : null,
    twins: (twins[index] ?? []).map((place) => ids[place] ?? 0),
  }))
}

/** Touchpoints that are met by nearly the same buyers can't be told apart, and aren't compared at equal others. */
function twinsOf({ whole }: Draws, groups: readonly GroupColumns[]): number[][] {
  const { matrix, columns } = centred(whole)
  const product = (a: number, b: number) => matrix[a * (columns + 1) + b] as number
  return groups.map(({ met: own }) =>
    groups.flatMap(({ place, met: other }) =>
      own !== null &&
      other !== null &&
      own !== other &&
      product(own, other) ** 2 > alike * product(own, own) * product(other, other)
        ? [place]
        : [],
    ),
  )
}

/** Squared correlation from which on two touchpoints are met by nearly the same buyers. */
const alike = 0.8

/** The four contrasts of a touchpoint, in the order of Differences. */
function contrastsOf(group: GroupColumns, { met, bad, good }: Met): (Contrast | null)[] {
  const part = (column: number | null, weight: number) => (column === null ? [] : [{ column, weight }])
  const both = group.bad !== null && group.good !== null
  const neither = met - bad - good >= fewestEach
  return [
    // As those who met it felt there, on the whole.
    group.met === null
      ? null
      : [...part(group.met, 1), ...part(group.bad, bad / met), ...part(group.good, good / met)],
    both ? [...part(group.good, 1), ...part(group.bad, -1)] : null,
    neither && group.bad !== null ? part(group.bad, 1) : null,
    neither && group.good !== null ? part(group.good, 1) : null,
  ]
}

/** How it was at each touchpoint, measured and in the same draws as importance. */
function performanceOf(
  levels: Levels,
  groups: readonly GroupColumns[],
  replicates: number,
  seed: number,
): Performance {
  const values = new Float64Array(replicates * groups.length)
  const counts = new Float64Array(levels.blocks)
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawCounts(counts, seed, replicate)
    for (const [group, { place }] of groups.entries())
      values[replicate * groups.length + group] = levels.drawn(place, toldBy(levels, place), counts)
  }
  return {
    values: groups.map(({ place }) => {
      const { n, sum } = levels.at(place)[toldBy(levels, place)]
      return n >= fewestAnswers ? sum / n : null
    }),
    replicates: { replicates, width: groups.length, values },
  }
}

function placeOf(place: Told<Quadrant> | undefined): EstimatedImportance['place'] {
  return place && isTold(place) ? { important: place.important, good: place.good } : null
}

/** Fewer experiences than this are only counted. */
const fewestAnswers = 10

/** What customers said, where enough did; else what is inferred. */
function toldBy(levels: Levels, place: number): 'said' | 'inferred' {
  return levels.at(place).said.n >= fewestAnswers ? 'said' : 'inferred'
}

// What each touchpoint goes along with between equals, each with its interval: in the thread of the other arithmetic, or
// beside it in one of its own.
import { type BlockMoments, type Draws, drawBlocks } from '../../stats/block-moments.ts'
import type { Told } from '../../stats/cannot-tell.ts'
import { centred } from '../../stats/moments.ts'
import { type PenaltyReward, penaltyRewardFrom } from '../../stats/penalty-reward.ts'
import { type Contrast, contrasts, type Difference } from './contrasts.ts'
import { fewestEach, type GroupColumns, inGroup, type Met } from './design.ts'

/** Between equals; null where it can't be told. */
export interface Differences {
  /** Having met it against not having met it. */
  meeting: Equals
  /** Having felt well there against badly. */
  feeling: Equals
  /** Having felt badly, or well, against having met it and neither. */
  penalty: Equals
  reward: Equals
  /** Whether bad or good weighs more; null where either can't be told. */
  penaltyReward: Told<PenaltyReward> | null
  /** Touchpoints that nearly the same buyers met. */
  twins: number[]
}

export type Equals = Omit<Difference, 'moves'> | null

/** What is compared: the columns of each touchpoint, and what equals are equal in. */
export interface Compared {
  n: number
  groups: readonly GroupColumns[]
  controls: readonly number[]
  /** The column of activity. */
  level: number
  /** By place in the list of touchpoints. */
  met: readonly Met[]
  ids: readonly number[]
  /** Shares that a unit of the outcome is. */
  perUnit: number
}

export interface ComparedBlocks {
  dealt: BlockMoments
  replicates: number
  seed: number
  compared: Compared
}

/** From the blocks themselves, as a thread of its own is given them. */
export function differencesFromBlocks({ dealt, replicates, seed, compared }: ComparedBlocks): Differences[] {
  return differencesOf(drawBlocks(dealt, replicates, seed), compared)
}

/**
 * A touchpoint's differences are between buyers who are equal in the controls and in what they met before it on the
 * map. What comes later may be its consequence (a bad review of a late delivery) and is left out.
 */
export function differencesOf(
  draws: Draws,
  { n, groups, controls, level, met, ids, perUnit }: Compared,
): Differences[] {
  const twins = twinsOf(draws, groups)
  const found = contrasts(
    draws,
    groups.map((group, index) => ({
      columns: [
        ...controls,
        ...groups
          .slice(0, index)
          .flatMap((each) => (twins[index]?.includes(each.place) ? [] : inGroup(each))),
        ...inGroup(group),
      ],
      wanted: contrastsOf(group, met[group.place] as Met),
      less: [level],
    })),
  )
  const shown = (difference: Difference | null | undefined): Equals => {
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

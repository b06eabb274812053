// From the estimate to the answer: shares, means and differences with their intervals, what can't be told and how
// much would be needed, and which differences fall away between equals.
import { isTold } from '../../stats/cannot-tell.ts'
import { holm } from '../../stats/holm.ts'
import { meanFrom } from '../../stats/means.ts'
import { needed } from '../../stats/power.ts'
import { newcombe, wilson } from '../../stats/proportions.ts'
import { welch } from '../../stats/welch.ts'
import { change, fewestAnswers, type Level, part } from '../map/level.ts'
import { fewestEach } from './design.ts'
import type { Estimated, EstimatedTouchpoint } from './estimate.ts'
import type { LevelSums, Sums } from './levels.ts'
import type { Compared, Quadrant, TouchpointRelation } from './schema.ts'
import type { NamedTouchpoint } from './touchpoint-names.ts'

/** The difference worth seeing: 5 points, or a tenth of an experience. */
const worthSeeing = { share: 0.05, mean: 0.1 }
/** Between equals less than this part of what was counted is left. */
const fallsAway = 0.5

/** Every touchpoint of the map, in its order. */
export function relations(
  estimated: Estimated,
  named: readonly NamedTouchpoint[],
  yesNo: boolean,
): TouchpointRelation[] {
  const all = estimated.touchpoints.map((each, index) =>
    relation(estimated, each, named, named[index] as NamedTouchpoint, yesNo),
  )
  const compared = all.flatMap(({ meeting, feeling }) => [meeting, feeling].filter((each) => each.p !== null))
  const adjusted = holm(compared.map(({ p }) => p ?? 1))
  for (const [index, each] of compared.entries()) each.p = adjusted[index] ?? 1
  return all
}

function relation(
  estimated: Estimated,
  own: EstimatedTouchpoint,
  named: readonly NamedTouchpoint[],
  { id, name, stage, side, by }: NamedTouchpoint,
  yesNo: boolean,
): TouchpointRelation {
  const { met, bad, good } = own.outcomes
  const rest = without(estimated.outcome, met)
  const shown = own.said.n >= fewestAnswers || own.inferred.n < fewestAnswers ? 'said' : 'inferred'
  const meeting = compared(met, rest, own.meeting, yesNo)
  const feeling = compared(good, bad, own.feeling, yesNo)
  const level = own[shown]
  return {
    id,
    name,
    stage,
    side,
    by,
    met: part(met.n, estimated.n),
    said: levelOf(own.said),
    inferred: levelOf(own.inferred),
    shown,
    good: part(level.good, level.n),
    bad: part(level.bad, level.n),
    importance: importanceOf(estimated, own),
    meeting,
    feeling,
    asymmetry: asymmetryOf(own),
    quadrant: quadrantOf(own.importance?.place ?? null),
    decoy: decoy(meeting),
    twins: own.twins.map((twin) => named.find((each) => each.id === twin)?.name ?? ''),
    cannotTell: cannotTell(estimated, own, yesNo),
  }
}

function without(all: Sums, some: Sums): Sums {
  return { n: all.n - some.n, sum: all.sum - some.sum, squares: all.squares - some.squares }
}

function compared(a: Sums, b: Sums, equals: EstimatedTouchpoint['meeting'], yesNo: boolean): Compared {
  const enough = a.n >= fewestAnswers && b.n >= fewestAnswers
  const plain = !enough
    ? null
    : yesNo
      ? newcombe(wilson(Math.round(a.sum), a.n), wilson(Math.round(b.sum), b.n))
      : welch(meanFrom(a.n, a.sum, a.squares), meanFrom(b.n, b.sum, b.squares))
  return {
    plain: change(plain),
    equals: equals && change({ value: equals.value, low: equals.low, high: equals.high }),
    withoutActivity: equals?.less ?? null,
    p: equals?.p ?? null,
  }
}

function levelOf({ n, sum, squares, good, bad }: LevelSums): Level {
  if (n < fewestAnswers) return { n, value: null, low: null, high: null, good, bad }
  const { value, low, high } = meanFrom(n, sum, squares)
  const within = (each: number | null) => (each === null ? null : Math.max(-1, Math.min(1, each)))
  return { n, value, low: within(low), high: within(high), good, bad }
}

function importanceOf(
  { explained }: Estimated,
  { importance }: EstimatedTouchpoint,
): TouchpointRelation['importance'] {
  if (!importance || !isTold(explained)) return null
  const all = explained.r2 - explained.r2Controls
  const { share, low, high, chance, rank, plausibleRanks } = importance
  return {
    share,
    low,
    high,
    chance,
    ofTouchpoints: all > 0 ? share / all : null,
    rank,
    bestRank: plausibleRanks.low,
    worstRank: plausibleRanks.high,
  }
}

function asymmetryOf({ penaltyReward }: EstimatedTouchpoint): TouchpointRelation['asymmetry'] {
  if (!penaltyReward || !isTold(penaltyReward) || !isTold(penaltyReward.asymmetry)) return null
  const { asymmetry, kind } = penaltyReward
  return { ...asymmetry, kind: isTold(kind) ? kind.kind : null }
}

function quadrantOf(place: NonNullable<EstimatedTouchpoint['importance']>['place']): Quadrant | null {
  if (!place) return null
  if (place.important) return place.good ? 'keep' : 'mend'
  return place.good ? 'fine' : 'minor'
}

function decoy({ plain, equals, withoutActivity }: Compared): TouchpointRelation['decoy'] {
  if (!plain?.tells || !equals || equals.tells) return null
  if (Math.abs(equals.value) > fallsAway * Math.abs(plain.value)) return null
  const lost = plain.value - equals.value
  return withoutActivity !== null && (withoutActivity - equals.value) / lost > 0.5 ? 'busy' : 'otherwise'
}

/** Met by almost nobody, or by almost everybody and never felt both ways: why, and how many would be enough. */
function cannotTell(
  { n, outcome, explained }: Estimated,
  { outcomes, meeting, feeling, twins }: EstimatedTouchpoint,
  yesNo: boolean,
): TouchpointRelation['cannotTell'] {
  if (meeting || feeling) return null
  if (!isTold(explained)) return { words: explained.cannotTell, needed: explained.needed ?? null }
  const met = outcomes.met.n
  if (twins.length > 0) return { words: 'it always goes with another', needed: null }
  if (met >= fewestEach && n - met >= fewestEach) return { words: 'it always goes with others', needed: null }
  const few = Math.min(met, n - met)
  return {
    words:
      met < fewestEach
        ? met === 0
          ? 'nobody met it in this time'
          : `only ${met} met it`
        : outcomes.bad.n + outcomes.good.n === 0
          ? n === met
            ? 'everybody met it, and nobody was asked'
            : `all but ${n - met} met it, and nobody was asked`
          : `all but ${n - met} met it, and too few felt badly or well there`,
    needed: enough(outcome, (n - few) / Math.max(1, few), yesNo),
  }
}

/** How many would have to meet it (or not), with so many times as many others, to see what is worth seeing. */
function enough({ n, sum, squares }: Sums, ratio: number, yesNo: boolean): number | null {
  if (n === 0) return null
  const mean = sum / n
  if (yesNo) {
    const other = mean > 0.5 ? mean - worthSeeing.share : mean + worthSeeing.share
    return needed(mean, other, ratio)
  }
  const variance = squares / n - mean * mean
  // (z₉₇.₅ + z₈₀)² = 7.85
  return Math.max(2, Math.ceil((7.85 * variance * (1 + 1 / ratio)) / worthSeeing.mean ** 2))
}

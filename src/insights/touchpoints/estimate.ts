// The long arithmetic of touchpoint analysis, in a thread of its own: from the rows of two queries to what goes
// along with what, each with its interval. Long, for the same steps go in one thread or in two, and stand side by
// side so that neither way parts from the other.
import { type Thinker, thinker } from '../../lib/thinking.ts'
import { drawCounts } from '../../stats/bootstrap.ts'
import { isTold, type Told } from '../../stats/cannot-tell.ts'
import { type GroupImportance, importanceFromDraws } from '../../stats/importance.ts'
import { type Performance, type Quadrant, quadrants } from '../../stats/quadrants.ts'
import type { Column, Columns } from '../../store/projection-columns.ts'
import { measureActivity, type TouchpointKind } from './activity.ts'
import type { Controlling } from './beside.ts'
import { type Buyers, column, enteringBuyers, picked, usedBlocks } from './buyers.ts'
import { type Controls, controlColumns, controlsOf } from './controls.ts'
import { criteriaOf, type EstimatedCriteria, type Population } from './criteria.ts'
import {
  type Design,
  type GroupColumns,
  inGroup,
  type Met,
  metCounts,
  type Plan,
  planOf,
  rowsOf,
} from './design.ts'
import { type Compared, type ComparedBlocks, type Differences, differencesOf } from './differences.ts'
import { type Drawn, drawn, drawnBeside } from './draws.ts'
import { type Feeling, type LevelCounts, type LevelSums, Levels, levelsOf, type Sums } from './levels.ts'
import { oddsOf } from './odds.ts'
import { touchedBy } from './touched.ts'

export interface EstimateInput {
  buyers: Columns<Column>
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
  period: Plan['period']
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

/** Everything in this thread. */
export function estimate(input: EstimateInput, tell: Tell = () => {}): Estimated {
  const buyers = entering(input, tell)
  const meetings = meetingsOf(input, buyers)
  const plan = planOf(controlsOf(buyers, input.buyers), meetings.met, meetings.activity)
  tell(0.6, 'Adding up who met what')
  const prepared = prepare(input, buyers, meetings, plan, weighedDraws(input, buyers, meetings, plan, tell))
  const { draws, compared } = prepared
  const differences = isTold(draws) ? differencesOf(draws, compared) : []
  return weighed(input, prepared, differences, shares(prepared, tell), tell)
}

/** With many buyers half of the work that follows reading them is done in a thread beside this one. */
export async function estimateBeside(input: EstimateInput, tell: Tell = () => {}): Promise<Estimated> {
  const other = ready ?? thinkerBeside()
  ready = undefined
  try {
    const buyers = entering(input, tell)
    const columns = Object.fromEntries(controlColumns.map((name) => [name, column(input.buyers, name)]))
    const { n, place } = buyers
    const controls = other.think<Controls>('controls', {
      buyers: { n, place },
      columns,
    } satisfies Controlling)
    const meetings = meetingsOf(input, buyers)
    const plan = planOf(await controls, meetings.met, meetings.activity)
    tell(0.6, 'Adding up who met what')
    const drawing = { ...drawingOf(input), other }
    const weighing =
      input.model === 'logistic'
        ? weighedDraws(input, buyers, meetings, plan, tell)
        : { ...plain, ...(await drawnBeside(plan, meetings.touched, buyers.outcome, drawing)) }
    const prepared = prepare(input, buyers, meetings, plan, weighing)
    const { draws, compared, replicates, seed } = prepared
    const differences = isTold(draws)
      ? other.think<Differences[]>('differencesFromBlocks', {
          dealt: draws.dealt,
          replicates,
          seed,
          compared,
        } satisfies ComparedBlocks)
      : []
    const found = shares(prepared, tell)
    return weighed(input, prepared, await differences, found, tell)
  } finally {
    await other.stop()
  }
}

/** With fewer buyers a thread takes longer to begin than it saves. */
const manyBuyers = 100_000
let ready: Thinker | undefined

/** While the rows are still being counted: so many buyers will come that a second thread is to be ready for them. */
export function getReady(buyers: number): void {
  if (buyers >= manyBuyers) ready ??= thinkerBeside()
}

function thinkerBeside(): Thinker {
  const listening = { signal: new AbortController().signal, tell: () => {} }
  return thinker(new URL('./beside.ts', import.meta.url), listening)
}

export function estimateInThreads(input: EstimateInput, tell: Tell): Estimated | Promise<Estimated> {
  const many = column(input.buyers, 'customer_id').length >= manyBuyers
  return many ? estimateBeside(input, tell) : estimate(input, tell)
}

type Tell = (done: number, words: string) => void

function drawingOf({ replicates = 200, seed = 1 }: EstimateInput) {
  return { replicates, seed }
}

function entering(input: EstimateInput, tell: Tell): Buyers {
  const buyers = enteringBuyers(input.buyers, drawingOf(input).seed)
  tell(0.45, `Following ${buyers.n.toLocaleString('en')} buyers`)
  return buyers
}

/** Who met what. */
function meetingsOf({ buyers: columns, touches, touchpoints }: EstimateInput, buyers: Buyers) {
  const ids = touchpoints.map(({ id }) => id)
  const touched = touchedBy(buyers, column(columns, 'customer_id'), touches, ids)
  const activity = measureActivity(touched, touchpoints)
  return { ids, touched, met: metCounts(touched, touchpoints.length), activity }
}

type Meetings = ReturnType<typeof meetingsOf>

/** Draws in shares, or in odds; and what their unit is. */
interface Weighing {
  draws: Told<Drawn>
  counted: LevelCounts[]
  perShare: number
  perUnit: number
  separated: boolean
}
const plain = { perShare: 1, perUnit: 1, separated: false }

/** Blocks of buyers that can be drawn, all of them added up in this thread. */
function weighedDraws(
  input: EstimateInput,
  buyers: Buyers,
  { touched }: Meetings,
  plan: Plan,
  tell: Tell,
): Weighing {
  const { replicates, seed } = drawingOf(input)
  const design: Design = { ...plan, rows: rowsOf(plan, touched, buyers.outcome) }
  const counted = [levelsOf(touched, buyers.outcome, plan.touchpoints)]
  if (input.model !== 'logistic') return { ...plain, counted, draws: drawn(design, replicates, seed) }
  tell(0.62, 'Fitting the odds')
  const odds = oddsOf(design)
  if (!isTold(odds)) return { ...plain, counted, draws: odds }
  const { rows, perShare, perLogOdds: perUnit, separated } = odds
  return { draws: drawn({ ...design, rows }, replicates, seed), counted, perShare, perUnit, separated }
}

/** All that is shared out and compared. */
function prepare(
  input: EstimateInput,
  buyers: Buyers,
  { ids, met, activity }: Meetings,
  plan: Plan,
  { perUnit, ...weighing }: Weighing,
) {
  const { groups, controls } = plan
  const level = plan.activity.level
  const compared: Compared = { n: buyers.n, groups, controls, level, met, ids, perUnit }
  return { ...drawingOf(input), ...weighing, buyers, activity, plan, compared }
}

type Prepared = ReturnType<typeof prepare>

/** What matters, and how it was there. */
function shares({ counted, compared, plan, draws, replicates, seed }: Prepared, tell: Tell) {
  tell(0.75, 'Sharing out what goes along')
  const levels = new Levels(counted, plan.touchpoints, usedBlocks(compared.n))
  const importance = isTold(draws)
    ? importanceFromDraws(draws, { groups: plan.groups.map(inGroup), controls: plan.controls, seed })
    : draws
  const places = isTold(importance)
    ? quadrants(importance, performanceOf(levels, plan.groups, replicates, seed), { mark: 0 })
    : []
  tell(0.9, 'Comparing with equals')
  return { levels, importance, places }
}

function weighed(
  { buyers: columns, touches, choosing }: EstimateInput,
  { buyers, activity, plan, compared, perShare, separated, seed }: Prepared,
  differences: readonly Differences[],
  { levels, importance, places }: ReturnType<typeof shares>,
  tell: Tell,
): Estimated {
  const { ids, met } = compared
  return {
    n: buyers.n,
    separated,
    leftOut: buyers.leftOut,
    early: picked(column(columns, 'early'), buyers).filter((each) => each === 1).length,
    outcome: {
      n: buyers.n,
      sum: buyers.outcome.reduce((sum, each) => sum + each, 0),
      squares: buyers.outcome.reduce((sum, each) => sum + each * each, 0),
    },
    period: plan.period,
    activity: {
      touchpoints: activity.touchpoints.map(({ place }) => ids[place] ?? 0),
      reliability: activity.reliability,
    },
    touchpoints: ids.map((id, place) => {
      const group = plan.groups.findIndex((each) => each.place === place)
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

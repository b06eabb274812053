import { loadMap } from '../../journey/journey.ts'
import type { Stage, Touchpoint } from '../../journey/schema.ts'
import { newcombe, type Share } from '../../stats/proportions.ts'
import { welch } from '../../stats/welch.ts'
import type { Store } from '../../store/store.ts'
import { ask, type Scope } from '../question.ts'
import type { MapAnswer, MapTouchpoint } from '../schema.ts'
import { Answers, change, part, shareOf } from './level.ts'
import {
  buyers,
  type CellRow,
  cells,
  type PromiseRow,
  promises,
  type ReachRow,
  reach,
} from './map-questions.ts'
import { mapSentence } from './map-words.ts'
import { moneySpent, tellingWords } from './queries.ts'
import { silence } from './silence.ts'

/** The journey map for a scope, compared with another when given. */
export async function journeyMap(store: Store, scope: Scope, compared?: Scope): Promise<MapAnswer> {
  const map = await loadMap(store.db)
  const counted = await countMap(store, scope)
  const before = compared ? await countMap(store, compared) : undefined
  const { currency, spent } = await moneySpent(store, scope)
  const ids = map.touchpoints.map((touchpoint) => touchpoint.id)
  const words = await tellingWords(store, scope, ids, 3)
  const side = new Map(map.stages.map((stage) => [stage.id, stage.side]))
  const spentAt = new Map(spent.map((each) => [each.touchpointId, each.minor]))

  const touchpoints = inMapOrder(map.stages, map.touchpoints).map((touchpoint): MapTouchpoint => {
    const spot = counted.spots.get(touchpoint.id) ?? new Spot()
    const minor = spentAt.get(touchpoint.id)
    return {
      id: touchpoint.id,
      name: touchpoint.name,
      stageId: touchpoint.stageId,
      side: side.get(touchpoint.stageId) ?? 'before',
      by: touchpoint.by,
      purpose: touchpoint.purpose,
      ...spot.figures,
      words: words.get(touchpoint.id) ?? [],
      cost:
        minor === undefined
          ? null
          : { minor, currency, perCustomerMinor: spot.customers > 0 ? minor / spot.customers : null },
      compared: before ? comparison(spot, before.spots.get(touchpoint.id) ?? new Spot()) : null,
    }
  })
  const stages = sorted(map.stages).map((stage) => {
    const here = new Spot()
    for (const touchpoint of map.touchpoints)
      if (touchpoint.stageId === stage.id) here.add(counted.spots.get(touchpoint.id) ?? new Spot())
    here.customers = here.inStage
    return { id: stage.id, name: stage.name, side: stage.side, ...here.figures }
  })
  const answer: Omit<MapAnswer, 'sentence'> = {
    asked: scope.asked,
    comparedWith: compared?.asked ?? null,
    customers: counted.customers,
    interactions: counted.interactions,
    buyers: counted.buyers,
    sales: counted.sales,
    unplaced: {
      n: counted.unplaced,
      share: counted.interactions > 0 ? counted.unplaced / counted.interactions : null,
    },
    stages,
    touchpoints,
    firstExperience: counted.first.level,
    lastExperience: counted.last.level,
    currency,
  }
  return { ...answer, sentence: mapSentence(answer, await silence(store, scope)) }
}

/** Everything counted at one touchpoint or stage. */
export class Spot {
  customers = 0
  /** Those of the customers who were met for the first time in the stage. */
  inStage = 0
  volume = 0
  readonly said = new Answers()
  readonly inferred = new Answers()
  readonly impression = new Answers()
  kept = 0
  judged = 0

  add(other: Spot): void {
    this.inStage += other.inStage
    this.volume += other.volume
    this.said.addAll(other.said)
    this.inferred.addAll(other.inferred)
    this.impression.addAll(other.impression)
    this.kept += other.kept
    this.judged += other.judged
  }

  addReach(row: ReachRow): void {
    this.customers += row.customers
    this.inStage += row.stage_customers
    this.volume += row.volume
  }

  addCell(row: CellRow): void {
    const answers = row.evidence === 1 ? this.said : row.evidence === 2 ? this.inferred : this.impression
    answers.add(row.experience, row.answers)
  }

  get figures() {
    return {
      customers: this.customers,
      volume: this.volume,
      said: this.said.level,
      inferred: this.inferred.level,
      impression: this.impression.level,
      goodShare: this.said.goodShare,
      badShare: this.said.badShare,
      kept: part(this.kept, this.judged),
    }
  }
}

export interface Counted {
  spots: Map<number, Spot>
  customers: number
  interactions: number
  unplaced: number
  buyers: number
  sales: number
  first: Answers
  last: Answers
}

/** The figures of the map for one scope: what is measured when its speed is. */
export async function countMap(store: Store, scope: Scope): Promise<Counted> {
  const reached = await ask<ReachRow>(store, reach(scope))
  const answers = await ask<CellRow>(store, cells(scope))
  const judged = await ask<PromiseRow>(store, promises(scope))
  const [sold] = await ask<{ buyers: number; sales: number }>(store, buyers(scope))

  const spots = new Map<number, Spot>()
  const at = (id: number) => {
    const spot = spots.get(id) ?? new Spot()
    spots.set(id, spot)
    return spot
  }
  for (const row of reached) if (row.touchpoint_id !== null) at(row.touchpoint_id).addReach(row)
  for (const row of answers) if (row.touchpoint_id !== null) at(row.touchpoint_id).addCell(row)
  for (const row of judged) {
    if (row.touchpoint_id === null) continue
    const spot = at(row.touchpoint_id)
    spot.kept += row.kept
    spot.judged += row.kept + row.broken
  }
  return {
    spots,
    customers: reached.reduce((sum, row) => sum + row.all_customers, 0),
    interactions: reached.reduce((sum, row) => sum + row.volume, 0),
    unplaced: reached.reduce((sum, row) => sum + (row.touchpoint_id === null ? row.volume : 0), 0),
    buyers: sold?.buyers ?? 0,
    sales: sold?.sales ?? 0,
    ...firstAndLast(answers),
  }
}

/** The first and the last experience that customers themselves spoke of, where it lies in the scope's time. */
export function firstAndLast(rows: CellRow[]): { first: Answers; last: Answers } {
  const [first, last] = [new Answers(), new Answers()]
  for (const row of rows) {
    if (row.evidence !== 1) continue
    first.add(row.experience, row.first_answers)
    last.add(row.experience, row.last_answers)
  }
  return { first, last }
}

function comparison(now: Spot, then: Spot): MapTouchpoint['compared'] {
  const figures = then.figures
  const enough = (a: Answers, b: Answers) => a.level.value !== null && b.level.value !== null
  return {
    customers: figures.customers,
    volume: figures.volume,
    said: figures.said,
    inferred: figures.inferred,
    kept: figures.kept,
    saidChange: enough(now.said, then.said) ? change(welch(now.said.mean, then.said.mean)) : null,
    inferredChange: enough(now.inferred, then.inferred)
      ? change(welch(now.inferred.mean, then.inferred.mean))
      : null,
    keptChange: change(sharesDiffer(shareOf(now.figures.kept), shareOf(figures.kept))),
  }
}

export function sharesDiffer(a: Share | null, b: Share | null) {
  return a && b ? newcombe(a, b) : null
}

function sorted(stages: Stage[]): Stage[] {
  return [...stages].sort(
    (a, b) =>
      Number(a.side === 'after') - Number(b.side === 'after') || a.position - b.position || a.id - b.id,
  )
}

function inMapOrder(stages: Stage[], touchpoints: Touchpoint[]): Touchpoint[] {
  const place = new Map(sorted(stages).map((stage, index) => [stage.id, index]))
  return [...touchpoints].sort(
    (a, b) =>
      (place.get(a.stageId) ?? 0) - (place.get(b.stageId) ?? 0) || a.position - b.position || a.id - b.id,
  )
}

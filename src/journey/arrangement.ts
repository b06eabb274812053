// The map as people arrange it: stages in order, touchpoints in order within them. Positions are places in
// the arrays, so they are always dense; the stages before the sale always come before those after it. Every
// move is a function from one arrangement to the next: the editor, the verbs and the tests use the same ones.
import type { MapStage, MapTouchpoint, PlacingRule, Stage, Touchpoint } from './schema.ts'

export type Direction = 'up' | 'down' | 'left' | 'right'

export function touchpointsOf(stages: readonly MapStage[]): MapTouchpoint[] {
  return stages.flatMap((stage) => stage.touchpoints)
}

export function stageOf(stages: readonly MapStage[], touchpointId: number): MapStage | undefined {
  return stages.find((stage) => stage.touchpoints.some((each) => each.id === touchpointId))
}

/** A number for something new that no draft id has yet. */
export function newId(stages: readonly MapStage[]): number {
  return Math.min(0, ...stages.map((stage) => stage.id), ...touchpointsOf(stages).map((each) => each.id)) - 1
}

/** Puts a touchpoint into a stage, in front of the touchpoint that is at `index` there once it has been taken out. */
export function placeTouchpoint(
  stages: readonly MapStage[],
  touchpointId: number,
  stageId: number,
  index: number,
): MapStage[] {
  const touchpoint = touchpointsOf(stages).find((each) => each.id === touchpointId)
  if (!touchpoint || !stages.some((stage) => stage.id === stageId)) return [...stages]
  return stages.map((stage) => {
    const others = stage.touchpoints.filter((each) => each.id !== touchpointId)
    if (stage.id === stageId) others.splice(clamp(index, others.length), 0, touchpoint)
    return { ...stage, touchpoints: others }
  })
}

/** One step: up and down within the stage, left and right to the neighbouring stage, at the same height. */
export function moveTouchpoint(
  stages: readonly MapStage[],
  touchpointId: number,
  direction: Direction,
): MapStage[] {
  const column = stages.findIndex((stage) => stage.touchpoints.some((each) => each.id === touchpointId))
  const stage = stages[column]
  if (!stage) return [...stages]
  const row = stage.touchpoints.findIndex((each) => each.id === touchpointId)
  if (direction === 'up' || direction === 'down')
    return placeTouchpoint(stages, touchpointId, stage.id, row + (direction === 'up' ? -1 : 1))
  const next = stages[column + (direction === 'left' ? -1 : 1)]
  return next ? placeTouchpoint(stages, touchpointId, next.id, row) : [...stages]
}

/** One step to the left or right. At the sale, the step is across it: the stage keeps its place and changes its side. */
export function moveStage(
  stages: readonly MapStage[],
  stageId: number,
  direction: 'left' | 'right',
): MapStage[] {
  const index = stages.findIndex((stage) => stage.id === stageId)
  const stage = stages[index]
  if (!stage) return [...stages]
  const neighbour = stages[index + (direction === 'left' ? -1 : 1)]
  const across = direction === 'left' ? 'before' : 'after'
  if (neighbour?.side === stage.side)
    return placeStage(stages, stageId, stage.side, indexOnSide(stages, neighbour))
  if (stage.side === across) return [...stages]
  return stages.map((each) => (each.id === stageId ? { ...each, side: across } : each))
}

/** Puts a stage on a side of the sale, at `index` among the others there. */
export function placeStage(
  stages: readonly MapStage[],
  stageId: number,
  side: 'before' | 'after',
  index: number,
): MapStage[] {
  const stage = stages.find((each) => each.id === stageId)
  if (!stage) return [...stages]
  const others = stages.filter((each) => each.id !== stageId)
  const sides = {
    before: others.filter((each) => each.side === 'before'),
    after: others.filter((each) => each.side === 'after'),
  }
  sides[side].splice(clamp(index, sides[side].length), 0, { ...stage, side })
  return [...sides.before, ...sides.after]
}

export function addStage(stages: readonly MapStage[], name: string, side: 'before' | 'after'): MapStage[] {
  const stage: MapStage = { id: newId(stages), name, side, touchpoints: [] }
  return placeStage([...stages, stage], stage.id, side, stages.length)
}

export function addTouchpoint(
  stages: readonly MapStage[],
  stageId: number,
  touchpoint: Omit<MapTouchpoint, 'id'>,
): MapStage[] {
  const added = { ...touchpoint, id: newId(stages) }
  return stages.map((stage) =>
    stage.id === stageId ? { ...stage, touchpoints: [...stage.touchpoints, added] } : stage,
  )
}

export function changeStage(stages: readonly MapStage[], stageId: number, name: string): MapStage[] {
  return stages.map((stage) => (stage.id === stageId ? { ...stage, name } : stage))
}

export function changeTouchpoint(
  stages: readonly MapStage[],
  touchpointId: number,
  change: Partial<Omit<MapTouchpoint, 'id'>>,
): MapStage[] {
  return stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.map((each) => (each.id === touchpointId ? { ...each, ...change } : each)),
  }))
}

/** Takes a touchpoint off the map. Another may take its rules over, and with them its interactions. */
export function removeTouchpoint(
  stages: readonly MapStage[],
  touchpointId: number,
  to: number | null,
): MapStage[] {
  const removed = touchpointsOf(stages).find((each) => each.id === touchpointId)
  if (!removed || to === touchpointId) return [...stages]
  return handOver(
    stages.map((stage) => ({
      ...stage,
      touchpoints: stage.touchpoints.filter((each) => each.id !== touchpointId),
    })),
    removed.rules,
    to,
  )
}

/** Takes a stage off the map, and all touchpoints in it; one touchpoint elsewhere may take their rules over. */
export function removeStage(stages: readonly MapStage[], stageId: number, to: number | null): MapStage[] {
  const removed = stages.find((stage) => stage.id === stageId)
  if (!removed || removed.touchpoints.some((each) => each.id === to)) return [...stages]
  return handOver(
    stages.filter((stage) => stage.id !== stageId),
    removed.touchpoints.flatMap((each) => each.rules),
    to,
  )
}

/** Adds rules to a touchpoint, leaving out those it has. */
export function handOver(
  stages: readonly MapStage[],
  rules: readonly PlacingRule[],
  to: number | null,
): MapStage[] {
  return stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.map((each) =>
      each.id === to ? { ...each, rules: withRules(each.rules, rules) } : each,
    ),
  }))
}

export function withRules(own: readonly PlacingRule[], more: readonly PlacingRule[]): PlacingRule[] {
  const known = new Set(own.map(ruleKey))
  return [...own, ...more.filter((rule) => !known.has(ruleKey(rule)) && known.add(ruleKey(rule)))]
}

/** Equal for rules that match the same events for the same reasons. */
export function ruleKey(rule: PlacingRule): string {
  const text = (value: string | undefined) => value?.trim().toLowerCase() ?? null
  const where = (rule.where ?? []).map((each) => [each.property, each.is, each.value ?? null])
  return JSON.stringify([text(rule.event), text(rule.channel), text(rule.path), where])
}

function indexOnSide(stages: readonly MapStage[], stage: MapStage): number {
  return stages.filter((each) => each.side === stage.side).indexOf(stage)
}

function clamp(index: number, most: number): number {
  return Math.max(0, Math.min(index, most))
}

/** The arrangement as placing reads it. */
export function flat(stages: readonly MapStage[]): { stages: Stage[]; touchpoints: Touchpoint[] } {
  return {
    stages: stages.map(({ id, name, side }, position) => ({ id, name, side, position })),
    touchpoints: stages.flatMap((stage) =>
      stage.touchpoints.map((each, position) => ({ ...each, stageId: stage.id, position })),
    ),
  }
}

import { touchpointsOf } from '../../../../src/journey/arrangement.ts'
import { assertIsMap } from '../../../../src/journey/change.ts'
import type { MapStage } from '../../../../src/journey/schema.ts'
import { type FieldError, Invalid } from '../../../../src/lib/errors.ts'

/** Everything that keeps the draft from being saved. */
export function problemsOf(now: { stages: MapStage[] }, base: readonly MapStage[]): FieldError[] {
  const nameless: FieldError[] = now.stages.flatMap((stage, at) => [
    ...(stage.name.trim() ? [] : [{ field: `stages.${at}.name`, reason: 'a stage has no name' }]),
    ...stage.touchpoints.flatMap((each, index) =>
      each.name.trim()
        ? []
        : [{ field: `stages.${at}.touchpoints.${index}.name`, reason: 'a moment has no name' }],
    ),
  ])
  try {
    assertIsMap({ stages: now.stages, gone: [] }, base)
    return nameless
  } catch (error) {
    if (error instanceof Invalid) return [...nameless, ...error.errors]
    throw error
  }
}

/** The touchpoints that the problems are about. */
export function troubledBy(problems: FieldError[], stages: MapStage[]): Set<number> {
  return new Set(
    problems.flatMap(({ field }) => {
      const [, at, index] = /^stages\.(\d+)\.touchpoints\.(\d+)/.exec(field) ?? []
      const id = stages[Number(at)]?.touchpoints[Number(index)]?.id
      return id === undefined ? [] : [id]
    }),
  )
}

/** Removed ones that undoing or a default map has not brought back. */
export function stillGone(gone: { id: number; to: number | null }[], stages: MapStage[], base: MapStage[]) {
  const kept = new Set(touchpointsOf(stages).map((each) => each.id))
  const known = new Set(touchpointsOf(base).map((each) => each.id))
  return gone.filter((each) => known.has(each.id) && !kept.has(each.id))
}

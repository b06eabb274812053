import { touchpointsOf } from '../arrangement.ts'
import type { Gone, MapStage, TemplateName } from '../schema.ts'
import { commerce } from './commerce.ts'
import { services } from './services.ts'
import type { Template } from './template.ts'

export type { Template } from './template.ts'

export const templates: Record<TemplateName, Template> = { commerce, services }

/** The map to begin with: contracts and memberships renew, everything else is bought. */
export function templateFor(buying: 'once' | 'again' | 'renew'): TemplateName {
  return buying === 'renew' ? 'services' : 'commerce'
}

/**
 * A default map laid over the present one: stages and touchpoints of the same name keep their ids (and with
 * them budgets and care standards); the others go, their interactions placed by the default map's rules.
 */
export function laidOver(
  present: readonly MapStage[],
  template: Template,
): { stages: MapStage[]; gone: Gone[] } {
  const stageIds = new Map(present.map((stage) => [key(stage.name), stage.id]))
  const ids = new Map(touchpointsOf(present).map((each) => [key(each.name), each.id]))
  const stages = template.stages.map((stage) => ({
    ...stage,
    id: stageIds.get(key(stage.name)) ?? stage.id,
    touchpoints: stage.touchpoints.map((each) => ({ ...each, id: ids.get(key(each.name)) ?? each.id })),
  }))
  const kept = new Set(touchpointsOf(stages).map((each) => each.id))
  const gone = touchpointsOf(present)
    .filter((each) => !kept.has(each.id))
    .map((each) => ({ id: each.id, to: null }))
  return { stages, gone }
}

function key(name: string): string {
  return name.trim().toLowerCase()
}

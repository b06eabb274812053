// How a default map is written down. Purposes decide what ends a silence and what counts as asking or
// selling, so each is chosen for what the touchpoint does for the customer, not for how it is sent.
import type { MapStage, MapTouchpoint, PlacingRule, Purpose, TemplateName } from '../schema.ts'

export interface Template {
  name: TemplateName
  title: string
  /** For whom it is meant, in a sentence. */
  description: string
  stages: MapStage[]
}

type TouchpointWithoutId = Omit<MapTouchpoint, 'id'>
export interface StagePlan {
  name: string
  side: 'before' | 'after'
  touchpoints: TouchpointWithoutId[]
}

/** Gives stages and touchpoints the negative ids of a draft. */
export function drafted(plan: StagePlan[]): MapStage[] {
  let id = 0
  return plan.map((stage) => ({
    id: --id,
    name: stage.name,
    side: stage.side,
    touchpoints: stage.touchpoints.map((each) => ({ id: --id, ...each })),
  }))
}

/** Something we do. */
export function we(name: string, purpose: Purpose, ...rules: PlacingRule[][]): TouchpointWithoutId {
  return { name, by: 'us', purpose, channel: null, rules: rules.flat() }
}

/** Something the customer does. */
export function customer(name: string, purpose: Purpose, ...rules: PlacingRule[][]): TouchpointWithoutId {
  return { name, by: 'customer', purpose, channel: null, rules: rules.flat() }
}

export function events(...names: string[]): PlacingRule[] {
  return names.map((event) => ({ event }))
}

/** A page and everything below it. The event must be a page view: an order sent from /checkout is an order. */
export function pages(...paths: string[]): PlacingRule[] {
  return paths.map((path) => ({ event: 'Viewed *', path: `${path}/*` }))
}

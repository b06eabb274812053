// Where on the journey something happened: the touchpoint whose rule matches it. Of several that match,
// the most specific rule wins (conditions before path, path before channel, an exact event name before a
// beginning); of equally specific ones, the first in the order of the map.
import type { Condition, PlacingRule, Stage, Touchpoint } from './schema.ts'

/** What a rule looks at. */
export interface Placeable {
  name: string
  channel: string
  properties: Record<string, unknown>
}

/** Gives the touchpoint of something that happened, or null when no rule matches. */
export type Place = (event: Placeable) => number | null

interface Entry {
  touchpointId: number
  rule: PlacingRule
  weight: number
}

/** Prepares the rules of a map for placing many events: work per event grows with the rules for its name only. */
export function compilePlacing(stages: Stage[], touchpoints: Touchpoint[]): Place {
  const stageOrder = new Map(stages.map((stage) => [stage.id, stage.position]))
  const entries: Entry[] = touchpoints
    .toSorted(
      (a, b) =>
        (stageOrder.get(a.stageId) ?? 0) - (stageOrder.get(b.stageId) ?? 0) ||
        a.position - b.position ||
        a.id - b.id,
    )
    .flatMap((touchpoint) =>
      touchpoint.rules
        .filter((rule) => !isEmpty(rule))
        .map((rule) => ({ touchpointId: touchpoint.id, rule, weight: weigh(rule) })),
    )
    .toSorted((a, b) => b.weight - a.weight)
  const byName = new Map<string, Entry[]>()

  return (event) => {
    let candidates = byName.get(event.name)
    if (!candidates) {
      candidates = entries.filter(
        (entry) => entry.rule.event === undefined || matchesText(entry.rule.event, event.name),
      )
      if (byName.size < 10_000) byName.set(event.name, candidates)
    }
    for (const entry of candidates) if (matchesRest(entry.rule, event)) return entry.touchpointId
    return null
  }
}

/** Whether one rule by itself matches: for previews. */
export function matchesRule(rule: PlacingRule, event: Placeable): boolean {
  if (isEmpty(rule)) return false
  return (rule.event === undefined || matchesText(rule.event, event.name)) && matchesRest(rule, event)
}

/** Whether more than an event's name and channel decides. */
export function mayDependOnProperties(rule: PlacingRule): boolean {
  return Boolean(rule.path) || (rule.where?.length ?? 0) > 0
}

function isEmpty(rule: PlacingRule): boolean {
  return !rule.event && !rule.channel && !rule.path && !rule.where?.length
}

function weigh(rule: PlacingRule): number {
  const path = rule.path ? 2_000 + Math.min(rule.path.length, 900) : 0
  const event = rule.event ? (rule.event.endsWith('*') ? Math.min(rule.event.length, 90) : 100) : 0
  return (rule.where?.length ?? 0) * 10_000 + path + (rule.channel ? 1_000 : 0) + event
}

function matchesRest(rule: PlacingRule, event: Placeable): boolean {
  if (rule.channel && rule.channel.toLowerCase() !== event.channel.toLowerCase()) return false
  if (rule.path) {
    const path = event.properties['path']
    if (typeof path !== 'string' || !matchesPath(rule.path, path)) return false
  }
  return (rule.where ?? []).every((condition) =>
    meets(condition, propertyAt(event.properties, condition.property)),
  )
}

/** Like a text; and "/help/*" is also the page "/help" itself. */
function matchesPath(pattern: string, path: string): boolean {
  return matchesText(pattern, path) || (pattern.endsWith('/*') && matchesText(pattern.slice(0, -2), path))
}

/** Whether a text equals the pattern, or begins with what stands before its `*`. Case is ignored. */
export function matchesText(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase()
  const given = text.toLowerCase()
  return wanted.endsWith('*') ? given.startsWith(wanted.slice(0, -1)) : given === wanted
}

/** The value at a dotted path: "products.0.sku". A property whose own name has the dots wins. */
export function propertyAt(properties: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(properties, path)) return properties[path]
  let value: unknown = properties
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return value
}

/** Whether a property's value meets a condition. Text compares without case; numbers in text count as numbers. */
export function meets(condition: Condition, given: unknown): boolean {
  const { is, value } = condition
  const missing = given === undefined || given === null || given === ''
  switch (is) {
    case 'present':
      return !missing
    case 'absent':
      return missing
    case 'equals':
      return !missing && same(given, value)
    case 'not':
      return !same(given, value)
    case 'contains':
      return Array.isArray(given)
        ? given.some((each) => same(each, value))
        : !missing && asText(given).includes(asText(value))
    case 'starts':
      return !missing && asText(given).startsWith(asText(value))
    case 'above':
      return !missing && Number(given) > Number(value)
    case 'below':
      return !missing && Number(given) < Number(value)
    default:
      return is satisfies never
  }
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) === Number(b)
  return asText(a) === asText(b)
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value.toLowerCase()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === undefined || value === null ? '' : JSON.stringify(value).toLowerCase()
}

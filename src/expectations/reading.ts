// What an event says, read for judging: sums, numbers, times, who moved it, where it was said.
import { propertyAt } from '../journey/journey.ts'
import type { Happening, Judgement } from './judgement.ts'
import { type Rule, sourceKinds, type Watch } from './schema.ts'

export function thresholdOf(rule: Rule, event: Happening, digits: number): number | null {
  if (!rule.threshold || rule.dimension === 'days') return null
  const named = rule.threshold.property ? numberAt(event.properties, rule.threshold.property) : null
  const value = named ?? rule.threshold.value ?? null
  return value === null ? null : scaled(value, rule.dimension === 'money' ? 10 ** digits : 1)
}

export function moverOf(moved: NonNullable<Watch['moved']>, event: Happening): 'us' | 'customer' {
  const by = moved.by ? propertyAt(event.properties, moved.by) : undefined
  return typeof by === 'string' && /^(the )?(customer|client|buyer|kunde)/i.test(by.trim())
    ? 'customer'
    : 'us'
}

export function sourceOf(rule: Rule, event: Happening): Pick<Judgement, 'sourceKind' | 'sourceName'> {
  const { kind, kindProperty, name, nameProperty, personProperty } = rule.source
  const said = kindProperty ? propertyAt(event.properties, kindProperty) : undefined
  const sourceKind =
    sourceKinds.find((each) => typeof said === 'string' && each === said.toLowerCase()) ?? kind
  const named = sourceKind === 'person' ? (personProperty ?? nameProperty) : nameProperty
  const which = named ? propertyAt(event.properties, named) : undefined
  return {
    sourceKind,
    sourceName:
      typeof which === 'string' || typeof which === 'number' ? String(which).slice(0, 200) : (name ?? null),
  }
}

export function scaled(value: number, scale: number): number {
  return scale === 1 ? value : Math.round(value * scale)
}

export function currencyOf(event: Happening, fallback: string): string {
  const given = event.properties['currency']
  return typeof given === 'string' && /^[a-z]{3}$/i.test(given) ? given.toUpperCase() : fallback
}

export function numberAt(properties: Record<string, unknown>, path: string): number | null {
  const value = propertyAt(properties, path)
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

export function timeOf(value: unknown): number | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const time = new Date(value).getTime()
  return Number.isNaN(time) ? null : time
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The same properties in any order give the same text. */
export function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const entries = Object.entries(value).toSorted(([a], [b]) => compare(a, b))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${stable(each)}`).join()}}`
}

// Judging is a replay. For one customer and one rule everything is worked out again from what happened, in
// the order in which it happened: whatever order the events arrived in, however late, however often
// corrected, the same events give the same judgements. Nothing is carried over from earlier judgements.
//
//   opened ─▶ (moved, told)* ─▶ came in time        kept, or exceeded
//                             ─▶ came after          broken, with how far off
//                             ─▶ time ran out        broken, awaited: it may still come
//                             ─▶ contradicted        broken
//                             ─▶ not needed any more withdrawn (after the time ran out it stays broken)
//
// The last word counts for the state; a word given after the time had run out changes nothing: what was
// broken can't be promised whole again. The gap against the first word is kept beside it.

import { matchesRule, propertyAt } from '../journey/journey.ts'
import { dayOf, daysBetween } from '../lib/days.ts'
import { afterwards, daysOff, readDue, type Span, sameSpan } from './due.ts'
import { type Precision, type Rule, type SourceKind, type State, sourceKinds, type Watch } from './schema.ts'

/** An interaction, as far as judging looks at it. Times are milliseconds. */
export interface Happening {
  id: number
  customerId: number
  at: number
  name: string
  channel: string
  properties: Record<string, unknown>
  purchaseId: number | null
}

export interface Calendar {
  now: number
  /** The customer's time zone, else the workspace's. */
  timeZone: string
  currency: string
  /** Digits of a currency's minor unit. */
  digits: (currency: string) => number
}

export interface Move {
  at: number
  due: Span
  movedBy: 'us' | 'customer'
  /** Null: moved without a word to the customer. */
  toldAt: number | null
  interactionId: number
  /** False: said after the time had run out. */
  counted: boolean
}

/** Where an expectation stands. Gaps: days, minor units of money or points; positive is worse than said. */
export interface Judgement {
  opening: string
  openedAt: number
  openedBy: number | null
  customerId: number
  purchaseId: number | null
  sourceKind: SourceKind
  sourceName: string | null
  firstDue: Span | null
  due: Span | null
  threshold: number | null
  currency: string | null
  state: State
  awaited: boolean
  gap: number | null
  firstGap: number | null
  /** Days from the opening, minor units, or points. */
  actual: number | null
  cameAt: number | null
  decidedAt: number | null
  decidedBy: number | null
  moves: Move[]
  movedBy: 'us' | 'customer' | null
  toldAt: number | null
  /** Whether the customer knew before the first word ran out; null while the first word holds. */
  toldBefore: boolean | null
}

/** What an expectation made by hand begins with, in place of an opening event. */
export interface Given {
  opening: string
  openedAt: number
  openedBy: number | null
  customerId: number
  purchaseId: number | null
  due: Span | null
  threshold: number | null
  currency: string | null
  dimension: Rule['dimension']
  limit?: 'at most' | 'at least'
  timeZone?: string
}

type Terms = Partial<Watch> &
  Pick<Rule, 'dimension'> & {
    limit: 'at most' | 'at least'
    timeZone: string
    precision?: Precision | undefined
  }

interface Running extends Judgement {
  closed: boolean
}

/** When a version of a rule was the one that was promised: openings from `from` and before `to`. */
export interface Era {
  from: number
  to: number
}

/** The name under which a move that a person entered is recorded; its properties say which expectation. */
export const movedByHand = 'Promise Moved'

/** Every expectation that a rule opens in one life, judged at `calendar.now`. */
export function judge(
  rule: Rule,
  happenings: readonly Happening[],
  calendar: Calendar,
  era: Era = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY },
): Judgement[] {
  const terms = termsOf(rule, calendar)
  const all: Running[] = []
  for (const event of inOrder(terms, happenings, rule)) {
    if (event.at > calendar.now) continue
    decide(terms, all, event, calendar)
    if (event.at < era.from || event.at >= era.to || !matchesRule(rule.opened, event)) continue
    const opened = open(rule, terms, event, calendar)
    if (opened) admit(all, opened, event)
  }
  return all.map((running) => finish(running, terms, calendar.now))
}

/** An expectation made by hand, judged by the events it watches for. */
export function judgeGiven(
  given: Given,
  watch: Partial<Watch>,
  happenings: readonly Happening[],
  calendar: Calendar,
): Judgement {
  const terms: Terms = {
    ...watch,
    dimension: given.dimension,
    limit: given.limit ?? 'at most',
    timeZone: given.timeZone ?? calendar.timeZone,
  }
  const { dimension: _, limit: __, timeZone: ___, ...begun } = given
  const running = begin({ ...begun, sourceKind: 'other', sourceName: null, firstDue: given.due })
  for (const event of inOrder(terms, happenings))
    if (event.at <= calendar.now && event.at >= given.openedAt) decide(terms, [running], event, calendar)
  return finish(running, terms, calendar.now)
}

/** What a person entered: how it ended, when, and whether what was promised came at all. */
export interface Settlement {
  state: Exclude<State, 'open'>
  at: number
  came: boolean
  /** Minor units or points, for money and points. */
  actual: number | null
}

/** The judgement with an outcome that a person entered over what the events say. */
export function settle(
  judgement: Judgement,
  settled: Settlement,
  rule: { dimension: Rule['dimension']; limit: 'at most' | 'at least'; timeZone: string },
): Judgement {
  const running: Running = {
    ...judgement,
    closed: false,
    cameAt: null,
    actual: null,
    gap: null,
    firstGap: null,
  }
  if (settled.came) arrive(running, rule, settled.at, settled.actual, null)
  const ranOut = settled.state === 'broken' && judgement.due !== null && settled.at >= judgement.due.at
  const { closed: _, ...result } = running
  return {
    ...result,
    state: settled.state,
    awaited: false,
    decidedAt: ranOut && judgement.due ? judgement.due.at : settled.at,
    decidedBy: null,
    toldBefore: wasToldBefore(running, rule, settled.at),
  }
}

function termsOf(rule: Rule, calendar: Calendar): Terms {
  return { ...rule, limit: rule.threshold?.limit ?? 'at most', timeZone: rule.timeZone ?? calendar.timeZone }
}

/**
 * In the order of what happened: by time; at the same time (days stored as midnight) what opens comes
 * before what decides; and by content, so that the order of arrival never matters.
 */
function inOrder(terms: Terms, happenings: readonly Happening[], rule?: Rule): Happening[] {
  const rank = (event: Happening) => {
    if (event.name === movedByHand) return 1
    if (rule && matchesRule(rule.opened, event)) return 0
    if (terms.moved && matchesRule(terms.moved.on, event)) return 1
    if (terms.told && matchesRule(terms.told, event)) return 2
    return 3
  }
  return happenings
    .map((event) => ({ event, at: effectiveTime(terms, event), rank: rank(event) }))
    .toSorted(
      (a, b) =>
        a.at - b.at ||
        a.rank - b.rank ||
        compare(a.event.name, b.event.name) ||
        compare(stable(a.event.properties), stable(b.event.properties)) ||
        a.event.id - b.event.id,
    )
    .map(({ event, at }) => (at === event.at ? event : { ...event, at }))
}

/** A move counts from when the customer was told, which can be long before somebody recorded it. */
function effectiveTime(terms: Terms, event: Happening): number {
  if (!terms.moved?.told || !matchesRule(terms.moved.on, event)) return event.at
  const told = timeOf(propertyAt(event.properties, terms.moved.told))
  return told === null ? event.at : Math.min(told, event.at)
}

function open(rule: Rule, terms: Terms, event: Happening, calendar: Calendar): Running | null {
  const due = firstDue(rule, terms, event)
  const currency = currencyOf(event, calendar.currency)
  const threshold = thresholdOf(rule, event, calendar.digits(currency))
  if (rule.dimension === 'days' ? !due : threshold === null) return null
  return begin({
    opening: event.purchaseId === null ? `i${event.id}` : `p${event.purchaseId}`,
    openedAt: event.at,
    openedBy: event.id,
    customerId: event.customerId,
    purchaseId: event.purchaseId,
    ...sourceOf(rule, event),
    firstDue: due,
    due,
    threshold,
    currency: rule.dimension === 'money' ? currency : null,
  })
}

/**
 * The same promise said again on one purchase is one promise: unchanged it is only repeated, changed it is
 * moved by us. Said anew after the earlier one was decided, it is another.
 */
function admit(all: Running[], opened: Running, event: Happening): void {
  const earlier = all.filter((each) => each.purchaseId === opened.purchaseId && opened.purchaseId !== null)
  const last = earlier.at(-1)
  if (!last) {
    all.push(opened)
    return
  }
  const repeated =
    opened.due && last.due
      ? sameSpan(opened.due, last.due) || (last.firstDue && sameSpan(opened.due, last.firstDue))
      : opened.threshold === last.threshold
  if (repeated) return
  if (last.closed) all.push({ ...opened, opening: `${opened.opening}.${earlier.length + 1}` })
  else if (opened.due) move(last, { due: opened.due, at: event.at, by: 'us', toldAt: event.at, id: event.id })
}

function decide(terms: Terms, all: Running[], event: Happening, calendar: Calendar): void {
  if (event.name === movedByHand) {
    moveByHand(terms, all, event)
    return
  }
  if (terms.moved && matchesRule(terms.moved.on, event)) {
    const target = targetOf(all, event)
    const due = readDue(propertyAt(event.properties, terms.moved.due), {
      said: event.at,
      timeZone: terms.timeZone,
      unit: terms.moved.unit,
      precision: terms.precision,
    })
    if (target && due)
      move(target, {
        due,
        at: event.at,
        by: moverOf(terms.moved, event),
        // Where the rule says which property tells when the customer was told, its absence means: not told.
        toldAt: terms.moved.told ? timeOf(propertyAt(event.properties, terms.moved.told)) : event.at,
        id: event.id,
      })
  }
  if (terms.told && matchesRule(terms.told, event)) {
    const target = targetOf(all, event)
    if (target) target.toldAt = Math.min(target.toldAt ?? Number.POSITIVE_INFINITY, event.at)
  }
  if (terms.kept && matchesRule(terms.kept, event)) {
    const value = terms.keptValue ? numberAt(event.properties, terms.keptValue) : null
    const target = terms.dimension !== 'days' && value === null ? undefined : targetOf(all, event)
    if (target) {
      const scale =
        terms.dimension === 'money' ? 10 ** calendar.digits(target.currency ?? calendar.currency) : 1
      arrive(
        target,
        withScale(terms, scale),
        event.at,
        value === null ? null : scaled(value, scale),
        event.id,
      )
    }
  } else if (terms.broken && matchesRule(terms.broken, event)) {
    const target = targetOf(all, event)
    if (target) Object.assign(target, withOutcome(target, 'broken', event.at), { decidedBy: event.id })
  } else if (terms.withdrawn && matchesRule(terms.withdrawn, event)) {
    const target = targetOf(all, event)
    if (target) {
      const state = target.due && event.at >= target.due.at ? 'broken' : 'withdrawn'
      Object.assign(target, withOutcome(target, state, event.at), { decidedBy: event.id })
    }
  }
}

function moveByHand(terms: Terms, all: Running[], event: Happening): void {
  const { opening, due: said, moved_by: by, told_at: told } = event.properties
  const target = all.find((each) => each.opening === opening && !each.closed)
  const due = readDue(said, { said: event.at, timeZone: terms.timeZone, precision: terms.precision })
  if (!target || !due) return
  move(target, {
    due,
    at: event.at,
    by: by === 'customer' ? 'customer' : 'us',
    toldAt: timeOf(told),
    id: event.id,
  })
}

/**
 * The expectation that an event is about: that of its purchase; else the oldest that belongs to no
 * purchase; else, for an event that names no purchase, the only one there is.
 */
function targetOf(all: Running[], event: Happening): Running | undefined {
  const waiting = all.filter((each) => !each.closed)
  if (event.purchaseId !== null) {
    const own = waiting.find((each) => each.purchaseId === event.purchaseId)
    if (own) return own
  }
  const unbound = waiting.find((each) => each.purchaseId === null)
  if (unbound || event.purchaseId !== null) return unbound
  return waiting.length === 1 ? waiting[0] : undefined
}

function move(
  target: Running,
  said: { due: Span; at: number; by: 'us' | 'customer'; toldAt: number | null; id: number },
): void {
  if (target.due && sameSpan(target.due, said.due)) return
  const counted = target.due === null || said.at < target.due.at
  target.moves.push({
    at: said.at,
    due: said.due,
    movedBy: said.by,
    toldAt: said.toldAt,
    interactionId: said.id,
    counted,
  })
  const later = !target.firstDue || said.due.at > target.firstDue.at
  if (said.by === 'us' && later && said.toldAt !== null)
    target.toldAt = Math.min(target.toldAt ?? Number.POSITIVE_INFINITY, said.toldAt)
  if (!counted) return
  target.movedBy = said.by === 'us' || target.movedBy === 'us' ? 'us' : 'customer'
  target.due = said.due
}

function arrive(
  target: Running,
  terms: Pick<Terms, 'dimension' | 'limit' | 'timeZone' | 'exceededBy'>,
  at: number,
  value: number | null,
  by: number | null,
): void {
  const late = target.due ? daysOff(target.due, at, terms.timeZone) : 0
  target.cameAt = at
  target.decidedBy = by
  target.closed = true
  if (terms.dimension === 'days') {
    target.actual = sinceOpening(target, at, terms.timeZone)
    target.gap = target.due ? late : null
    target.firstGap = target.firstDue ? daysOff(target.firstDue, at, terms.timeZone) : null
  } else if (value !== null && target.threshold !== null) {
    target.actual = value
    target.gap = terms.limit === 'at most' ? value - target.threshold : target.threshold - value
    target.firstGap = target.gap
  }
  const worse = late > 0 || (target.gap ?? 0) > 0
  const better = terms.exceededBy !== undefined && -(target.gap ?? 0) >= terms.exceededBy
  target.state = worse ? 'broken' : better ? 'exceeded' : 'kept'
  target.decidedAt = late > 0 && target.due ? target.due.at : at
}

function withOutcome(target: Running, state: State, at: number): Running {
  const ranOutAt = state === 'broken' && target.due && at >= target.due.at ? target.due.at : at
  return { ...target, state, closed: true, decidedAt: ranOutAt }
}

function finish(running: Running, terms: Terms, now: number): Judgement {
  const { closed, ...judgement } = running
  if (!closed && judgement.due && now >= judgement.due.at)
    Object.assign(judgement, { state: 'broken', awaited: true, decidedAt: judgement.due.at })
  judgement.toldBefore = wasToldBefore(judgement, terms, now)
  return judgement
}

function wasToldBefore(judgement: Judgement, terms: Pick<Rule, 'dimension'>, now: number): boolean | null {
  const { firstDue, toldAt, cameAt, firstGap } = judgement
  if (terms.dimension !== 'days' || !firstDue || judgement.movedBy === 'customer') return null
  const over = cameAt === null ? judgement.state !== 'withdrawn' && now >= firstDue.at : (firstGap ?? 0) > 0
  return over ? toldAt !== null && toldAt < firstDue.at : null
}

function begin(
  opened: Pick<
    Judgement,
    | 'opening'
    | 'openedAt'
    | 'openedBy'
    | 'customerId'
    | 'purchaseId'
    | 'sourceKind'
    | 'sourceName'
    | 'firstDue'
    | 'due'
    | 'threshold'
    | 'currency'
  >,
): Running {
  return {
    ...opened,
    state: 'open',
    awaited: false,
    gap: null,
    firstGap: null,
    actual: null,
    cameAt: null,
    decidedAt: null,
    decidedBy: null,
    moves: [],
    movedBy: null,
    toldAt: null,
    toldBefore: null,
    closed: false,
  }
}

function firstDue(rule: Rule, terms: Terms, event: Happening): Span | null {
  const reading = { said: event.at, timeZone: terms.timeZone, precision: rule.precision }
  for (const term of rule.due) {
    const due =
      'property' in term
        ? readDue(propertyAt(event.properties, term.property), { ...reading, unit: term.unit })
        : afterwards(term.after, term.unit, reading)
    if (due) return due
  }
  return null
}

function thresholdOf(rule: Rule, event: Happening, digits: number): number | null {
  if (!rule.threshold || rule.dimension === 'days') return null
  const named = rule.threshold.property ? numberAt(event.properties, rule.threshold.property) : null
  const value = named ?? rule.threshold.value ?? null
  return value === null ? null : scaled(value, rule.dimension === 'money' ? 10 ** digits : 1)
}

function moverOf(moved: NonNullable<Watch['moved']>, event: Happening): 'us' | 'customer' {
  const by = moved.by ? propertyAt(event.properties, moved.by) : undefined
  return typeof by === 'string' && /^(the )?(customer|client|buyer|kunde)/i.test(by.trim())
    ? 'customer'
    : 'us'
}

function sourceOf(rule: Rule, event: Happening): Pick<Judgement, 'sourceKind' | 'sourceName'> {
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

function sinceOpening(target: Running, at: number, timeZone: string): number {
  if (target.due?.precision === 'hour') return (at - target.openedAt) / 86_400_000
  return daysBetween(dayOf(target.openedAt, timeZone), dayOf(at, timeZone))
}

function withScale(terms: Terms, scale: number): Terms {
  return terms.exceededBy === undefined ? terms : { ...terms, exceededBy: terms.exceededBy * scale }
}

function scaled(value: number, scale: number): number {
  return scale === 1 ? value : Math.round(value * scale)
}

function currencyOf(event: Happening, fallback: string): string {
  const given = event.properties['currency']
  return typeof given === 'string' && /^[a-z]{3}$/i.test(given) ? given.toUpperCase() : fallback
}

function numberAt(properties: Record<string, unknown>, path: string): number | null {
  const value = propertyAt(properties, path)
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

function timeOf(value: unknown): number | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const time = new Date(value).getTime()
  return Number.isNaN(time) ? null : time
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The same properties in any order give the same text. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const entries = Object.entries(value).toSorted(([a], [b]) => compare(a, b))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${stable(each)}`).join()}}`
}

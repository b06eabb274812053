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
import { arrive, begin, finish, move, type Running, withOutcome } from './course.ts'
import { afterwards, readDue, type Span, sameSpan } from './due.ts'
import type { Calendar, Era, Given, Happening, Judgement, Terms } from './judgement.ts'
import {
  compare,
  currencyOf,
  moverOf,
  numberAt,
  scaled,
  sourceOf,
  stable,
  thresholdOf,
  timeOf,
} from './reading.ts'
import type { Rule, Watch } from './schema.ts'

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

export function firstDue(rule: Rule, terms: Terms, event: Happening): Span | null {
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

function withScale(terms: Terms, scale: number): Terms {
  return terms.exceededBy === undefined ? terms : { ...terms, exceededBy: terms.exceededBy * scale }
}

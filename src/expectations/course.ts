// The course of one expectation: begun, moved, arrived or run out, and what a person entered laid over it.
// Which event does what to which expectation is decided in judge.ts.
import { dayOf, daysBetween } from '../lib/days.ts'
import { daysOff, type Span, sameSpan } from './due.ts'
import type { Judgement, Move, Settlement, Terms } from './judgement.ts'
import type { Rule, State } from './schema.ts'

export interface Running extends Judgement {
  closed: boolean
}

export function begin(
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

/**
 * What is said at one moment is one move: a second word at the same time takes the first one's place, and a
 * word that takes back what was said in the same breath leaves no move at all.
 */
export function move(
  target: Running,
  said: { due: Span; at: number; by: 'us' | 'customer'; toldAt: number | null; id: number },
): void {
  if (target.due && sameSpan(target.due, said.due)) return
  if (target.moves.at(-1)?.at === said.at) {
    target.moves.pop()
    target.due = target.moves.findLast((each) => each.counted)?.due ?? target.firstDue
  }
  const counted = target.due === null || said.at < target.due.at
  const later = !target.firstDue || said.due.at > target.firstDue.at
  if (said.by === 'us' && later && said.toldAt !== null)
    target.toldAt = Math.min(target.toldAt ?? Number.POSITIVE_INFINITY, said.toldAt)
  if (!target.due || !sameSpan(target.due, said.due)) {
    target.moves.push({
      at: said.at,
      due: said.due,
      movedBy: said.by,
      toldAt: said.toldAt,
      interactionId: said.id,
      counted,
    })
    if (counted) target.due = said.due
  }
  target.movedBy = moverAmong(target.moves)
}

function moverAmong(moves: readonly Move[]): 'us' | 'customer' | null {
  const counted = moves.filter((each) => each.counted)
  if (counted.length === 0) return null
  return counted.some(({ movedBy }) => movedBy === 'us') ? 'us' : 'customer'
}

export function arrive(
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

export function withOutcome(target: Running, state: State, at: number): Running {
  const ranOutAt = state === 'broken' && target.due && at >= target.due.at ? target.due.at : at
  return { ...target, state, closed: true, decidedAt: ranOutAt }
}

export function finish(running: Running, terms: Terms, now: number): Judgement {
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

function sinceOpening(target: Running, at: number, timeZone: string): number {
  if (target.due?.precision === 'hour') return (at - target.openedAt) / 86_400_000
  return daysBetween(dayOf(target.openedAt, timeZone), dayOf(at, timeZone))
}

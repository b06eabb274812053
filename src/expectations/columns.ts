import { isDeepStrictEqual } from 'node:util'
import type { Judgement, Move } from './judgement.ts'
import type { Stored, StoredMove } from './loading.ts'
import type { RuleEra } from './rules.ts'

/** The part of a stored expectation that judging works out. */
export type Judged = Omit<Stored, 'id' | 'watch' | 'settled' | 'moved'>

export function judgedByRule(
  judgement: Judgement,
  ruleId: number,
  era: RuleEra,
  before: Stored | undefined,
): Judged {
  const { rule } = era
  return {
    ...columnsOf(judgement),
    // The row stays where it is while its life is the same one.
    customerId: before?.customerId ?? judgement.customerId,
    ruleId,
    ruleVersion: era.version,
    statement: era.statement,
    statedBy: rule.statedBy,
    sourceKind: judgement.sourceKind,
    sourceName: judgement.sourceName,
    dimension: rule.dimension,
    thresholdLimit: rule.dimension === 'days' ? null : (rule.threshold?.limit ?? 'at most'),
  }
}

export function judgedByHand(judgement: Judgement, before: Stored): Judged {
  const { ruleId, ruleVersion, statement, statedBy, sourceKind, sourceName, dimension, thresholdLimit } =
    before
  return {
    ...columnsOf(judgement),
    customerId: before.customerId,
    ruleId,
    ruleVersion,
    statement,
    statedBy,
    sourceKind,
    sourceName,
    dimension,
    thresholdLimit,
  }
}

type FromJudgement = Omit<
  Judged,
  | 'customerId'
  | 'ruleId'
  | 'ruleVersion'
  | 'statement'
  | 'statedBy'
  | 'sourceKind'
  | 'sourceName'
  | 'dimension'
  | 'thresholdLimit'
>

function columnsOf(judgement: Judgement): FromJudgement {
  const { firstDue, due, moves } = judgement
  return {
    purchaseId: judgement.purchaseId,
    opening: judgement.opening,
    precision: due?.precision ?? null,
    firstDueFrom: firstDue?.from ?? null,
    firstDueAt: firstDue?.at ?? null,
    dueFrom: due?.from ?? null,
    dueAt: due?.at ?? null,
    dueText: due?.text ?? null,
    threshold: judgement.threshold,
    currency: judgement.currency,
    state: judgement.state,
    awaited: judgement.awaited,
    gap: judgement.gap,
    firstGap: judgement.firstGap,
    actual: judgement.actual,
    moves: moves.length,
    movedBy: judgement.movedBy,
    toldAt: judgement.toldAt,
    toldBefore: judgement.toldBefore,
    openedAt: judgement.openedAt,
    openedBy: judgement.openedBy,
    cameAt: judgement.cameAt,
    decidedAt: judgement.decidedAt,
    decidedBy: judgement.decidedBy,
  }
}

/** Whether judging again came to the same, move by move: another event may have said the same day at another time. */
export function sameJudgement(judged: Judged, moves: readonly Move[], stored: Stored): boolean {
  return (
    (Object.keys(judged) as (keyof Judged)[]).every((key) => judged[key] === stored[key]) &&
    moves.length === stored.moved.length &&
    moves.every((move, index) => isDeepStrictEqual(storedMove(move), stored.moved[index]))
  )
}

function storedMove({ due, ...move }: Move): StoredMove {
  return { ...move, dueFrom: due.from, dueAt: due.at, dueText: due.text }
}

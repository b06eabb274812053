// Choosing against being validated, around the arithmetic: the lengths of time, the queries, and the answer with its
// words.
import type { Asking } from '../asking/asking.ts'
import { fewestAnswers, part } from '../map/level.ts'
import type { Scope } from '../question.ts'
import type { TouchpointKind } from './activity.ts'
import {
  type ChoosingSpans,
  type CourtingRow,
  courtedQuestion,
  courtedTouchesQuestion,
  courtingQuestion,
} from './courted-questions.ts'
import type { EstimatedCriteria, EstimatedSide, Population } from './criteria.ts'
import { choosingSpansFrom } from './outcome.ts'
import { buyerColumns, buyerKinds, touchColumns, touchKinds } from './questions.ts'
import type { Criteria } from './schema.ts'
import type { NamedTouchpoint } from './touchpoint-names.ts'

export interface Choosing {
  spans: ChoosingSpans
  people: Population
  touchpoints: TouchpointKind[]
}

/** Who might choose and what they met; touchpoints are those before the sale, but for the sale itself. */
export async function choosingFor(
  asking: Asking,
  scope: Scope,
  lookback: number,
  named: readonly NamedTouchpoint[],
): Promise<Choosing> {
  const [lengths = nobody] = await asking.rows<CourtingRow>(
    'How long customers take from their first touch to their first purchase',
    courtingQuestion(scope),
  )
  const spans = choosingSpansFrom(lengths)
  const people = await asking.columns(
    'Everybody who asked or was courted, and whether they bought after the landmark',
    courtedQuestion(scope, spans),
    buyerColumns,
    buyerKinds,
  )
  const touches = await asking.columns(
    'What each of them met up to the landmark, and how it was',
    courtedTouchesQuestion(scope, spans, lookback),
    touchColumns,
    touchKinds,
  )
  return { spans, people: { people, touches }, touchpoints: beforeTheSale(named) }
}

const nobody: CourtingRow = { courted: 0, quarter: null, most: null, half_seen: null }
const sale = 2

function beforeTheSale(named: readonly NamedTouchpoint[]): TouchpointKind[] {
  return named
    .filter(({ side, purpose }) => side === 'before' && purpose !== sale)
    .map(({ id, byUs, purpose }) => ({ id, byUs, purpose }))
}

export function criteriaAnswer(
  estimated: EstimatedCriteria,
  spans: ChoosingSpans,
  named: readonly NamedTouchpoint[],
): Criteria {
  const names = new Map(named.map(({ id, name }) => [id, name]))
  const { choosing, validated, touchpoints, cannotTell } = estimated
  return {
    spans,
    choosing: side(choosing, 'tooEarly'),
    validated: side(validated, null),
    touchpoints: touchpoints.map(({ id, met, difference, ...weights }) => ({
      id,
      name: names.get(id) ?? '',
      met,
      choosing: weights.choosing,
      validated: weights.validated,
      difference: difference && { ...difference, tells: difference.p < 0.05 },
    })),
    cannotTell,
  }
}

function side(
  { n, leftOut, outcome, explained }: EstimatedSide,
  already: 'tooEarly' | null,
): Criteria['choosing'] {
  const told = n >= fewestAnswers
  return {
    n,
    tooRecent: leftOut.tooRecent,
    already: already === null ? 0 : leftOut.tooEarly,
    share: told && Number.isInteger(outcome.sum) ? part(outcome.sum, n) : null,
    explained: 'cannotTell' in explained ? null : explained.value,
  }
}

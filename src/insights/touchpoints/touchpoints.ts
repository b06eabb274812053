import { sql } from 'kysely'
import { NotFound } from '../../lib/errors.ts'
import { isTold } from '../../stats/cannot-tell.ts'
import { meanFrom } from '../../stats/means.ts'
import { wilson } from '../../stats/proportions.ts'
import { row } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import type { Asking } from '../asking/asking.ts'
import { defineQuestion } from '../asking/kind.ts'
import { fewestAnswers } from '../map/level.ts'
import { readScope, type Scope } from '../question.ts'
import type { TouchpointKind } from './activity.ts'
import { relations } from './answer.ts'
import { type Choosing, choosingFor, criteriaAnswer } from './choosing.ts'
import type { Estimated, EstimateInput, Model } from './estimate.ts'
import { type AskedSpans, type Outcome, outcomeOf, type Spans, spansFrom } from './outcome.ts'
import { outcomeWords } from './outcome-words.ts'
import {
  buyerColumns,
  buyerKinds,
  buyersQuestion,
  gapsQuestion,
  type SpansRow,
  touchColumns,
  touchesQuestion,
  touchKinds,
} from './questions.ts'
import { type Touchpoints, touchpointsQuery, touchpointsSchema } from './schema.ts'
import { touchpointSheets } from './sheets.ts'
import { type NamedTouchpoint, namedTouchpoints } from './touchpoint-names.ts'
import { controlWords, funnelOf, modelWords, touchpointWords } from './words.ts'

/** Which touchpoints go along with coming back (or bringing others, renewing, rating well), between equals. */
export const touchpoints = defineQuestion({
  name: 'touchpoints',
  title: 'What moves with coming back',
  summary:
    'Which touchpoints go along with coming back, bringing others, renewing or rating well, between equals',
  asked: touchpointsQuery,
  answer: touchpointsSchema,
  async answering(asking, asked) {
    const { store } = asking
    const scope = await readScope(store, asked)
    const outcome = outcomeOf(asked.outcome)
    const segment = outcome.kind === 'segment' ? await segmentOf(store, outcome.segment) : null
    const named = await namedTouchpoints(store)
    const wanted = named.filter(({ purpose }) => purpose !== ownPurpose(outcome))
    const yesNo = outcome.kind !== 'rating'
    const model = yesNo ? asked.model : 'linear'
    const { spans, lengths, choosing, estimated } = await estimateFor(asking, scope, outcome, asked, wanted, {
      model,
      courted: asked.criteria === 'yes' ? named : null,
    })
    const found = relations(estimated, wanted, yesNo)
    const { n, early, explained, activity } = estimated
    const names = new Map(named.map(({ id, name }) => [id, name]))
    const words = outcomeWords(outcome, spans, segment?.name ?? null)
    const answer: Omit<Touchpoints, 'statements'> = {
      asked: scope.asked,
      outcome: { kind: outcome.kind, segment, noun: words.noun, ...outcomeValue(estimated, yesNo) },
      spans: { ...spans, usualGap: lengths.half_gap, gaps: lengths.gaps },
      funnel: funnelOf(estimated, outcome.kind, spans),
      n,
      early,
      model: { kind: model, words: modelWords({ used: model, asked: asked.model }, yesNo, estimated) },
      controls: controlWords(estimated, names),
      activity: {
        touchpoints: activity.touchpoints.map((id) => names.get(id) ?? ''),
        reliability: activity.reliability,
      },
      explained: isTold(explained)
        ? { touchpoints: explained.r2 - explained.r2Controls, controls: explained.r2Controls }
        : null,
      matters: average(found),
      touchpoints: found,
      criteria:
        estimated.criteria && choosing ? criteriaAnswer(estimated.criteria, choosing.spans, named) : null,
    }
    return { ...answer, statements: touchpointWords(answer, words) }
  },
  sheets: touchpointSheets,
})

/** The counting, apart from names and words: what tests that know the truth ask for. */
export async function estimateFor(
  asking: Asking,
  scope: Scope,
  outcome: Outcome,
  asked: AskedSpans,
  wanted: readonly TouchpointKind[],
  { model, courted }: { model: Model; courted: readonly NamedTouchpoint[] | null } = {
    model: 'linear',
    courted: null,
  },
): Promise<{ spans: Spans; lengths: SpansRow; choosing: Choosing | null; estimated: Estimated }> {
  asking.progress(0, 'Looking how long customers take to come back')
  const [lengths = nothing] = await asking.rows<SpansRow>(
    'How long customers take to come back, and how long they are seen',
    gapsQuestion(scope, outcome),
  )
  const spans = spansFrom(lengths, asked, outcome.kind)
  asking.progress(0.1, `Following ${lengths.buyers.toLocaleString('en')} buyers`)
  const estimating = asking.thinker(new URL('./estimate.ts', import.meta.url))
  try {
    const ready = estimating.think('getReady', lengths.buyers)
    // side by side: while the one is read, the other is counted
    const [buyers, touches] = await Promise.all([
      asking.columns(
        'Every buyer of this time: what equals are equal in, and what became of them',
        buyersQuestion(scope, outcome, spans),
        buyerColumns,
        buyerKinds,
      ),
      asking.columns(
        'What each buyer met up to the landmark, and how it was',
        touchesQuestion(scope, outcome, spans),
        touchColumns,
        touchKinds,
      ),
    ])
    await ready
    const choosing = courted ? await choosingFor(asking, scope, spans.lookback, courted) : null
    const input: EstimateInput = {
      buyers,
      touches,
      touchpoints: wanted.map(({ id, byUs, purpose }) => ({ id, byUs, purpose })),
      model,
      choosing: choosing ?? undefined,
    }
    const { people } = choosing ?? {}
    const moved = [buyers, touches, people?.people ?? {}, people?.touches ?? {}].flatMap((columns) =>
      Object.values(columns).map(({ buffer }) => buffer as ArrayBuffer),
    )
    const estimated = await estimating.think<Estimated>('estimateInThreads', input, moved)
    return { spans, lengths, choosing, estimated }
  } finally {
    await estimating.stop()
  }
}

const nothing: SpansRow = { buyers: 0, gaps: 0, half_gap: null, long_gap: null, half_seen: null }

/** Touchpoints of this purpose are the outcome itself. */
function ownPurpose(outcome: Outcome): number | null {
  return outcome.kind === 'return' ? 2 : outcome.kind === 'referral' ? 10 : null
}

async function segmentOf(store: Store, id: number): Promise<{ id: number; name: string }> {
  const found = await row(
    store.db,
    sql<{ id: number; name: string }>`select id, name from segments where id = ${id}`,
  )
  if (!found) throw new NotFound('segment', id)
  return found
}

function outcomeValue({ outcome: { n, sum, squares } }: Estimated, yesNo: boolean) {
  if (n < fewestAnswers) return { value: null, low: null, high: null }
  const { value, low, high } = yesNo ? wilson(Math.round(sum), n) : meanFrom(n, sum, squares)
  return { value, low, high }
}

/** What a touchpoint goes along with on average. */
function average(found: Touchpoints['touchpoints']): number | null {
  const shares = found.flatMap(({ importance }) => (importance ? [importance.share] : []))
  return shares.length < 2 ? null : shares.reduce((sum, each) => sum + each, 0) / shares.length
}

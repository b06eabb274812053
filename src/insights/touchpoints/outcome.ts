import { Invalid } from '../../lib/errors.ts'
import type { ChoosingSpans } from './courted-questions.ts'
import type { SpansRow } from './questions.ts'

/** What is looked for after the landmark. */
export type Outcome =
  | { kind: 'return' | 'referral' | 'renewal' | 'rating' }
  | { kind: 'segment'; segment: number }

/** Days: back from the first sale, on to the landmark, and on from there. */
export interface Spans {
  lookback: number
  landmark: number
  horizon: number
}

/** Undefined: from the data. */
export type AskedSpans = { [Length in keyof Spans]?: Spans[Length] | undefined }

/** What became of a buyer in the count. */
export const statuses = { counted: 1, tooRecent: 2, unanswered: 3, tooEarly: 4 } as const

export const outcomePattern = /^(return|referral|renewal|rating|segment:\d{1,15})$/

/** @throws Invalid for anything but what outcomePattern allows */
export function outcomeOf(asked: string): Outcome {
  const [kind = '', id] = asked.split(':')
  if (kind === 'segment') return { kind, segment: Number(id) }
  if (kind === 'return' || kind === 'referral' || kind === 'renewal' || kind === 'rating') return { kind }
  throw new Invalid('The outcome is one of: return, referral, renewal, rating, segment:ID.', [
    { field: 'outcome', reason: 'is not one of them' },
  ])
}

/** Lengths that people plan in, in days. */
const usual = [7, 14, 21, 30, 45, 60, 90, 120, 150, 180, 270, 365, 545, 730, 1095]

/**
 * Lengths of time from the data, where they were not asked for. The landmark comes after two thirds of the
 * usual time to the next sale: most of what belongs to the first one has happened, and few have come back. The
 * outcome is looked for as long as nine in ten of those who came back took, but only so long that half of
 * the buyers can be followed to the end. For renewals the landmark comes half way to the date.
 */
export function spansFrom(
  { half_gap, long_gap, half_seen }: Pick<SpansRow, 'half_gap' | 'long_gap' | 'half_seen'>,
  asked: AskedSpans,
  outcome: Outcome['kind'],
): Spans {
  const usualGap = half_gap ?? 135
  const seen = half_seen ?? 730
  const renewal = outcome === 'renewal'
  const landmark =
    asked.landmark ??
    nearest(renewal ? usualGap / 2 : Math.min(usualGap * (2 / 3), Math.max(7, seen / 3)), 270)
  const horizon =
    asked.horizon ??
    (renewal ? nearest(usualGap) : longestWithin(Math.max(7, seen - landmark), nearest(long_gap ?? 365, 730)))
  return { landmark, horizon, lookback: asked.lookback ?? Math.max(30, landmark) }
}

function nearest(length: number, most = 1095, lengths = usual): number {
  const days = Math.max(1, length)
  return lengths
    .filter((each) => each <= most)
    .reduce((best, each) => (Math.abs(Math.log(each / days)) < Math.abs(Math.log(best / days)) ? each : best))
}

function longestWithin(limit: number, wanted: number): number {
  return usual.findLast((each) => each <= limit && each <= wanted) ?? 7
}

/** Days; among them short ones, as many choose within a week. */
const usualForChoosing = [1, 2, 3, 5, ...usual]

/**
 * The landmark of choosing comes when a quarter of those who buy have bought: most are still to be won, and have met
 * something. They are followed as long as nine in ten took, but only so long that half can be.
 */
export function choosingSpansFrom({
  quarter,
  most,
  half_seen,
}: {
  quarter: number | null
  most: number | null
  half_seen: number | null
}): ChoosingSpans {
  const seen = half_seen ?? 730
  const landmark = nearest(Math.min(quarter ?? 14, Math.max(1, seen / 3)), 180, usualForChoosing)
  const wanted = nearest(Math.max(1, (most ?? 180) - landmark), 730)
  return { landmark, horizon: longestWithin(Math.max(7, seen - landmark), wanted) }
}

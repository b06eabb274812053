import { count } from '../lib/phrases.ts'
import type { FactKind } from './schema.ts'
import { leastPieces, type Score } from './score.ts'
import type { ToldPiece } from './score-queries.ts'
import { factInWords } from './words.ts'

/** The score in a sentence, with what speaks most for it and against it. */
export function scoreInWords(
  { value, ledger }: Score,
  contributions: { words: string; points: number }[],
  bought: boolean,
): string {
  if (!bought) return 'Nothing is bought yet, so there is no choice to confirm.'
  if (value === null)
    return ledger.n === 0
      ? `Not enough evidence yet: nothing since the sale says how it was. It takes ${count(leastPieces, 'experience')}.`
      : `Not enough evidence yet: ${count(ledger.n, 'experience')} since the sale, and it takes ${leastPieces === 2 ? 'two' : leastPieces}.`
  const most = contributions.toSorted((a, b) => b.points - a.points)
  const [best, worst] = [most[0], most.at(-1)]
  const sides = [
    ...(best && best.points >= 0.5 ? [`most for it speaks “${best.words}”`] : []),
    ...(worst && worst.points <= -0.5 ? [`most against it speaks “${worst.words}”`] : []),
  ]
  return `${Math.round(value)} of 100, from ${count(ledger.n, 'experience')} since the sale${sides.length > 0 ? `: ${sides.join(', ')}` : ''}.`
}

/** One experience in words, without its date: "Delivered four days late", "Assembly, rated 2 of 5". */
export function pieceInWords(piece: ToldPiece): string {
  const kind = kindOf(piece)
  if (kind === undefined)
    return `${piece.moment}: went ${piece.value < 0 ? 'badly' : 'well'}, from what happened`
  const late = piece.dimension === 'days' && piece.gap !== null ? Math.max(1, Math.round(piece.gap)) : null
  if (kind === 'broken' && late !== null) {
    if (piece.awaited) return `Still waiting: ${piece.statement}`
    if (piece.isDelivery) return `Delivered ${count(late, 'day')} late`
  }
  if (piece.isDelivery && kind === 'kept') return 'Delivered by the day that was promised'
  if (piece.isDelivery && kind === 'exceeded') return 'Delivered earlier than promised'
  return factInWords({
    kind,
    at: new Date(piece.at).toISOString(),
    speaks: 'neither',
    decided: false,
    ...(kind === 'rating' || kind === 'impression'
      ? { what: piece.moment, value: Math.round(piece.value * 100) }
      : {
          ...(piece.statement === null ? {} : { what: piece.statement }),
          ...(piece.gap === null ? {} : { value: piece.gap }),
          ...(piece.gap === null ? {} : unitOf(piece)),
        }),
  })
}

function unitOf({ dimension, currency }: ToldPiece): { unit?: string } {
  const unit = dimension === 'money' ? currency : dimension
  return unit === null ? {} : { unit }
}

/** The fact that an experience tells; undefined where an event of the company's own was said to be good or bad. */
function kindOf(piece: ToldPiece): FactKind | undefined {
  if (piece.evidence === 'said') return 'rating'
  if (piece.evidence === 'impression') return 'impression'
  return kinds[piece.name]
}

const kinds: Record<string, FactKind> = {
  'expectation kept': 'kept',
  'expectation exceeded': 'exceeded',
  'expectation broken': 'broken',
  'order refunded': 'refund',
  'order cancelled': 'cancellation',
  'contract cancelled': 'cancellation',
  'subscription cancelled': 'cancellation',
  'return requested': 'return',
  'complaint received': 'complaint',
  'contract renewed': 'renewal',
  'subscription renewed': 'renewal',
  'renewal missed': 'renewal_missed',
  'referral made': 'referral',
}

import type { Incoming } from './schema.ts'

type Experience = NonNullable<Incoming['experience']>

/**
 * How it was for the customer, as far as the event itself says: a rating is the customer's word; some
 * events speak for themselves and are inferred. Undefined when nothing is said.
 *
 * A rating is put on −100…+100 linearly between the ends of its scale: 1–5 unless the properties name
 * another (`rating_min`, `rating_max`, `rating_scale: 10`, or "nps"/"score" from 0 to 10).
 */
export function experienceOf(name: string, properties: Record<string, unknown>): Experience | undefined {
  const said = ratingOf(properties)
  if (said !== undefined) return { value: said, evidence: 'said' }
  const inferred = speaksForItself.get(name.toLowerCase())
  return inferred === undefined ? undefined : { value: inferred, evidence: 'inferred' }
}

/** The customer's own words in the properties, if there are any. */
export function wordsOf(properties: Record<string, unknown>): string | undefined {
  for (const name of ['words', 'review_body', 'review', 'comment', 'feedback', 'verbatim']) {
    const value = properties[name]
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
  }
  return undefined
}

function ratingOf(properties: Record<string, unknown>): number | undefined {
  const nps = numberAt(properties, 'nps') ?? numberAt(properties, 'nps_score')
  if (nps !== undefined) return onScale(nps, 0, 10)
  const rating =
    numberAt(properties, 'rating') ?? numberAt(properties, 'csat') ?? numberAt(properties, 'stars')
  if (rating === undefined) return undefined
  const low = numberAt(properties, 'rating_min') ?? 1
  const high = numberAt(properties, 'rating_max') ?? numberAt(properties, 'rating_scale') ?? 5
  return onScale(rating, low, high)
}

function onScale(value: number, low: number, high: number): number | undefined {
  if (!(high > low) || value < low || value > high) return undefined
  return Math.round(((value - low) / (high - low)) * 200 - 100)
}

function numberAt(properties: Record<string, unknown>, name: string): number | undefined {
  const value = properties[name]
  if (value === undefined || value === null || value === '' || typeof value === 'boolean') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

// What happened, on its own, was good or bad for the customer. Deliberately few: only events whose
// meaning does not depend on the company.
const speaksForItself = new Map<string, number>([
  ['order refunded', -50],
  ['order cancelled', -40],
  ['return requested', -40],
  ['complaint received', -70],
  ['renewal missed', -60],
  ['contract renewed', 50],
  ['subscription renewed', 50],
  ['subscription cancelled', -60],
  ['contract cancelled', -60],
  ['referral made', 80],
  ['expectation kept', 30],
  ['expectation exceeded', 60],
  ['expectation broken', -60],
])

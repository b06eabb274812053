// Figures to look at: a shop's, and those that break pictures (none, one, sixty with long names, all equal, huge,
// without intervals). Invented; the same each time.
import type { Estimate } from '../estimate.ts'

/** Numbers that look random and are the same each time, 0 to 1. */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

export function estimate(value: number, half: number, n: number): Estimate {
  return { value, low: value - half, high: value + half, n }
}
export const unknown: Estimate = { value: null, low: null, high: null, n: 0 }
export const lonely: Estimate = { value: 0.4, low: null, high: null, n: 1 }

export const longNames = [
  'Delivery appointment confirmed by text message on the evening before',
  'Onboarding call with the customer success manager in the first week',
  'Rechnungsstellungsbenachrichtigungsverfahren',
  'お客様サポートセンターへのお問い合わせ',
  'Website',
  'Showroom visit with a friend who is a customer already',
]

export function sixtyNames(): string[] {
  return Array.from({ length: 60 }, (_, index) =>
    index % 7 === 3 ? `${longNames[index % 6]} ${index}` : `Touchpoint number ${index + 1}`,
  )
}

/** Says what was opened, for tests. */
export function open(what: unknown): void {
  const place = document.getElementById('opened')
  if (place) place.textContent = JSON.stringify(what)
}

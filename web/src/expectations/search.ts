// What the expectations page is about, as it stands in its address.
import { type Period, periods } from '../journey/scope.ts'

/** What the page is about, as it stands in its address. */
export interface ExpectationSearch {
  period?: Exclude<Period, 'custom'>
  segment?: number
  rule?: number
}

export function readSearch(search: Record<string, unknown>): ExpectationSearch {
  const period = search['period']
  const positive = (name: string) => {
    const value = Number(search[name])
    return Number.isInteger(value) && value > 0 ? value : undefined
  }
  const segment = positive('segment')
  const rule = positive('rule')
  return {
    ...(typeof period === 'string' && period in periods && period !== 'custom' && period !== 'all'
      ? { period: period as Exclude<Period, 'custom'> }
      : {}),
    ...(segment ? { segment } : {}),
    ...(rule ? { rule } : {}),
  }
}

/** The query parameters of the server for it. */
export function scopeOf(search: ExpectationSearch, today = new Date()) {
  const days = { all: 0, '12m': 364, '90d': 89, '30d': 29 }[search.period ?? 'all']
  return {
    ...(days
      ? {
          from: new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10),
          to: tomorrow(today),
        }
      : {}),
    ...(search.segment ? { segment: String(search.segment) } : {}),
  }
}

function tomorrow(today: Date): string {
  return new Date(today.getTime() + 86_400_000).toISOString().slice(0, 10)
}

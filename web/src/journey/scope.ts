// What the journey page is about, as it stands in its address: so that a view can be linked and gone back to.
export interface JourneySearch {
  period?: Period
  from?: string
  to?: string
  segment?: number
  compare?: string
}
export const periods = {
  all: 'All time',
  '12m': 'Last 12 months',
  '90d': 'Last 90 days',
  '30d': 'Last 30 days',
  custom: 'From … to …',
} as const
export type Period = keyof typeof periods

export function readSearch(search: Record<string, unknown>): JourneySearch {
  const text = (name: string) => {
    const value = search[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const period = text('period')
  const segment = Number(search['segment'])
  return without({
    period: period && period in periods ? (period as Period) : undefined,
    from: text('from'),
    to: text('to'),
    segment: Number.isInteger(segment) && segment > 0 ? segment : undefined,
    compare: text('compare'),
  })
}

/** The days that the server is asked for. */
export function scopeOf(
  search: JourneySearch,
  today = new Date(),
): { from?: string; to?: string; segment?: string } {
  const segment = search.segment === undefined ? undefined : String(search.segment)
  const daysAgo = (days: number) => new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10)
  switch (search.period ?? (search.from || search.to ? 'custom' : 'all')) {
    case '12m':
      return without({ from: daysAgo(364), segment })
    case '90d':
      return without({ from: daysAgo(89), segment })
    case '30d':
      return without({ from: daysAgo(29), segment })
    case 'custom':
      return without({ from: search.from, to: search.to, segment })
    case 'all':
      return without({ segment })
  }
}

/** Without the names that have no value, as exactOptionalPropertyTypes wants it. */
export function without<Value extends object>(
  value: Value,
): { [Name in keyof Value]: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [Name in keyof Value]: Exclude<Value[Name], undefined>
  }
}

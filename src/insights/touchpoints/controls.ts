// What equals are equal in: what they paid, when they bought, how they first came, whether they had bought before,
// whether they are a company, and whether somebody sent them. Whether they had come back by the landmark is not
// among them: it may be a consequence of what they met.
import type { Columns } from '../../store/projection-columns.ts'
import { type Buyers, column, picked } from './touched.ts'

export interface Controls {
  /** ln(1 + value) of the first sale; where there is none, the mean of the others. */
  value: Float64Array
  /** Columns that are 1 for some: each buyer's value, 0 or 1. */
  flags: Float64Array[]
  /** Exclusive choices, each with columns of its own: a buyer's column counted from the choice's first; −1: none of them. */
  choices: { columns: number; of: Int32Array }[]
  /** Columns of all flags and choices. */
  count: number
  /** What a time of buying is: a month, or longer with few buyers. */
  period: Period
}

export type Period = 'month' | 'quarter' | 'year'

const flagNames = ['bought_before', 'company', 'referred'] as const
const mostPeriods = 40
const buyersPerPeriod = 40
const mostChannels = 8
const fewestPerChannel = 20

export function controlsOf(buyers: Buyers, columns: Columns): Controls {
  const minor = picked(column(columns, 'minor'), buyers.row)
  const missing = minor.map((each) => (Number.isNaN(each) ? 1 : 0))
  const flags = [missing, ...flagNames.map((name) => picked(column(columns, name), buyers.row))]
  const days = picked(column(columns, 'day'), buyers.row)
  const { of, period } = periods(days)
  const choices = [
    choice(of, mostPeriods, 1),
    choice(picked(column(columns, 'channel'), buyers.row), mostChannels, fewestPerChannel),
  ]
  return {
    value: valuesOf(minor),
    flags,
    choices,
    count: flags.length + choices.reduce((sum, each) => sum + each.columns, 0),
    period,
  }
}

function valuesOf(minor: Float64Array): Float64Array {
  const logs = minor.map((each) => Math.log1p(Math.max(0, each) / 100))
  let sum = 0
  let n = 0
  for (const each of logs)
    if (!Number.isNaN(each)) {
      sum += each
      n++
    }
  const mean = n > 0 ? sum / n : 0
  return logs.map((each) => (Number.isNaN(each) ? mean : each))
}

/** The shortest time of buying that leaves enough buyers to each. */
function periods(days: Float64Array): { of: Float64Array; period: Period } {
  const month = days.map(monthOf)
  const kinds: [Period, number][] = [
    ['month', 1],
    ['quarter', 3],
    ['year', 12],
  ]
  for (const [period, months] of kinds) {
    const of = month.map((each) => Math.floor(each / months))
    const distinct = new Set(of).size
    if (period === 'year' || (distinct <= mostPeriods && distinct * buyersPerPeriod <= days.length))
      return { of, period }
  }
  return { of: month, period: 'month' }
}

/** Months since 1970 of a day since 1970. */
function monthOf(day: number): number {
  const date = new Date(day * 86_400_000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

/** A column for each of the most frequent values but the first of all, which the others are compared with. */
function choice(values: Float64Array, most: number, fewest: number): Controls['choices'][number] {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const chosen = [...counts]
    .filter(([value, n]) => n >= fewest && !Number.isNaN(value))
    .toSorted(([a, n], [b, m]) => m - n || a - b)
    .slice(0, most)
    .slice(1)
  const places = new Map(chosen.map(([value], place) => [value, place]))
  return { columns: chosen.length, of: Int32Array.from(values, (value) => places.get(value) ?? -1) }
}

// What equals are equal in: what they paid, when they bought, how they first came, whether they had bought before,
// whether they are a company, and whether somebody sent them. Whether they had come back by the landmark is not
// among them: it may be a consequence of what they met.
import { shared } from '../../lib/shared-arrays.ts'
import type { Column, Columns } from '../../store/projection-columns.ts'
import { type Buyers, column, finder, picked } from './buyers.ts'

/** Of buyers, in their order. Several threads may read them. */
export interface Controls {
  /** ln(1 + value) of the first sale; where there is none, the mean of the others. */
  value: Float64Array
  /** Columns that are 1 for some: each buyer's value, 0 or 1. */
  flags: Uint8Array[]
  /** Exclusive choices, each with columns of its own: a buyer's column counted from the choice's first; −1: none of them. */
  choices: { columns: number; of: Int32Array }[]
  /** Columns of all flags and choices. */
  count: number
  /** What a time of buying is: a month, or longer with few buyers. */
  period: Period
}

export type Period = 'month' | 'quarter' | 'year'

/** The columns that they are taken from. */
export const controlColumns = ['minor', 'bought_before', 'company', 'referred', 'day', 'channel']
const flagNames = ['bought_before', 'company', 'referred'] as const
const mostPeriods = 40
const buyersPerPeriod = 40
const mostChannels = 8
const fewestPerChannel = 20

export function controlsOf(buyers: Pick<Buyers, 'n' | 'place'>, columns: Columns<Column>): Controls {
  const { value, missing } = valuesOf(picked(column(columns, 'minor'), buyers))
  const flags = [missing, ...flagNames.map((name) => flagged(column(columns, name), buyers))]
  const days = picked(column(columns, 'day'), buyers)
  const perDay = counted(days)
  const { of, period } = periods(perDay, days.length)
  const channel = picked(column(columns, 'channel'), buyers)
  const choices = [
    choice(days, perDay, of, mostPeriods, 1),
    choice(channel, counted(channel), (value) => value, mostChannels, fewestPerChannel),
  ]
  return {
    value,
    flags,
    choices,
    count: flags.length + choices.reduce((sum, each) => sum + each.columns, 0),
    period,
  }
}

function flagged(values: Column, buyers: Pick<Buyers, 'n' | 'place'>): Uint8Array {
  const flag = shared(Uint8Array, buyers.n)
  picked(values, buyers, flag)
  return flag
}

function valuesOf(minor: Float64Array): { value: Float64Array; missing: Uint8Array } {
  const value = shared(Float64Array, minor.length)
  const missing = shared(Uint8Array, minor.length)
  let sum = 0
  let n = 0
  for (let row = 0; row < minor.length; row++) {
    const own = minor[row] as number
    if (Number.isNaN(own)) missing[row] = 1
    else {
      value[row] = Math.log1p(Math.max(0, own) / 100)
      sum += value[row] as number
      n++
    }
  }
  const mean = n > 0 ? sum / n : 0
  for (let row = 0; n < minor.length && row < minor.length; row++) if (missing[row] === 1) value[row] = mean
  return { value, missing }
}

/** The shortest time of buying that leaves enough buyers to each: from a day to it. */
function periods(
  perDay: ReadonlyMap<number, number>,
  buyers: number,
): { of: (day: number) => number; period: Period } {
  const kinds: [Period, number][] = [
    ['month', 1],
    ['quarter', 3],
    ['year', 12],
  ]
  for (const [period, months] of kinds) {
    const of = (day: number) => Math.floor(monthOf(day) / months)
    const distinct = new Set([...perDay.keys()].map(of)).size
    if (period === 'year' || (distinct <= mostPeriods && distinct * buyersPerPeriod <= buyers))
      return { of, period }
  }
  return { of: monthOf, period: 'month' }
}

/** The month since 1970 of a day since 1970. */
function monthOf(day: number): number {
  const date = new Date(day * 86_400_000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

/** A column for each of the most frequent kinds of values but the first of all, which the others are compared with. */
function choice(
  values: Float64Array,
  often: ReadonlyMap<number, number>,
  kindOf: (value: number) => number,
  most: number,
  fewest: number,
): Controls['choices'][number] {
  const ofKind = new Map<number, number>()
  for (const [value, n] of often) ofKind.set(kindOf(value), (ofKind.get(kindOf(value)) ?? 0) + n)
  const chosen = [...ofKind]
    .filter(([kind, n]) => n >= fewest && !Number.isNaN(kind))
    .toSorted(([a, n], [b, m]) => m - n || a - b)
    .slice(0, most)
    .slice(1)
    .map(([kind]) => kind)
  const known = [...often.keys()].filter((value) => chosen.includes(kindOf(value)))
  const columnOf = Int32Array.from(known, (value) => chosen.indexOf(kindOf(value)))
  const placeOf = finder(known)
  const of = shared(Int32Array, values.length)
  for (let row = 0; row < values.length; row++) {
    const place = placeOf(values[row] as number)
    of[row] = place < 0 ? -1 : (columnOf[place] as number)
  }
  return { columns: chosen.length, of }
}

/** Whole numbers by how often they come; NaN among them. */
function counted(values: Float64Array): Map<number, number> {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    if (value < least) least = value
    if (value > most) most = value
  }
  const often = new Map<number, number>()
  // None, or far apart: counted by value, a tenth as fast.
  if (!(most >= least && most - least < farApart)) {
    for (const value of values) often.set(value, (often.get(value) ?? 0) + 1)
    return often
  }
  const counts = new Uint32Array(most - least + 1)
  let missing = 0
  for (let row = 0; row < values.length; row++) {
    const at = (values[row] as number) - least
    if (Number.isNaN(at)) missing++
    else counts[at] = (counts[at] as number) + 1
  }
  for (const [at, count] of counts.entries()) if (count > 0) often.set(least + at, count)
  if (missing > 0) often.set(Number.NaN, missing)
  return often
}

const farApart = 100_000

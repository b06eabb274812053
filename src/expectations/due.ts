// What "by when" means. A promise names a span of the calendar: an hour, a day, week 34, early September.
// It is kept by whatever comes before the span ends, and is as far off as the customer would count:
// whole days from the named day, not hours from its midnight.
// One file, though long: every way of writing a time ends in the same few spans, and is read with them.
import {
  addDays,
  addMonths,
  atLocal,
  dayOf,
  daysBetween,
  isDay,
  mondayBefore,
  mondayOfWeek,
  startOfDay,
} from '../lib/days.ts'
import type { Precision, Unit } from './schema.ts'

/** A named stretch of time. `from` inclusive and `at` exclusive, in milliseconds; the promise runs out at `at`. */
export interface Span {
  from: number
  at: number
  precision: Precision
  /** As it was said, where it was said in words. */
  text: string | null
}

interface Reading {
  /** When it was said: what "6 weeks" counts from, and what decides the year of "early September". */
  said: number
  timeZone: string
  /** What a bare number counts. */
  unit?: Unit | undefined
  /** Read it this exactly, whatever the words say. */
  precision?: Precision | undefined
}

const dayLength = 86_400_000
const hourLength = 3_600_000

/** Reads a due time out of a property. Null when it says none. */
export function readDue(value: unknown, reading: Reading): Span | null {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value <= 0) return null
    // A number without a unit is only believed where it can be nothing but milliseconds or seconds since 1970.
    if (reading.unit) return value <= 10_000 ? afterwards(value, reading.unit, reading) : null
    if (value > 1e11 && value < 1e14) return instant(value, reading)
    return value > 1e8 && value < 1e11 ? instant(value * 1000, reading) : null
  }
  if (value instanceof Date) return readDue(value.toISOString(), reading)
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (text === '' || text.length > 100) return null
  const span = readNumeric(text, reading) ?? readWords(text.toLowerCase(), reading)
  return span && { ...span, text: span.text ?? (/[a-z]{3}/i.test(text) ? text : null) }
}

/** The span that ends some time after something was said. Hours run to the minute; everything longer by calendar days. */
export function afterwards(count: number, unit: Unit, reading: Reading): Span {
  const { said, timeZone, precision } = reading
  const text = `${count} ${count === 1 ? unit.replace(/s$/, '') : unit}`
  if (unit === 'hours' && precision !== undefined && precision !== 'hour')
    return { ...widen(dayOf(said + count * hourLength, timeZone), precision, timeZone), text }
  if (unit === 'hours') {
    const end = said + Math.round(count * hourLength)
    return { from: end, at: end, precision: 'hour', text }
  }
  const day = dayOf(said, timeZone)
  if (precision === 'hour') {
    const end = said + Math.round(count * lengthOf(unit))
    return { from: end, at: end, precision, text }
  }
  return { ...widen(laterDay(day, count, unit), precision ?? 'day', timeZone), text }
}

/**
 * How far off something came, in days; positive is late, negative early, 0 within the span. At the
 * precision of the span: whole calendar days in the time zone, except for hours.
 */
export function daysOff(span: Span, came: number, timeZone: string): number {
  if (span.precision === 'hour') {
    if (span.from === span.at ? came > span.at : came >= span.at) return (came - span.from) / dayLength
    return came < span.from ? (came - span.from) / dayLength : 0
  }
  const cameOn = dayOf(came, timeZone)
  const first = dayOf(span.from, timeZone)
  const last = dayOf(span.at - 1, timeZone)
  if (cameOn > last) return daysBetween(last, cameOn)
  return cameOn < first ? daysBetween(first, cameOn) : 0
}

export function sameSpan(a: Span, b: Span): boolean {
  return a.from === b.from && a.at === b.at
}

function readNumeric(text: string, reading: Reading): Span | null {
  const { timeZone, precision } = reading
  const stamp =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i.exec(
      text,
    )
  if (stamp?.[1]) {
    const [, day, hour, minute, second, , zone] = stamp
    if (!isDay(day)) return null
    // A day stored as midnight is a day, not a minute: nobody promises 00:00.
    if (hour === undefined || (hour === '00' && minute === '00' && (second ?? '00') === '00'))
      return widen(day, precision ?? 'day', timeZone)
    const local = Date.parse(`${day}T${hour}:${minute}:${second ?? '00'}Z`)
    if (Number.isNaN(local)) return null
    return instant(
      zone
        ? Date.parse(`${day}T${hour}:${minute}:${second ?? '00'}${zoneOf(zone)}`)
        : atLocal(local, timeZone),
      reading,
    )
  }
  const european = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(text)
  if (european) {
    const day = dayText(Number(european[3]), Number(european[2]), Number(european[1]))
    return day ? widen(day, precision ?? 'day', timeZone) : null
  }
  const week = /^(\d{4})-?W(\d{1,2})$/i.exec(text)
  if (week) return weekSpan(Number(week[1]), Number(week[2]), reading)
  const month = /^(\d{4})-(\d{2})$/.exec(text)
  if (month) return monthSpan(Number(month[1]), Number(month[2]), reading)
  const number = /^\d+(?:[.,]\d+)?$/.exec(text)
  if (number && reading.unit) return readDue(Number(text.replace(',', '.')), reading)
  return null
}

function readWords(text: string, reading: Reading): Span | null {
  const range =
    /^(?:in |within |innerhalb (?:von )?|binnen )?(\d+(?:[.,]\d+)?)(?:\s*(?:-|–|to|bis)\s*(\d+(?:[.,]\d+)?))?\s*([a-zäöü ]+?)\.?$/.exec(
      text,
    )
  const unit = range && unitOf(range[3] ?? '')
  if (range && unit) {
    const low = Number((range[1] ?? '').replace(',', '.'))
    const high = range[2] === undefined ? low : Number(range[2].replace(',', '.'))
    if (!(high >= low) || high <= 0 || high > 10_000) return null
    const end = afterwards(high, unit, reading)
    if (high === low) return { ...end, text }
    return { ...end, from: Math.min(end.from, afterwards(low, unit, reading).from), text }
  }
  const week =
    /^(?:(?:week|kw|w|calendar week|kalenderwoche)\s*(\d{1,2})|(\d{1,2})\.\s*(?:kw|kalenderwoche))(?:[\s,/]*(\d{4}))?$/.exec(
      text,
    )
  if (week) {
    const number = Number(week[1] ?? week[2])
    if (week[3]) return weekSpan(Number(week[3]), number, reading)
    const year = Number(dayOf(reading.said, reading.timeZone).slice(0, 4))
    return soonest(weekSpan(year, number, reading), () => weekSpan(year + 1, number, reading), reading)
  }
  const part =
    /^(?:(early|mid|middle of|late|beginning of|start of|end of|anfang|mitte|ende)[\s-]+)?([a-zäöü]+)\.?(?:[\s,]+(\d{4}))?$/.exec(
      text,
    )
  const month = part && months.get((part[2] ?? '').slice(0, 3))
  if (!part || !month || !monthNames.has(part[2] ?? '')) return null
  const make = (year: number) =>
    part[1] ? partSpan(year, month, part[1], reading) : monthSpan(year, month, reading)
  if (part[3]) return make(Number(part[3]))
  const year = Number(dayOf(reading.said, reading.timeZone).slice(0, 4))
  return soonest(make(year), () => make(year + 1), reading)
}

/** Without a year, the next time that it comes round is meant. */
function soonest(span: Span | null, next: () => Span | null, { said }: Reading): Span | null {
  return span && span.at <= said ? next() : span
}

function instant(at: number, { precision, timeZone }: Reading): Span | null {
  if (Number.isNaN(at)) return null
  if (precision !== undefined && precision !== 'hour') return widen(dayOf(at, timeZone), precision, timeZone)
  // "At 14:00" is a promise to within the hour.
  return { from: at, at: at + hourLength, precision: 'hour', text: null }
}

/** The span of a precision that a day lies in. */
function widen(day: string, precision: Precision, timeZone: string): Span {
  switch (precision) {
    case 'week':
      return daySpan(mondayBefore(day), addDays(mondayBefore(day), 7), precision, timeZone)
    case 'month':
      return daySpan(`${day.slice(0, 7)}-01`, addMonths(`${day.slice(0, 7)}-01`, 1), precision, timeZone)
    case 'part': {
      const date = Number(day.slice(8))
      const first = date <= 10 ? '01' : date <= 20 ? '11' : '21'
      const month = day.slice(0, 7)
      const end = date <= 10 ? `${month}-11` : date <= 20 ? `${month}-21` : addMonths(`${month}-01`, 1)
      return daySpan(`${month}-${first}`, end, precision, timeZone)
    }
    case 'hour':
    case 'day':
      return daySpan(day, addDays(day, 1), 'day', timeZone)
    default:
      return precision satisfies never
  }
}

function weekSpan(year: number, week: number, { timeZone }: Reading): Span | null {
  if (week < 1 || week > 53) return null
  const monday = mondayOfWeek(year, week)
  // A year without a week 53 would give the first week of the next.
  if (week === 53 && mondayOfWeek(year + 1, 1) === monday) return null
  return daySpan(monday, addDays(monday, 7), 'week', timeZone)
}

function monthSpan(year: number, month: number, { timeZone }: Reading): Span | null {
  const first = dayText(year, month, 1)
  return first ? daySpan(first, addMonths(first, 1), 'month', timeZone) : null
}

/** Early is the 1st to the 10th, mid the 11th to the 20th, late from the 21st on. */
function partSpan(year: number, month: number, part: string, { timeZone }: Reading): Span | null {
  const date = /^(early|beginning|start|anfang)/.test(part) ? 1 : /^mi/.test(part) ? 11 : 21
  const day = dayText(year, month, date)
  return day ? widen(day, 'part', timeZone) : null
}

function daySpan(first: string, next: string, precision: Precision, timeZone: string): Span {
  return { from: startOfDay(first, timeZone), at: startOfDay(next, timeZone), precision, text: null }
}

function laterDay(day: string, count: number, unit: Unit): string {
  switch (unit) {
    case 'months':
      return addMonths(day, Math.round(count))
    case 'weeks':
      return addDays(day, Math.round(count * 7))
    case 'working days':
      return addWorkingDays(day, Math.round(count))
    case 'days':
    case 'hours':
      return addDays(day, Math.round(count))
    default:
      return unit satisfies never
  }
}

/** Monday to Friday; holidays differ by place and are not known here. */
function addWorkingDays(day: string, count: number): string {
  let reached = day
  for (let left = count; left > 0; ) {
    reached = addDays(reached, 1)
    const weekday = new Date(`${reached}T00:00:00Z`).getUTCDay()
    if (weekday !== 0 && weekday !== 6) left--
  }
  return reached
}

function lengthOf(unit: Unit): number {
  const lengths = { hours: 1 / 24, days: 1, 'working days': 1, weeks: 7, months: 30 } as const
  return lengths[unit] * dayLength
}

function unitOf(word: string): Unit | undefined {
  const found = unitWords.find(([pattern]) => pattern.test(word.trim()))
  return found?.[1]
}

const unitWords: [RegExp, Unit][] = [
  [/^(h|hrs?|hours?|std|stunden?)$/, 'hours'],
  [/^(working|business|work) ?days?$|^(werk|arbeits)tage?n?$/, 'working days'],
  [/^(d|days?|tage?n?)$/, 'days'],
  [/^(w|wks?|weeks?|wochen?)$/, 'weeks'],
  [/^(months?|monate?n?)$/, 'months'],
]

const monthNames = new Set(
  (
    'january february march april may june july august september october november december ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec ' +
    'januar februar märz maerz mai juni juli oktober dezember mrz okt dez'
  ).split(' '),
)
const months = new Map(
  (
    [
      ['jan', 1],
      ['feb', 2],
      ['mar', 3],
      ['mär', 3],
      ['mae', 3],
      ['mrz', 3],
      ['apr', 4],
      ['may', 5],
      ['mai', 5],
      ['jun', 6],
      ['jul', 7],
      ['aug', 8],
      ['sep', 9],
      ['oct', 10],
      ['okt', 10],
      ['nov', 11],
      ['dec', 12],
      ['dez', 12],
    ] as const
  ).map(([name, number]) => [name as string, number as number]),
)

function dayText(year: number, month: number, date: number): string | null {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
  return isDay(text) ? text : null
}

function zoneOf(zone: string): string {
  if (/^(z|utc)$/i.test(zone)) return 'Z'
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
}

// Numbers, money, times and counts as people read them; money as the server's sentences write it.
import { money } from '../../../src/lib/phrases.ts'
import { languageOf } from './language.ts'

export { money }

const spoken = languageOf(globalThis.navigator?.language)
const locale = spoken.startsWith('en') ? spoken : 'en-GB'

export function number(value: number, digits = 0): string {
  return numbers({ maximumFractionDigits: digits }).format(value).replace('-', '−')
}

/** 1,234 as it is, 45,600 → "45.6k", 1.2 billion → "1.2bn": for axes and cells. */
export function compact(value: number): string {
  if (Math.abs(value) < 10_000) return number(value, 2)
  return numbers({ notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

/** In three or four letters, where nothing more fits: 9,211 → "9.2K". */
export function rough(value: number): string {
  if (Math.abs(value) < 1_000) return number(value)
  return numbers({ notation: 'compact', maximumSignificantDigits: 2 }).format(value)
}

/** 0.713 → "71 %"; with one digit "71.3 %", and 0.7 then "70.0 %": in a column each has as many. */
export function percent(share: number, digits = 0): string {
  const format = numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${format.format(share * 100).replace('-', '−')}\u00a0%`
}

/** "1 customer", "2,410 customers" */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`
}

/** Money without its cents, which say nothing of a sum or of what is only expected. */
export function wholeMoney(minor: number, currency: string): string {
  return money(Math.round(minor / unitsOf(currency)) * unitsOf(currency), currency)
}

function unitsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)
}

const day = 86_400_000

/** How long ago in one unit: "just now", "5 minutes ago", "3 weeks ago". */
export function ago(then: Date, now = new Date()): string {
  const ms = then.getTime() - now.getTime()
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const size = Math.abs(ms)
  if (size < 60_000) return 'just now'
  if (size < 3_600_000) return format.format(Math.round(ms / 60_000), 'minute')
  if (size < day) return format.format(Math.round(ms / 3_600_000), 'hour')
  if (size < 14 * day) return format.format(Math.round(ms / day), 'day')
  if (size < 60 * day) return format.format(Math.round(ms / (7 * day)), 'week')
  if (size < 730 * day) return format.format(Math.round(ms / (30.44 * day)), 'month')
  return format.format(Math.round(ms / (365.25 * day)), 'year')
}

export type DateStyle = 'day' | 'date' | 'time' | 'month'

/** As the server's sentences write them; two ways on one page would read as two things. */
const dateLocale = 'en-GB'

/** An instant in a time zone. 'day': 12 May (with the year when it isn't this one); 'date': 12 May 2026; 'time': 12 May 2026, 14:05; 'month': May 2026. */
export function dateText(at: Date, timeZone: string, style: DateStyle = 'date', now = new Date()): string {
  const sameYear = year(at, timeZone) === year(now, timeZone)
  const parts: Intl.DateTimeFormatOptions =
    style === 'month'
      ? { month: 'long', year: 'numeric' }
      : { day: 'numeric', month: 'short', ...(style === 'day' && sameYear ? {} : { year: 'numeric' }) }
  if (style === 'time') Object.assign(parts, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return dates(dateLocale, { ...parts, timeZone }).format(at)
}

function year(at: Date, timeZone: string): string {
  return dates('en', { year: 'numeric', timeZone }).format(at)
}

/** Making one takes longer than using it a hundred times, and a figure writes thousands of numbers. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()
function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options)
  const known = made.get(key)
  if (known instanceof Intl.NumberFormat) return known
  const format = new Intl.NumberFormat(locale, options)
  made.set(key, format)
  return format
}
function dates(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const known = made.get(key)
  if (known instanceof Intl.DateTimeFormat) return known
  const format = new Intl.DateTimeFormat(language, options)
  made.set(key, format)
  return format
}

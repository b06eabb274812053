// What the columns of a file probably are: by their names, in several languages, and by what stands in them.
import { normaliseIdentity } from '../customers/customers.ts'
import {
  amountName,
  caseRole,
  eventsByName,
  howMany,
  perLine,
  perOne,
  promisedName,
  rolesByName,
  wholeOrder,
} from './columnwords.ts'
import type { ColumnMapping, ColumnRole } from './mapping.ts'
import { readNumber, readTime } from './times.ts'

export interface ColumnLook {
  name: string
  /** Of the rows looked at, how many have something here, and how many different things. */
  filled: number
  distinct: number
  holds: 'email' | 'phone' | 'date' | 'time' | 'number' | 'text' | 'words' | 'nothing'
  samples: string[]
  /** 03/04/2024 could be either: somebody has to say. */
  ambiguousDates: boolean
}

export interface Guess {
  columns: ColumnMapping[]
  dates: 'day-first' | 'month-first'
  /** Some dates here can be read both ways. */
  datesAmbiguous: boolean
  numbers: 'point' | 'comma' | undefined
  spread: boolean
}

/** Looks at one column's cells, top to bottom. */
export function lookAt(name: string, cells: (string | null)[], country: string): ColumnLook {
  const values = cells.map((cell) => cell?.trim() ?? '').filter((cell) => cell !== '')
  const some = values.slice(0, 200)
  const share = (test: (value: string) => boolean) =>
    some.length === 0 ? 0 : some.filter(test).length / some.length
  const reading = { zone: 'UTC', dates: 'day-first' as const }
  const numeric = share((value) => /^\d+([.,]\d+)?$/.test(value))
  const dated =
    numeric > 0.5 && !/date|time|datum|zeit|fecha|data|\bat\b|_at$/i.test(name)
      ? 0
      : share((value) => readTime(value, reading) !== undefined)
  let holds: ColumnLook['holds'] = 'text'
  if (some.length === 0) holds = 'nothing'
  else if (share((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) > 0.7) holds = 'email'
  else if (dated > 0.8)
    holds = share((value) => readTime(value, reading)?.day === undefined) > 0.5 ? 'time' : 'date'
  else if (
    share((value) => /^[+(]?\d[\d\s()/.-]{6,}$/.test(value) && isPhone(value, country)) > 0.7 &&
    (/phone|tel|mobil|handy|fon|celular|cell/i.test(name) ||
      share((value) => /^\+|^0\d+[\s/-]/.test(value)) > 0.5)
  )
    holds = 'phone'
  else if (share((value) => readNumber(value) !== undefined) > 0.9) holds = 'number'
  else if (share((value) => value.length > 40 || value.split(/\s+/).length > 5) > 0.3) holds = 'words'
  const numbers = some.flatMap((value) => /^(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}/.exec(value) ?? [])
  return {
    name,
    filled: values.length,
    distinct: new Set(values).size,
    holds,
    samples: [...new Set(some)].slice(0, 3).map((value) => value.slice(0, 120)),
    ambiguousDates: (holds === 'date' || holds === 'time') && numbers.length > 0,
  }
}

function isPhone(value: string, country: string): boolean {
  return !('refused' in normaliseIdentity('phone', value, { country }))
}

/** Guesses what each column is. `rows` are the first rows, as cells in the order of the columns. */
export function guess(looks: ColumnLook[], rows: (string | null)[][], file: string): Guess {
  const { dates, ambiguous } = dateOrder(looks, rows)
  const columns = looks.map((look): ColumnMapping => ({ column: look.name, ...roleOf(look) }))
  const taken = new Set<ColumnRole>()
  const many = new Set<ColumnRole>(['trait', 'moment', 'promised', 'detail', 'leave', 'item', 'name'])
  for (const column of columns) {
    // One of each is enough: a second email is a detail.
    if (!many.has(column.role) && taken.has(column.role)) column.role = 'detail'
    taken.add(column.role)
  }
  const moments = columns.filter(({ role }) => role === 'moment')
  const named = columns.find(({ role }) => role === 'event')
  const [only] = moments
  if (only && named && moments.length >= 1) {
    for (const moment of moments) moment.role = moment === only ? 'time' : 'detail'
    for (const column of moments) delete column.event
  } else if (moments.length === 1 && only && isPlainDate(only.column))
    only.event = eventOfFile(file, columns) ?? only.event ?? 'Visit Logged'
  // An event column without any time is no event column.
  if (named && !columns.some(({ role }) => role === 'time')) named.role = 'detail'
  const known = columns.some(({ role }) =>
    /^(email|phone|customer_id|order_id|project_id|contract_id|subscription_id)$/.test(role),
  )
  if (known && !columns.some(({ role }) => role === 'time' || role === 'moment'))
    for (const column of columns) if (column.role === 'detail') column.role = 'trait'
  const spread = isSpread(columns, looks, rows)
  if (spread) nameLines(columns, looks, rows)
  return { columns, dates, datesAmbiguous: ambiguous, numbers: numberMarks(looks, rows), spread }
}

/** In a file with a row per item: which amounts are an item's own, and how many of it there are. */
function nameLines(columns: ColumnMapping[], looks: ColumnLook[], rows: (string | null)[][]): void {
  const key = columns.findIndex(({ role }) => caseRole.test(role))
  for (const [index, column] of columns.entries()) {
    if (looks[index]?.holds !== 'number') continue
    const { column: name } = column
    if (column.role === 'detail' && howMany.test(name)) column.role = 'quantity'
    const amount = column.role === 'amount' || (column.role === 'detail' && amountName.test(name))
    if (!amount || !isOfLines(name, index, key, rows)) continue
    column.role =
      perOne.test(name) && !/total|amount|betrag|summe|sum\b/i.test(name) ? 'unit_price' : 'line_amount'
  }
  // One of each; and what the first amount is not, another may be.
  for (const role of ['quantity', 'unit_price', 'line_amount'] as const)
    for (const other of columns.filter((column) => column.role === role).slice(1)) other.role = 'detail'
  const total = columns.find(
    ({ role, column }, index) =>
      role === 'detail' &&
      looks[index]?.holds === 'number' &&
      /^(order.?)?(grand.?)?total$|gesamt(betrag|summe)/i.test(column),
  )
  if (total && !columns.some(({ role }) => role === 'amount')) total.role = 'amount'
}

/** Whether an amount is a line's own: the lines of one order have different ones, or its name says so. */
function isOfLines(name: string, index: number, key: number, rows: (string | null)[][]): boolean {
  const first = new Map<string, string>()
  let current = ''
  let several = false
  for (const row of rows) {
    const blank = (row[key]?.trim() ?? '') === ''
    const again = blank || row[key]?.trim() === current || first.has(row[key]?.trim() ?? '')
    current = row[key]?.trim() || current
    const value = row[index]?.trim() ?? ''
    if (again && value !== '') {
      if (first.get(current) !== value) return true
      several = true
    }
    if (!first.has(current)) first.set(current, value)
  }
  // The same on every line, in every order looked at: an order's total repeated, or things that cost the same.
  return several && perLine.test(name) && !wholeOrder.test(name)
}

function roleOf(look: ColumnLook): Omit<ColumnMapping, 'column'> {
  const { name, holds } = look
  if (holds === 'nothing') return { role: 'leave' }
  if (holds === 'email') return { role: 'email' }
  if (holds === 'phone') return { role: 'phone' }
  if (holds === 'date' || holds === 'time') {
    if (/birth|geburt|naissance|nacimiento|nascimento|nascita/i.test(name)) return { role: 'trait' }
    const event = eventsByName.find(([pattern]) => pattern.test(name))?.[1]
    if (promisedName.test(name))
      return { role: 'promised', event: event && event !== 'Order Completed' ? event : 'Order Delivered' }
    return { role: 'moment', ...(event ? { event } : {}) }
  }
  const role = rolesByName.find(([pattern]) => pattern.test(name.trim()))?.[1]
  const otherwise: Omit<ColumnMapping, 'column'> = { role: holds === 'words' ? 'words' : 'detail' }
  if (role === undefined) return otherwise
  if (role === 'email') return look.samples.some((sample) => sample.includes('@')) ? { role } : otherwise
  // Shops call an order by its number: "#1001".
  if (role === 'name' && look.samples.every((sample) => /^#[A-Z-]*\d+$/.test(sample)))
    return { role: 'order_id' }
  if (role === 'words') return { role: holds === 'number' ? 'detail' : 'words' }
  if (role === 'amount') return holds === 'number' ? { role } : otherwise
  if (role !== 'rating') return { role }
  if (holds !== 'number' && !/[★\d]\s*(\/|of|★)/.test(look.samples[0] ?? '')) return otherwise
  const most = Math.max(...look.samples.map((sample) => readNumber(sample) ?? 0))
  return { role, scale: most > 10 ? '0-100' : most > 5 || /nps|0.?-?.?10/i.test(name) ? '0-10' : '1-5' }
}

function isPlainDate(column: string): boolean {
  return !eventsByName.some(([pattern]) => pattern.test(column))
}

function eventOfFile(file: string, columns: ColumnMapping[]): string | undefined {
  const byName = eventsByName.find(([pattern]) => pattern.test(file.replace(/\.\w+$/, '')))?.[1]
  if (byName) return byName
  if (columns.some(({ role }) => role === 'rating')) return 'Product Reviewed'
  if (columns.some(({ role }) => role === 'amount')) return 'Order Completed'
  return undefined
}

/** Day or month first, by the dates that can be read only one way. */
function dateOrder(
  looks: ColumnLook[],
  rows: (string | null)[][],
): { dates: Guess['dates']; ambiguous: boolean } {
  let dayFirst = 0
  let monthFirst = 0
  let either = 0
  for (const [index, look] of looks.entries()) {
    if (!look.ambiguousDates) continue
    for (const row of rows) {
      const parts = /^(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}/.exec(row[index]?.trim() ?? '')
      if (!parts) continue
      const [a, b] = [Number(parts[1]), Number(parts[2])]
      if (a > 12) dayFirst += 1
      else if (b > 12) monthFirst += 1
      else if (a !== b) either += 1
    }
  }
  return {
    dates: monthFirst > dayFirst ? 'month-first' : 'day-first',
    ambiguous: either > 0 && (dayFirst === 0) === (monthFirst === 0),
  }
}

function numberMarks(looks: ColumnLook[], rows: (string | null)[][]): 'point' | 'comma' | undefined {
  let comma = 0
  let point = 0
  for (const [index, look] of looks.entries()) {
    if (look.holds !== 'number') continue
    for (const row of rows) {
      const text = row[index] ?? ''
      if (/,\d{1,2}\D*$/.test(text)) comma += 1
      else if (/\.\d{1,2}\D*$/.test(text)) point += 1
    }
  }
  return comma > point ? 'comma' : point > 0 ? 'point' : undefined
}

/** One case over several rows: its number comes again or is left blank, and its other fields with it. */
function isSpread(columns: ColumnMapping[], looks: ColumnLook[], rows: (string | null)[][]): boolean {
  const index = columns.findIndex(({ role }) => caseRole.test(role))
  const look = looks[index]
  if (!look || columns.some(({ role }) => role === 'event')) return false
  const blank = rows.length - look.filled
  const again = look.filled - look.distinct
  if (blank + again < Math.max(1, rows.length * 0.05)) return false
  const moments = columns.flatMap(({ role }, position) => (role === 'moment' ? [position] : []))
  if (moments.length === 0) return false
  // A review per order line has a date on every row; an order's lines have one only on the first, or the same on all.
  const seen = new Map<string, string>()
  let current = ''
  for (const row of rows) {
    current = row[index]?.trim() || current
    const dates = moments.map((position) => row[position]?.trim() ?? '').join('|')
    const before = seen.get(current)
    if (before === undefined) seen.set(current, dates)
    else if (dates.replaceAll('|', '') !== '' && dates !== before) return false
  }
  return true
}

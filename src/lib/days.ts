// Calendar days in a time zone. A day is text ("2026-08-21"): a date without a time zone is a date, not an
// instant; instants are milliseconds since 1970.

const formats = new Map<string, Intl.DateTimeFormat>()

/** The calendar day on which an instant falls in a time zone. An unknown zone counts as UTC. */
export function dayOf(instant: number, timeZone: string): string {
  return new Date(instant + offsetAt(instant, timeZone)).toISOString().slice(0, 10)
}

/** Milliseconds that local time is ahead of UTC at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  const fields: Record<string, number> = {}
  for (const { type, value } of formatFor(timeZone).formatToParts(instant)) fields[type] = Number(value)
  const local = Date.UTC(
    fields['year'] ?? 1970,
    (fields['month'] ?? 1) - 1,
    fields['day'] ?? 1,
    (fields['hour'] ?? 0) % 24,
    fields['minute'] ?? 0,
    fields['second'] ?? 0,
  )
  return local - Math.floor(instant / 1000) * 1000
}

/** The first instant of a calendar day; 01:00 where the clocks skip midnight. */
export function startOfDay(day: string, timeZone: string): number {
  return atLocal(Date.parse(`${day}T00:00:00Z`), timeZone)
}

/** The instant of a local date and time, given as if it were UTC. A time that the clocks skip is taken after the gap. */
export function atLocal(localAsUtc: number, timeZone: string): number {
  const tries = [offsetAt(localAsUtc - 86_400_000, timeZone), offsetAt(localAsUtc + 86_400_000, timeZone)]
    .map((offset) => localAsUtc - offset)
    .toSorted((a, b) => a - b)
  for (const instant of tries) if (instant + offsetAt(instant, timeZone) >= localAsUtc) return instant
  return tries[1] ?? localAsUtc
}

/** A day some days later (or earlier). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** A day some calendar months later, at most the last of that month. */
export function addMonths(day: string, months: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}

/** Monday of an ISO week. */
export function mondayOfWeek(year: number, week: number): string {
  const fourth = `${String(year).padStart(4, '0')}-01-04`
  return addDays(mondayBefore(fourth), (week - 1) * 7)
}

/** The Monday on or before a day. */
export function mondayBefore(day: string): string {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(day, -weekday)
}

/** Whether text is a day that exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const instant = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = makeFormat(timeZone)
    formats.set(timeZone, format)
  }
  return format
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  const fields = {
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const
  try {
    return new Intl.DateTimeFormat('en-US', { ...fields, timeZone })
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...fields, timeZone: 'UTC' })
  }
}

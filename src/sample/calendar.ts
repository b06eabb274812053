// The sample company's calendar: days counted from the first one, clock times in Europe/Berlin. Written out
// because Intl takes 2 µs a call and the generator asks a million times.

/** Days that the sample covers. */
export const sampleDays = 3 * 365
const dayMs = 86_400_000

/** The stretch of days that the sample covers; day 0 is the first, `length` the one that `end` falls on. */
export class Calendar {
  readonly end: number
  readonly length: number
  /** Days since 1970 of day 0. */
  private readonly first: number

  constructor(end: Date, length: number) {
    this.end = end.getTime()
    this.length = length
    this.first = Math.floor((this.end + berlinOffset(this.end)) / dayMs) - length
  }

  /** The instant of a clock time in Berlin on a day. */
  at(day: number, hour: number, minute = 0): number {
    const local = (this.first + Math.floor(day)) * dayMs + hour * 3_600_000 + minute * 60_000
    return local - berlinOffset(local)
  }

  /** The day as it is written: 2026-11-22. */
  date(day: number): string {
    return new Date((this.first + Math.floor(day)) * dayMs).toISOString().slice(0, 10)
  }

  /** 0 is Sunday. */
  weekday(day: number): number {
    return (this.first + Math.floor(day) + 4) % 7
  }

  /** The day itself, or the Monday after when it falls on a weekend. */
  workday(day: number): number {
    const whole = Math.floor(day)
    const weekday = this.weekday(whole)
    return weekday === 6 ? whole + 2 : weekday === 0 ? whole + 1 : whole
  }
}

/** Summer time from the last Sunday of March to that of October, 01:00 UTC. */
function berlinOffset(at: number): number {
  const year = new Date(at).getUTCFullYear()
  return at >= lastSunday(year, 2) && at < lastSunday(year, 9) ? 7_200_000 : 3_600_000
}

const sundays = new Map<number, number>()
function lastSunday(year: number, month: number): number {
  const key = year * 12 + month
  let found = sundays.get(key)
  if (found === undefined) {
    const last = new Date(Date.UTC(year, month + 1, 0, 1))
    found = last.getTime() - last.getUTCDay() * dayMs
    sundays.set(key, found)
  }
  return found
}

import type { DayRow } from './questions.ts'

/** What days add up to. */
export interface Tally {
  n: number
  sum: number
  squares: number
  good: number
  bad: number
}

export function tallied(days: readonly Tally[]): Tally {
  const all: Tally = { n: 0, sum: 0, squares: 0, good: 0, bad: 0 }
  for (const each of days) {
    all.n += each.n
    all.sum += each.sum
    all.squares += each.squares
    all.good += each.good
    all.bad += each.bad
  }
  return all
}

/** Weeks since the first Monday of 1970. */
export function weekOf(day: number): number {
  return Math.floor((day - 4) / 7)
}

/** The Monday of a week, as a date. Null outside the calendar of four digits. */
export function mondayOf(week: number): string | null {
  const at = (7 * week + 4) * 86_400_000
  return at < -62_135_596_800_000 || at > 253_402_300_799_000 ? null : new Date(at).toISOString().slice(0, 10)
}

export function byWeek(days: readonly DayRow[]): Map<number, Tally> {
  const weeks = new Map<number, DayRow[]>()
  for (const each of days) weeks.set(weekOf(each.day), [...(weeks.get(weekOf(each.day)) ?? []), each])
  return new Map([...weeks].map(([week, each]) => [week, tallied(each)]))
}

export function byAbout(rows: readonly DayRow[]): Map<number, DayRow[]> {
  const found = new Map<number, DayRow[]>()
  for (const row of rows) {
    const mine = found.get(row.about)
    if (mine) mine.push(row)
    else found.set(row.about, [row])
  }
  return found
}

// The watch: over what customers say at each touchpoint and how often each promise is kept, week by week, it
// says what has turned. The false alarms of a year are shared by everything that is watched.
import { isTold } from '../../stats/cannot-tell.ts'
import { meanFrom } from '../../stats/means.ts'
import { wilson } from '../../stats/proportions.ts'
import { type Watch, watchMean, watchShare } from '../../stats/watch.ts'
import { byAbout, byWeek, mondayOf, type Tally, tallied, weekOf } from './days.ts'
import type { DayRow } from './questions.ts'
import type { Watched, Week } from './schema.ts'

/** False alarms in a year to put up with, over everything watched: one in five years. */
export const falseAlarmsAYear = 0.2
/** Weeks that are looked at; a turn before that is history. */
const longest = 104
/** Under this many answers in all nothing is watched. */
const fewest = 40

export interface Subject {
  kind: Watched['kind']
  figure: Watched['figure']
  aboutId: number
  about: string
  days: DayRow[]
}

/** @param until the day after the last that is known: the week under way is left out */
export function watchAll(subjects: Subject[], until: number): Watched[] {
  const last = weekOf(until) - 1
  const watched = subjects
    .map((subject) => ({ subject, weeks: weeksOf(subject.days, last) }))
    .filter(({ weeks }) => weeks.reduce((sum, tally) => sum + (tally?.n ?? 0), 0) >= fewest)
  return watched
    .map(({ subject, weeks }) => watchOne(subject, weeks, last, watched.length))
    .toSorted((a, b) => latest(b).localeCompare(latest(a)) || a.about.localeCompare(b.about))
}

function latest({ turns }: Watched): string {
  return turns.at(-1)?.since ?? ''
}

/** The days of each subject, by what they are about. */
export function subjectsOf(
  rows: DayRow[],
  names: Map<number, string>,
  kind: Watched['kind'],
  figure: Watched['figure'],
): Subject[] {
  return [...byAbout(rows)].flatMap(([aboutId, days]) => {
    const about = names.get(aboutId)
    return about === undefined ? [] : [{ kind, figure, aboutId, about, days }]
  })
}

function weeksOf(days: DayRow[], last: number): (Tally | undefined)[] {
  const all = byWeek(days)
  const first = Math.max(last - longest + 1, Math.min(...all.keys()))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => all.get(first + index))
}

function watchOne(subject: Subject, weeks: (Tally | undefined)[], last: number, series: number): Watched {
  const { days: _, ...named } = subject
  const first = last - weeks.length + 1
  const monday = (index: number) => mondayOf(first + index) ?? ''
  const strictness = { periodsAYear: 52, falseAlarms: falseAlarmsAYear, series }
  const share = subject.figure === 'kept'
  const watch = share
    ? watchShare(
        weeks.map((tally) => ({ hits: tally?.good ?? 0, n: tally?.n ?? 0 })),
        strictness,
      )
    : watchMean(
        weeks.map((tally) => ({ mean: tally ? tally.sum / 100 / tally.n : Number.NaN, n: tally?.n ?? 0 })),
        strictness,
      )
  const told = isTold(watch) ? watch : null
  const stretches = stretchesOf(weeks, told, share).map(({ from, to, ...level }) => ({
    from: monday(from),
    to: monday(to),
    ...level,
  }))
  return {
    ...named,
    weeks: weeks.map((tally, index): Week => weekShown(tally, monday(index), index)),
    stretches,
    turns: (told?.turns ?? []).map((turn, index) => ({
      since: monday(turn.since),
      sure: monday(turn.sure),
      good: turn.direction === 'up',
      before: stretches[index]?.value ?? 0,
      after: stretches[index + 1]?.value ?? 0,
    })),
    cannotTell: isTold(watch) ? null : watch.cannotTell,
  }

  function weekShown(tally: Tally | undefined, at: string, index: number): Week {
    const period = told?.periods[index]
    const value = tally ? (share ? tally.good / tally.n : tally.sum / 100 / tally.n) : null
    const low = period?.low ?? null
    const high = period?.high ?? null
    // The weeks that made the watch sure. One odd week is none: five in a hundred lie outside by chance.
    const turn = told?.turns.find((each) => index >= each.since && index <= each.sure)
    const signal = value === null || !turn ? null : turn.direction === 'up' ? 'good' : 'bad'
    return { at, n: tally?.n ?? 0, value, low, high, signal }
  }
}

/** The levels between turns. */
function stretchesOf(weeks: (Tally | undefined)[], watch: Watch | null, share: boolean) {
  const cuts = [0, ...(watch?.turns ?? []).map((turn) => turn.since), weeks.length]
  return cuts.slice(1).flatMap((to, index) => {
    const from = cuts[index] ?? 0
    const all = tallied(weeks.slice(from, to).filter((tally) => tally !== undefined))
    if (all.n === 0) return []
    const level = share ? wilson(all.good, all.n) : meanFrom(all.n, all.sum / 100, all.squares / 10_000)
    return [{ from, to: to - 1, value: level.value ?? 0, low: level.low, high: level.high, n: all.n }]
  })
}

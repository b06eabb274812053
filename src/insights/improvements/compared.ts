// Before against after a change: the plain difference, and, where there are weeks enough, what is left of it
// when the weeks before were already on their way.
import { isTold } from '../../stats/cannot-tell.ts'
import { interrupted } from '../../stats/interrupted.ts'
import { meanFrom } from '../../stats/means.ts'
import { newcombe } from '../../stats/proportions.ts'
import { welch } from '../../stats/welch.ts'
import { change, fewestAnswers, type Level, part, shareOf } from '../map/level.ts'
import { byWeek, type Tally, tallied, weekOf } from './days.ts'
import type { DayRow } from './questions.ts'
import type { Improvement, Improvements } from './schema.ts'

type Compared = Improvements['improvements'][number]

/**
 * @param all what is known of the touchpoint or promise, day by day
 * @param window days on each side
 * @param until the day after the last that is known
 */
export function compare(improvement: Improvement, all: DayRow[], window: number, until: number): Compared {
  // What customers said; only where they say nothing, what is inferred. Never both in one figure.
  const evidence = all.some((each) => each.evidence === 1) ? 1 : 2
  const days = all.filter((each) => each.evidence === evidence)
  const changed = Date.parse(improvement.madeOn) / 86_400_000
  const before = tallied(days.filter(({ day }) => day >= changed - window && day < changed))
  const after = tallied(days.filter(({ day }) => day >= changed && day < Math.min(until, changed + window)))
  const promise = improvement.kind === 'promise'
  return {
    ...improvement,
    evidence: promise ? null : evidence === 1 ? 'said' : 'inferred',
    experience: promise ? null : experiences(before, after),
    kept: promise ? shares(before, after) : null,
    lined: lines(days, changed, until, promise),
    cannotTell: whyNot(improvement, before, after, changed, until),
  }
}

function experiences(before: Tally, after: Tally): Compared['experience'] {
  const means = [before, after].map((each) => meanFrom(each.n, each.sum / 100, each.squares / 10_000))
  const [was, is] = means
  const enough = before.n >= fewestAnswers && after.n >= fewestAnswers
  return {
    before: levelOf(before),
    after: levelOf(after),
    change: enough && was && is ? change(welch(is, was)) : null,
  }
}

function shares(before: Tally, after: Tally): Compared['kept'] {
  const [was, is] = [part(before.good, before.n), part(after.good, after.n)]
  const [a, b] = [shareOf(is), shareOf(was)]
  return { before: was, after: is, change: a && b ? change(newcombe(a, b)) : null }
}

export function levelOf(tally: Tally): Level {
  const { n, good, bad } = tally
  if (n < fewestAnswers) return { n, value: null, low: null, high: null, good, bad }
  const { value, low, high } = meanFrom(n, tally.sum / 100, tally.squares / 10_000)
  const within = (each: number | null) => (each === null ? null : Math.max(-1, Math.min(1, each)))
  return { n, value, low: within(low), high: within(high), good, bad }
}

/** The line through the weeks before, and what has left it since. Weeks without answers end the reach of a side. */
function lines(days: DayRow[], changed: number, until: number, promise: boolean): Compared['lined'] {
  const first = weekOf(changed)
  const all = byWeek(days)
  // the week of the change itself holds both ways, and the last one is not over
  const before = running(all, first - 1, -1)
  const after = running(all, first + 1, 1).filter(({ week }) => 7 * (week + 1) + 4 <= until)
  const values = [...before.toReversed(), ...after].map(({ tally }) =>
    promise ? tally.good / tally.n : tally.sum / 100 / tally.n,
  )
  const found = interrupted(values, before.length)
  if (!isTold(found)) return null
  const told = (difference: typeof found.level) => ({
    ...difference,
    tells: difference.low > 0 || difference.high < 0,
  })
  return {
    level: told(found.level),
    byNow: told(found.byNow),
    weeksBefore: found.before,
    weeksAfter: found.after,
    caution: found.caution,
  }
}

/** At most two years of weeks on end from `from` on in a direction, up to the first without answers. */
function running(all: Map<number, Tally>, from: number, step: 1 | -1) {
  const found: { week: number; tally: Tally }[] = []
  for (let week = from; found.length < 104; week += step) {
    const tally = all.get(week)
    if (!tally) break
    found.push({ week, tally })
  }
  return found
}

function whyNot(improvement: Improvement, before: Tally, after: Tally, changed: number, until: number) {
  const what = improvement.kind === 'promise' ? 'promises that came due' : 'answers'
  if (changed >= until) return 'It has not begun yet.'
  const thin = [before, after].find((each) => each.n < fewestAnswers)
  if (!thin) return null
  const side = thin === before ? 'before' : 'since'
  return thin.n === 0
    ? `There are no ${what} ${side}; at least ${fewestAnswers} on each side are needed.`
    : `Only ${thin.n} ${what} ${side}; at least ${fewestAnswers} on each side are needed.`
}

import { meanFrom } from '../../stats/means.ts'
import { wilson } from '../../stats/proportions.ts'
import { ask } from '../question.ts'
import { counted, type Finder, fewest, inHundred, shareFigure, tenth, whole } from './finding.ts'
import { mainPromise, promisedDays, ratedWaits } from './promise-questions.ts'

/** What is kept 9 times in 10. */
const goal = 0.9

interface Promised {
  promised: number
  off: number | null
  n: number
}

/** What is promised, how often it is kept, and what could be kept 9 times in 10. */
export const promiseKept: Finder = async ({ store, asOf }) => {
  const rule = await mainPromise(store)
  if (rule === null) return null
  const all = await ask<Promised>(store, promisedDays(rule, asOf))
  const total = sum(all)
  if (total < fewest) return null
  const usual = usualWeeks(all)
  if (usual === null) return dayKept(all)
  const told = all.filter((each) => each.promised === 7 * usual)
  const kept = wilson(sum(told.filter(isKept)), sum(told))
  let sentence = `You say ${counted(usual, 'week')}. You keep it ${inHundred(kept, ' times')}.`
  const figures = [shareFigure(`Kept when told ${usual} weeks`, kept)]
  if ((kept.value ?? 0) >= goal) sentence += ' That is a promise to be proud of.'
  else {
    const weeks = weeksToSay(told, usual)
    if (weeks) {
      sentence += ` To keep it 9 times in 10, say ${whole(weeks)} weeks.`
      figures.push({ name: 'Weeks to say', value: weeks, low: null, high: null, n: sum(told), unit: 'weeks' })
    }
  }
  return { id: 'promise', claim: 'counted', sentence, figures, n: sum(told), link: '/expectations' }
}

/** The fewest weeks within which 9 in 10 of those told `usual` weeks had it. */
function weeksToSay(told: Promised[], usual: number): number | null {
  for (let weeks = usual + 1; weeks <= usual * 4 + 4; weeks++) {
    const within = told.filter((each) => each.off !== null && each.promised + each.off <= weeks * 7)
    if (sum(within) / sum(told) >= goal) return weeks
  }
  return null
}

/** For companies that name a day: how often it is kept, and how many days later (or earlier) it could be. */
function dayKept(all: Promised[]): Awaited<ReturnType<Finder>> {
  const n = sum(all)
  const kept = wilson(sum(all.filter(isKept)), n)
  const days = daysToAdd(all)
  const figures = [shareFigure('Kept by the day named', kept)]
  let sentence = `You name a day. You keep it ${inHundred(kept, ' times')}.`
  if (days !== null) {
    figures.push({ name: 'Days to add', value: days, low: null, high: null, n, unit: 'days' })
    if (days > 0) sentence += ` To keep it 9 times in 10, name one ${counted(days, 'day')} later.`
    if (days < 0) sentence += ` Named ${counted(-days, 'day')} earlier, it would still be kept 9 times in 10.`
  }
  return { id: 'promise', claim: 'counted', sentence, figures, n, link: '/expectations' }
}

function daysToAdd(all: Promised[]): number | null {
  const byOff = all.filter((each) => each.off !== null).toSorted((a, b) => (a.off ?? 0) - (b.off ?? 0))
  const enough = goal * sum(all)
  let reached = 0
  for (const each of byOff) {
    reached += each.n
    if (reached >= enough) return each.off
  }
  return null
}

/** The number of weeks that is said most, if a good part of promises is that many. */
function usualWeeks(all: Promised[]): number | null {
  const byDays = new Map<number, number>()
  for (const { promised, n } of all) byDays.set(promised, (byDays.get(promised) ?? 0) + n)
  const [most] = [...byDays].toSorted((a, b) => b[1] - a[1])
  if (!most || most[0] < 7 || most[0] % 7 !== 0 || most[1] < 0.1 * sum(all)) return null
  return most[0] / 7
}

/** The same wait, for those who were told so and those who were told less. */
export const sameWait: Finder = async ({ store, asOf }) => {
  const rule = await mainPromise(store)
  if (rule === null) return null
  const usual = usualWeeks(await ask<Promised>(store, promisedDays(rule, asOf)))
  if (usual === null) return null
  const rated = await ask<{ promised: number; waited: number; n: number; total: number; squares: number }>(
    store,
    ratedWaits(rule, asOf),
  )
  const stars = (weeksTold: number, weeksWaited: number) => {
    const those = rated.filter(
      (each) =>
        each.promised === weeksTold * 7 &&
        each.waited > (weeksWaited - 1) * 7 &&
        each.waited <= weeksWaited * 7,
    )
    const add = (of: (each: (typeof those)[number]) => number) =>
      those.reduce((all, each) => all + of(each), 0)
    const n = add((each) => each.n)
    // −100 … +100 as 1 to 5 stars: 3 + x/50
    const mean = meanFrom(n, add((each) => each.total) / 50, add((each) => each.squares) / 2500)
    const shift = (value: number | null) => (value === null ? null : value + 3)
    return { n, value: shift(mean.value), low: shift(mean.low), high: shift(mean.high) }
  }
  const candidates = [...new Set(rated.map((each) => each.promised))]
    .filter((days) => days > usual * 7 && days % 7 === 0)
    .map((days) => days / 7)
    .map((weeks) => ({ weeks, right: stars(weeks, weeks), less: stars(usual, weeks) }))
    .filter(({ right, less }) => right.n >= 10 && less.n >= 10)
    .toSorted((a, b) => Math.min(b.right.n, b.less.n) - Math.min(a.right.n, a.less.n))
  const [best] = candidates
  if (!best) return null
  const { weeks, right, less } = best
  const apart = (right.low ?? 0) > (less.high ?? 5) || (less.low ?? 0) > (right.high ?? 5)
  const say = (mean: typeof right) =>
    `${tenth(mean.value ?? 0)} stars (${tenth(Math.max(1, mean.low ?? 1))} to ${tenth(Math.min(5, mean.high ?? 5))}, ${counted(mean.n, 'customer')})`
  return {
    id: 'same-wait',
    claim: 'goes along with',
    sentence: `Customers told ${weeks} weeks who waited ${weeks} gave ${say(right)}; told ${usual} who waited ${weeks} gave ${say(less)}: same wait, different promise${apart ? '' : ', but too few answers to be sure of a difference'}.`,
    figures: [
      { name: `Told ${weeks}, waited ${weeks}`, ...right, value: right.value ?? 0, unit: 'stars' },
      { name: `Told ${usual}, waited ${weeks}`, ...less, value: less.value ?? 0, unit: 'stars' },
    ],
    n: right.n + less.n,
    link: '/expectations',
  }
}

function isKept(each: Promised): boolean {
  return each.off !== null && each.off <= 0
}

function sum(those: readonly { n: number }[]): number {
  return those.reduce((all, { n }) => all + n, 0)
}

import { sql } from 'kysely'
import { meanFrom } from '../../stats/means.ts'
import { newcombe, wilson } from '../../stats/proportions.ts'
import { rows } from '../../store/database.ts'
import { ask } from '../question.ts'
import { counted, type Finder, fewest, inHundred, shareFigure, tenth, whole } from './finding.ts'
import {
  backAfterPromise,
  complaintsWhenLate,
  lateAnswers,
  mainPromise,
  promisedDays,
  ratedWaits,
} from './promise-questions.ts'

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

/** Answers on late ones: while still waiting, and once it had come. */
export const stillWaiting: Finder = async ({ store, asOf }) => {
  const rule = await mainPromise(store)
  if (rule === null) return null
  const found = await ask<{ moment: number; n: number; total: number; squares: number }>(
    store,
    lateAnswers(rule, asOf),
  )
  const stars = (moment: number) => {
    const { n = 0, total = 0, squares = 0 } = found.find((each) => each.moment === moment) ?? {}
    const mean = meanFrom(n, total / 50, squares / 2500)
    const shift = (value: number | null) => (value === null ? null : Math.min(5, Math.max(1, value + 3)))
    return { n, value: shift(mean.value), low: shift(mean.low), high: shift(mean.high) }
  }
  const [kept, waiting, came] = [stars(1), stars(2), stars(3)]
  if (waiting.n < 10 || came.n < 10 || kept.n < 10) return null
  const say = (mean: typeof kept) =>
    `${tenth(mean.value ?? 0)} (${tenth(mean.low ?? 0)} to ${tenth(mean.high ?? 0)})`
  return {
    id: 'still-waiting',
    claim: 'counted',
    sentence: `Of ${counted(waiting.n + came.n, 'answer')} on late ones, ${whole(waiting.n)} were given while still waiting: ${say(waiting)} stars. The ${whole(came.n)} given after it came: ${say(came)}. In time: ${say(kept)}.`,
    figures: [
      { name: 'Still waiting', ...waiting, value: waiting.value ?? 0, unit: 'stars' },
      { name: 'Came late', ...came, value: came.value ?? 0, unit: 'stars' },
      { name: 'In time', ...kept, value: kept.value ?? 0, unit: 'stars' },
    ],
    n: waiting.n + came.n,
    link: '/expectations',
  }
}

/** Late and told beforehand against late and not told. */
export const toldBeforehand: Finder = async ({ store, asOf }) => {
  const rule = await mainPromise(store)
  if (rule === null) return null
  const complaints = await rows(
    store.db,
    sql<{ id: number }>`
      select id
      from touchpoints
      where by = 'customer'
        and purpose in ('help', 'say')
        and (name ilike '%complain%' or rules::text ilike '%"complain%')`,
  )
  if (complaints.length === 0) return null
  const found = await ask<{ told: boolean; n: number; complained: number }>(
    store,
    complaintsWhenLate(
      rule,
      asOf,
      complaints.map(({ id }) => id),
    ),
  )
  const share = (told: boolean) => {
    const { n = 0, complained = 0 } = found.find((each) => each.told === told) ?? {}
    return wilson(complained, n)
  }
  const [told, notTold] = [share(true), share(false)]
  if (told.n < fewest || notTold.n < fewest || told.hits + notTold.hits === 0) return null
  const difference = newcombe(notTold, told)
  const sure = difference && (difference.low > 0 || difference.high < 0)
  return {
    id: 'told-beforehand',
    claim: 'goes along with',
    sentence: `Late and told beforehand: ${inHundred(told)} complained; late and not told: ${whole(100 * (notTold.value ?? 0))} (${whole(100 * notTold.low)} to ${whole(100 * notTold.high)})${sure ? '' : ', which may be chance'}.`,
    figures: [shareFigure('Told beforehand', told), shareFigure('Not told', notTold)],
    n: told.n + notTold.n,
    link: '/expectations',
  }
}

/** Days after the delivery that don't count as coming back (a forgotten part, a second chair), and days looked at. */
const leftOut = 45
const looked = 365

/** Who came back after a promise was kept, and after it was broken. */
export const backAfterKept: Finder = async ({ store, asOf }) => {
  const rule = await mainPromise(store)
  if (rule === null) return null
  const found = await ask<{ late: boolean; n: number; back: number }>(
    store,
    backAfterPromise(rule, asOf, leftOut, looked),
  )
  const share = (late: boolean) => {
    const { n = 0, back = 0 } = found.find((each) => each.late === late) ?? {}
    return wilson(back, n)
  }
  const [kept, late] = [share(false), share(true)]
  const difference = newcombe(kept, late)
  if (kept.n < fewest || late.n < fewest || !difference) return null
  const points = `${whole(100 * difference.value)} points (${whole(100 * difference.low)} to ${whole(100 * difference.high)})`
  const sure = difference.low > 0 || difference.high < 0
  return {
    id: 'back-after-kept',
    claim: sure ? 'goes along with' : 'not enough to tell',
    sentence: `Of buyers whose first promise was kept, ${inHundred(kept)} bought again within ${counted(Math.round(looked / 30.4), 'month')}; of the others ${whole(100 * (late.value ?? 0))} (${whole(100 * late.low)} to ${whole(100 * late.high)}). ${sure ? `A difference of ${points}.` : `The difference, ${points}, may be chance.`}`,
    figures: [shareFigure('Promise kept', kept), shareFigure('Promise broken', late)],
    n: kept.n + late.n,
    link: '/expectations',
  }
}

function isKept(each: Promised): boolean {
  return each.off !== null && each.off <= 0
}

function sum(those: readonly { n: number }[]): number {
  return those.reduce((all, { n }) => all + n, 0)
}

// Runs in a thread of its own: sales in, curves, cohorts and forecasts out.
import { isTold } from '../../stats/cannot-tell.ts'
import { lifeTable } from '../../stats/life-table.ts'
import { logRank } from '../../stats/log-rank.ts'
import { type Mean, meanOf } from '../../stats/means.ts'
import { wilson } from '../../stats/proportions.ts'
import { mbgNbd } from '../../stats/return-models/beta-geometric.ts'
import { fitReturns, type ReturnFit } from '../../stats/return-models/fit.ts'
import { forecast } from '../../stats/return-models/forecast.ts'
import { expectedValue, fitValues, type ValueFit } from '../../stats/return-models/gamma-gamma.ts'
import { groupHistories } from '../../stats/return-models/histories.ts'
import { type Curve, survivalCurve, survivingAt, waitOf } from '../../stats/survival.ts'
import type { Columns } from '../../store/projection-columns.ts'
import type { ReturnAnswer, ReturnCurve } from './schema.ts'

export interface Given {
  sales: Columns
  /** Those it is compared with, under their names; none: by when they first bought. */
  beside: { name: string; sales: Columns } | null
  name: string
  /** The last day that is known. */
  until: number
  span: number
}

export type Estimated = Pick<
  ReturnAnswer,
  | 'customers'
  | 'first'
  | 'later'
  | 'difference'
  | 'cohorts'
  | 'cohortColumns'
  | 'model'
  | 'cannotForetell'
  | 'check'
> & { best: Foretold[]; idle: Foretold[] }

export interface Foretold {
  customerId: number
  sales: number
  lastDay: number
  alive: number
  expected: number
  expectedMinor: number | null
}

const mostListed = 200
/** Customers that are looked through for those who brought others. */
const mostIdle = 5_000

export function estimate(given: Given, tell: (done: number, words: string) => void): Estimated {
  tell(0.3, 'Following everybody from sale to sale')
  const buyers = buyersOf(given.sales)
  const beside = given.beside ? buyersOf(given.beside.sales) : null
  const groups = beside
    ? [
        { id: 'asked', name: given.name, members: buyers },
        { id: 'beside', name: given.beside?.name ?? '', members: beside },
      ]
    : byBeginning(buyers)
  const tables = groups.map(({ members }) => waits(members, given.until, 1, 1))
  const later = [
    { id: 'later', name: 'after the second sale', table: waits(buyers, given.until, 2, 2) },
    {
      id: 'more',
      name: 'after the third and on',
      table: waits(buyers, given.until, 3, Number.POSITIVE_INFINITY),
    },
  ]
  const compared = groups.length > 1 ? logRank(tables) : null
  tell(0.5, 'Fitting how customers return')
  return {
    customers: buyers.length,
    first: groups.map((group, index) => curveOf(group.id, group.name, tables[index])),
    later: later.flatMap(({ id, name, table }) => (table.n > 0 ? [curveOf(id, name, table)] : [])),
    difference:
      compared && isTold(compared)
        ? { chiSquare: compared.chiSquare, degrees: compared.degrees, p: compared.p }
        : null,
    ...cohortGrid(buyers, given.until),
    ...foretell(buyers, given, tell),
  }
}

interface Buyer {
  id: number
  days: number[]
  minor: number[]
}

function buyersOf(sales: Columns): Buyer[] {
  const { customer_id: ids, day: days, minor } = sales
  const buyers: Buyer[] = []
  if (!ids || !days || !minor) return buyers
  let last: Buyer | undefined
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number
    if (last?.id !== id) {
      last = { id, days: [], minor: [] }
      buyers.push(last)
    }
    last.days.push(days[i] as number)
    last.minor.push(minor[i] as number)
  }
  return buyers
}

/** By the year of the first sale; the last six. With less than two years, everybody together. */
function byBeginning(buyers: Buyer[]) {
  const years = new Map<number, Buyer[]>()
  for (const buyer of buyers) {
    const year = dateOf(buyer.days[0] ?? 0).getUTCFullYear()
    const members = years.get(year)
    if (members) members.push(buyer)
    else years.set(year, [buyer])
  }
  const groups = [...years]
    .filter(([, members]) => members.length >= 30)
    .toSorted(([a], [b]) => a - b)
    .slice(-6)
    .map(([year, members]) => ({ id: String(year), name: `first bought in ${year}`, members }))
  return groups.length > 1 ? groups : [{ id: 'all', name: 'all who bought', members: buyers }]
}

/** Waits from sale number `from`…`to` to the next one; open ones end with what is known. */
function waits(buyers: Buyer[], until: number, from: number, to: number) {
  const time: number[] = []
  const happened: number[] = []
  for (const { days } of buyers)
    for (let number = from; number <= Math.min(to, days.length); number++) {
      const here = days[number - 1] as number
      const next = days[number]
      time.push((next ?? until) - here)
      happened.push(next === undefined ? 0 : 1)
    }
  return lifeTable(time, happened)
}

/** Steps of a curve that are sent: enough for any screen. */
const mostSteps = 160

function curveOf(id: string, name: string, table: ReturnType<typeof lifeTable> | undefined): ReturnCurve {
  const of = table ?? lifeTable([], [])
  const curve = survivalCurve(of)
  const median = waitOf(curve, 0.5, 'log-log')
  const year = back(of, curve, 365)
  const every = Math.max(1, Math.ceil(curve.times.length / mostSteps))
  const times = [...curve.times].filter((_, index) => index % every === 0 || index === curve.times.length - 1)
  return {
    id,
    name,
    n: curve.n,
    happened: curve.happened,
    curve: times.flatMap((time) => {
      const at = back(of, curve, time)
      return at ? [{ time, share: at.value, low: at.low, high: at.high, atRisk: at.atRisk }] : []
    }),
    median: { value: median.value, low: median.low, high: median.high, n: curve.n },
    withinYear: { value: year?.value ?? null, low: year?.low ?? null, high: year?.high ?? null, n: curve.n },
  }
}

/** The share that had come back by then, with its log-log interval. */
function back(table: ReturnType<typeof lifeTable>, curve: Curve, time: number) {
  const waiting = survivingAt(table, curve, time)
  if (!isTold(waiting)) return null
  return {
    value: 1 - waiting.value,
    low: 1 - waiting.high,
    high: 1 - waiting.low,
    atRisk: waiting.atRisk,
  }
}

const gridMonths = [1, 2, 3, 6, 9, 12, 18, 24]

/** Who had come back within so many months, by the quarter of the first sale; the last twelve quarters. */
function cohortGrid(buyers: Buyer[], until: number): Pick<Estimated, 'cohorts' | 'cohortColumns'> {
  const quarters = new Map<string, Buyer[]>()
  for (const buyer of buyers) {
    const date = dateOf(buyer.days[0] ?? 0)
    const key = `${date.getUTCFullYear()} Q${Math.floor(date.getUTCMonth() / 3) + 1}`
    const members = quarters.get(key)
    if (members) members.push(buyer)
    else quarters.set(key, [buyer])
  }
  const cohorts = [...quarters]
    .toSorted(([, a], [, b]) => (a[0]?.days[0] ?? 0) - (b[0]?.days[0] ?? 0))
    .toSorted(([a], [b]) => a.localeCompare(b))
    .slice(-12)
    .map(([name, members]) => ({
      id: name,
      name,
      n: members.length,
      cells: gridMonths.map((months) => cellOf(members, months * 30.4375, until)),
    }))
  return { cohorts, cohortColumns: gridMonths.map((months) => String(months)) }
}

/** Only of those who have been followed for so long; `open` while some of the cohort haven't. */
function cellOf(members: Buyer[], within: number, until: number) {
  const followed = members.filter(({ days }) => until - (days[0] as number) >= within)
  if (followed.length === 0) return null
  const hits = followed.filter(
    ({ days }) => days.length > 1 && (days[1] as number) - (days[0] as number) <= within,
  ).length
  const { value, low, high } = wilson(hits, followed.length)
  return { value, low, high, n: followed.length, open: followed.length < members.length }
}

const week = 7

function foretell(
  buyers: Buyer[],
  given: Given,
  tell: (done: number, words: string) => void,
): Pick<Estimated, 'model' | 'cannotForetell' | 'check' | 'best' | 'idle'> {
  const nothing = { model: null, check: null, best: [], idle: [] }
  const histories = historiesOf(buyers, given.until)
  const grouped = groupHistories(histories)
  const fit = fitReturns(mbgNbd, grouped)
  if (!isTold(fit)) return { ...nothing, cannotForetell: fit.cannotTell }
  const span = given.span / week
  const all = forecast(fit, grouped, span)
  const values = fitValues({
    purchases: buyers.map(({ minor }) => minor.slice(1).filter((each) => each > 0).length),
    mean: buyers.map(({ minor }) => mean(minor.slice(1).filter((each) => each > 0))),
  })
  const value = isTold(values) ? values : null
  tell(0.8, 'Seeing how well it would have foretold')
  const each = buyers.map((buyer, index) => foretold(buyer, index, histories, fit, value, span))
  const expectedMinor = value ? each.reduce((sum, one) => sum + (one.expectedMinor ?? 0), 0) : null
  return {
    model: {
      name: mbgNbd.name,
      parameters: fit.parameters,
      unit: 'weeks',
      customers: fit.customers,
      logLikelihood: fit.logLikelihood,
      dropout: fit.dropout,
      stillCustomers: all.stillCustomers,
      expected: { value: all.expected, low: all.low, high: all.high },
      meanValueMinor: value?.mean ?? null,
      expectedMinor,
    },
    cannotForetell: null,
    check: checked(buyers, given.until),
    best: each
      .toSorted(
        (a, b) =>
          (b.expectedMinor ?? b.expected) - (a.expectedMinor ?? a.expected) || a.customerId - b.customerId,
      )
      .slice(0, mostListed),
    idle: each
      .filter(({ expected }) => expected < 0.2)
      .toSorted((a, b) => a.expected - b.expected)
      .slice(0, mostIdle),
  }
}

function foretold(
  { id, days, minor }: Buyer,
  index: number,
  histories: ReturnType<typeof historiesOf>,
  fit: ReturnFit<'r' | 'alpha' | 'a' | 'b'>,
  value: ValueFit | null,
  span: number,
): Foretold {
  const history = {
    returns: histories.returns[index] as number,
    last: histories.last[index] as number,
    observed: histories.observed[index] as number,
  }
  const expected = mbgNbd.expected(fit.parameters, history, span)
  const worth = minor.slice(1).filter((each) => each > 0)
  return {
    customerId: id,
    sales: days.length,
    lastDay: days.at(-1) ?? 0,
    alive: mbgNbd.alive(fit.parameters, history),
    expected,
    expectedMinor: value
      ? expected * expectedValue(value, worth.length, worth.length > 0 ? mean(worth) : 0)
      : null,
  }
}

/** Histories in weeks up to a day. */
function historiesOf(buyers: Buyer[], until: number) {
  return {
    returns: Int32Array.from(buyers, ({ days }) => days.length - 1),
    last: Float64Array.from(buyers, ({ days }) => ((days.at(-1) ?? 0) - (days[0] ?? 0)) / week),
    observed: Float64Array.from(buyers, ({ days }) => (until - (days[0] ?? 0)) / week),
  }
}

/** The model of what was known a year ago (or at two thirds, when less is known), against what happened since. */
function checked(buyers: Buyer[], until: number): ReturnAnswer['check'] {
  const beginning = buyers.reduce((least, { days }) => Math.min(least, days[0] ?? least), until)
  const known = until - beginning
  const cut = known >= 2 * 365 ? until - 365 : Math.round(beginning + (2 * known) / 3)
  const days = until - cut
  const then = buyers.flatMap((buyer) => {
    const before = buyer.days.filter((day) => day <= cut)
    return before.length === 0
      ? []
      : [{ before: { ...buyer, days: before }, since: buyer.days.length - before.length }]
  })
  if (days < week || then.length === 0) return null
  const histories = historiesOf(
    then.map(({ before }) => before),
    cut,
  )
  const grouped = groupHistories(histories)
  const fit = fitReturns(mbgNbd, grouped)
  if (!isTold(fit)) return null
  const all = forecast(fit, grouped, days / week)
  const happened = then.reduce((sum, { since }) => sum + since, 0)
  const pairs = then
    .map(({ since }, index) => ({
      since,
      expected: mbgNbd.expected(
        fit.parameters,
        {
          returns: histories.returns[index] as number,
          last: histories.last[index] as number,
          observed: histories.observed[index] as number,
        },
        days / week,
      ),
    }))
    .toSorted((a, b) => a.expected - b.expected)
  const tenth = Math.ceil(pairs.length / 10)
  return {
    until: dateOf(cut + 1)
      .toISOString()
      .slice(0, 10),
    days,
    foretold: { value: all.expected, low: all.low, high: all.high },
    happened,
    within: all.low === null || all.high === null ? null : happened >= all.low && happened <= all.high,
    groups: Array.from({ length: Math.ceil(pairs.length / tenth) }, (_, index) => {
      const mine = pairs.slice(index * tenth, (index + 1) * tenth)
      return {
        n: mine.length,
        foretold: mean(mine.map(({ expected }) => expected)),
        happened: mean(mine.map(({ since }) => since)),
        ...ends(meanOf(mine.map(({ since }) => since))),
      }
    }),
  }
}

/** No mean of counts lies below 0. */
function ends({ low, high }: Mean): { low: number | null; high: number | null } {
  return { low: low === null ? null : Math.max(0, low), high }
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / values.length
}

/** Days outside the calendar's four digits stand at its ends. */
function dateOf(day: number): Date {
  return new Date(Math.max(-62_135_596_800_000, Math.min(253_402_214_400_000, day * 86_400_000)))
}

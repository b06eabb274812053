// Runs in a thread of its own: sales in, curves, cohorts and forecasts out.
import { isTold } from '../../stats/cannot-tell.ts'
import { lifeTable } from '../../stats/life-table.ts'
import { logRank } from '../../stats/log-rank.ts'
import { wilson } from '../../stats/proportions.ts'
import { type Curve, survivalCurve, survivingAt, waitOf } from '../../stats/survival.ts'
import { type Buyer, buyersOf, dateOf, type Estimated, type Given } from './estimated.ts'
import { foretell } from './foretell.ts'
import type { ReturnCurve } from './schema.ts'

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

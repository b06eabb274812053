// Who is still a customer and what to expect of them: a model of returning, and how well it would have foretold
// what is known by now.
import { isTold } from '../../stats/cannot-tell.ts'
import { type Mean, meanOf } from '../../stats/means.ts'
import { mbgNbd } from '../../stats/return-models/beta-geometric.ts'
import { fitReturns, type ReturnFit } from '../../stats/return-models/fit.ts'
import { forecast } from '../../stats/return-models/forecast.ts'
import { expectedValue, fitValues, type ValueFit } from '../../stats/return-models/gamma-gamma.ts'
import { groupHistories } from '../../stats/return-models/histories.ts'
import { type Buyer, dateOf, type Estimated, type Foretold, type Given } from './estimated.ts'
import type { ReturnAnswer } from './schema.ts'

const mostListed = 200
/** Customers that are looked through for those who brought others. */
const mostIdle = 5_000

const week = 7

export function foretell(
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

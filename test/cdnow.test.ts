import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isTold } from '#src/stats/cannot-tell.ts'
import { bgNbd, mbgNbd } from '#src/stats/return-models/beta-geometric.ts'
import { fitReturns, type ReturnFit } from '#src/stats/return-models/fit.ts'
import { forecast } from '#src/stats/return-models/forecast.ts'
import { fitValues } from '#src/stats/return-models/gamma-gamma.ts'
import { groupHistories } from '#src/stats/return-models/histories.ts'
import type { ReturnModel } from '#src/stats/return-models/model.ts'
import { nbd } from '#src/stats/return-models/nbd.ts'
import { paretoNbd } from '#src/stats/return-models/pareto-nbd.ts'
import { sharedData } from './shared-data.ts'

// The published fits of the CDNOW sample. The file rounds times to two decimals, so the log-likelihoods may
// differ in the second.
const published = [
  { model: nbd, parameters: { r: 0.385, alpha: 12.072 }, logLikelihood: -9763.7 },
  {
    model: bgNbd,
    parameters: { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 },
    logLikelihood: -9582.43,
  },
  {
    model: mbgNbd,
    parameters: { r: 0.5248, alpha: 6.1831, a: 0.8914, b: 1.614 },
    logLikelihood: -9582.14,
  },
  {
    model: paretoNbd,
    parameters: { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 },
    logLikelihood: -9594.98,
  },
] satisfies { model: ReturnModel; parameters: Record<string, number>; logLikelihood: number }[]

for (const { model, parameters, logLikelihood } of published)
  test(`${model.name} on CDNOW is the published one`, (t) => {
    const rows = table('cdnow_customers_summary.csv')
    if (!rows) return t.skip('the CDNOW data set is not on this machine')
    const fit = fitted(
      model,
      groupHistories({ returns: rows.column(1), last: rows.column(2), observed: rows.column(3) }),
    )
    assert.equal(fit.customers, 2357)
    for (const [name, value] of Object.entries(parameters))
      assert.ok(Math.abs((fit.parameters[name] ?? 0) / value - 1) < 1e-3, `${name} ${fit.parameters[name]}`)
    assert.ok(Math.abs(fit.logLikelihood - logLikelihood) < 0.05, `${fit.logLikelihood}`)
    assert.equal(fit.dropout, model === nbd ? 'none detectable' : 'seen')
    if (model === bgNbd) {
      const { expected } = model
      const first = expected(fit.parameters as never, { returns: 2, last: 30.43, observed: 38.86 }, 39)
      assert.ok(Math.abs(first - 1.226) < 5e-4, `${first}`)
    }
  })

test('Gamma–Gamma on CDNOW is the published one', (t) => {
  const rows = table('cdnow_customers_summary_with_transactions.csv')
  if (!rows) return t.skip('the CDNOW data set is not on this machine')
  const fit = fitValues({ purchases: rows.column(1), mean: rows.column(4) })
  assert.ok(isTold(fit))
  for (const [given, wanted] of [
    [fit.p, 6.25],
    [fit.q, 3.74],
    [fit.v, 15.44],
  ] as const)
    assert.ok(Math.abs(given - wanted) < 0.01, `${given} is not ${wanted}`)
  assert.equal(fit.customers, 946)
})

test('fitted on the first 39 weeks, MBG/NBD and its kin foretell too little of the next 39, all alike', (t) => {
  const histories = untilEndOfSeptember()
  if (!histories) return t.skip('the CDNOW data set is not on this machine')
  assert.equal(histories.later, 1882)
  for (const model of [bgNbd, mbgNbd, paretoNbd] as ReturnModel[]) {
    const fit = fitted(model, histories.grouped)
    const { expected } = forecast(fit, histories.grouped, 273)
    assert.ok(expected > 1_550 && expected < 1_700, `${model.name}: ${expected}`)
  }
})

function fitted(model: ReturnModel, histories: ReturnType<typeof groupHistories>): ReturnFit {
  const fit = fitReturns(model, histories)
  assert.ok(isTold(fit))
  return fit
}

function table(name: string) {
  const file = sharedData('cdnow', name)
  if (!file) return undefined
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  return { column: (place: number) => rows.map((row) => row[place] ?? Number.NaN) }
}

/** Histories in days until 30 September 1997, from the purchases themselves, and how many came in the 273 days after. */
function untilEndOfSeptember() {
  const file = sharedData('cdnow', 'CDNOW_sample.txt')
  if (!file) return undefined
  const days = new Map<string, Set<number>>()
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const [, customer = '', date = ''] = line.trim().split(/\s+/)
    const known = days.get(customer) ?? new Set()
    days.set(customer, known.add(day(date)))
  }
  const end = day('19970930')
  const rows = Array.from(days.values(), (all) => {
    const first = Math.min(...all)
    const seen = [...all].filter((each) => each <= end)
    return {
      returns: seen.length - 1,
      last: Math.max(...seen) - first,
      observed: end - first,
      later: all.size - seen.length,
    }
  })
  return {
    grouped: groupHistories({
      returns: rows.map(({ returns }) => returns),
      last: rows.map(({ last }) => last),
      observed: rows.map(({ observed }) => observed),
    }),
    later: rows.reduce((sum, { later }) => sum + later, 0),
  }
}

function day(date: string): number {
  return (
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / 86_400_000
  )
}

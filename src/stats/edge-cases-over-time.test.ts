import { test } from 'node:test'
import fc from 'fast-check'
import { attribute } from './attribution.ts'
import { allocate, responseThrough } from './budget.ts'
import { levelChanges, pettitt } from './changepoint.ts'
import { interrupted } from './interrupted.ts'
import { lifeTable } from './life-table.ts'
import { logRank } from './log-rank.ts'
import { alwaysValid } from './msprt.ts'
import { nextSteps } from './next-steps.ts'
import { neededForMeans, outlook } from './power.ts'
import { bgNbd, mbgNbd } from './return-models/beta-geometric.ts'
import { fitReturns } from './return-models/fit.ts'
import { forecast } from './return-models/forecast.ts'
import { fitValues } from './return-models/gamma-gamma.ts'
import { groupHistories } from './return-models/histories.ts'
import type { ReturnModel } from './return-models/model.ts'
import { nbd } from './return-models/nbd.ts'
import { paretoNbd } from './return-models/pareto-nbd.ts'
import { sampleRatio } from './sample-ratio.ts'
import { effort, netPromoter, silenceBounds, topTwo } from './survey.ts'
import { survivalCurve, survivalDifference, survivingAt, waitOf } from './survival.ts'
import { assertFinite } from './testing.ts'
import { watchMean, watchShare } from './watch.ts'

const odd = fc.oneof(
  fc.double({ min: -3, max: 3, noNaN: true }),
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(0, 1, -1, 1e-300, 1e-12, 1e12, 1e160, 1e300, Number.NaN, Number.POSITIVE_INFINITY, -1e300),
)
const calm = fc.double({ min: -3, max: 3, noNaN: true })
const series = fc.oneof(
  fc.array(odd, { maxLength: 30 }),
  fc.array(calm, { minLength: 20, maxLength: 40 }),
  fc
    .tuple(fc.array(calm, { minLength: 20, maxLength: 40 }), fc.constantFrom(0, 1e-200, 1e-12, 1e12, 1e160))
    .map(([values, scale]) => values.map((value) => value * scale)),
  fc.tuple(fc.nat(40), odd).map(([n, value]) => Array<number>(n).fill(value)),
)
const counts = fc.array(fc.oneof(fc.nat(60), fc.constantFrom(0, 1e9, -1, Number.NaN)), { maxLength: 40 })

test('whatever the series, changes, lines and watches give finite numbers or say why they can’t', () => {
  fc.assert(
    fc.property(series, fc.nat(40), counts, (values, at, n) => {
      assertFinite(levelChanges(values))
      assertFinite(pettitt(values, { rounds: 9 }))
      assertFinite(interrupted(values, at))
      const periods = values.map((mean, i) => ({ mean, n: n[i] ?? 5 }))
      assertFinite(watchMean(periods, { periodsAYear: 52 }))
      const shares = values.map((value, i) => ({ hits: value, n: n[i] ?? 5 }))
      assertFinite(watchShare(shares, { periodsAYear: 365, series: 60 }))
    }),
    { numRuns: 300 },
  )
})

test('whatever the waits, curves and their comparison give finite numbers or say why they can’t', () => {
  fc.assert(
    fc.property(series, series, odd, (one, other, time) => {
      const tables = [one, other].map((values) =>
        lifeTable(
          values,
          values.map((_, i) => i % 3 > 0),
        ),
      )
      assertFinite(logRank(tables))
      const at = tables.map((table) => {
        const curve = survivalCurve(table)
        assertFinite(curve)
        assertFinite(waitOf(curve, 0.5, 'log-log'))
        return survivingAt(table, curve, time, 'log')
      })
      assertFinite(at)
      const [a, b] = at
      if (a && b) assertFinite(survivalDifference(a, b))
    }),
    { numRuns: 300 },
  )
})

test('whatever the purchases, return models give finite numbers or say why they can’t', () => {
  const models: ReturnModel[] = [nbd, bgNbd, mbgNbd, paretoNbd]
  const long = fc.array(fc.tuple(fc.oneof(fc.nat(4), fc.constantFrom(300, -1)), odd, odd), {
    minLength: 30,
    maxLength: 60,
  })
  fc.assert(
    fc.property(long, (rows) => {
      const histories = groupHistories({
        returns: rows.map(([x]) => x),
        last: rows.map(([, a, b]) => Math.min(Math.abs(a), Math.abs(b))),
        observed: rows.map(([, a, b]) => Math.max(Math.abs(a), Math.abs(b))),
      })
      for (const model of models) {
        const fit = fitReturns(model, histories)
        if ('cannotTell' in fit) continue
        assertFinite({ ...fit, model: null })
        assertFinite(forecast(fit, histories, 52))
      }
      assertFinite(fitValues({ purchases: rows.map(([x]) => x), mean: rows.map(([, a]) => a) }))
    }),
    { numRuns: 25 },
  )
})

test('whatever is asked of tests, budgets, paths and surveys, the answer is finite or a reason', () => {
  fc.assert(
    fc.property(fc.array(odd, { minLength: 12, maxLength: 12 }), (v) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = v
      assertFinite(alwaysValid([{ difference: a, error: b }], c))
      assertFinite(neededForMeans(a, b))
      assertFinite(outlook(a, b, c, d))
      const few = v.map((value) => Math.min(1e6, Math.abs(Math.trunc(value || 0))))
      const [m = 0, k = 0, l = 0] = few
      assertFinite([topTwo(few), effort(few), netPromoter(m, k, l), silenceBounds(m, k, l)])
      assertFinite(sampleRatio(few.slice(0, 2), [c, d]))
      assertFinite(responseThrough({ spend: a, effect: b }, { spend: c, effect: d }))
      const spending = [
        { name: 'one', now: a, response: { most: b, scale: c } },
        { name: 'two', now: Math.abs(d), response: null },
        { name: 'three', now: 1, response: { most: 2, scale: 3 }, min: 0, max: Math.abs(e) },
      ]
      assertFinite(allocate(spending.slice(1), f, { change: 0.2, reserve: 0.1 }))
      assertFinite(allocate(spending, f))
      const paths = few.map((won, i) => ({ touches: [i % 3, (won + i) % 3], won, lost: few[11 - i] ?? 0 }))
      assertFinite(attribute(['x', 'y', 'z'], paths))
      assertFinite(
        nextSteps([
          { from: 'x', to: 'y', n: a, hits: m, base: c },
          { from: 'y', to: 'x', n: 100, hits: 30, base: 0.1 },
        ]),
      )
    }),
    { numRuns: 500 },
  )
})

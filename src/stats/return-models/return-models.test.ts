import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { withDifferences } from '../minimise.ts'
import { assertFinite, near, told, untold } from '../testing.ts'
import { bgNbd, mbgNbd } from './beta-geometric.ts'
import { fitReturns } from './fit.ts'
import { forecast } from './forecast.ts'
import { expectedValue, fitValues } from './gamma-gamma.ts'
import { groupHistories } from './histories.ts'
import type { ReturnModel } from './model.ts'
import { nbd } from './nbd.ts'
import { paretoNbd } from './pareto-nbd.ts'
import { simulatedHistories } from './simulated.ts'
import { expectedUntilLeaving } from './until-leaving.ts'

const models: ReturnModel[] = [nbd, bgNbd, mbgNbd, paretoNbd]

// Fader, Hardie & Lee 2005: the first customer of CDNOW under the published parameters.
const cdnow = { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 }
const customer = { returns: 2, last: 30.43, observed: 38.86 }

test('BG/NBD foretells 1.226 purchases in 39 weeks for the customer of the paper', () => {
  near(bgNbd.expected(cdnow, customer, 39), 1.226, 5e-4)
})

test('who bought once is surely a customer in BG/NBD, and not in MBG/NBD', () => {
  const once = { returns: 0, last: 0, observed: 38.86 }
  assert.equal(bgNbd.alive(cdnow, once), 1)
  const still = mbgNbd.alive({ r: 0.5248, alpha: 6.1831, a: 0.8914, b: 1.614 }, once)
  assert.ok(still < 0.5, `${still}`)
})

test('purchases until leaving are those of the closed form with ₂F₁ (SciPy)', () => {
  const sum = (rate: number, per: number, leaves: number, stays: number, span: number) =>
    expectedUntilLeaving({ rate, per, leaves, stays }, span)
  near(sum(2.2426, 43.2735, 0.7929, 4.4259, 39), 1.6871750207379, 1e-10)
  near(sum(0.52, 7, 0.89, 2.6, 52), 2.0207050811601, 1e-10)
  near(sum(30.5, 100, 0.3, 29, 365), 83.16196730498, 1e-10)
  near(sum(0.1, 1, 3, 0.2, 500), 0.5018231837858, 1e-10)
})

test('the slopes that the fits follow are those of the likelihood', () => {
  const histories = groupHistories(
    simulatedHistories(200, { r: 0.6, alpha: 6, a: 0.8, b: 2 }, { during: 40, seed: 1 }).histories,
  )
  for (const model of models)
    for (const logs of [
      [0, 0, 0, 0],
      [1.5, 3, -1, 2],
      [-2, 2, 3, -3],
    ]) {
      const at = Float64Array.from(logs.slice(0, model.parameters.length))
      const slope = at.slice()
      const other = at.slice()
      model.logLikelihood(histories, at, slope)
      const value = (x: Float64Array) => model.logLikelihood(histories, x, new Float64Array(x.length))
      withDifferences(value)(at, other)
      for (const [i, each] of slope.entries()) near(each, other[i] ?? Number.NaN, 1e-5)
    }
})

test('MBG/NBD finds again what customers were drawn from, in any unit of time', () => {
  const truth = { r: 0.8, alpha: 9, a: 0.7, b: 1.8 }
  const { histories } = simulatedHistories(20_000, truth, { during: 100, seed: 7 })
  const fit = told(fitReturns(mbgNbd, groupHistories(histories)))
  assert.equal(fit.dropout, 'seen')
  for (const [i, name] of mbgNbd.parameters.entries()) {
    const error = Math.sqrt(fit.covariance?.[i]?.[i] ?? 0)
    const off = Math.log(fit.parameters[name] / truth[name as keyof typeof truth]) / error
    assert.ok(Math.abs(off) < 3, `${name} is ${off} standard errors off`)
  }
  const second = 604_800
  const inSeconds = {
    returns: histories.returns,
    last: Array.from(histories.last, (time) => time * second),
    observed: Array.from(histories.observed, (time) => time * second),
  }
  const other = told(fitReturns(mbgNbd, groupHistories(inSeconds)))
  near(other.parameters['a'], fit.parameters['a'] ?? 0, 1e-4)
  near((other.parameters['alpha'] ?? 0) / second, fit.parameters['alpha'] ?? 0, 1e-4)
})

test('what was foretold of all customers together comes, within its interval, about 95 times in 100', () => {
  let held = 0
  const rounds = 40
  for (let seed = 1; seed <= rounds; seed++) {
    const { histories, later } = simulatedHistories(
      1_000,
      { r: 0.6, alpha: 6, a: 0.8, b: 2 },
      { during: 40, seed, span: 40 },
    )
    const grouped = groupHistories(histories)
    const { low, high } = forecast(told(fitReturns(mbgNbd, grouped)), grouped, 40)
    if (low !== null && high !== null && later >= low && later <= high) held++
  }
  // 40 rounds at 95 %: fewer than 34 would be a chance of one in 500.
  assert.ok(held >= 34, `${held} of ${rounds}`)
})

test('where nobody leaves, no dropout is detectable; where all leave alike, it is', () => {
  const staying = simulatedHistories(2_000, { r: 0.5, alpha: 6, a: 1e-5, b: 1 }, { during: 40, seed: 3 })
  for (const model of models)
    assert.equal(told(fitReturns(model, groupHistories(staying.histories))).dropout, 'none detectable')
  const leaving = simulatedHistories(2_000, { r: 0.5, alpha: 6, a: 100, b: 300 }, { during: 40, seed: 3 })
  assert.equal(told(fitReturns(mbgNbd, groupHistories(leaving.histories))).dropout, 'seen')
})

test('too few who came back give the reason instead of a model', () => {
  const nobody = groupHistories({ returns: [0, 0], last: [0, 0], observed: [9, 20] })
  assert.equal(untold(fitReturns(mbgNbd, nobody)), 'nobody has come back in the time that was seen')
  const none = groupHistories({ returns: [], last: [], observed: [] })
  untold(fitReturns(bgNbd, none))
  const few = groupHistories({ returns: [1, 4, 0], last: [2, 3, 0], observed: [9, 20, 3] })
  assert.match(untold(fitReturns(nbd, few)), /only 2 customers/)
})

test('histories that can’t be are counted and left out', () => {
  const grouped = groupHistories({
    returns: [1, 1, -1, 0.5, 2, 0, 3],
    last: [5, 11, 1, 1, Number.NaN, 7, 4],
    observed: [10, 10, 10, 10, 10, 10, Number.POSITIVE_INFINITY],
  })
  assert.equal(grouped.customers, 2)
  assert.equal(grouped.leftOut, 5)
})

test('everyone alike, everyone at once, very many purchases: a model or a reason, and only finite numbers', () => {
  const cases = [
    { returns: Array(50).fill(3), last: Array(50).fill(9), observed: Array(50).fill(10) },
    { returns: Array(50).fill(1), last: Array(50).fill(0), observed: Array(50).fill(0) },
    { returns: Array(50).fill(9_000), last: Array(50).fill(1e12), observed: Array(50).fill(1e12) },
    { returns: Array(50).fill(1), last: Array(50).fill(1e-9), observed: Array(50).fill(1e9) },
  ]
  for (const histories of cases)
    for (const model of models) {
      const grouped = groupHistories(histories)
      const fit = fitReturns(model, grouped)
      if ('cannotTell' in fit) continue
      assertFinite({ ...fit, model: null })
      assertFinite(forecast(fit, grouped, 30))
    }
})

test('law: more time gives more purchases, and the chance to be there lies between 0 and 1', () => {
  const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true })
  fc.assert(
    fc.property(
      fc.record({ r: positive, alpha: positive, a: positive, b: positive, s: positive, beta: positive }),
      fc.nat(300),
      fc.double({ min: 0, max: 1, noNaN: true }),
      positive,
      positive,
      (parameters, returns, part, observed, span) => {
        const history = { returns, last: returns === 0 ? 0 : part * observed, observed }
        for (const model of models) {
          const alive = model.alive(parameters, history)
          assert.ok(alive >= 0 && alive <= 1, `${model.name}: ${alive}`)
          const soon = model.expected(parameters, history, span)
          const late = model.expected(parameters, history, span * 2)
          assert.ok(soon >= 0 && late >= soon * (1 - 1e-9), `${model.name}: ${soon}, ${late}`)
          const whole = model.expectedOfNew(parameters, span)
          assert.ok(whole >= 0 && Number.isFinite(whole))
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('law: counting equal histories together changes nothing', () => {
  const { histories } = simulatedHistories(
    500,
    { r: 0.6, alpha: 6, a: 0.8, b: 2 },
    { during: 30, seed: 5, whole: true },
  )
  const grouped = groupHistories(histories)
  assert.ok(grouped.count.length < 400)
  const logs = Float64Array.of(-0.3, 1.2, 0.1, 0.4)
  const slope = logs.slice()
  const together = mbgNbd.logLikelihood(grouped, logs, slope)
  let alone = 0
  for (let i = 0; i < 500; i++) {
    const one = {
      returns: [histories.returns[i] ?? 0],
      last: [histories.last[i] ?? 0],
      observed: [histories.observed[i] ?? 0],
    }
    alone += mbgNbd.logLikelihood(groupHistories(one), logs, slope)
  }
  near(together, alone, 1e-12)
})

test('the value to expect lies between the customer’s own mean and everyone’s', () => {
  // Fader & Hardie, "The Gamma-Gamma model of monetary value" (2013): 7 purchases of mean 29.11 and so on.
  const model = { p: 6.25, q: 3.74, v: 15.44 }
  near(expectedValue(model, 0, 0), (6.25 * 15.44) / 2.74)
  const one = expectedValue(model, 1, 100)
  const many = expectedValue(model, 20, 100)
  assert.ok(one > 35.2 && many > one && many < 100)
})

test('values that say nothing give the reason', () => {
  untold(fitValues({ purchases: [], mean: [] }))
  assert.match(untold(fitValues({ purchases: Array(30).fill(1), mean: Array(30).fill(5) })), /more than once/)
  assert.match(untold(fitValues({ purchases: Array(30).fill(2), mean: Array(30).fill(5) })), /same value/)
  assert.match(
    untold(fitValues({ purchases: Array(30).fill(2), mean: Array(30).fill(-5) })),
    /only 0 customers/,
  )
})

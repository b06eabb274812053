import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cannotTell, isTold } from './cannot-tell.ts'
import {
  binomialTwoSided,
  chiSquareTail,
  incompleteBeta,
  logGamma,
  lowerGamma,
  normalCdf,
  normalDensity,
  normalQuantile,
  normalTwoSided,
  studentCdf,
  studentT,
  studentTwoSided,
  upperGamma,
} from './distributions.ts'

// The numbers are SciPy 1.17's (Cephes and Boost), an independent implementation.

test('the gamma functions agree with SciPy', () => {
  near(logGamma(0.3), 1.0957979948180756)
  near(logGamma(5.5), 3.9578139676187165)
  near(logGamma(171.6), 709.6573587630563)
  near(logGamma(1e6), 12815504.569147611)
  near(upperGamma(0.5, 20), 2.5396285894708634e-10)
  near(upperGamma(30, 20), 0.9781817824744425)
  near(lowerGamma(3, 1e-3), 1.6654171665278094e-10)
  near(upperGamma(2000, 2100), 0.013647467683370367)
})

test('the beta function agrees with SciPy', () => {
  near(incompleteBeta(0.3, 2.5, 0.7), 0.029814024845250465)
  near(incompleteBeta(0.35, 100, 200), 0.7325714649575441)
})

test('the normal distribution agrees with SciPy, far down its tails too', () => {
  near(normalCdf(-37), 5.7255712225239266e-300)
  near(normalCdf(-10), 7.61985302416047e-24)
  near(normalCdf(-1.5), 0.06680720126885807)
  near(normalCdf(1.96), 0.9750021048517795)
  near(normalDensity(1.5), 0.12951759566589174)
  near(normalTwoSided(1.5), 2 * 0.06680720126885807)
  near(normalQuantile(1e-300), -37.0470962993612)
  near(normalQuantile(1e-10), -6.361340902404056)
  near(normalQuantile(0.05), -1.6448536269514729)
  near(normalQuantile(0.3), -0.5244005127080409)
  near(normalQuantile(0.975), 1.959963984540054)
  near(normalQuantile(0.9999999), 5.199337582290661, 1e-9)
  assert.equal(normalQuantile(0.5), 0)
})

test("Student's t and chi-square agree with SciPy", () => {
  near(studentCdf(-2.3, 7), 0.027495547602185796)
  near(studentCdf(2.3, 7), 0.9725044523978142)
  near(binomialTwoSided(7, 20, 0.5), 0.2631759643554688)
  near(binomialTwoSided(10, 10, 0.5), 2 / 1024)
  near(binomialTwoSided(3, 3, 1 / 4), 2 / 64)
  assert.equal(binomialTwoSided(0, 0, 0.3), 1)
  near(studentTwoSided(-2.3, 7), 2 * 0.027495547602185796)
  near(studentT(0.975, 3.5), 2.9400886379827282)
  near(chiSquareTail(3.841458820694124, 1), 0.05)
  near(chiSquareTail(18.307, 10), 0.05000058909139812)
  near(chiSquareTail(100, 3), 1.5541594313896026e-21)
})

test('a quantile is the inverse of its distribution', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-6, noNaN: true }), (p) => {
      assert.ok(Math.abs(normalCdf(normalQuantile(p)) / p - 1) < 1e-9)
    }),
  )
})

test('an answer is told apart from the reason why there is none', () => {
  assert.ok(isTold(3))
  assert.ok(isTold({ value: 1 }))
  assert.ok(isTold(null))
  assert.ok(!isTold(cannotTell('nobody answered')))
  assert.deepEqual(cannotTell('only 3 customers were seen', 30), {
    cannotTell: 'only 3 customers were seen',
    needed: 30,
  })
})

function near(given: number, wanted: number, within = 1e-11): void {
  assert.ok(Math.abs(given / wanted - 1) <= within, `${given} is not ${wanted}`)
}

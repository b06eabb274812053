import assert from 'node:assert/strict'
import { test } from 'node:test'
import { studentT } from './distributions.ts'
import { meanOf } from './means.ts'
import { newcombe, wilson } from './proportions.ts'

test('Wilson agrees with Newcombe 1998: 81 of 263, and 0 of 20', () => {
  close(wilson(81, 263).low, 0.2553)
  close(wilson(81, 263).high, 0.3662)
  assert.equal(wilson(0, 20).low, 0)
  close(wilson(0, 20).high, 0.1611)
  assert.deepEqual(wilson(0, 0), { hits: 0, n: 0, value: null, low: 0, high: 1 })
})

test('Newcombe’s difference agrees with his paper: 56 of 70 against 48 of 80', () => {
  const difference = newcombe(wilson(56, 70), wilson(48, 80))
  close(difference?.value ?? 0, 0.2)
  close(difference?.low ?? 0, 0.0524)
  close(difference?.high ?? 0, 0.3339)
  assert.equal(newcombe(wilson(1, 2), wilson(0, 0)), null)
})

test('quantiles of t agree with the tables', () => {
  close(studentT(0.975, 1), 12.7062)
  close(studentT(0.975, 10), 2.2281)
  close(studentT(0.975, 1_000), 1.9623)
})

test('a mean has its t interval from two answers on', () => {
  // R: t.test(extra) for group 2 of the sleep data
  const mean = meanOf([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
  close(mean.value ?? 0, 2.33)
  close(mean.low ?? 0, 0.8977)
  close(mean.high ?? 0, 3.7623)
  assert.deepEqual(meanOf([4]), { n: 1, value: 4, low: null, high: null })
})

function close(given: number, wanted: number, within = 5e-5): void {
  assert.ok(Math.abs(given - wanted) <= within, `${given} is not ${wanted}`)
}

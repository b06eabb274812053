import assert from 'node:assert/strict'
import { test } from 'node:test'
import { meanOf } from './means.ts'
import { welch } from './welch.ts'

test("Welch's interval for R's sleep data is the published one", () => {
  const one = meanOf([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
  const two = meanOf([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
  const difference = welch(one, two)
  assert.ok(difference)
  assert.ok(Math.abs(difference.value + 1.58) < 1e-9)
  assert.ok(Math.abs(difference.low + 3.3654832) < 1e-6)
  assert.ok(Math.abs(difference.high - 0.2054832) < 1e-6)
})

test('a side with one value has no difference, and values that never vary have one without width', () => {
  assert.equal(welch(meanOf([1]), meanOf([1, 2])), null)
  assert.deepEqual(welch(meanOf([1, 1]), meanOf([0, 0])), { value: 1, low: 1, high: 1 })
})

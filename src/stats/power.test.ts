import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needed, neededForMeans, outlook, smallestRise } from './power.ts'
import { told, untold } from './testing.ts'

test('to tell 10 from 12 % with a power of 80 %, 3,838 are needed on each side', () => {
  assert.equal(needed(0.1, 0.12), 3838)
  assert.equal(needed(0.12, 0.1), 3838)
})

test('against very many others fewer are needed than against as many', () => {
  assert.equal(needed(0.25, 0.3, Number.POSITIVE_INFINITY), 659)
  assert.ok(needed(0.25, 0.3, 10) < needed(0.25, 0.3))
})

test('means one deviation apart need 17 on each side, half of one 64, as R’s power.t.test says', () => {
  assert.equal(neededForMeans(1, 1), 17)
  assert.equal(neededForMeans(-0.5, 1), 64)
  assert.equal(neededForMeans(2, 10), 394)
  untold(neededForMeans(0, 1))
  untold(neededForMeans(1, Number.NaN))
})

test('the smallest rise that would be seen is the one that needs so many', () => {
  assert.ok(Math.abs(told(smallestRise(0.1, 3838)) - 0.02) < 1e-5)
  untold(smallestRise(0.1, 1))
  untold(smallestRise(1, 100))
})

test('a test that would take years is called hopeless before it begins', () => {
  const good = told(outlook(0.1, 0.02, 1_000))
  assert.deepEqual([good.needed, good.weeks, good.hopeless], [3838, 8, false])
  const long = told(outlook(0.1, 0.005, 200))
  assert.equal(long.hopeless, true)
  assert.ok(long.weeks > 500)
  assert.ok((long.smallest ?? 0) > 0.02)
  untold(outlook(0.1, 0.02, 0))
  untold(outlook(0.99, 0.02, 10))
  assert.equal(told(outlook(0.5, 0.1, 0.01)).smallest, null)
})

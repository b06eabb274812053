import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needed } from './power.ts'

test('to tell 10 from 12 % with a power of 80 %, 3,838 are needed on each side', () => {
  assert.equal(needed(0.1, 0.12), 3838)
  assert.equal(needed(0.12, 0.1), 3838)
})

test('against very many others fewer are needed than against as many', () => {
  assert.equal(needed(0.25, 0.3, Number.POSITIVE_INFINITY), 659)
  assert.ok(needed(0.25, 0.3, 10) < needed(0.25, 0.3))
})

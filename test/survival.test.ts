import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { waitQuantile } from '#src/stats/survival.ts'
import { sharedData } from './shared-data.ts'

test('Kaplan–Meier on R’s lung data: median 310 days, log interval 285 to 363', (t) => {
  const file = sharedData('lung', 'lung.csv')
  if (!file) return t.skip('the lung data set is not on this machine')
  const cases = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([, time, status]) => ({ time: Number(time), happened: status === '1' }))
  const median = waitQuantile(cases, 0.5)
  assert.deepEqual(median, { n: 228, happened: 165, value: 310, low: 285, high: 363 })
})

test('what is not reached in what was seen has no number', () => {
  const median = waitQuantile(
    [
      { time: 3, happened: true },
      { time: 9, happened: false },
      { time: 9, happened: false },
    ],
    0.9,
  )
  assert.equal(median.value, null)
})

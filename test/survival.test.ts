import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isTold } from '#src/stats/cannot-tell.ts'
import { lifeTable } from '#src/stats/life-table.ts'
import { logRank } from '#src/stats/log-rank.ts'
import { survivalCurve, survivingAt, waitOf, waitQuantile } from '#src/stats/survival.ts'
import { sharedData } from './shared-data.ts'

test('Kaplan–Meier on R’s lung data: median 310 days, log interval 285 to 363', (t) => {
  const cases = lung()
  if (!cases) return t.skip('the lung data set is not on this machine')
  const median = waitQuantile(cases, 0.5)
  assert.deepEqual(median, { n: 228, happened: 165, value: 310, low: 285, high: 363 })
})

test('the other interval and the share after a year are R’s too', (t) => {
  const cases = lung()
  if (!cases) return t.skip('the lung data set is not on this machine')
  const table = tableOf(cases)
  const curve = survivalCurve(table)
  const median = waitOf(curve, 0.5, 'log-log')
  assert.deepEqual([median.low, median.high], [284, 361])
  const year = survivingAt(table, curve, 365, 'log')
  assert.ok(isTold(year))
  assert.deepEqual(
    [year.value, year.low, year.high].map((each) => each.toFixed(4)),
    ['0.4092', '0.3447', '0.4858'],
  )
})

test('men and women with lung cancer live differently long: log-rank 10.3 on 1 degree, p .0013', (t) => {
  const cases = lung()
  if (!cases) return t.skip('the lung data set is not on this machine')
  const bySex = ['1', '2'].map((sex) => tableOf(cases.filter((each) => each.sex === sex)))
  const found = logRank(bySex)
  assert.ok(isTold(found))
  assert.equal(found.chiSquare.toFixed(1), '10.3')
  assert.equal(found.degrees, 1)
  assert.equal(found.p.toFixed(4), '0.0013')
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

interface Patient {
  time: number
  happened: boolean
  sex: string
}

function lung(): Patient[] | undefined {
  const file = sharedData('lung', 'lung.csv')
  if (!file) return undefined
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([, time, status, , sex = '']) => ({ time: Number(time), happened: status === '1', sex }))
}

function tableOf(patients: Patient[]) {
  return lifeTable(
    patients.map(({ time }) => time),
    patients.map(({ happened }) => happened),
  )
}

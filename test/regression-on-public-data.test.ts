import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Arm, cuped } from '#src/stats/cuped.ts'
import { type Dose, stepAndSlope } from '#src/stats/dose-response.ts'
import { near, told } from '#src/stats/testing.ts'
import { sharedData } from './shared-data.ts'

// The numbers come from an independent program (NumPy) over the same files.

test('in Hillstrom’s e-mail test, what customers did before takes hardly any chance away', (t) => {
  const folder = sharedData('hillstrom')
  if (!folder) return t.skip('the Hillstrom data set is not on this machine')
  const [head = '', ...lines] = readFileSync(join(folder, 'hillstrom.csv'), 'utf8').trim().split(/\r?\n/)
  const names = head.split(',')
  // Only the segment of history is quoted, and not needed.
  const customers = lines.map((line) => line.replace(/"[^"]*"/, '').split(','))
  const arm = (segment: string, outcome: string): Arm => {
    const picked = customers.filter((customer) => customer[names.indexOf('segment')] === segment)
    const column = (name: string) =>
      Float64Array.from(picked, (customer) => Number(customer[names.indexOf(name)]))
    return { outcome: column(outcome), before: ['history', 'recency', 'newbie'].map(column) }
  }
  const visit = told(cuped(arm('Mens E-Mail', 'visit'), arm('No E-Mail', 'visit')))
  assert.deepEqual(visit.n, { treated: 21_307, control: 21_306 })
  near(visit.plain.value, 0.07658956365153098)
  near(visit.plain.low, 0.06995, 5e-6)
  near(visit.plain.high, 0.08323, 5e-6)
  near(visit.adjusted.value, 0.0765293770988548)
  near(visit.adjusted.low, 0.06995416719424181, 1e-8)
  near(visit.varianceRemoved, 0.01835771276738629, 1e-8)
  const spend = told(cuped(arm('Mens E-Mail', 'spend'), arm('No E-Mail', 'spend')))
  near(spend.adjusted.value, 0.7683367462384051, 1e-8)
  near(spend.varianceRemoved, 0.0009065590131192014, 1e-8)
})

test('Olist’s late parcels: a step of a star and a half at the promised day, and half a point a week beyond', (t) => {
  const folder = sharedData('olist')
  if (!folder) return t.skip('the Olist data set is not on this machine')
  const read = (name: string) => readFileSync(join(folder, `olist_${name}_dataset.csv`), 'utf8')
  const gaps = new Map<string, number>()
  for (const line of read('orders').trim().split(/\r?\n/).slice(1)) {
    const [order = '', , , , , , came = '', promised = ''] = line.split(',')
    if (came && promised)
      gaps.set(order, (Date.parse(came.slice(0, 10)) - Date.parse(promised.slice(0, 10))) / 86_400_000)
  }
  const doses: Dose[] = []
  // Comments may hold commas and line ends; a review begins with two identifiers and its stars.
  for (const [, order = '', stars] of read('order_reviews').matchAll(
    /^[0-9a-f]{32},([0-9a-f]{32}),([1-5]),/gm,
  )) {
    const gap = gaps.get(order)
    if (gap !== undefined) doses.push({ gap, n: 1, sum: Number(stars), squares: Number(stars) ** 2 })
  }
  const shape = told(stepAndSlope(doses))
  assert.deepEqual([shape.kept, shape.broken, shape.cap], [2_710, 193, 25])
  near(shape.whereKept.value, 4.26826568, 1e-8)
  near(shape.step.value, -1.4740454, 1e-7)
  near(shape.step.error, 0.17986799, 1e-7)
  near(shape.slope.value, -0.057242, 1e-5)
  near(shape.slope.error, 0.01384163, 1e-7)
})

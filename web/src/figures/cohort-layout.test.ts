import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layoutCohorts } from './cohort-layout.ts'
import { step } from './marks.ts'

const measure = (text: string) => text.length * 6.4
const cell = (value: number | null) => ({ value, low: null, high: null, n: 200 })
const cohorts = [
  { id: 'a', name: 'March 2026', n: 200, cells: [cell(0.2), cell(0.1), cell(0.05)] },
  { id: 'b', name: 'April 2026', n: 100, cells: [cell(0.4), { ...cell(0.3), open: true }, null] },
]
const options = { columns: ['1', '2', '3'], since: 'months after the first purchase' }

test('the larger the figure, the stronger the shade, and never so strong that the number can’t be read', () => {
  const { rows } = layoutCohorts(cohorts, 900, measure, options)
  const shades = rows.flatMap((row) => row.cells.map((each) => each.shade))
  assert.deepEqual(
    shades.map((shade) => Math.round(shade * 100)),
    [27, 15, 9, 50, 38],
  )
})

test('the arrow keys walk the grid by row and column', () => {
  const { marks } = layoutCohorts(cohorts, 900, measure, options)
  const from = marks.find((mark) => mark.id === 'a 1')
  assert.equal(from && step(marks, from, 'ArrowDown')?.id, 'b 1')
  assert.equal(from && step(marks, from, 'ArrowRight')?.id, 'a 2')
  assert.equal(marks.length, 5)
})

test('a cell says its cohort, its time, and when that isn’t over', () => {
  const { marks } = layoutCohorts(cohorts, 900, measure, options)
  assert.match(
    marks.at(-1)?.say ?? '',
    /^April 2026, 2 months after the first purchase: 30.%.* of 100; this time isn’t over yet\.$/,
  )
})

test('many columns make the picture wider than the page instead of unreadable', () => {
  const columns = Array.from({ length: 36 }, (_, index) => String(index))
  const drawing = layoutCohorts(cohorts, 320, measure, { ...options, columns })
  assert.ok(drawing.width > 36 * 30)
})

test('all zero, and nobody', () => {
  const zero = layoutCohorts(
    [{ id: 'a', name: 'A', n: 0, cells: [cell(0), cell(null)] }],
    400,
    measure,
    options,
  )
  assert.deepEqual(
    zero.rows[0]?.cells.map((each) => [each.shade, each.text.replace('\u00a0', ' ')]),
    [
      [0, '0 %'],
      [0, '·'],
    ],
  )
  assert.deepEqual(layoutCohorts([], 400, measure, options).marks, [])
})

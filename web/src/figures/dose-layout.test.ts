import assert from 'node:assert/strict'
import { test } from 'node:test'
import { binWords, type DoseSeries, layoutDose } from './dose-layout.ts'

const measure = (text: string) => text.length * 6.4
const bins = [
  { from: null, to: -3 },
  { from: -2, to: -1 },
  { from: 0, to: 0 },
  { from: 1, to: 2 },
  { from: 3, to: null },
]
const stars = (...values: (number | null)[]): DoseSeries => ({
  id: 'stars',
  name: 'Stars',
  format: (value) => value.toFixed(1),
  values: values.map((value) => ({
    value,
    low: value === null ? null : value - 0.2,
    high: value === null ? null : value + 0.2,
    n: value === null ? 0 : 40,
  })),
})

test('the promise stands between what was kept and what was broken', () => {
  const drawing = layoutDose(bins, [stars(4.3, 4.2, 4.1, 2.6, 2.1)], 600, measure)
  const [panel] = drawing.panels
  assert.deepEqual(
    panel?.dots.map((dot) => dot.tone),
    ['good', 'good', 'good', 'bad', 'bad'],
  )
  const kept = panel?.dots.filter((dot) => dot.tone === 'good').map((dot) => dot.x) ?? []
  const broken = panel?.dots.filter((dot) => dot.tone === 'bad').map((dot) => dot.x) ?? []
  assert.ok(drawing.promiseX !== null)
  assert.ok(Math.max(...kept) < drawing.promiseX && Math.min(...broken) > drawing.promiseX)
  assert.equal(drawing.marks[3]?.say, '1 to 2 days late: stars 2.6 (2.4 to 2.8), n 40.')
})

test('bins at the ends that nobody is in take no room; without both sides there is no line', () => {
  const drawing = layoutDose(bins, [stars(null, null, null, 2.6, 2.1)], 600, measure)
  assert.equal(drawing.bins.length, 2)
  assert.equal(drawing.promiseX, null)
  assert.deepEqual(layoutDose(bins, [stars(null, null, null, null, null)], 600, measure).marks, [])
})

test('two series stand one below the other, and up and down changes between them', () => {
  const second = { ...stars(0.3, 0.3, 0.3, 0.2, 0.2), id: 'returned' }
  const drawing = layoutDose(bins, [stars(4.3, 4.2, 4.1, 2.6, 2.1), second], 600, measure)
  assert.deepEqual([...new Set(drawing.marks.map((mark) => mark.lane))], [0, 1])
  assert.ok((drawing.panels[0]?.bottom ?? 0) < (drawing.panels[1]?.top ?? 0))
})

test('a gap is said as a person says it', () => {
  assert.deepEqual([...bins, { from: 4, to: 4 }, { from: 1, to: 1 }].map(binWords), [
    '3 days early or more',
    '1 to 2 days early',
    'on the day',
    '1 to 2 days late',
    '3 days late or more',
    '4 days late',
    '1 day late',
  ])
})

// The pictures that are lists: intervals, the waterfall, the funnel.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layoutFunnel } from './funnel-layout.ts'
import { layoutIntervals } from './interval-layout.ts'
import { foldSteps, layoutWaterfall } from './waterfall-layout.ts'

const measure = (text: string) => text.length * 6.4

test('an interval that leaves out the reference is sure; one that holds it, or none, is not', () => {
  const row = (id: string, low: number | null, high: number | null) => ({
    id,
    name: id,
    values: [{ value: 0.5, low, high, n: 40 }],
  })
  const drawing = layoutIntervals(
    [row('above', 0.4, 0.6), row('around', 0.2, 0.8), row('unknown', null, null)],
    [{ id: 'share', name: 'Share' }],
    700,
    measure,
    { format: (value) => value.toFixed(2), reference: { value: 0.3, name: 'all' } },
  )
  assert.deepEqual(
    drawing.rows.map((each) => each.dots[0]?.sure),
    [true, false, false],
  )
  assert.equal(drawing.marks[2]?.say, 'unknown: 0.50, too few for an interval, n 40.')
})

test('one wild interval doesn’t press the others together', () => {
  const row = (id: string, value: number, half: number) => ({
    id,
    name: id,
    values: [{ value, low: value - half, high: value + half, n: 40 }],
  })
  const drawing = layoutIntervals(
    [row('a', 1, 0.1), row('b', 3, 0.1), row('wild', 2, 1e9)],
    [{ id: 'share', name: 'Share' }],
    700,
    measure,
    { format: (value) => value.toFixed(2) },
  )
  const x = drawing.rows.map((each) => each.dots[0]?.x ?? 0)
  assert.ok((x[1] ?? 0) - (x[0] ?? 0) > 80)
})

test('every name and every value has room beside what is drawn, or above it where it is narrow', () => {
  for (const width of [260, 390, 700, 1200]) {
    const drawing = layoutIntervals(
      [
        {
          id: 'a',
          name: 'A name that is rather long for such a picture',
          values: [{ value: 1, low: 0, high: 2, n: 1 }],
        },
      ],
      [{ id: 'share', name: 'Share' }],
      width,
      measure,
      { format: (value) => value.toFixed(2) },
    )
    const [row] = drawing.rows
    for (const line of row?.lines ?? []) {
      const end = line.x + measure(line.text)
      assert.ok(end <= width - measure('1.00') || line.y !== row?.valueY)
      assert.ok(end <= drawing.left || line.y < (row?.top ?? 0))
    }
  }
})

test('every dot of several series has its figure beside it, on a phone too', () => {
  for (const width of [260, 320, 390, 700, 1200]) {
    const drawing = layoutIntervals(
      ['Website', 'A moment with a name that is rather long for a phone'].map((name, index) => ({
        id: name,
        name,
        values: [0.1, 0.5, 0.9].map((value) => ({
          value,
          low: value - 0.1,
          high: value + 0.1,
          n: 40 + index,
        })),
      })),
      ['first', 'last', 'linear'].map((id) => ({ id, name: id })),
      width,
      measure,
      { format: (value) => value.toFixed(2) },
    )
    const lines = drawing.rows.flatMap((row) => row.lines)
    for (const { dots, valueY } of drawing.rows)
      for (const dot of dots) {
        assert.match(dot.value, /^0\.[159]0$/)
        assert.ok(Math.abs(dot.valueY - 4 - dot.y) < 1, 'the figure stands on the line of its dot')
        const from = drawing.valueX - measure(dot.value)
        assert.ok(Math.max(dot.x + 5, dot.high ?? 0) <= from, `${width}: the interval runs into its figure`)
        assert.ok(drawing.valueX <= width && (drawing.valueX < width || Math.abs(valueY - dot.valueY) > 8))
        for (const line of lines)
          assert.ok(line.x + measure(line.text) <= from || Math.abs(line.y - dot.valueY) > 10)
      }
  }
})

test('contributions lead from the start to the end, and what they don’t account for is said', () => {
  const drawing = layoutWaterfall(
    {
      start: { name: 'Begin', value: 50 },
      steps: [
        { id: 'late', name: 'Delivered four days late', value: -22 },
        { id: 'kind', name: 'Kind call', value: 9 },
      ],
      end: { name: 'Now', value: 38 },
    },
    600,
    measure,
  )
  assert.deepEqual(
    drawing.marks.map((mark) => mark.say),
    [
      'Begin: 50.',
      'Delivered four days late: −22.',
      'Kind call: +9.',
      'What these don’t account for: +1.',
      'Now: 38.',
    ],
  )
  assert.deepEqual(
    drawing.rows.map((row) => row.tone),
    ['ink', 'bad', 'good', 'faint', 'ink'],
  )
  for (const [index, row] of drawing.rows.entries())
    if (index > 0) assert.equal(row.from, index === 4 ? row.from : drawing.rows[index - 1]?.to)
})

test('of many contributions the largest keep their place and the small ones stand together', () => {
  const steps = Array.from({ length: 30 }, (_, index) => ({
    id: String(index),
    name: `Step ${index}`,
    value: index % 10 === 0 ? 20 : 0.5,
  }))
  const folded = foldSteps({ start: { name: '', value: 0 }, steps, end: { name: '', value: 73.5 } }, 4)
  assert.deepEqual(
    folded.map((step) => [step.name, step.value]),
    [
      ['Step 0', 20],
      ['Step 10', 20],
      ['Step 20', 20],
      ['27 smaller ones together', 13.5],
    ],
  )
})

test('a funnel accounts for everybody who entered', () => {
  const drawing = layoutFunnel(
    [
      {
        id: 'bought',
        name: 'bought',
        n: 41_200,
        left: [{ id: 'recent', name: 'bought too recently', n: 22_000 }],
      },
      { id: 'analysed', name: 'are analysed', n: 18_930 },
    ],
    700,
    measure,
  )
  assert.deepEqual(
    drawing.rows.map((row) => row.value),
    ['41,200', '−22,000', '−270', '18,930'],
  )
  const [, recent, unexplained, analysed] = drawing.rows
  assert.equal(recent?.from, unexplained?.to)
  assert.equal(unexplained?.from, analysed?.to)
  assert.match(drawing.marks[2]?.say ?? '', /^270 left out .*: for reasons not recorded\.$/)
  assert.deepEqual(layoutFunnel([{ id: 'all', name: 'all', n: 0 }], 700, measure).marks, [])
})

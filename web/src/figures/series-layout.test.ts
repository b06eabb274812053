import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { layoutSeries, type SeriesPoint } from './series-layout.ts'
import { timeTicks } from './time-ticks.ts'

const measure = (text: string) => text.length * 6.4
const options = { format: (value: number) => value.toFixed(1), timeZone: 'UTC' }
const point = (at: string, value: number | null): SeriesPoint => ({ at, value, low: null, high: null, n: 10 })
const days = (...values: (number | null)[]) =>
  values.map((value, index) => point(`2026-03-${String(index + 1).padStart(2, '0')}T00:00:00Z`, value))

test('the line breaks where nothing was counted and where something was changed', () => {
  const whole = layoutSeries(days(1, 2, 3, 4, 5, 6), [], [], 600, measure, options)
  assert.equal(whole.lines.length, 1)
  const hole = layoutSeries(days(1, 2, null, 4, 5, 6), [], [], 600, measure, options)
  assert.equal(hole.lines.length, 2)
  const changed = layoutSeries(
    days(1, 2, 3, 4, 5, 6),
    [],
    [{ at: '2026-03-04T00:00:00Z', name: 'We call the day before' }],
    600,
    measure,
    options,
  )
  assert.equal(changed.lines.length, 2)
})

test('names of changes close together stand one below the other', () => {
  const { events } = layoutSeries(
    days(1, 2, 3, 4),
    [],
    ['01', '02', '03'].map((day) => ({ at: `2026-03-${day}T12:00:00Z`, name: 'A change with a long name' })),
    420,
    measure,
    options,
  )
  assert.equal(new Set(events.map((event) => event.y)).size, 3)
})

test('the name of a level stands beside the line or above the picture, never on it', () => {
  const level = (value: number) => ({
    from: '2026-03-01T00:00:00Z',
    to: '2026-03-30T00:00:00Z',
    value,
    low: value - 0.3,
    high: value + 0.3,
    name: 'level',
  })
  const shapes = {
    calm: (day: number) => (day < 15 ? 5.2 : 2),
    wild: (day: number) => (day % 2 === 0 ? 1 : 9),
    flat: () => 5,
  }
  for (const [name, shape] of Object.entries(shapes))
    for (const width of [300, 390, 900]) {
      const points = days(...Array.from({ length: 30 }, (_, day) => shape(day)))
      const drawing = layoutSeries(points, [level(5)], [], width, measure, options)
      const [found] = drawing.levels
      assert.ok(found && found.text === 'level 5.0')
      const box = { left: found.textX, right: found.textX + measure(found.text), top: found.textY - 10 }
      assert.ok(box.top >= 0 && box.left >= drawing.left && box.right <= drawing.right, name)
      for (const [index, dot] of drawing.dots.entries()) {
        const before = drawing.dots[index - 1]
        for (let step = 0; before && step <= 20; step++) {
          const x = before.x + ((dot.x - before.x) * step) / 20
          const y = before.y + ((dot.y - before.y) * step) / 20
          const on = x > box.left && x < box.right && y > box.top && y < found.textY + 2
          assert.ok(!on, `${name} at ${width}: the line runs through the name`)
        }
      }
    }
})

test('one point, equal points and none are drawn too', () => {
  assert.equal(layoutSeries(days(4), [], [], 600, measure, options).dots[0]?.alone, true)
  const whole = layoutSeries(days(4, 4, 4), [], [], 600, measure, {
    ...options,
    format: (value) => value.toFixed(0),
  })
  assert.deepEqual(
    whole.yTicks.map((tick) => tick.text),
    ['4'],
  )
  assert.deepEqual(layoutSeries([], [], [], 600, measure, options).marks, [])
})

test('the marks of a time axis are round, in order, and no more than fit', () => {
  const text = (from: string, to: string, most: number) =>
    timeTicks([Date.parse(from), Date.parse(to)], most).map((tick) => tick.text)
  assert.deepEqual(text('2026-03-01', '2026-03-05', 6), ['1 Mar', '2 Mar', '3 Mar', '4 Mar', '5 Mar'])
  assert.deepEqual(text('2025-10-15', '2026-05-02', 4), ['Nov 2025', '2026', 'Mar', 'May'])
  assert.deepEqual(text('2016-06-01', '2026-03-01', 5), ['2018', '2020', '2022', '2024', '2026'])
  fc.assert(
    fc.property(
      fc.integer({ min: -2e12, max: 4e12 }),
      fc.integer({ min: 1, max: 3e12 }),
      fc.integer({ min: 2, max: 12 }),
      (from, length, most) => {
        const found = timeTicks([from, from + length], most)
        assert.ok(found.length <= most + 2, `${found.length} for ${most}`)
        for (const tick of found) assert.ok(tick.time >= from && tick.time <= from + length)
      },
    ),
  )
})

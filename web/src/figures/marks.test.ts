import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Mark, step, under } from './marks.ts'

const marks = fc
  .array(
    fc.record({
      x: fc.integer({ min: 0, max: 900 }),
      y: fc.integer({ min: 0, max: 400 }),
      lane: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((places) => places.map((place, index): Mark => ({ id: String(index), say: '', ...place })))

test('the arrow keys reach every mark of a figure', () => {
  fc.assert(
    fc.property(marks, (all) => {
      const seen = new Set<string>()
      const [first] = all
      const ahead = first ? [first] : []
      for (let mark = ahead.pop(); mark; mark = ahead.pop()) {
        if (seen.has(mark.id)) continue
        seen.add(mark.id)
        for (const arrow of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const) {
          const next = step(all, mark, arrow)
          if (next) ahead.push(next)
        }
      }
      assert.equal(seen.size, all.length)
    }),
  )
})

test('left and right stay in a row of a grid, up and down in its column', () => {
  const grid = [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map(
      (column): Mark => ({ id: `${row}${column}`, x: column * 50, y: row * 30, lane: row, say: '' }),
    ),
  )
  const walk = (...arrows: Parameters<typeof step>[2][]) => {
    let here = grid.find((mark) => mark.id === '00')
    for (const arrow of arrows) here = (here && step(grid, here, arrow)) ?? here
    return here?.id
  }
  assert.equal(walk('ArrowRight', 'ArrowDown'), '11')
  assert.equal(walk('ArrowDown', 'End'), '12')
  assert.equal(walk('End', 'ArrowRight', 'ArrowRight'), '02')
  assert.equal(walk('ArrowUp'), '00')
})

test('the pointer finds the bar it is on, else the nearest dot, else nothing', () => {
  const dot: Mark = { id: 'dot', x: 10, y: 10, say: '' }
  const bar: Mark = { id: 'bar', x: 60, y: 10, say: '', box: { left: 30, right: 90, top: 0, bottom: 20 } }
  assert.equal(under([dot, bar], 14, 12)?.id, 'dot')
  assert.equal(under([dot, bar], 31, 12)?.id, 'bar')
  assert.equal(under([dot, bar], 300, 300), null)
})

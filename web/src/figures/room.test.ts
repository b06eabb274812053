import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { around, overlaps, placeNames, shorten, wrap } from './room.ts'

const measure = (text: string) => [...text].length * 6.4

test('a text is shortened to its room, never to nothing', () => {
  assert.equal(shorten('Delivery', 100, measure), 'Delivery')
  assert.equal(shorten('Delivery appointment', 80, measure), 'Delivery ap…')
  assert.equal(shorten('Delivery', 0, measure), 'D…')
})

test('a long text goes over two lines, and what is left ends in …', () => {
  assert.deepEqual(wrap('Consider and compare', 90, measure), ['Consider and', 'compare'])
  assert.deepEqual(wrap('One two three four five six', 60, measure), ['One two', 'three fo…'])
  assert.deepEqual(wrap('', 60, measure), [])
})

test('no name lies on another, on a dot, or outside the picture', () => {
  const dots = fc.array(
    fc.record({
      name: fc.string({ minLength: 1, maxLength: 60 }),
      x: fc.integer({ min: 10, max: 490 }),
      y: fc.integer({ min: 10, max: 290 }),
      r: fc.integer({ min: 3, max: 9 }),
    }),
    { maxLength: 60 },
  )
  const room = { left: 0, right: 500, top: 0, bottom: 300 }
  fc.assert(
    fc.property(dots, (given) => {
      const named = given.map((dot, index) => ({ ...dot, id: String(index) }))
      const names = placeNames(named, [], [], room, measure)
      for (const [index, name] of names.entries()) {
        assert.ok(name.left >= 0 && name.right <= 500 && name.top >= 0 && name.bottom <= 300)
        for (const other of names.slice(index + 1)) assert.equal(overlaps(name, other), false)
        for (const dot of named) assert.equal(overlaps(name, around(dot.x, dot.y, dot.r)), false)
      }
    }),
    { numRuns: 60 },
  )
})

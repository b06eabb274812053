import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { extent, rounded, scale, stairs, stairsBand, ticks } from './scale.ts'

test('axes carry round numbers', () => {
  assert.deepEqual(ticks([0, 1]), [0, 0.2, 0.4, 0.6, 0.8, 1])
  assert.deepEqual(ticks([-0.37, 0.71], 4), [-0.25, 0, 0.25, 0.5])
  assert.deepEqual(
    ticks([0, 4.2e9], 4),
    [0, 1e9 * 1, 2e9, 3e9, 4e9].filter((each) => each <= 4.2e9),
  )
  assert.deepEqual(rounded([0.19, 0.34], 4), [0.15, 0.35])
})

test('an axis never has more marks than fit, nor one outside, whatever the figures are', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
  fc.assert(
    fc.property(finite, finite, fc.integer({ min: 2, max: 10 }), (a, b, about) => {
      const [low, high] = extent([a, b]) ?? [0, 1]
      const found = ticks([low, high], about)
      const slack = (high - low) * 1e-6
      assert.ok(found.length <= about * 1.34 + 2, `${found.length} marks`)
      for (const tick of found) assert.ok(tick >= low - slack && tick <= high + slack)
      const [from, to] = rounded([low, high], about)
      assert.ok(from <= low + slack && to >= high - slack)
    }),
    { examples: [[-2e-323, 9e-323, 7]] },
  )
})

test('nothing known has no extent; one value alone has room around it', () => {
  assert.equal(extent([null, undefined, Number.NaN]), null)
  assert.deepEqual(extent([4, 4]), [3.6, 4.4])
  assert.deepEqual(extent([0]), [-1, 1])
  assert.deepEqual(extent([-2e-323, 9e-323]), [-1, 1])
})

test('what lies outside an axis is held at its end', () => {
  const y = scale([0, 10], [100, 0])
  assert.deepEqual([y(-5), y(5), y(50)], [100, 50, 0])
  assert.equal(scale([3, 3], [0, 10])(3), 0)
})

test('a curve of steps keeps its height until the next, and its band closes', () => {
  assert.equal(
    stairs([
      [0, 10],
      [5, 6],
      [9, 2],
    ]),
    'M0,10H5V6H9V2',
  )
  assert.equal(stairs([[0, 10]]), '')
  assert.equal(
    stairsBand([
      { x: 0, low: 12, high: 8 },
      { x: 5, low: 7, high: 3 },
    ]),
    'M0,8H5V3L5,7H5V12H0Z',
  )
})

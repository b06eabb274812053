import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layoutCalibration } from './calibration-layout.ts'

const percent = (value: number) => `${Math.round(100 * value)} %`
const measure = (text: string) => text.length * 7
const bin = (foretold: number, value: number | null, low: number | null, high: number | null, n = 100) => ({
  foretold,
  came: { value, low, high, n },
})

test('what came as often as foretold stands on the diagonal, at any width', () => {
  for (const width of [240, 600, 1400]) {
    const { dots, left, right, top, bottom } = layoutCalibration(
      [bin(0.1, 0.1, 0.05, 0.2), bin(0.4, 0.4, 0.3, 0.5)],
      width,
      measure,
      percent,
    )
    assert.ok(right <= width)
    for (const { x, y } of dots)
      assert.ok(Math.abs((x - left) / (right - left) - (bottom - y) / (bottom - top)) < 1e-9)
  }
})

test('a dot is full where it was foretold wrongly, and says both', () => {
  const { dots, marks } = layoutCalibration(
    [bin(0.3, 0.1, 0.05, 0.2, 1200), bin(0.3, 0.32, 0.25, 0.4), bin(0.5, null, null, null, 0)],
    600,
    measure,
    percent,
  )
  assert.deepEqual(
    dots.map(({ sure }) => sure),
    [true, false],
  )
  assert.match(
    marks[0]?.say.replaceAll('\u00a0', ' ') ?? '',
    /^Foretold 30 %, came 10 % \(5 % to 20 %\), n 1,200\.$/,
  )
})

test('without anything foretold there is nothing to draw, and no fault', () => {
  assert.deepEqual(layoutCalibration([], 600, measure, percent).marks, [])
})

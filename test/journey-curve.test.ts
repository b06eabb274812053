import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { overlaps } from '../web/src/figures/room.ts'
import { layoutCurve } from '../web/src/journey/curve-layout.ts'
import type { CurvePoint } from '../web/src/journey/curve-parts.ts'

const stages = [
  { id: 1, name: 'Discover', side: 'before' as const },
  { id: 2, name: 'Consider and compare', side: 'before' as const },
  { id: 3, name: 'Receive', side: 'after' as const },
  { id: 4, name: 'Return & recommend', side: 'after' as const },
]
const point = (
  id: number,
  name: string,
  stage: number,
  value: number | null,
  customers: number,
): CurvePoint => ({
  id,
  name,
  stageId: stage,
  customers,
  value,
  low: value === null ? null : value - 0.1,
  high: value === null ? null : value + 0.1,
  compared: null,
})
const points = fc
  .array(
    fc.record({
      name: fc.string({ minLength: 1, maxLength: 60 }),
      stage: fc.integer({ min: 1, max: 4 }),
      value: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: null }),
      customers: fc.integer({ min: 0, max: 100_000 }),
    }),
    { maxLength: 60 },
  )
  .map((given) =>
    given
      .sort((a, b) => a.stage - b.stage)
      .map((each, index) => point(index, each.name, each.stage, each.value, each.customers)),
  )

test('no name on the experience curve lies on another, on a dot, or outside the picture', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 280, max: 1800 }), (given, width) => {
      const curve = layoutCurve(stages, given, width)
      for (const [index, label] of curve.labels.entries()) {
        assert.ok(label.left >= 0 && label.right <= curve.width)
        assert.ok(label.top >= curve.top && label.bottom <= curve.bottom)
        for (const other of curve.labels.slice(index + 1)) assert.equal(overlaps(label, other), false)
        for (const dot of curve.dots)
          assert.equal(
            overlaps(label, {
              left: dot.x - dot.r,
              right: dot.x + dot.r,
              top: dot.y - dot.r,
              bottom: dot.y + dot.r,
            }),
            false,
          )
      }
      for (const dot of [...curve.dots, ...(curve.strip?.dots ?? [])])
        assert.ok(dot.x >= 0 && dot.x <= curve.width)
    }),
  )
})

test('sixty touchpoints all find room for their names', () => {
  const sixty = Array.from({ length: 60 }, (_, index) =>
    point(
      index,
      `Touchpoint number ${index}`,
      1 + Math.floor(index / 15),
      Math.sin(index / 3) * 0.6,
      index * 100,
    ),
  )
  const curve = layoutCurve(stages, sixty, 1240)
  assert.ok(curve.labels.length >= 57, `${curve.labels.length} of 60 are named`)
})

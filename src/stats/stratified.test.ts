import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { wilson } from './proportions.ts'
import { differenceAmongEquals, type Layer } from './stratified.ts'
import { assertFinite, near, told, untold } from './testing.ts'

// Deaths in the tolbutamide trial, under and over 55 years of age.
const tolbutamide: Layer[] = [
  { with: { hits: 8, n: 106 }, without: { hits: 5, n: 120 } },
  { with: { hits: 22, n: 98 }, without: { hits: 16, n: 85 } },
]

test('the textbook’s trial: .0349, its 90 % interval from −.018 to .087', () => {
  const found = told(differenceAmongEquals(tolbutamide))
  near(found.value, 0.0349, 5e-5)
  const error = (found.high - found.value) / 1.959963984540054
  near(found.value - 1.6448536 * error, -0.018, 5e-4)
  near(found.value + 1.6448536 * error, 0.087, 5e-4)
  assert.equal(found.n, 409)
})

test('a difference that is only who they are disappears among equals', () => {
  // the busy take the step and come back, the quiet do neither
  const busy = { with: { hits: 72, n: 90 }, without: { hits: 8, n: 10 } }
  const quiet = { with: { hits: 2, n: 10 }, without: { hits: 18, n: 90 } }
  const found = told(differenceAmongEquals([busy, quiet]))
  near(found.value, 0)
  assert.ok(found.p > 0.9)
})

test('nobody to compare with, and the same for all, can’t tell', () => {
  untold(differenceAmongEquals([]))
  untold(differenceAmongEquals([{ with: { hits: 3, n: 9 }, without: { hits: 0, n: 0 } }]))
  untold(differenceAmongEquals([{ with: { hits: 9, n: 9 }, without: { hits: 9, n: 9 } }]))
})

const side = fc.nat(40).chain((n) => fc.record({ n: fc.constant(n), hits: fc.nat(n) }))

test('law: in one layer it is the plain difference, and it lies between those of its layers', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ with: side, without: side }), { maxLength: 5 }), (layers) => {
      const found = differenceAmongEquals(layers)
      assertFinite(found)
      if ('cannotTell' in found) return
      const single = layers
        .filter((layer) => layer.with.n > 0 && layer.without.n > 0)
        .map(
          (layer) =>
            (wilson(layer.with.hits, layer.with.n).value ?? 0) -
            (wilson(layer.without.hits, layer.without.n).value ?? 0),
        )
      assert.ok(found.value >= Math.min(...single) - 1e-12)
      assert.ok(found.value <= Math.max(...single) + 1e-12)
    }),
  )
})

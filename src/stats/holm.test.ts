import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { benjaminiHochberg, holm } from './holm.ts'

/** The fifteen p values of Benjamini and Hochberg's own example (1995, §3.2). */
const published = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
  0.759, 1,
]

test('in Benjamini and Hochberg’s example their method finds four at 5 %, Holm’s three', () => {
  assert.equal(benjaminiHochberg(published).filter((p) => p <= 0.05).length, 4)
  assert.equal(holm(published).filter((p) => p <= 0.05).length, 3)
  near(benjaminiHochberg(published)[3], (0.0095 * 15) / 4)
  near(holm(published)[2], 0.0019 * 13)
})

test('ties and order: R’s p.adjust gives the same', () => {
  const p = [0.04, 0.01, 0.03, 0.01]
  ;[0.06, 0.04, 0.06, 0.04].forEach((wanted, index) => {
    near(holm(p)[index], wanted)
  })
  ;[0.04, 0.02, 0.04, 0.02].forEach((wanted, index) => {
    near(benjaminiHochberg(p)[index], wanted)
  })
  assert.deepEqual(holm([]), [])
  assert.deepEqual(benjaminiHochberg([Number.NaN, 0.01]), [1, 0.02])
})

test('adjusted values never shrink, keep the order, and Holm’s are never the smaller ones', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (p) => {
      const [strict, mild] = [holm(p), benjaminiHochberg(p)]
      for (const [i, value] of p.entries()) {
        const [ours, theirs] = [strict[i] ?? 0, mild[i] ?? 0]
        assert.ok(value <= theirs + 1e-15 && theirs <= ours + 1e-15 && ours <= 1)
        for (const [j, other] of p.entries())
          if (value < other) assert.ok(ours <= (strict[j] ?? 0) && theirs <= (mild[j] ?? 0))
      }
    }),
  )
})

function near(given: number | undefined, wanted: number): void {
  assert.ok(Math.abs((given ?? 0) - wanted) < 1e-12, `${given} is not ${wanted}`)
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type FollowedPair, nextSteps } from './next-steps.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, near, told, untold } from './testing.ts'

const pair = (n: number, hits: number, base: number, to = 'b'): FollowedPair => ({
  from: 'a',
  to,
  n,
  hits,
  base,
})

test('where everything is as likely after A as ever, nothing is shown', () => {
  const chance = new Seeded(1)
  const pairs = Array.from({ length: 200 }, (_, i) => {
    const base = 0.02 + 0.1 * chance.next()
    let hits = 0
    for (let j = 0; j < 400; j++) if (chance.next() < base) hits++
    return pair(400, hits, base, `${i}`)
  })
  const { kappa, steps } = told(nextSteps(pairs))
  assert.ok(kappa > 1_000, `${kappa}`)
  assert.equal(steps.filter(({ shown }) => shown).length, 0)
})

test('how far rates lie from their base is found again, and few counts are drawn to it', () => {
  const chance = new Seeded(2)
  const pairs = Array.from({ length: 300 }, (_, i) => {
    // Beta(2, 18) around the base .1: worth 20 customers.
    const share = beta(chance, 2, 18)
    let hits = 0
    for (let j = 0; j < 100; j++) if (chance.next() < share) hits++
    return pair(100, hits, 0.1, `${i}`)
  })
  const { kappa, steps } = told(nextSteps(pairs))
  assert.ok(kappa > 14 && kappa < 28, `${kappa}`)
  for (const step of steps) near(step.chance, (step.hits + kappa * 0.1) / (100 + kappa))
})

test('what customers do come with next is shown, and first', () => {
  const pairs = [pair(300, 20, 0.05, 'as ever'), pair(300, 90, 0.05, 'next'), pair(10, 5, 0.05, 'few')]
  const { steps } = told(nextSteps(pairs))
  assert.equal(steps[0]?.to, 'next')
  assert.deepEqual(
    steps.filter(({ shown }) => shown).map(({ to }) => to),
    ['next'],
  )
  const next = steps[0]
  assert.ok(next && next.low > 0.2 && next.lift > 4)
})

test('nobody followed gives the reason', () => {
  untold(nextSteps([]))
  untold(nextSteps([pair(0, 0, 0.1), pair(5, 6, 0.1), pair(5, 1, 0), pair(5, 1, Number.NaN)]))
})

test('law: the chance lies between what was seen and the base rate', () => {
  const counts = fc
    .tuple(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    )
    .map(([n, part, base]) => pair(n, Math.round(n * part), base))
  fc.assert(
    fc.property(fc.array(counts, { minLength: 1, maxLength: 8 }), (pairs) => {
      const found = told(nextSteps(pairs))
      assertFinite(found)
      for (const { hits, n, base, chance, low, high } of found.steps) {
        const seen = hits / n
        assert.ok(chance >= Math.min(seen, base) - 1e-9 && chance <= Math.max(seen, base) + 1e-9)
        assert.ok(low <= high)
      }
    }),
  )
})

function beta(chance: Seeded, a: number, b: number): number {
  const sum = (k: number) =>
    Array.from({ length: k }, () => -Math.log(1 - chance.next())).reduce((x, y) => x + y, 0)
  const left = sum(a)
  return left / (left + sum(b))
}

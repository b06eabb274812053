import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attribute, attributionMethods, type TouchPath } from './attribution.ts'
import { assertFinite, near, told, untold } from './testing.ts'

// The usual teaching example of the removal effect: three journeys, won or lost as said.
const paths: TouchPath[] = [
  { touches: [0, 1, 2], won: 1, lost: 0 },
  { touches: [0], won: 0, lost: 1 },
  { touches: [1, 2], won: 0, lost: 1 },
]

test('each method credits as it says', () => {
  const { channels, won, lost } = told(attribute(['one', 'two', 'three'], paths))
  assert.deepEqual([won, lost], [1, 2])
  const of = (name: string) => channels.find((each) => each.name === name)
  assert.equal(of('one')?.credit.first, 1)
  assert.equal(of('three')?.credit.last, 1)
  near(of('two')?.credit.linear, 1 / 3)
  near(of('two')?.credit.shapley, 1 / 3)
  // By hand: a sale from the start 1/3; without one 1/6, without two or three none: effects 1/2, 1 and 1.
  near(of('one')?.credit.markov, 0.2)
  near(of('two')?.credit.markov, 0.4)
  near(of('three')?.credit.markov, 0.4)
  assert.deepEqual(of('three')?.spread, { low: 0, high: 1 })
})

test('without a sale, or only with sales nobody touched, there is nothing to credit', () => {
  untold(attribute(['a'], []))
  untold(attribute(['a'], [{ touches: [0], won: 0, lost: 9 }]))
  untold(attribute(['a'], [{ touches: [], won: 3, lost: 0 }]))
})

test('sales without a touch are counted apart', () => {
  const { won, unattributed } = told(
    attribute(
      ['a'],
      [
        { touches: [], won: 3, lost: 0 },
        { touches: [0], won: 2, lost: 0 },
      ],
    ),
  )
  assert.deepEqual([won, unattributed], [2, 3])
})

const names = ['a', 'b', 'c', 'd']
const anyPaths = fc.array(
  fc.record({
    touches: fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }),
    won: fc.nat(5),
    lost: fc.nat(5),
  }),
  { minLength: 1, maxLength: 12 },
)

test('law: every method gives away exactly the sales there were', () => {
  fc.assert(
    fc.property(anyPaths, (drawn) => {
      const found = attribute(names, drawn)
      assertFinite(found)
      if ('cannotTell' in found) return
      for (const method of attributionMethods)
        near(
          found.channels.reduce((sum, { credit }) => sum + (credit[method] ?? 0), 0),
          found.won,
          1e-9,
        )
    }),
  )
})

test('law: the removal effect by one inversion is that of taking each channel out and walking again', () => {
  fc.assert(
    fc.property(anyPaths, (drawn) => {
      const found = attribute(names, drawn)
      if ('cannotTell' in found) return
      const whole = chanceOfSale(drawn)
      const effects = names.map((_, channel) => 1 - chanceOfSale(drawn, channel) / whole)
      const total = effects.reduce((sum, effect) => sum + effect, 0)
      for (const [i, { credit }] of found.channels.entries())
        near(credit.markov, ((effects[i] ?? 0) / total) * found.won, 1e-6)
    }),
    { numRuns: 50 },
  )
})

/** The chance of a sale by walking the chain step by step; a walk into `removed` ends there. */
function chanceOfSale(drawn: TouchPath[], removed?: number): number {
  let now = [0, 0, 0, 0]
  const leaves = [0, 0, 0, 0]
  const wins = [0, 0, 0, 0]
  const moves = names.map(() => [0, 0, 0, 0])
  for (const { touches, won, lost } of drawn)
    for (const [i, from] of touches.entries()) {
      if (i === 0) now[from] = (now[from] ?? 0) + won + lost
      leaves[from] = (leaves[from] ?? 0) + won + lost
      const to = touches[i + 1]
      const row = moves[from] ?? []
      if (to === undefined) wins[from] = (wins[from] ?? 0) + won
      else row[to] = (row[to] ?? 0) + won + lost
    }
  const all = now.reduce((sum, value) => sum + value, 0)
  now = now.map((value) => value / all)
  let sales = 0
  for (let step = 0; step < 3_000; step++) {
    if (removed !== undefined) now[removed] = 0
    const next = [0, 0, 0, 0]
    for (const [from, mass] of now.entries()) {
      if (mass === 0) continue
      sales += (mass * (wins[from] ?? 0)) / (leaves[from] ?? 1)
      for (const [to, count] of (moves[from] ?? []).entries())
        next[to] = (next[to] ?? 0) + (mass * count) / (leaves[from] ?? 1)
    }
    now = next
  }
  return sales
}

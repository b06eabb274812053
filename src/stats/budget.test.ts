import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allocate, effectOf, responseThrough, type Spending } from './budget.ts'
import { assertFinite, near, told, untold } from './testing.ts'

const three: Spending[] = [
  { name: 'care', now: 30, response: { most: 50, scale: 40 } },
  { name: 'search', now: 40, response: { most: 30, scale: 20 } },
  { name: 'events', now: 30, response: { most: 20, scale: 10 } },
]

test('a budget of 100 goes where its last unit brings equally much', () => {
  const { parts, marginal, effect, effectNow } = told(allocate(three, 100))
  near(parts[0]?.spend, 52.373, 1e-5)
  near(parts[1]?.spend, 29.833, 2e-5)
  near(parts[2]?.spend, 17.793, 3e-5)
  near(marginal, 0.3375, 1e-5)
  for (const part of parts) near(part.marginal, 0.3375, 1e-5)
  assert.ok(effect > effectNow)
})

test('nothing moves further than its limits and the change allowed in one period', () => {
  const { parts } = told(allocate(three, 100, { change: 0.2 }))
  assert.deepEqual(
    parts.map(({ name, held }) => [name, held]),
    [
      ['care', 'max'],
      ['search', 'nothing'],
      ['events', 'min'],
    ],
  )
  near(parts[0]?.spend, 36)
  const capped = told(allocate([{ ...(three[0] as Spending), max: 10 }], 100))
  assert.equal(capped.unspent, 90)
  assert.equal(capped.marginal, null)
})

test('what nothing is spent on yet may start with the change allowed of the whole budget', () => {
  const started = told(
    allocate([{ ...(three[0] as Spending), now: 0 }, ...three.slice(1)], 100, { change: 0.2 }),
  )
  near(started.parts[0]?.spend, 20)
})

test('what no test has shown keeps its money, and part of the budget is kept to test it', () => {
  const { parts, reserve } = told(
    allocate([...three, { name: 'podcast', now: 20, response: null }], 130, { reserve: 0.1 }),
  )
  assert.equal(reserve, 13)
  assert.deepEqual(parts[3], { name: 'podcast', now: 20, spend: 20, marginal: null, held: 'unknown' })
  near(
    parts.reduce((sum, { spend }) => sum + spend, 0),
    117,
    1e-9,
  )
})

test('where nothing is known, or it can’t be done, the reason is given', () => {
  assert.match(untold(allocate([{ name: 'a', now: 5, response: null }], 10)), /run one before/)
  untold(allocate([], 10))
  untold(allocate(three, 0))
  untold(allocate(three, Number.NaN))
  untold(allocate([{ name: 'a', now: 5, response: { most: -1, scale: 2 } }], 10))
  const { cannotTell, needed } = allocate([{ ...(three[0] as Spending), min: 50 }], 20) as {
    cannotTell: string
    needed: number
  }
  assert.match(cannotTell, /doesn’t cover/)
  assert.equal(needed, 50)
})

test('the response through two holdouts is found again', () => {
  const truth = { most: 50, scale: 40 }
  const at = (spend: number) => ({ spend, effect: effectOf(truth, spend) })
  const found = told(responseThrough(at(60), at(20)))
  near(found.most, 50, 1e-9)
  near(found.scale, 40, 1e-9)
  untold(responseThrough({ spend: 10, effect: 1 }, { spend: 20, effect: 2.5 }))
  untold(responseThrough({ spend: 10, effect: 1 }, { spend: 10, effect: 2 }))
  untold(responseThrough({ spend: 10, effect: 2 }, { spend: 20, effect: 1 }))
})

test('law: the whole budget is used, and no other division within the limits brings more', () => {
  const positive = fc.double({ min: 0.1, max: 100, noNaN: true })
  const spending = fc.record({ most: positive, scale: positive, now: positive })
  fc.assert(
    fc.property(
      fc.array(spending, { minLength: 2, maxLength: 5 }),
      positive,
      fc.nat(),
      (drawn, budget, seed) => {
        const spendings = drawn.map(({ most, scale, now }, i) => ({
          name: `${i}`,
          now,
          response: { most, scale },
        }))
        const found = told(allocate(spendings, budget))
        assertFinite(found)
        near(found.parts.reduce((sum, { spend }) => sum + spend, 0) + found.unspent, budget, 1e-6)
        // Move a little from one to another: it never brings more.
        const from = seed % spendings.length
        const to = (seed + 1) % spendings.length
        const step = Math.min(0.01, found.parts[from]?.spend ?? 0)
        const moved = found.parts.reduce((sum, { spend }, i) => {
          const other = spend + (i === to ? step : 0) - (i === from ? step : 0)
          return sum + effectOf(spendings[i]?.response ?? { most: 0, scale: 1 }, other)
        }, 0)
        assert.ok(moved <= found.effect + 1e-9)
      },
    ),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { alwaysValid } from './msprt.ts'
import { sampleRatio } from './sample-ratio.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, near, told, untold } from './testing.ts'

test('a difference of .03 with an error of .01 is 6.7 times as likely with one as without', () => {
  const { logRatio, p, low, high } = told(alwaysValid([{ difference: 0.03, error: 0.01 }], 0.01))
  near(Math.exp(logRatio), 6.7088, 1e-4)
  near(p, 0.1491, 1e-4)
  assert.ok(low < 0 && high > 0.06)
})

test('the p value never rises again, and what has no error is not looked at', () => {
  const looks = [
    { difference: 0, error: 0 },
    { difference: 0.05, error: 0.01 },
    { difference: 0.001, error: 0.008 },
  ]
  const best = told(alwaysValid(looks.slice(0, 2), 0.01))
  assert.equal(told(alwaysValid(looks, 0.01)).p, best.p)
})

test('where nothing was seen or set beforehand, the reason is given', () => {
  untold(alwaysValid([], 0.01))
  untold(alwaysValid([{ difference: 1, error: 0 }], 0.01))
  untold(alwaysValid([{ difference: 1, error: 1 }], 0))
  assertFinite(alwaysValid([{ difference: 1e6, error: 1e-3 }], 1))
})

test('looking every day at two equal sides raises a false alarm in fewer than 5 of 100 tests', () => {
  const chance = new Seeded(11)
  let alarms = 0
  const tests = 400
  for (let i = 0; i < tests; i++) {
    let sum = 0
    let alarmed = false
    for (let n = 1; n <= 300; n++) {
      sum += chance.normal()
      const { low, high } = told(alwaysValid([{ difference: sum / n, error: 1 / Math.sqrt(n) }], 0.2))
      alarmed ||= low > 0 || high < 0
    }
    if (alarmed) alarms++
  }
  assert.ok(alarms / tests < 0.05, `${alarms} of ${tests}`)
})

test('sides that are not as planned are found, and chance is left alone', () => {
  const off = told(sampleRatio([50_000, 49_000], [1, 1]))
  near(off.chiSquare, 10.101, 1e-4)
  near(off.p, 0.0014826, 1e-4)
  assert.equal(off.broken, false)
  assert.equal(told(sampleRatio([50_000, 48_500], [0.5, 0.5])).broken, true)
  // Hillstrom's three mailings.
  assert.equal(told(sampleRatio([21_307, 21_387, 21_306], [1, 1, 1])).broken, false)
  assert.equal(told(sampleRatio([900, 100], [9, 1])).chiSquare, 0)
})

test('too few, or no plan, give the reason', () => {
  untold(sampleRatio([3, 4], [1, 1]))
  untold(sampleRatio([30], [1]))
  untold(sampleRatio([30, 40], [1, 0]))
  untold(sampleRatio([Number.NaN, 40], [1, 1]))
})

test('law: p doesn’t depend on the order of the sides', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 20, max: 9_000 }), { minLength: 2, maxLength: 5 }), (counts) => {
      const plan = counts.map(() => 1)
      const one = sampleRatio(counts, plan)
      const other = sampleRatio(counts.toReversed(), plan)
      if ('p' in one && 'p' in other) near(one.p, other.p, 1e-9)
    }),
  )
})

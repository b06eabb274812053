import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTold } from './cannot-tell.ts'
import { meanOf } from './means.ts'
import { momentsOf } from './moments.ts'
import { penaltyReward } from './penalty-reward.ts'
import { leastSquares } from './regression.ts'
import type { Rows } from './rows.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, near, rowsOf, told, untold } from './testing.ts'

/** Touchpoints where a low experience costs and a high one brings so much; columns low, high, low, high, …, then activity. */
function drawn(n: number, seed: number, effects: [number, number][]): Rows {
  const random = new Seeded(seed)
  const full = Array.from({ length: 2 * effects.length + 1 }, () => new Float64Array(n))
  const activity = full.at(-1) ?? new Float64Array()
  const outcome = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    activity[row] = random.normal()
    outcome[row] = random.normal() + (activity[row] ?? 0)
    for (const [i, [penalty, reward]] of effects.entries()) {
      const level = random.normal() + 0.5 * (activity[row] ?? 0)
      const [low, high] = [full[2 * i], full[2 * i + 1]]
      if (low && high) [low[row], high[row]] = [level < -0.5 ? 1 : 0, level > 0.5 ? 1 : 0]
      outcome[row] = (outcome[row] ?? 0) - penalty * (low?.[row] ?? 0) + reward * (high?.[row] ?? 0)
    }
  }
  return { n, full, outcome }
}

const four = [0, 1, 2, 3].map((i) => ({ low: 2 * i, high: 2 * i + 1 }))

test('basic, exciting and linear are told apart, compared with equals', () => {
  const rows = drawn(6_000, 3, [
    [1, 0.1],
    [0.1, 1],
    [0.8, 0.8],
    [0, 0],
  ])
  const [basic, exciting, linear, nothing] = told(penaltyReward(rows, four))
  assert.deepEqual(told(basic).kind, { kind: 'basic' })
  assert.deepEqual(told(exciting).kind, { kind: 'exciting' })
  assert.deepEqual(told(linear).kind, { kind: 'linear' })
  assert.match(untold(told(nothing).kind), /may not differ/)
  const fit = told(leastSquares(told(momentsOf(rows))))
  near(told(basic).penalty.value, -(fit.coefficients[0]?.value ?? 0))
  near(told(basic).reward.value, fit.coefficients[1]?.value ?? 0)
  assert.ok(told(basic).penalty.low < 1 && told(basic).penalty.high > 1)
})

test('alone and unadjusted, penalty and reward are differences of plain means', () => {
  const rows = drawn(400, 5, [[1, 0.5]])
  const [low, high] = rows.full as [Float64Array, Float64Array]
  const mean = (wanted: (row: number) => boolean) =>
    meanOf([...rows.outcome].filter((_, row) => wanted(row))).value ?? 0
  const between = mean((row) => !low[row] && !high[row])
  const [answer] = told(penaltyReward({ ...rows, full: [low, high] }, [{ low: 0, high: 1 }]))
  const { penalty, reward, asymmetry } = told(answer)
  near(penalty.value, between - mean((row) => low[row] === 1))
  near(reward.value, mean((row) => high[row] === 1) - between)
  near(told(asymmetry).value, (reward.value - penalty.value) / (reward.value + penalty.value))
})

test('with few customers no kind is told, and how many would do is', () => {
  const [answer] = told(penaltyReward(drawn(150, 9, [[0.6, 0.5]]), [{ low: 0, high: 1 }]))
  const { kind } = told(answer)
  assert.ok(!isTold(kind) && (kind.needed ?? 0) > 150, JSON.stringify(kind))
})

test('about as many draws of customers from nothing but chance are named as may be', () => {
  let named = 0
  for (let seed = 0; seed < 100; seed++) {
    const [answer] = told(
      penaltyReward(drawn(300, 1_000 + seed, [[0.6, 0.6]]), [{ low: 0, high: 1 }], { seed }),
    )
    const { kind } = told(answer)
    if (isTold(kind) && kind.kind !== 'linear') named++
  }
  assert.ok(named <= 11, `${named}`)
})

test('the same seed gives the same answer', () => {
  const rows = drawn(300, 4, [[1, 1]])
  assert.deepEqual(penaltyReward(rows, [{ low: 0, high: 1 }]), penaltyReward(rows, [{ low: 0, high: 1 }]))
})

test('what the data can’t carry is said', () => {
  const rows = drawn(200, 4, [[1, 1]])
  const [low, high, activity] = rows.full as [Float64Array, Float64Array, Float64Array]
  const none = new Float64Array(200)
  const one = [{ low: 0, high: 1 }]
  const ask = (...full: Float64Array[]) => told(penaltyReward({ ...rows, full }, one))[0]
  assert.match(untold(ask(none, high)), /nobody had a bad/)
  assert.match(untold(ask(low, none)), /nobody had a very good/)
  assert.match(untold(ask(low, low)), /nobody had a very good/)
  assert.match(untold(penaltyReward({ ...rows, outcome: none }, one)), /the same/)
  assert.match(untold(penaltyReward(rowsOf(new Float64Array(), none, none), one)), /nobody/)
  assert.match(untold(penaltyReward({ ...rows, units: new Int32Array(200) }, one)), /one customer/)
  const lone = none.with(3, 1)
  assertFinite(ask(lone, high, activity))
  assert.ok(!isTold(ask(lone, high)))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultModel, ledgerOf, type Pieces, type ScoreModel, scoreOf } from './score.ts'

const dayMs = 86_400_000
const now = Date.UTC(2026, 5, 1)

/** Experiences as [days ago, value]. */
function pieces(...told: [days: number, value: number][]): Pieces {
  return {
    at: Float64Array.from(told, ([days]) => now - days * dayMs),
    value: Float64Array.from(told, ([, value]) => value),
  }
}

const score = (given: Pieces, model = defaultModel, at = now) => scoreOf(given, 0, given.at.length, at, model)
const near = (got: number | null | undefined, wanted: number, off = 1e-9) =>
  assert.ok(Math.abs((got ?? Number.NaN) - wanted) <= off, `${got} is not ${wanted}`)

test('a score by hand: ninety days halve a weight, bad weighs twice, the strongest and the latest count once more', () => {
  // weights ½ and 1, W = 1½: Pos = ½·1/3½ = 1/7, Neg = 1·½/3½ = 1/7
  const one = score(pieces([90, 1], [0, -0.5]))
  near(one.ledger.good, 1 / 7)
  near(one.ledger.bad, 1 / 7)
  // 2/7 − 4/7 + ½·1 (strongest) − ½·½ (latest) = −1/28
  near(one.value, 100 / (1 + Math.exp(1 / 28)))
  assert.deepEqual(
    one.contributions.map(({ logOdds }) => logOdds.toFixed(6)),
    [(2 / 7 + 0.5).toFixed(6), (-4 / 7 - 0.25).toFixed(6)],
  )
})

test('fitted weights count the first experience more, and without ageing the old as much as the new', () => {
  const model: ScoreModel = {
    halfLifeDays: null,
    firstBonus: 1,
    start: -1,
    good: 3,
    bad: 1,
    peak: 0,
    last: 0,
    first: 0.4,
  }
  // weights 2, 1, 1 over 4 + 2: Pos = (2·0.6 + 1·0.3)/6, Neg = 1·0.9/6
  near(score(pieces([4000, 0.6], [30, -0.9], [1, 0.3]), model).ledger.good, 0.25)
  near(score(pieces([4000, 0.6], [30, -0.9], [1, 0.3]), model).ledger.bad, 0.15)
  near(
    score(pieces([4000, 0.6], [30, -0.9], [1, 0.3]), model).value,
    100 / (1 + Math.exp(-(-1 + 0.75 - 0.15 + 0.24))),
  )
})

test('one experience is not enough evidence, and neither is none', () => {
  assert.equal(score(pieces()).value, null)
  assert.equal(score(pieces([3, -1])).value, null)
  assert.notEqual(score(pieces([3, -1], [2, -1])).value, null)
})

test('what has not happened yet does not count', () => {
  assert.equal(score(pieces([3, 1], [-1, -1])).value, null)
  near(score(pieces([3, 1], [2, 1], [-1, -1])).value, score(pieces([3, 1], [2, 1])).value ?? 0)
})

test('neutral experiences leave a score where everybody begins, and hold other ones back', () => {
  assert.equal(score(pieces([3, 0], [2, 0])).value, 50)
  const alone = score(pieces([3, 1], [2, 1])).value ?? 0
  const among = score(pieces([4, 0], [3, 1], [2, 1])).value ?? 0
  assert.ok(among < alone && among > 50)
})

test('of equally strong experiences the bad one is the strongest, else the latest', () => {
  const at = (...told: [number, number][]) =>
    ledgerOf(pieces(...told), 0, told.length, now, defaultModel).peakAt
  assert.equal(at([3, 1], [2, -1], [1, 1]), 1)
  assert.equal(at([3, -1], [2, -1], [1, 1]), 1)
  assert.equal(at([3, 0.5], [2, 0.5], [1, 0.2]), 1)
  assert.equal(at([3, 0], [2, 0]), 1)
})

test('the year 1 and the instant itself are ages like any other', () => {
  const ancient = {
    at: Float64Array.of(Date.parse('0001-01-01T00:00:00Z'), now),
    value: Float64Array.of(-1, 1),
  }
  const one = score(ancient)
  near(one.ledger.weight, 1)
  near(one.ledger.bad, 0)
  assert.ok(one.value !== null && Number.isFinite(one.value))
})

const anyPieces = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 4000 }),
      fc.integer({ min: -100, max: 100 }).map((e) => e / 100),
    ),
    { minLength: 2, maxLength: 30 },
  )
  .map((told) => pieces(...told.toSorted((a, b) => b[0] - a[0] || a[1] - b[1])))
const anyModel = fc.record({
  halfLifeDays: fc.constantFrom(30, 60, 90, 180, null),
  firstBonus: fc.constantFrom(0, 1),
  start: fc.integer({ min: -30, max: 30 }).map((b) => b / 10),
  ...Object.fromEntries(
    ['good', 'bad', 'peak', 'last', 'first'].map((name) => [
      name,
      fc.integer({ min: 0, max: 60 }).map((b) => b / 10),
    ]),
  ),
}) as fc.Arbitrary<ScoreModel>

test('contributions add up to the score, in log-odds and in points', () => {
  fc.assert(
    fc.property(anyPieces, anyModel, (given, model) => {
      const { value, start, contributions } = score(given, model)
      const share = (value ?? 0) / 100
      const logOdds = Math.log(share / (1 - share))
      near(
        contributions.reduce((sum, each) => sum + each.logOdds, model.start),
        logOdds,
        1e-6,
      )
      near(
        contributions.reduce((sum, each) => sum + each.points, start),
        value ?? 0,
        1e-6,
      )
    }),
  )
})

test('another good experience never lowers a score by itself, nor a bad one raises it', () => {
  fc.assert(
    fc.property(anyPieces, anyModel, (given, model) => {
      for (const { index, points } of score(given, model).contributions) {
        const e = given.value[index] as number
        assert.ok(e > 0 ? points >= 0 : e < 0 ? points <= 0 : points === 0, `${e} gives ${points}`)
      }
    }),
  )
})

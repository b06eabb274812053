import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { auc, aucDifference } from './auc.ts'
import { Seeded } from './seeded.ts'
import { assertFinite, near, told, untold } from './testing.ts'

/** CT readings of 51 patients with a lesion and 58 without, from 1 surely none to 5 surely one (Hanley and McNeil 1982, table I). */
const readings = (() => {
  const repeat = (counts: number[]) => counts.flatMap((count, i) => Array<number>(count).fill(i + 1))
  const [yes, no] = [repeat([3, 2, 2, 11, 33]), repeat([33, 6, 6, 11, 2])]
  return {
    scores: Float64Array.from([...yes, ...no]),
    outcome: Float64Array.from([...yes.map(() => 1), ...no.map(() => 0)]),
  }
})()

test('the area for Hanley and McNeil’s readings is theirs, and its interval DeLong’s', () => {
  const area = told(auc(readings.scores, readings.outcome))
  near(area.value, 0.893, 5e-4)
  near(area.value, 0.8931710615280595)
  near(area.low, 0.8164434579114811)
  near(area.high, 0.9401761946121983)
  assert.deepEqual([area.yes, area.no], [51, 58])
})

test('two scores of the same patients are compared as DeLong does', () => {
  const other = Float64Array.from({ length: 109 }, (_, i) => i % 7)
  const difference = told(aucDifference(readings.scores, other, readings.outcome))
  near(difference.value, 0.4050033806626098)
  near(difference.low, 0.2845432151360404)
  near(difference.high, 0.5254635461891792)
  near(difference.p * 1e11, 4.408224755869, 1e-6)
  assert.deepEqual(told(aucDifference(other, other, readings.outcome)), { value: 0, low: 0, high: 0, p: 1 })
})

test('the area is the share of pairs in the right order, counted one by one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), yes: fc.boolean() }), {
        minLength: 2,
        maxLength: 30,
      }),
      (cases) => {
        const scores = Float64Array.from(cases, ({ score }) => score)
        const outcome = Float64Array.from(cases, ({ yes }) => (yes ? 1 : 0))
        const answer = auc(scores, outcome)
        assertFinite(answer)
        if ('cannotTell' in answer) return assert.equal(new Set(outcome).size, 1)
        let right = 0
        for (const a of cases.filter(({ yes }) => yes))
          for (const b of cases.filter(({ yes }) => !yes))
            right += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0
        near(answer.value, right / answer.yes / answer.no)
        assert.ok(
          0 <= answer.low && answer.low <= answer.value && answer.value <= answer.high && answer.high <= 1,
        )
      },
    ),
  )
})

test('only the order of scores counts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const random = new Seeded(seed)
      const scores = Float64Array.from({ length: 40 }, () => random.below(15))
      const outcome = Float64Array.from({ length: 40 }, (_, i) => i % 2)
      const cubed = scores.map((score) => Math.exp(score) - 5)
      assert.deepEqual(auc(scores, outcome), auc(cubed, outcome))
      const turned = told(
        auc(
          scores.map((score) => -score),
          outcome,
        ),
      )
      near(turned.value, 1 - told(auc(scores, outcome)).value)
      near(turned.low, 1 - told(auc(scores, outcome)).high)
    }),
  )
})

test('a faultless order of few is not taken for certainty', () => {
  const area = told(auc(Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(0, 0, 0, 1, 1, 1)))
  assert.equal(area.value, 1)
  assert.equal(area.high, 1)
  assert.ok(area.low > 0.3 && area.low < 0.7, `${area.low}`)
  const many = Float64Array.from({ length: 2_000 }, (_, i) => i)
  assert.ok(
    told(
      auc(
        many,
        many.map((i) => (i < 1_000 ? 0 : 1)),
      ),
    ).low > 0.99,
  )
  const lone = told(auc(Float64Array.of(1, 2, 3), Float64Array.of(0, 1, 0)))
  assert.ok(lone.low < 0.2 && lone.high > 0.8)
})

test('intervals cover the truth about as often as they say', () => {
  let covered = 0
  const random = new Seeded(6)
  for (let run = 0; run < 400; run++) {
    const outcome = Float64Array.from({ length: 120 }, (_, i) => (i % 3 ? 0 : 1))
    const scores = outcome.map((yes) => random.normal() + yes)
    const { low, high } = told(auc(scores, outcome))
    // Φ(1/√2)
    if (low <= 0.7602499389 && 0.7602499389 <= high) covered++
  }
  assert.ok(covered >= 400 * 0.92 && covered <= 400 * 0.98, `${covered}`)
})

test('what the data can’t carry is said', () => {
  const [x, y] = [Float64Array.of(1, 2), Float64Array.of(0, 1)]
  assert.match(untold(auc(new Float64Array(), new Float64Array())), /nobody/)
  assert.match(untold(auc(x, Float64Array.of(0, 0))), /never/)
  assert.match(untold(auc(x, Float64Array.of(1, 1))), /always/)
  assert.match(untold(auc(Float64Array.of(1, Number.NaN), y)), /score is missing/)
  assert.match(untold(auc(Float64Array.of(1), y)), /score is missing/)
  assert.match(untold(auc(x, Float64Array.of(0, 0.5))), /neither/)
  assert.match(untold(aucDifference(x, x, y)), /only once/)
  const four = Float64Array.of(0, 0, 1, 1)
  assert.match(
    untold(
      aucDifference(
        four,
        four.map((score) => -score),
        four,
      ),
    ),
    /too few/,
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawMoments } from './block-moments.ts'
import { isTold } from './cannot-tell.ts'
import { importanceFromDraws } from './importance.ts'
import { performanceInDraws, quadrants } from './quadrants.ts'
import { Seeded } from './seeded.ts'
import { near, rowsOf, told, untold } from './testing.ts'

/** Three touchpoints: matters and is bad; doesn't and is good; matters a little and is in between; one nobody rated. */
function answers(n: number, seed: number) {
  const random = new Seeded(seed)
  const ratings = [-0.5, 0.5, 0, 0].map((level, touchpoint) =>
    Float64Array.from({ length: n }, () => (touchpoint === 3 ? 0 : level + 0.5 * random.normal())),
  )
  const rated = ratings.map((_, touchpoint) => new Float64Array(n).fill(touchpoint === 3 ? 0 : 1))
  const outcome = Float64Array.from(
    { length: n },
    (_, row) => (ratings[0]?.[row] ?? 0) + 0.44 * (ratings[2]?.[row] ?? 0) + random.normal(),
  )
  return { rows: rowsOf(outcome, ...ratings, ...rated), ratings }
}

test('a place on the map is named when nearly all draws agree, and else said to be unsure', () => {
  const { rows, ratings } = answers(800, 2)
  const draws = told(drawMoments(rows))
  const importance = told(importanceFromDraws(draws, { groups: [[0], [1], [2], [3]] }))
  const performance = performanceInDraws(
    draws,
    [0, 1, 2, 3].map((i) => ({ sum: i, count: 4 + i })),
  )
  near(
    performance.values[0],
    (ratings[0] ?? new Float64Array()).reduce((sum, each) => sum + each / 800, 0),
  )
  assert.equal(performance.values[3], null)
  const [first, second, third, fourth] = quadrants(importance, performance)
  assert.deepEqual(told(first), { important: true, good: false, agreement: 1 })
  assert.deepEqual(told(second), { important: false, good: true, agreement: 1 })
  assert.match(untold(third), /draws of the customers/)
  assert.match(untold(fourth), /nobody said/)
  const marked = quadrants(importance, performance, { mark: -2 })
  assert.deepEqual(told(marked[0]), { important: true, good: true, agreement: 1 })
  assert.ok(quadrants(importance, performance, { level: 1 }).filter(isTold).length <= 2)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chiSquareTail } from './distributions.ts'
import { Seeded } from './seeded.ts'

test('the same key draws the same numbers, another key others', () => {
  const draw = (...key: number[]) => {
    const random = new Seeded(...key)
    return Array.from({ length: 20 }, () => random.next())
  }
  assert.deepEqual(draw(7, 1), draw(7, 1))
  assert.notDeepEqual(draw(7, 1), draw(7, 2))
  assert.notDeepEqual(draw(7), draw(7 + 2 ** 32))
})

test('draws fill [0, 1) evenly, also as pairs, and neighbouring keys are not alike', () => {
  const cells = new Float64Array(256)
  const across = new Float64Array(256)
  for (let key = 0; key < 1_000; key++) {
    const random = new Seeded(key)
    let last = random.below(16)
    across[last * 16 + new Seeded(key + 1).below(16)] =
      (across[last * 16 + new Seeded(key + 1).below(16)] as number) + 1
    for (let step = 0; step < 100; step++) {
      const now = random.below(16)
      cells[last * 16 + now] = (cells[last * 16 + now] as number) + 1
      last = now
    }
  }
  assert.ok(chance(cells) > 1e-4)
  assert.ok(chance(across) > 1e-4)
})

test('normal draws have mean 0 and variance 1, and a shuffle loses nothing', () => {
  const random = new Seeded(3)
  let sum = 0
  let squares = 0
  for (let step = 0; step < 100_000; step++) {
    const z = random.normal()
    sum += z
    squares += z * z
  }
  assert.ok(Math.abs(sum / 100_000) < 0.015)
  assert.ok(Math.abs(squares / 100_000 - 1) < 0.02)
  const items = Int32Array.from({ length: 50 }, (_, index) => index)
  random.shuffle(items)
  assert.notDeepEqual([...items], [...items.toSorted()])
  assert.deepEqual(
    [...items.toSorted()],
    Array.from({ length: 50 }, (_, index) => index),
  )
})

/** The p value of equal frequencies. */
function chance(cells: Float64Array): number {
  const expected = cells.reduce((sum, count) => sum + count, 0) / cells.length
  const statistic = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return chiSquareTail(statistic, cells.length - 1)
}

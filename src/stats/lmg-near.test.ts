import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawMoments } from './block-moments.ts'
import { percentileInterval } from './bootstrap.ts'
import { importanceFromDraws } from './importance.ts'
import { shareable, sharesFromAllOrders } from './lmg.ts'
import { centred } from './moments.ts'
import { Seeded } from './seeded.ts'
import { told } from './testing.ts'

test('for many customers the intervals follow from the whole, as wide and where a regression in each draw puts them', () => {
  const [n, count] = [4_000, 12]
  const random = new Seeded(3)
  const full = Array.from({ length: 3 * count + 2 }, () => new Float64Array(n))
  const outcome = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    const common = random.normal()
    for (const [column, values] of full.entries())
      values[row] =
        column % 3 === 0 ? Number(random.next() < 0.4 + 0.1 * common) : random.normal() + 0.5 * common
    outcome[row] = random.normal() + 0.1 * ((full[0]?.[row] ?? 0) + (full[1]?.[row] ?? 0))
  }
  const groups = Array.from({ length: count }, (_, group) => [3 * group, 3 * group + 1, 3 * group + 2])
  const controls = [3 * count, 3 * count + 1]
  const draws = told(drawMoments({ n, full, outcome }, { replicates: 200 }))
  const followed = told(importanceFromDraws(draws, { groups, controls }))
  const inEach = new Float64Array(draws.replicates * count)
  for (let replicate = 0; replicate < draws.replicates; replicate++)
    inEach.set(
      sharesFromAllOrders(shareable(centred(draws.drawn(replicate)), groups, controls)),
      replicate * count,
    )
  const exact = { replicates: draws.replicates, width: count, values: inEach }
  for (const [group, { chance, low, high }] of followed.groups.entries()) {
    const interval = told(percentileInterval(exact, group))
    const width = interval.high - interval.low
    assert.ok(Math.abs(low - Math.max(0, interval.low - chance)) < 0.08 * width, `${group} begins at ${low}`)
    assert.ok(Math.abs(high - (interval.high - chance)) < 0.08 * width, `${group} ends at ${high}`)
  }
})

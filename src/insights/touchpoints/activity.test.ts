import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cholesky } from '../../stats/linear-algebra.ts'
import { centred, type Moments, momentsOf } from '../../stats/moments.ts'
import { Seeded } from '../../stats/seeded.ts'
import { told } from '../../stats/testing.ts'
import { withoutChance } from './activity.ts'

// Level, four touchpoints, and what is left of the level beside each: where people come by the clock, a
// count says nearly all of what touchpoints say, and holds no chance that could be taken off.
test('what is taken off activity as chance leaves a fifth of what touchpoints leave of it', () => {
  for (const factor of [1, 2, 4])
    for (const chance of [0, 0.1, 1, 100]) {
      const moments = byTheClock()
      const clean = withoutChance(moments, {
        level: 0,
        controls: [],
        without: [1, 2, 3, 4].map((column) => ({ column: column + 4, factor, group: [column] })),
        chance,
      })
      const before = leftOfLevel(moments)
      clean(moments)
      const after = leftOfLevel(moments)
      assert.ok(after >= 0.199 * before, `${factor}, ${chance}: ${after} of ${before}`)
    }
})

test('where nothing has to be held back, all of the chance is taken off', () => {
  const moments = byTheClock(3)
  const clean = withoutChance(moments, { level: 0, controls: [], without: [], chance: 0.5 })
  const unit = moments.scale[1] ?? 1
  const before = leftOfLevel(moments)
  clean(moments)
  const taken = (before - leftOfLevel(moments)) * unit ** 2
  assert.equal(taken.toFixed(6), '0.500000')
})

function byTheClock(noise = 0.1): Moments {
  const [n, touchpoints] = [2_000, 4]
  const random = new Seeded(2)
  const met = Array.from({ length: touchpoints }, () => new Float64Array(n))
  const beside = Array.from({ length: touchpoints }, () => new Float64Array(n))
  const level = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    level[row] = noise * random.normal()
    for (let each = 0; each < touchpoints; each++) {
      const here = Number(random.next() < 0.5)
      ;(met[each] as Float64Array)[row] = here
      ;(beside[each] as Float64Array)[row] = -0.2 * here
      level[row] = (level[row] as number) + here
    }
  }
  const outcome = Float64Array.from({ length: n }, () => random.next())
  return told(momentsOf({ n, full: [level, ...met, ...beside], outcome }))
}

/** Variance of the level that the touchpoints leave, scaled. */
function leftOfLevel(moments: Moments): number {
  const { n, matrix, columns } = centred(moments)
  const order = [1, 2, 3, 4, 0]
  const own = Float64Array.from(
    { length: 25 },
    (_, cell) =>
      matrix[(order[Math.floor(cell / 5)] ?? 0) * (columns + 1) + (order[cell % 5] ?? 0)] as number,
  )
  const { lower, aliased } = cholesky(own, 5)
  return aliased[4] ? -1 : (lower[24] as number) ** 2 / n
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { effort, netPromoter, silenceBounds, topTwo } from './survey.ts'
import { assertFinite, near, told, untold } from './testing.ts'

test('50 promoters, 30 passives and 20 detractors make 30.0, from 14.7 to 45.3', () => {
  const found = told(netPromoter(50, 30, 20))
  near(found.score, 30)
  assert.deepEqual([found.low.toFixed(1), found.high.toFixed(1)], ['14.7', '45.3'])
  assert.equal(found.footing, 'figure')
})

test('with few answers the interval is not as sure of itself', () => {
  const all = told(netPromoter(5, 0, 0))
  assert.equal(all.score, 100)
  assert.ok(all.low < 80 && all.low > 0)
  assert.equal(all.footing, 'counts only')
  assert.equal(told(netPromoter(10, 5, 2)).footing, 'interval first')
  untold(netPromoter(0, 0, 0))
})

test('satisfaction is the share of the two best answers, effort the mean and the two worst', () => {
  const satisfied = topTwo([5, 10, 20, 40, 25])
  near(satisfied.value, 0.65)
  const hard = effort([10, 20, 40, 20, 10])
  near(hard.mean.value, 3)
  near(hard.high.value, 0.3)
  assert.equal(topTwo([]).value, null)
  assert.equal(effort([0, 0]).mean.value, null)
})

test('two in ten who answered leave nearly everything open', () => {
  const { rate, worst, best } = told(silenceBounds(15, 20, 100))
  near(rate.value, 0.2)
  near(worst, 0.15)
  near(best, 0.95)
  untold(silenceBounds(0, 0, 0))
  untold(silenceBounds(3, 2, 10))
})

test('law: the score lies in its interval, and both within −100 to 100', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(400), fc.nat(400), (p, q, d) => {
      const found = netPromoter(p, q, d)
      assertFinite(found)
      if ('cannotTell' in found) return
      assert.ok(found.low >= -100 && found.high <= 100)
      assert.ok(found.low <= found.score + 1e-9 && found.score <= found.high + 1e-9)
    }),
  )
})

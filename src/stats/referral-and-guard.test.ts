import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metricGuard } from './metric-guard.ts'
import { referralStrength } from './referral.ts'
import { near } from './testing.ts'

test('K is invitations per customer times what becomes of them', () => {
  const customers = [
    ...Array(70).fill({ invited: 0, joined: 0 }),
    ...Array(20).fill({ invited: 2, joined: 1 }),
    ...Array(10).fill({ invited: 5, joined: 2 }),
  ]
  const { rate, invites, conversion, k } = referralStrength(customers)
  near(rate.value, 0.3)
  near(invites.value, 0.9)
  near(conversion.value, 40 / 90)
  near(k.value, 0.4)
  assert.ok((k.low ?? 0) > 0.2 && (k.high ?? 1) < 0.6)
  assert.equal(referralStrength([]).k.value, null)
})

test('faster handling is an alarm only where customers got less', () => {
  const faster = { value: -0.2, low: -0.3, high: -0.1 }
  const unclear = { value: -0.1, low: -0.3, high: 0.1 }
  const more = { value: 0.04, low: 0.01, high: 0.07 }
  const returning = { name: 'calls that come back', difference: more, worse: 'up' as const }
  assert.deepEqual(metricGuard(faster, [returning]), {
    state: 'alarm',
    worsened: ['calls that come back'],
  })
  assert.equal(metricGuard(unclear, [returning]).state, 'no evidence')
  assert.equal(metricGuard(faster, [{ ...returning, worse: 'down' }]).state, 'no evidence')
  assert.equal(metricGuard(null, [returning]).state, 'no evidence')
  assert.equal(metricGuard(faster, [{ ...returning, difference: null }]).state, 'no evidence')
})

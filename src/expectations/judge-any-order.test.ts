// Whatever happens, in whatever order it is heard of, and however often it is looked at.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { calendar, rule } from './delivery.testing.ts'
import { judge } from './judge.ts'

// Few days and few hours, so that events meet at the same time and contradict each other often.
const days = fc
  .integer({ min: 0, max: 6 })
  .map((day) => new Date(Date.UTC(2026, 4, 1 + day)).toISOString().slice(0, 10))
const times = fc.integer({ min: 0, max: 16 }).map((half) => Date.UTC(2026, 4, 1) + half * 12 * 3_600_000)
const happening = fc.record({
  name: fc.constantFrom(
    'Order Completed',
    'Order Delivered',
    'Delivery Date Moved',
    'Delay Announced',
    'Order Cancelled',
    'Order Lost',
  ),
  at: times,
  purchaseId: fc.constantFrom(1, 1, null),
  properties: fc.record(
    {
      promised_delivery_date: days,
      moved_by: fc.constantFrom('us', 'customer'),
      told_at: times.map((time) => new Date(time).toISOString()),
    },
    { requiredKeys: ['promised_delivery_date'] },
  ),
})

test('any order of arrival gives the same judgements', () => {
  fc.assert(
    fc.property(
      fc.array(happening, { minLength: 4, maxLength: 14, size: 'max' }),
      fc.infiniteStream(fc.nat()),
      times,
      (events, keys, now) => {
        const arrived = (order: typeof events) =>
          judge(
            rule,
            order.map((each, index) => ({ ...each, id: index + 1, customerId: 7, channel: '' })),
            { ...calendar('2026-05-01'), now },
          ).map(withoutIds)
        const shuffled = events
          .map((each) => ({ each, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each)
        assert.deepEqual(arrived(shuffled), arrived(events))
      },
    ),
    { numRuns: 500 },
  )
})

test('what was decided stays decided as time goes on, unless it was awaited', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 10 }), times, (events, now) => {
      const past = events
        .filter((each) => each.at <= now)
        .map((each, index) => ({ ...each, id: index + 1, customerId: 7, channel: '' }))
      const then = judge(rule, past, { ...calendar('2026-05-01'), now })
      const later = judge(rule, past, { ...calendar('2026-05-01'), now: now + 90 * 86_400_000 })
      then.forEach((each, index) => {
        if (each.state !== 'open') assert.equal(later[index]?.state, each.state)
        else assert.ok(later[index]?.awaited)
      })
    }),
  )
})

function withoutIds(judgement: ReturnType<typeof judge>[number]) {
  return {
    ...judgement,
    opening: judgement.opening.replace(/^i\d+/, 'i'),
    openedBy: null,
    decidedBy: null,
    moves: judgement.moves.map((each) => ({ ...each, interactionId: 0 })),
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendar, rule } from './delivery.testing.ts'
import { judge } from './judge.ts'
import type { Happening } from './judgement.ts'
import { expectationRuleSchema } from './schema.ts'

let ids = 0
function event(
  name: string,
  at: string,
  properties: Record<string, unknown> = {},
  purchaseId: number | null = 1,
) {
  return {
    id: ++ids,
    customerId: 7,
    at: Date.parse(at),
    name,
    channel: '',
    properties,
    purchaseId,
  } satisfies Happening
}
const ordered = (day: string, at = '2026-05-01T10:00:00Z', purchase: number | null = 1) =>
  event('Order Completed', at, { promised_delivery_date: day }, purchase)

/** The one judgement, in a line. */
function verdict(happenings: Happening[], now = '2026-07-01T00:00:00Z'): string {
  return judge(rule, happenings, calendar(now))
    .map((each) => `${each.state}${each.awaited ? ' awaited' : ''} gap ${each.gap} first ${each.firstGap}`)
    .join('; ')
}

test('kept when it comes on the day, however late in the evening', () => {
  assert.equal(
    verdict([ordered('2026-05-20'), event('Order Delivered', '2026-05-20T21:59:00Z')]),
    'kept gap 0 first 0',
  )
})

test('two words in one moment are one move; taken back in the same breath, none', () => {
  const moved = (day: string, at: string) =>
    event('Delivery Date Moved', at, { promised_delivery_date: day, told_at: at })
  const standing = (...happenings: Happening[]) => {
    const [judged] = judge(rule, [ordered('2026-05-20'), ...happenings], calendar('2026-05-04T00:00:00Z'))
    return [judged?.moves.map(({ due }) => new Date(due.from).toISOString().slice(0, 10)), judged?.movedBy]
  }
  const at = '2026-05-03T10:00:00Z'
  assert.deepEqual(standing(moved('2026-05-24', at), moved('2026-05-28', at)), [['2026-05-27'], 'us'])
  assert.deepEqual(standing(ordered('2026-05-22', at), moved('2026-05-20', at)), [[], null])
  assert.deepEqual(
    standing(moved('2026-05-24', '2026-05-02T10:00:00Z'), ordered('2026-05-22', at), moved('2026-05-24', at)),
    [['2026-05-23'], 'us'],
  )
})

test('broken by one day a minute after the customer’s midnight', () => {
  assert.equal(
    verdict([ordered('2026-05-20'), event('Order Delivered', '2026-05-20T22:01:00Z')]),
    'broken gap 1 first 1',
  )
})

test('exceeded when clearly better than said', () => {
  assert.equal(
    verdict([ordered('2026-05-20'), event('Order Delivered', '2026-05-15T08:00:00Z')]),
    'exceeded gap -5 first -5',
  )
})

test('open until its day is over; then broken, and awaited', () => {
  assert.equal(verdict([ordered('2026-05-20')], '2026-05-20T21:59:59Z'), 'open gap null first null')
  assert.equal(verdict([ordered('2026-05-20')], '2026-05-20T22:00:00Z'), 'broken awaited gap null first null')
})

test('moved in time: the last word decides, the first is kept beside it, and the customer knew', () => {
  const moved = event('Delivery Date Moved', '2026-05-12T10:00:00Z', {
    promised_delivery_date: '2026-05-30',
    moved_by: 'us',
    told_at: '2026-05-12T11:00:00Z',
  })
  const [judged] = judge(
    rule,
    [ordered('2026-05-20'), moved, event('Order Delivered', '2026-05-28T10:00:00Z')],
    calendar('2026-07-01'),
  )
  assert.deepEqual(
    [judged?.state, judged?.gap, judged?.firstGap, judged?.movedBy, judged?.toldBefore, judged?.moves.length],
    ['kept', -2, 8, 'us', true, 1],
  )
})

test('a move without a word to the customer leaves the customer untold', () => {
  const moved = event('Delivery Date Moved', '2026-05-12T10:00:00Z', { promised_delivery_date: '2026-05-30' })
  const [judged] = judge(
    rule,
    [ordered('2026-05-20'), moved, event('Order Delivered', '2026-05-28T10:00:00Z')],
    calendar('2026-07-01'),
  )
  assert.deepEqual([judged?.state, judged?.toldAt, judged?.toldBefore], ['kept', null, false])
})

test('a move after the time had run out makes nothing whole', () => {
  const moved = event('Delivery Date Moved', '2026-05-22T10:00:00Z', { promised_delivery_date: '2026-05-30' })
  assert.equal(
    verdict([ordered('2026-05-20'), moved, event('Order Delivered', '2026-05-28T10:00:00Z')]),
    'broken gap 8 first 8',
  )
})

test('a move that the customer asked for is nobody’s broken first word', () => {
  const moved = event('Delivery Date Moved', '2026-05-12T10:00:00Z', {
    promised_delivery_date: '2026-05-30',
    moved_by: 'customer',
  })
  const [judged] = judge(
    rule,
    [ordered('2026-05-20'), moved, event('Order Delivered', '2026-05-30T10:00:00Z')],
    calendar('2026-07-01'),
  )
  assert.deepEqual([judged?.state, judged?.movedBy, judged?.toldBefore], ['kept', 'customer', null])
})

test('told beforehand, or only when it was already late', () => {
  const late = event('Order Delivered', '2026-05-28T10:00:00Z')
  const told = (at: string) =>
    judge(rule, [ordered('2026-05-20'), event('Delay Announced', at), late], calendar('2026-07-01'))[0]
      ?.toldBefore
  assert.equal(told('2026-05-19T10:00:00Z'), true)
  assert.equal(told('2026-05-21T10:00:00Z'), false)
})

test('cancelled in time is withdrawn; cancelled after the day had passed stays broken', () => {
  assert.equal(
    verdict([ordered('2026-05-20'), event('Order Cancelled', '2026-05-10T10:00:00Z')]),
    'withdrawn gap null first null',
  )
  assert.equal(
    verdict([ordered('2026-05-20'), event('Order Cancelled', '2026-05-25T10:00:00Z')]),
    'broken gap null first null',
  )
})

test('contradicted is broken, whatever the time', () => {
  assert.equal(
    verdict([ordered('2026-05-20'), event('Order Lost', '2026-05-10T10:00:00Z')], '2026-05-11'),
    'broken gap null first null',
  )
})

test('a second kitchen doesn’t close the first one’s promise', () => {
  const happenings = [
    ordered('2026-05-20', '2026-05-01T10:00:00Z', 1),
    ordered('2026-05-25', '2026-05-02T10:00:00Z', 2),
    event('Order Delivered', '2026-05-10T10:00:00Z', {}, 2),
  ]
  assert.equal(verdict(happenings, '2026-05-15'), 'open gap null first null; exceeded gap -15 first -15')
})

test('without a purchase, first in is first out', () => {
  const happenings = [
    ordered('2026-05-20', '2026-05-01T10:00:00Z', null),
    ordered('2026-05-25', '2026-05-02T10:00:00Z', null),
    event('Order Delivered', '2026-05-22T10:00:00Z', {}, null),
  ]
  assert.equal(verdict(happenings, '2026-05-23'), 'broken gap 2 first 2; open gap null first null')
})

test('the same promise said twice is one; said differently it is moved; said anew after delivery it is another', () => {
  assert.equal(
    judge(rule, [ordered('2026-05-20'), ordered('2026-05-20', '2026-05-02')], calendar('2026-05-03')).length,
    1,
  )
  const [moved] = judge(
    rule,
    [ordered('2026-05-20'), ordered('2026-05-22', '2026-05-02')],
    calendar('2026-05-03'),
  )
  assert.deepEqual([moved?.moves.length, moved?.movedBy], [1, 'us'])
  const again = [
    ordered('2026-05-20'),
    event('Order Delivered', '2026-05-19T00:00:00Z'),
    ordered('2026-06-20', '2026-06-01'),
  ]
  assert.deepEqual(
    judge(rule, again, calendar('2026-06-02')).map((each) => each.opening),
    ['p1', 'p1.2'],
  )
})

test('a sum that was named is held, or missed by so much', () => {
  const money = expectationRuleSchema.parse({
    dimension: 'money',
    opened: { event: 'Proposal Sent' },
    threshold: { property: 'total', limit: 'at most' },
    kept: { event: 'Invoice Sent' },
    keptValue: 'total',
    exceededBy: 50,
  })
  const invoiced = (total: number) =>
    judge(
      money,
      [event('Proposal Sent', '2026-05-01', { total: 1200 }), event('Invoice Sent', '2026-06-01', { total })],
      calendar('2026-07-01'),
    ).map((each) => [each.state, each.gap])
  assert.deepEqual(invoiced(1200), [['kept', 0]])
  assert.deepEqual(invoiced(1290.5), [['broken', 9050]])
  assert.deepEqual(invoiced(1100), [['exceeded', -10000]])
})

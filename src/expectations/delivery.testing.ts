// The promise that tests of judging go by: delivered by the day that the order names.
import type { Calendar } from './judgement.ts'
import { expectationRuleSchema } from './schema.ts'

export const rule = expectationRuleSchema.parse({
  opened: { event: 'Order Completed' },
  due: [{ property: 'promised_delivery_date' }, { property: 'promised_weeks', unit: 'weeks' }],
  kept: { event: 'Order Delivered' },
  broken: { event: 'Order Lost' },
  withdrawn: { event: 'Order Cancelled' },
  moved: {
    on: { event: 'Delivery Date Moved' },
    due: 'promised_delivery_date',
    by: 'moved_by',
    told: 'told_at',
  },
  told: { event: 'Delay Announced' },
  exceededBy: 5,
})
export const calendar = (now: string): Calendar => ({
  now: Date.parse(now),
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  digits: () => 2,
})

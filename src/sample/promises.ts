// What the sample company promises beside the delivery, whose rule comes with the product.
import type { Rule } from '../expectations/schema.ts'

type Given = Pick<Rule, 'opened' | 'kept'> & Partial<Rule>

/** Name, the company's own words, and the rule. */
export const samplePromises: { name: string; statement: string; rule: Given }[] = [
  {
    name: 'Offer by the promised day',
    statement: 'The offer comes by the day that was agreed in the meeting',
    rule: {
      dimension: 'days',
      opened: { event: 'Design Meeting Held' },
      due: [{ property: 'offer_by' }],
      precision: 'day',
      kept: { event: 'Proposal Sent' },
      source: { kind: 'person', nameProperty: 'adviser' },
    },
  },
  {
    name: 'Assembly within two days of delivery',
    statement: 'Fitted within two days of delivery',
    rule: {
      dimension: 'days',
      opened: { event: 'Assembly Booked' },
      due: [{ after: 2, unit: 'days' }],
      precision: 'day',
      kept: { event: 'Assembly Completed' },
      source: { kind: 'contract', name: 'Terms of delivery' },
    },
  },
  {
    name: 'Called back by the next day',
    statement: 'We call back by the next working day',
    rule: {
      dimension: 'days',
      opened: { event: 'Support Contacted' },
      due: [{ property: 'call_back_by' }],
      precision: 'day',
      kept: { event: 'Customer Called Back' },
      source: { kind: 'person', name: 'Service desk' },
    },
  },
  {
    name: 'The price that was offered',
    statement: 'The invoice is what the order said',
    rule: {
      dimension: 'money',
      opened: { event: 'Order Completed' },
      threshold: { property: 'total', limit: 'at most' },
      kept: { event: 'Invoice Sent' },
      keptValue: 'total',
      source: { kind: 'proposal' },
    },
  },
]

// The sample company's journey map, the few things every buyer should get, and what it spends where.
import type { MapStage, MapTouchpoint, PlacingRule, Purpose } from '../journey/schema.ts'

type Planned = Omit<MapTouchpoint, 'id'>

function we(name: string, purpose: Purpose, channel: string | null, ...events: string[]): Planned {
  return { name, by: 'us', purpose, channel, rules: named(events) }
}

function customer(name: string, purpose: Purpose, channel: string | null, ...events: string[]): Planned {
  return { name, by: 'customer', purpose, channel, rules: named(events) }
}

function named(events: string[]): PlacingRule[] {
  return events.map((event) => ({ event }))
}

const plan: { name: string; side: 'before' | 'after'; touchpoints: Planned[] }[] = [
  {
    name: 'Discover',
    side: 'before',
    touchpoints: [
      we('Advert', 'sell', 'ads', 'Ad Clicked'),
      customer('Newsletter sign-up', 'sell', 'web', 'Newsletter Subscribed'),
    ],
  },
  {
    name: 'Consider',
    side: 'before',
    touchpoints: [
      { ...customer('Website guide', 'sell', 'web'), rules: [{ event: 'Viewed *', path: '/guides/*' }] },
      {
        ...customer('Delivery times read', 'sell', 'web'),
        rules: [{ event: 'Viewed *', path: '/delivery' }],
      },
      customer('Website', 'sell', 'web', 'Viewed *'),
      customer('Showroom visit', 'sell', 'showroom', 'Showroom Visited'),
      we('Design meeting', 'sell', 'showroom', 'Design Meeting Held'),
      { ...customer('Word on the meeting', 'say', 'email'), rules: answers('After the meeting') },
      customer('Enquiry', 'help', 'email', 'Enquiry Received'),
      we('Enquiry declined', 'help', 'email', 'Enquiry Declined'),
    ],
  },
  {
    name: 'Decide',
    side: 'before',
    touchpoints: [
      we('Proposal', 'sell', 'email', 'Proposal Sent'),
      customer('Proposal declined', 'say', 'email', 'Proposal Declined'),
      we('Discount', 'sell', 'showroom', 'Discount Given'),
      {
        ...customer('Order', 'sale', null),
        rules: [{ event: 'Order Completed', where: [{ property: 'first', is: 'equals', value: true }] }],
      },
    ],
  },
  {
    name: 'Receive',
    side: 'after',
    touchpoints: [
      we('Order confirmation', 'bill', 'email', 'Order Confirmation Sent'),
      we('Word on the order', 'use', null, 'Order Update Sent', 'Order Shipped', 'Assembly Booked'),
      we('Delivery day moved', 'use', null, 'Delivery Date Moved', 'Delay Announced'),
      we('Delivery', 'use', 'visit', 'Order Delivered'),
      we('Assembly', 'use', 'visit', 'Assembly Completed'),
      { ...customer('Word on the assembly', 'say', 'email'), rules: answers('After assembly') },
    ],
  },
  {
    name: 'Use',
    side: 'after',
    touchpoints: [
      we('Invoice', 'bill', 'email', 'Invoice Sent'),
      we('Care call', 'care', 'phone', 'Care Call Made', 'Call Logged', 'Visit Logged'),
      we('We ask', 'ask', 'email', 'Survey Sent'),
      { ...customer('Did you choose rightly?', 'say', 'email'), rules: answers('Did you choose rightly?') },
      customer('Review', 'say', 'web', 'Product Reviewed'),
      customer('Oak care plan', 'use', 'email', 'Contract Signed'),
    ],
  },
  {
    name: 'Get help',
    side: 'after',
    touchpoints: [
      customer('Support question', 'help', null, 'Support Contacted'),
      we('Our answer', 'help', null, 'Support Answered', 'Customer Called Back'),
      customer('Complaint', 'help', null, 'Complaint Received'),
      we('Making good', 'care', 'phone', 'Goodwill Given'),
      customer('Return', 'help', 'email', 'Return Requested', 'Order Cancelled'),
      we('Refund', 'bill', 'email', 'Order Refunded'),
    ],
  },
  {
    name: 'Return & recommend',
    side: 'after',
    touchpoints: [
      we('Newsletter', 'mass', 'email', 'Newsletter Sent', 'Newsletter Clicked'),
      we('Offer', 'sell', 'email', 'Offer Sent'),
      we('Anniversary card', 'mass', 'post', 'Anniversary Card Sent'),
      customer('Second order', 'sale', null, 'Order Completed'),
      customer('Care plan renewed', 'use', 'email', 'Contract Renewed'),
      customer('Care plan not renewed', 'use', 'email', 'Renewal Missed', 'Contract Ended'),
      customer('Referral', 'refer', null, 'Referral Made'),
      we('Thank-you', 'care', 'post', 'Thank You Sent'),
    ],
  },
]

function answers(survey: string): PlacingRule[] {
  return [{ event: 'Survey Answered', where: [{ property: 'survey', is: 'equals', value: survey }] }]
}

/** As a draft: everything new, with negative ids. */
export const sampleStages: MapStage[] = (() => {
  let id = 0
  return plan.map(({ touchpoints, ...stage }) => ({
    id: --id,
    ...stage,
    touchpoints: touchpoints.map((each) => ({ id: --id, ...each })),
  }))
})()

/** By the names of touchpoints. */
export const sampleCareStandards = [
  { name: 'A call within two weeks of delivery', touchpoint: 'Care call', withinDays: 14, after: 'Delivery' },
  {
    name: 'Asked within 60 days whether the choice was right',
    touchpoint: 'We ask',
    withinDays: 60,
    after: 'Delivery',
  },
  {
    name: 'A thank-you within a month of a referral',
    touchpoint: 'Thank-you',
    withinDays: 30,
    after: 'Referral',
  },
]

/** What a year costs, in euros. */
export const sampleBudgets: Record<string, number> = {
  Advert: 148_000,
  'Website guide': 26_000,
  'Showroom visit': 210_000,
  'Design meeting': 124_000,
  Delivery: 88_000,
  Assembly: 61_000,
  'Our answer': 34_000,
  'Care call': 9_000,
  Newsletter: 14_000,
  'Thank-you': 300,
}

// A company with one case of each kind on Today, lived up to this very day.
import assert from 'node:assert/strict'
import { atLocal, dayOf } from '#src/lib/days.ts'
import { sending, type TestTroth } from '../troth.ts'

const dayMs = 86_400_000
/** That of the company in which tests are (../troth.ts). */
const zone = 'Europe/Berlin'

export interface Cases {
  /** Their names, by what stands between us. */
  late: 'Mia Late'
  waiting: 'Wim Waits'
  longAgo: 'Olga Longago'
  doubting: 'Dora Doubts'
  renewing: 'Rosa Renews'
  bringing: 'Ada Advocate'
  silent: 'Sven Silent'
}

export const cases: Cases = {
  late: 'Mia Late',
  waiting: 'Wim Waits',
  longAgo: 'Olga Longago',
  doubting: 'Dora Doubts',
  renewing: 'Rosa Renews',
  bringing: 'Ada Advocate',
  silent: 'Sven Silent',
}

/** Puts them in by the events API, and lets everything follow from it. */
export async function oneOfEach(troth: TestTroth): Promise<void> {
  const map = await troth.as('owner')('/api/journey/templates/commerce/applying', { method: 'POST' })
  assert.equal(map.status, 200, await map.text())
  // Noon by the company's calendar: how many days something is late must not hang on the hour of the test.
  const today = Date.parse(dayOf(Date.now(), zone))
  const day = (days: number) => new Date(today - days * dayMs).toISOString().slice(0, 10)
  const ago = (days: number) => new Date(atLocal(today + dayMs / 2 - days * dayMs, zone)).toISOString()
  let number = 0
  const track = (name: string, event: string, days: number, properties: object = {}) => ({
    type: 'track',
    userId: name,
    event,
    timestamp: ago(days),
    messageId: `e${number++}`,
    properties,
  })
  const order = (name: string, days: number, promised: number) =>
    track(name, 'Order Completed', days, {
      order_id: name,
      total: 1200,
      currency: 'EUR',
      product_name: 'oak table',
      promised_delivery_date: day(promised),
    })
  const delivered = (name: string, days: number) => track(name, 'Order Delivered', days, { order_id: name })
  const batch = [
    ...Object.values(cases).map((name) => ({
      type: 'identify',
      userId: name,
      messageId: `who ${name}`,
      timestamp: ago(400),
      traits: { name, email: `${name.split(' ')[0]?.toLowerCase()}@example.org` },
    })),
    order(cases.late, 30, 10),
    delivered(cases.late, 5),
    track(cases.late, 'Support Contacted', 7, { message: 'Where is my table?' }),
    order(cases.waiting, 20, 3),
    order(cases.longAgo, 120, 90),
    delivered(cases.longAgo, 80),
    order(cases.doubting, 40, 20),
    delivered(cases.doubting, 25),
    track(cases.doubting, 'Product Reviewed', 4, { rating: 1, review_body: 'It creaks at every step' }),
    track(cases.renewing, 'Subscription Started', 350, {
      subscription_id: 'care-1',
      subscription_name: 'Oil and care',
      total: 90,
      currency: 'EUR',
      renewal_date: day(-9),
    }),
    order(cases.bringing, 100, 90),
    delivered(cases.bringing, 92),
    track(cases.bringing, 'Product Reviewed', 80, {
      rating: 5,
      review_body: 'Everybody asks where it is from',
    }),
    track(cases.bringing, 'Care Call Made', 70),
    track(cases.bringing, 'Friend Referred', 6, { referred_name: 'Kim Bakker' }),
    order(cases.silent, 150, 120),
    delivered(cases.silent, 125),
    track(cases.silent, 'Tree Planted', 100),
  ]
  const sent = await troth.as('ingest')('/v1/batch', sending('POST', { batch }))
  assert.equal(sent.status, 200, await sent.text())
  await troth.store.jobs.drain()
  await troth.store.projection?.catchUp()
}

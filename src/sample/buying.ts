// From the order to long after the delivery: what was said, what came of it (afterwards.ts tells what the
// customer made of it), and whether they come back.

import { carePlan, complaintsAndReviews, fitting, help } from './afterwards.ts'
import { advisers, type Piece, pieces } from './catalogue.ts'
import type { Bought, Causes, Life, Order } from './life.ts'
import * as truth from './truth.ts'
import { say } from './words.ts'

/** One purchase with everything that follows from it, up to the decision to come back. */
export function buy(life: Life, order: Order): Bought {
  const { random, calendar, latent, person } = life
  const { piece } = order
  const orderId = `HO-${person.index}-${order.nth}`
  const bought = promise(life, order)
  latent.purchases.push(bought)
  const slots = {
    piece: piece.called[person.language],
    days: Math.max(1, Math.round(bought.deliveredDay - bought.promisedDay)),
    weeks: bought.weeksSaid ?? Math.round((bought.promisedDay - order.day) / 7),
    day: weekdayName(person.language, calendar.weekday(bought.promisedDay)),
    adviser: order.adviser,
  }
  const about = { order_id: orderId }
  const late = bought.deliveredDay > bought.promisedDay

  life.on(order.day, 'Order Completed', {
    channel: order.offered ? 'showroom' : 'web',
    properties: {
      ...about,
      total: order.total,
      currency: 'EUR',
      products: [{ sku: piece.sku, name: piece.name, quantity: 1, price: order.total }],
      adviser: order.adviser,
      promised_by: order.adviser,
      first: order.nth === 1,
      ...(bought.weeksSaid
        ? { promised_weeks: bought.weeksSaid, promised_in: order.offered ? 'proposal' : 'page' }
        : {
            promised_delivery_date: calendar.date(bought.promisedDay),
            promised_in: order.offered ? 'contract' : 'page',
          }),
    },
  })
  life.on(order.day, 'Order Confirmation Sent', { channel: 'email', properties: about }, 19)
  if (latent.discount && order.nth === 1)
    life.on(order.day, 'Discount Given', { channel: 'showroom', properties: { ...about, percent: 5 } })

  for (let update = order.day + 10; update < bought.deliveredDay - 4; update += random.between(9, 16))
    life.on(update, 'Order Update Sent', { channel: 'email', properties: about }, 11)
  if (random.chance(0.55))
    life.on(bought.deliveredDay - 1, 'Order Shipped', { channel: 'post', properties: about }, 7)
  life.on(bought.deliveredDay, 'Order Delivered', { channel: 'visit', properties: about })
  const fittedDay = fitting(life, order, bought, about, slots)
  life.on(bought.deliveredDay + random.between(0, 4), 'Invoice Sent', {
    channel: 'email',
    properties: {
      ...about,
      total: random.chance(truth.afterwards.dearer)
        ? Math.round(order.total * (1.03 + 0.12 * random.next()))
        : order.total,
      currency: 'EUR',
    },
  })

  // a care call: who gets one depends on the region's team alone
  bought.careCall = random.chance(truth.afterwards.careCall[person.region])
  if (bought.careCall)
    life.on(fittedDay + random.between(4, 13), 'Care Call Made', {
      channel: 'phone',
      properties: { ...about, by: random.pick(advisers[person.region]) },
      ...(random.chance(0.3) ? { words: say(random, 'careCallGood', person.language, slots) } : {}),
    })

  complaintsAndReviews(life, order, bought, about, slots, late)
  help(life, bought, about, slots, late)

  const causes = { late, careCall: bought.careCall, ...(order.nth === 1 ? life.suppose : {}) }
  bought.comesBack = random.chance(comingBack(life, causes))
  const pause =
    truth.comingBack.days.shortest +
    random.exponential(truth.comingBack.days.mean - truth.comingBack.days.shortest)
  bought.nextDay = bought.comesBack ? Math.round(bought.deliveredDay + pause) : undefined

  // The anniversary card goes to whoever bought a year before and has not been forgotten: no effect of its own.
  const cardDay = bought.deliveredDay + 365
  bought.anniversaryCard = random.chance(0.5)
  if (bought.anniversaryCard) life.on(cardDay, 'Anniversary Card Sent', { channel: 'post', properties: {} })
  if (random.chance(truth.afterwards.carePlan)) carePlan(life, bought.deliveredDay + random.between(3, 30))
  return bought
}

const weekdays = new Map<string, string[]>()

/** "Thursday", "Donnerstag"; 0 is Sunday. Kept, as making a formatter takes half a millisecond. */
function weekdayName(language: string, weekday: number): string {
  let names = weekdays.get(language)
  if (!names) {
    const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
    // 4 January 1970 was a Sunday
    names = Array.from({ length: 7 }, (_, day) => format.format(new Date((day + 3) * 86_400_000)))
    weekdays.set(language, names)
  }
  return names[weekday] ?? ''
}

function comingBack({ latent }: Life, { late, careCall }: Causes): number {
  const { comingBack: effect } = truth
  return truth.logistic(
    effect.base +
      effect.activity * latent.activity +
      (late ? effect.brokenDelivery : 0) +
      (careCall ? effect.careCall : 0) +
      (latent.company ? effect.company : 0) +
      (latent.newsletter ? effect.newsletter : 0) +
      (latent.discount ? effect.discount : 0),
  )
}

/** What is promised for the delivery, how long it takes, and who is told when it won't hold. */
function promise(life: Life, order: Order): Bought {
  const { random, calendar } = life
  const { piece } = order
  const { delivery } = truth
  const time = piece.made ? delivery.made : delivery.stock
  const wait = Math.max(2, random.lognormal(time.medianDays, time.spread))
  const named = random.chance(delivery.namedDay.share) || !piece.made
  const weeks = random.weighted(delivery.weeksSaid.map(({ weeks, share }) => ({ item: weeks, share })))
  const weeksSaid = named ? undefined : weeks
  const firstDay = weeksSaid
    ? order.day + weeksSaid * 7
    : calendar.workday(order.day + delivery.namedDay[piece.made ? 'made' : 'stock'] + random.between(-3, 3))
  let promisedDay = firstDay
  let deliveredDay = Math.floor(order.day + wait)
  // rounded down to a workday, so that a weekend breaks no promise by itself
  while ([0, 6].includes(calendar.weekday(deliveredDay))) deliveredDay--

  const about = { order_id: `HO-${life.person.index}-${order.nth}` }
  const movedByCustomer = random.chance(delivery.movedByCustomer)
  const later = random.between(7, 30)
  const foreseen = 2 + Math.floor(random.next() * 8)
  const told = random.chance(delivery.toldBeforehand)
  const moves = random.chance(0.7)
  const afterwards = random.chance(0.3)
  const error = random.between(-2, 4)
  if (movedByCustomer) {
    const asked = Math.min(promisedDay, deliveredDay) - 3
    promisedDay += later
    deliveredDay = Math.max(deliveredDay, promisedDay - random.between(0, 4))
    life.on(asked, 'Delivery Date Moved', {
      channel: 'phone',
      properties: {
        ...about,
        promised_delivery_date: calendar.date(promisedDay),
        moved_by: 'customer',
        told_at: calendar.date(asked),
      },
    })
  }
  const late = deliveredDay > promisedDay
  const toldBeforehand = late && told
  if (late && (told || afterwards)) {
    const tellDay = told ? promisedDay - foreseen : promisedDay + 1
    if (tellDay > order.day && tellDay < deliveredDay) {
      const next = calendar.date(Math.max(promisedDay + 1, deliveredDay + error))
      if (moves)
        life.on(tellDay, 'Delivery Date Moved', {
          channel: told ? 'phone' : 'email',
          properties: {
            ...about,
            promised_delivery_date: next,
            moved_by: 'us',
            told_at: calendar.date(tellDay),
          },
        })
      else
        life.on(tellDay, 'Delay Announced', {
          channel: 'phone',
          properties: { ...about, told: told === true },
        })
    }
  }
  return {
    orderDay: order.day,
    weeksSaid,
    promisedDay,
    deliveredDay,
    movedByCustomer,
    toldBeforehand,
    complained: false,
    careCall: false,
    anniversaryCard: false,
    opinion: 0,
    comesBack: false,
    nextDay: undefined,
  }
}

export function choosePiece(life: Life): Piece {
  return life.random.weighted(pieces.map((piece) => ({ item: piece, share: piece.share })))
}

// From the order to long after the delivery: what was said, what came of it, and what the customer made of it.
import { advisers, type Piece, pieces } from './catalogue.ts'
import type { Bought, Life } from './life.ts'
import * as truth from './truth.ts'
import { say } from './words.ts'

export interface Order {
  day: number
  /** 1 for the first purchase. */
  nth: number
  adviser: string
  /** Sold in the showroom after an offer, or in the shop online. */
  offered: boolean
  piece: Piece
  total: number
}

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

/** What moves a buyer to come back and could have been otherwise. */
export interface Causes {
  late: boolean
  careCall: boolean
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

type About = { order_id: string }
type Slots = Parameters<typeof say>[3]

/** Gives the day on which the piece stands where it belongs. */
function fitting(life: Life, order: Order, bought: Bought, about: About, slots: Slots): number {
  const { random, person, calendar } = life
  if (!random.chance(truth.afterwards.assembly * order.piece.fitting)) return bought.deliveredDay
  const inTime = random.chance(truth.afterwards.assemblyInTime)
  let day = bought.deliveredDay + (inTime ? random.between(0, 2) : random.between(3, 16))
  if (!inTime) day = calendar.workday(day)
  life.on(bought.deliveredDay, 'Assembly Booked', { channel: 'visit', properties: about }, 8)
  life.on(day, 'Assembly Completed', { channel: 'visit', properties: about }, 18)
  const well = random.chance(inTime ? 0.86 : 0.45)
  if (random.chance(0.22)) {
    const stars = well ? random.between(4, 5) : random.between(1, 3)
    life.on(day + 1, 'Survey Answered', {
      channel: 'email',
      properties: { ...about, survey: 'After assembly', rating: stars },
      ...(random.chance(0.7)
        ? { words: say(random, well ? 'assemblyGood' : 'assemblyBad', person.language, slots) }
        : {}),
    })
  }
  return day
}

function complaintsAndReviews(
  life: Life,
  order: Order,
  bought: Bought,
  about: About,
  slots: Slots,
  late: boolean,
): void {
  const { random, person, latent } = life
  const { rating } = truth
  const daysLate = Math.max(0, bought.deliveredDay - bought.promisedDay)
  const weeksWaited = (bought.deliveredDay - bought.orderDay) / 7
  bought.opinion =
    rating.base +
    (late ? rating.broken + rating.perDayLate * Math.min(daysLate, rating.cappedAt) : 0) +
    (bought.toldBeforehand ? rating.toldBeforehand : 0) +
    rating.perWeekOfWaiting * (weeksWaited - 6) +
    rating.lenience * latent.lenience +
    rating.make * random.normal() +
    rating.mood * random.normal()

  const { complaint } = truth
  bought.complained = random.chance(
    late ? (bought.toldBeforehand ? complaint.lateTold : complaint.lateNotTold) : complaint.kept,
  )
  if (bought.complained) {
    const day = late
      ? bought.promisedDay + random.between(1, Math.max(1, daysLate))
      : bought.deliveredDay + random.between(1, 20)
    const channel = random.pick(['phone', 'email'])
    life.on(day, 'Complaint Received', {
      channel,
      properties: { ...about, topic: late ? 'delivery' : 'product' },
      // the days that have gone by when it is written, not those that it will have taken
      words: say(random, 'complaint', person.language, {
        ...slots,
        ...(late ? { days: day - bought.promisedDay } : {}),
      }),
    })
    if (random.chance(0.45))
      life.on(Math.max(day, bought.deliveredDay) + random.between(1, 6), 'Goodwill Given', {
        channel: 'phone',
        properties: {
          ...about,
          what: random.pick(['an apology and care oil', '5 % back', 'a call from the owner']),
        },
      })
  }

  const answers = random.chance(truth.afterwards.review)
  const early = daysLate >= 3 && random.chance(0.5)
  if (answers) {
    const waiting = early
    const stars = waiting ? rating.stillWaiting + 0.6 * random.normal() : bought.opinion
    const topic = waiting
      ? 'waiting'
      : late
        ? bought.toldBeforehand
          ? 'lateTold'
          : 'lateNotTold'
        : bought.opinion < 3
          ? 'support'
          : 'inTime'
    life.on(
      waiting
        ? bought.promisedDay + random.between(1, daysLate - 1)
        : bought.deliveredDay + random.between(2, 21),
      'Product Reviewed',
      {
        channel: 'web',
        properties: {
          ...about,
          product_id: order.piece.sku,
          rating: Math.min(5, Math.max(1, Math.round(stars))),
        },
        ...(random.chance(0.62) ? { words: say(random, topic, person.language, slots) } : {}),
      },
    )
  }
  if (random.chance(late ? truth.afterwards.returned.broken : truth.afterwards.returned.kept)) {
    const day = bought.deliveredDay + random.between(2, 24)
    life.on(day, 'Return Requested', { channel: 'email', properties: about })
    life.on(day + random.between(5, 20), 'Order Refunded', {
      channel: 'email',
      properties: {
        ...about,
        total: Math.round(order.total * (random.chance(0.5) ? 1 : 0.2)),
        currency: 'EUR',
      },
    })
  }
}

/** Questions, calls back that were promised, and the survey about the choice. */
function help(life: Life, bought: Bought, about: About, slots: Slots, late: boolean): void {
  const { random, person, latent, calendar } = life
  // the active call more, and come back more: calls seem to help, and don't
  const calls = random.poisson(truth.afterwards.support * Math.exp(0.4 * latent.activity))
  for (let call = 0; call < calls; call++) {
    const day = calendar.workday(bought.deliveredDay + 3 + random.exponential(45))
    const callBack = random.chance(0.4)
    life.on(
      day,
      'Support Contacted',
      {
        channel: random.pick(['phone', 'phone', 'email']),
        properties: {
          ...about,
          topic: random.pick(['drawer', 'care', 'warranty', 'missing part', 'second piece']),
          ...(callBack ? { call_back_by: calendar.date(calendar.workday(day + 1)) } : {}),
        },
        words: say(random, 'support', person.language, slots),
      },
      10,
    )
    if (callBack) {
      const inTime = random.chance(truth.afterwards.calledBackInTime)
      const answered = inTime ? day + (random.chance(0.6) ? 0 : 1) : day + random.between(4, 9)
      if (inTime || random.chance(0.7))
        life.on(
          calendar.workday(answered),
          'Customer Called Back',
          { channel: 'phone', properties: about },
          15,
        )
    } else if (random.chance(0.9))
      life.on(day + random.between(0, 2), 'Support Answered', { channel: 'email', properties: about }, 16)
  }
  if (!random.chance(truth.afterwards.survey)) return
  const day = bought.deliveredDay + random.between(25, 50)
  life.on(day, 'Survey Sent', { channel: 'email', properties: { survey: 'Did you choose rightly?' } }, 9)
  if (!random.chance(0.75)) return
  const right = random.chance(late ? 0.6 : 0.88)
  life.on(
    day + random.between(0, 6),
    'Survey Answered',
    {
      channel: 'email',
      properties: {
        survey: 'Did you choose rightly?',
        rating: right ? random.between(4, 5) : random.between(1, 3),
      },
      ...(random.chance(0.7)
        ? { words: say(random, right ? 'choseRightly' : 'choseWrongly', person.language, slots) }
        : {}),
    },
    20,
  )
}

/** A service contract that is renewed each year, or isn't. */
function carePlan(life: Life, day: number): void {
  const { random, calendar } = life
  const about = { contract_id: `CP-${life.person.index}-${day}` }
  life.on(day, 'Contract Signed', {
    channel: 'email',
    properties: {
      ...about,
      contract_name: 'Oak care plan',
      total: 96,
      currency: 'EUR',
      renews_at: calendar.date(day + 365),
    },
  })
  for (let year = 1; year <= 3; year++) {
    const due = day + 365 * year
    if (!random.chance(truth.afterwards.renewed)) {
      life.on(due + 1, 'Renewal Missed', { channel: 'email', properties: about })
      life.on(due + 1, 'Contract Ended', { channel: 'email', properties: about }, 22)
      return
    }
    life.on(due - random.between(0, 20), 'Contract Renewed', {
      channel: 'email',
      properties: { ...about, total: 96, currency: 'EUR', renews_at: calendar.date(due + 365) },
    })
  }
}

export function choosePiece(life: Life): Piece {
  return life.random.weighted(pieces.map((piece) => ({ item: piece, share: piece.share })))
}

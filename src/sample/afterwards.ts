// After the delivery: what is fitted, complained of, praised, asked and renewed.
import type { Bought, Life, Order } from './life.ts'
import * as truth from './truth.ts'
import { say } from './words.ts'

type About = { order_id: string }
type Slots = Parameters<typeof say>[3]

/** Gives the day on which the piece stands where it belongs. */
export function fitting(life: Life, order: Order, bought: Bought, about: About, slots: Slots): number {
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

export function complaintsAndReviews(
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
export function help(life: Life, bought: Bought, about: About, slots: Slots, late: boolean): void {
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
export function carePlan(life: Life, day: number): void {
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

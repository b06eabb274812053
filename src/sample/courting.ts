// From the first advert to the last purchase.
import { buy, choosePiece } from './buying.ts'
import { sampleDays } from './calendar.ts'
import { advisers, campaigns, declined, pages, unfitting } from './catalogue.ts'
import type { Bought, Life, Order } from './life.ts'
import * as truth from './truth.ts'
import { say } from './words.ts'

/** From the first advert to the last purchase. */
export function court(life: Life, firstDay: number, referred: boolean): void {
  const { random, latent } = life
  let day = firstDay
  if (!referred && random.chance(0.55)) {
    life.on(day, 'Ad Clicked', {
      as: 'visitor',
      channel: 'ads',
      properties: { campaign: random.pick(campaigns), network: random.pick(['search', 'social']) },
    })
  }
  day += browse(life, day, 3)
  if (!referred && random.chance(0.14)) return // never says who they are
  day += random.between(0, 6)
  becomeKnown(life, day)
  if (random.chance(0.02)) {
    const topic = random.pick(unfitting)
    life.on(day + 1, 'Enquiry Received', { channel: 'email', properties: { topic } })
    life.on(day + 3, 'Enquiry Declined', {
      channel: 'email',
      properties: { topic, reason: 'we do not make this' },
    })
    return
  }
  latent.discount = random.chance(truth.discountShare)
  const order = firstOrder(life, day + random.between(1, 12), referred)
  if (order) buyAndReturn(life, order)
}

/** Page views until the visitor makes up their mind. Gives how many days it took. */
export function browse(life: Life, day: number, mean: number): number {
  const { random, latent } = life
  const views = Math.min(14, random.poisson(mean * Math.exp(0.45 * latent.activity)))
  let after = 0
  for (let view = 0; view < views; view++) {
    const [title, path] = random.pick(pages)
    life.on(day + after, `Viewed ${title}`, { as: 'visitor', channel: 'web', properties: { path, title } })
    if (random.chance(0.4)) after += random.between(1, 6)
  }
  return after
}

export function becomeKnown(life: Life, day: number, at?: { key: string; name: string; size: number }): void {
  const { random, latent, person } = life
  life.signedInFrom = day
  life.introduce(
    day,
    {
      name: person.name,
      language: person.language,
      city: person.town,
      team: person.region,
      ...(latent.referredBy === undefined ? {} : { referred_by: `ho-${100_000 + latent.referredBy}` }),
    },
    at && { key: at.key, traits: { name: at.name, employees: at.size } },
  )
  if (random.chance(0.03)) life.on(day, 'Catalogue Requested', { channel: 'web', properties: {} })
  latent.newsletter = random.chance(truth.logistic(-0.5 + 0.9 * latent.activity))
  if (!latent.newsletter) return
  life.on(day, 'Newsletter Subscribed', { channel: 'web', properties: {} })
  for (let issue = 17 + 91 * Math.ceil((day - 16) / 91); issue <= sampleDays; issue += 91) {
    life.on(issue, 'Newsletter Sent', { channel: 'email', properties: { issue: Math.ceil(issue / 91) } }, 9)
    if (random.chance(0.06)) life.on(issue, 'Newsletter Clicked', { channel: 'email', properties: {} }, 19)
  }
}

/** Showroom, design meeting, offer, or straight through the shop. Undefined: doesn't buy. */
export function firstOrder(life: Life, from: number, referred: boolean): Order | undefined {
  const { random, person } = life
  const adviser = random.pick(advisers[person.region])
  if (!random.chance(referred ? 0.8 : 0.52)) {
    if (!random.chance(0.36)) return undefined
    return order(life, from + random.between(0, 10), 1, adviser, false)
  }
  let day = from
  life.on(day, 'Showroom Visited', {
    as: 'counter',
    channel: 'showroom',
    properties: { team: person.region },
  })
  if (random.chance(0.04)) life.on(day, 'Parking Voucher Given', { as: 'counter', channel: 'showroom' })
  if (!random.chance(referred ? 0.85 : 0.66)) return undefined
  day += random.between(1, 12)
  const offerDay = day + random.between(3, 7)
  const inTime = random.chance(truth.proposalInTime)
  const sentDay = inTime ? offerDay - random.between(0, 2) : offerDay + random.between(1, 8)
  const good = random.chance(0.88)
  const says = random.chance(0.16)
  life.on(day, 'Design Meeting Held', {
    as: 'counter',
    channel: 'showroom',
    properties: { adviser, offer_by: life.calendar.date(offerDay) },
  })
  if (says)
    life.on(day + 1, 'Survey Answered', {
      channel: 'email',
      properties: {
        survey: 'After the meeting',
        adviser,
        rating: good ? random.between(4, 5) : random.between(1, 3),
      },
      words: say(random, good ? 'meetingGood' : 'meetingBad', person.language, { adviser }),
    })
  if (!random.chance(0.93)) return undefined
  day = sentDay
  const found = order(life, 0, 1, adviser, true)
  life.on(day, 'Proposal Sent', {
    channel: 'email',
    properties: { adviser, total: found.total, currency: 'EUR', promised_weeks: found.piece.made ? 6 : 2 },
  })
  day += random.between(2, 21)
  if (random.chance((good ? 0.76 : 0.5) + (inTime ? 0 : -0.08))) return { ...found, day }
  life.on(day, 'Proposal Declined', {
    channel: 'email',
    properties: { adviser, reason: random.weighted(declined) },
  })
  return undefined
}

export function order(life: Life, day: number, nth: number, adviser: string, offered: boolean): Order {
  const piece = choosePiece(life)
  const total = Math.round(life.random.lognormal(piece.price, 0.3) * (life.latent.company ? 2.4 : 1))
  return { day, nth, adviser, offered, piece, total }
}

export function buyAndReturn(life: Life, first: Order): void {
  const { random, person } = life
  let next: Order | undefined = first
  let bought: Bought | undefined
  while (next && next.day <= sampleDays) {
    bought = buy(life, next)
    if (bought.nextDay === undefined || bought.nextDay > sampleDays) break
    const day = bought.nextDay
    browse(life, day - random.between(6, 20), 3)
    const offered = random.chance(0.4)
    if (offered)
      life.on(day - random.between(1, 5), 'Showroom Visited', {
        as: 'counter',
        channel: 'showroom',
        properties: { team: person.region },
      })
    next = order(life, day, next.nth + 1, random.pick(advisers[person.region]), offered)
  }
  // offers by mail, twice a year, to buyers
  for (let mailing = 60; mailing <= sampleDays; mailing += 182)
    if (mailing > first.day + 30 && random.chance(0.8))
      life.on(mailing, 'Offer Sent', { channel: 'email', properties: { offer: mailing } }, 10)
}

// The sample company's customers, one life after another. Memory holds one customer at a time.
import type { Incoming } from '../interactions/schema.ts'
import type { IncomingVoice } from '../voices/schema.ts'
import { buy, type Causes, choosePiece, type Order } from './buying.ts'
import { Calendar } from './calendar.ts'
import { advisers, campaigns, declined, pages, unfitting } from './catalogue.ts'
import { type Bought, type Latent, Life } from './life.ts'
import { companyName, person } from './people.ts'
import { Random } from './random.ts'
import * as truth from './truth.ts'
import { say } from './words.ts'

export interface SampleOptions {
  /** The same seed and end give the same company. */
  seed?: number
  customers?: number
  /** The sample's last instant; everything is laid out backwards from it. */
  end: Date
  /**
   * What if: first purchases come back as they would had this been so. Everything up to that stays what it is,
   * so that two such companies tell the true effect. For tests.
   */
  suppose?: Partial<Causes>
}

export interface SampleLife {
  latent: Latent
  events: Incoming[]
}

/** Days that the sample covers. */
export const sampleDays = 3 * 365

/** What arrives, customer by customer; within one in nearly the order of time. */
export function* sampleEvents(options: SampleOptions): Generator<Incoming> {
  for (const { events } of sampleLives(options)) yield* events
}

/** The same with what is true of each customer, for tests that ask whether the truths are in there. */
export function* sampleLives({
  seed = 7,
  customers = 20_000,
  end,
  suppose = {},
}: SampleOptions): Generator<SampleLife> {
  const calendar = new Calendar(end, sampleDays)
  let index = 0
  const begin = (key: number, arrival?: { by: number }): Life => {
    const random = new Random(seed, key)
    const latent: Latent = {
      index: key,
      activity: random.normal(),
      lenience: random.normal(),
      company: false,
      newsletter: false,
      referredBy: arrival?.by,
      referred: 0,
      discount: false,
      purchases: [],
    }
    return new Life(person(random, key), random, new Random(seed, key, 1), calendar, latent, suppose)
  }
  while (index < customers) {
    const life = begin(index++)
    // more customers in each year than in the one before
    const day = Math.floor(sampleDays * life.random.next() ** 0.8)
    if (life.random.chance(0.03) && index + 5 < customers) {
      const colleagues = Array.from({ length: life.random.between(1, 4) }, () => begin(index++))
      // the company is a customer of its own
      index++
      yield* company(life, colleagues, day)
      continue
    }
    court(life, day, false)
    const brought = bring(life, (by) => (index < customers ? begin(index++, by) : undefined))
    yield ended(life)
    for (const { child, day: arrival } of brought) {
      court(child, arrival, true)
      yield ended(child)
    }
  }
}

function ended(life: Life): SampleLife {
  return { latent: life.latent, events: [...life.arrivals()] }
}

/** From the first advert to the last purchase. */
function court(life: Life, firstDay: number, referred: boolean): void {
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
function browse(life: Life, day: number, mean: number): number {
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

function becomeKnown(life: Life, day: number, at?: { key: string; name: string; size: number }): void {
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
function firstOrder(life: Life, from: number, referred: boolean): Order | undefined {
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

function order(life: Life, day: number, nth: number, adviser: string, offered: boolean): Order {
  const piece = choosePiece(life)
  const total = Math.round(life.random.lognormal(piece.price, 0.3) * (life.latent.company ? 2.4 : 1))
  return { day, nth, adviser, offered, piece, total }
}

function buyAndReturn(life: Life, first: Order): void {
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

/** The contented bring others. Gives those who come, with the day they do. */
function bring(
  life: Life,
  begin: (arrival: { by: number }) => Life | undefined,
): { child: Life; day: number }[] {
  const { random, latent, person } = life
  const brought: { child: Life; day: number }[] = []
  const bought = latent.purchases.find((purchase) => purchase.deliveredDay < sampleDays)
  if (!bought) return brought
  const odds = truth.referral.base + truth.referral.perStar * (Math.min(5, bought.opinion) - 4)
  let more = random.chance(truth.logistic(odds))
  let day = bought.deliveredDay
  while (more) {
    day += random.between(10, 150)
    const arrival = day + random.between(2, 30)
    const child = arrival < sampleDays ? begin({ by: latent.index }) : undefined
    if (!child) break
    latent.referred++
    life.on(day, 'Referral Made', {
      channel: 'showroom',
      properties: { referred: child.person.userId, referred_name: child.person.name },
      words: say(random, 'referral', person.language),
    })
    if (latent.referred === 1 && random.chance(truth.referral.thanked))
      life.on(arrival + 3, 'Thank You Sent', { channel: 'post', properties: { for: 'bringing somebody' } })
    brought.push({ child, day: arrival })
    more = random.chance(truth.referral.another)
  }
  return brought
}

/** A company that buys: one of its people orders, the others look, ask and judge along. */
function* company(buyer: Life, colleagues: Life[], day: number): Generator<SampleLife> {
  const name = companyName(buyer.random)
  const group = { key: `co-${buyer.person.index}`, name, size: colleagues.length + 1 }
  buyer.latent.company = true
  browse(buyer, day, 1.5)
  becomeKnown(buyer, day + 4, group)
  const first = firstOrder(buyer, day + 6, false) ?? order(buyer, day + 20, 1, 'Anna', false)
  buyAndReturn(buyer, first)
  yield ended(buyer)
  for (const colleague of colleagues) {
    // the reception's address, or one mailbox for two
    const shared = colleague.random.next()
    if (shared < 0.3) colleague.person.email = `info@${group.key}.example`
    else if (shared < 0.4) colleague.person.email = buyer.person.email
    becomeKnown(colleague, day + 5 + colleague.random.between(0, 30), group)
    browse(colleague, day + 8, 1)
    if (colleague.random.chance(0.3))
      colleague.on(first.day - 2, 'Showroom Visited', { as: 'counter', channel: 'showroom', properties: {} })
    if (colleague.random.chance(0.35))
      colleague.on(first.day + 60 + colleague.random.between(0, 90), 'Support Contacted', {
        channel: 'phone',
        properties: { topic: 'care' },
        words: say(colleague.random, 'support', colleague.person.language, {
          piece: first.piece.called[colleague.person.language],
        }),
      })
    yield ended(colleague)
  }
}

/** Reviews on other people's pages, by nobody we know. */
export function* sampleVoices({
  seed = 7,
  customers = 20_000,
  end,
}: SampleOptions): Generator<IncomingVoice> {
  const calendar = new Calendar(end, sampleDays)
  const random = new Random(seed, 0x5e1f)
  for (let voice = 0; voice < customers / 250; voice++) {
    const who = person(random, voice)
    const rating = random.pick([1, 2, 3, 4, 4, 5, 5])
    yield {
      key: `voice-${voice}`,
      at: new Date(calendar.at(random.between(20, sampleDays - 1), 20, random.between(0, 59))),
      author: who.name.split(' ')[0] ?? '',
      source: random.pick(['maps', 'forum', 'newspaper']),
      words: say(random, 'street', who.language),
      properties: { rating },
    }
  }
}

// The sample company's customers, one life after another. Memory holds one customer at a time.
import type { Incoming } from '../interactions/schema.ts'
import type { IncomingVoice } from '../voices/schema.ts'
import { Calendar, sampleDays } from './calendar.ts'
import { becomeKnown, browse, buyAndReturn, court, firstOrder, order } from './courting.ts'
import type { Causes } from './life.ts'
import { type Latent, Life } from './life.ts'
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

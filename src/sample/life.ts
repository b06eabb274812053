// One customer's life: what happens is added in any order, and comes out in the order of time, as messy as
// it would arrive: late, twice, swapped.
import { normaliseIdentity } from '../customers/customers.ts'
import type { Identity, IdentityKind } from '../customers/schema.ts'
import type { Incoming } from '../interactions/schema.ts'
import type { Calendar } from './calendar.ts'
import type { Piece } from './catalogue.ts'
import { type Person, secondEmail, writtenEmail, writtenPhone } from './people.ts'
import type { Random } from './random.ts'

/** What is true of a customer and nobody in the company can see. */
export interface Latent {
  index: number
  /** Standard normal: makes page views, newsletters, support calls and coming back. */
  activity: number
  /** Standard normal: how lenient the customer rates. */
  lenience: number
  company: boolean
  newsletter: boolean
  referredBy: number | undefined
  referred: number
  discount: boolean
  purchases: Bought[]
}

/** What moves a buyer to come back and could have been otherwise. */
export interface Causes {
  late: boolean
  careCall: boolean
}

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

/** What is true of one purchase. Days are days of the calendar; undefined: has not happened (yet). */
export interface Bought {
  orderDay: number
  weeksSaid: number | undefined
  promisedDay: number
  deliveredDay: number
  movedByCustomer: boolean
  toldBeforehand: boolean
  complained: boolean
  careCall: boolean
  anniversaryCard: boolean
  /** Unrounded rating a review would give after delivery. */
  opinion: number
  /** Orders again; drawn when the delivery and what followed it are known. */
  comesBack: boolean
  nextDay: number | undefined
}

/** How the customer is known to the system that saw it happen. */
export type KnownAs = 'account' | 'counter' | 'visitor'

export interface Happening {
  as?: KnownAs
  channel: string
  properties?: Record<string, unknown>
  words?: string
  traits?: Record<string, unknown>
  company?: { key: string; traits?: Record<string, unknown> }
}

export class Life {
  readonly person: Person
  readonly random: Random
  readonly calendar: Calendar
  readonly latent: Latent
  readonly suppose: Partial<Causes>
  /** Day from which the shop knows who the browser belongs to. */
  signedInFrom = Number.POSITIVE_INFINITY
  private readonly events: Incoming[] = []
  private readonly identities = new Map<string, Identity[]>()
  private readonly noise: Random
  private count = 0

  constructor(
    person: Person,
    random: Random,
    noise: Random,
    calendar: Calendar,
    latent: Latent,
    suppose: Partial<Causes> = {},
  ) {
    this.person = person
    this.random = random
    this.noise = noise
    this.calendar = calendar
    this.latent = latent
    this.suppose = suppose
  }

  /** Something that happens on a day, in office hours unless an hour is given. Days in the future have not happened. */
  on(day: number, name: string, happening: Happening, hour = 8 + Math.floor(this.noise.next() * 10)): void {
    const at = this.calendar.at(day, hour, Math.floor(this.noise.next() * 60))
    const messageId = `${this.person.index}.${this.count++}`
    if (day < 0 || at > this.calendar.end) return
    this.events.push({
      messageId,
      at: new Date(at),
      receivedAt: new Date(Math.min(this.calendar.end, at + this.delay())),
      identities: this.knownAs(happening.as ?? 'account', day),
      name,
      channel: happening.channel,
      properties: happening.properties ?? {},
      ...(happening.words ? { words: happening.words } : {}),
      ...(happening.traits ? { traits: happening.traits } : {}),
      ...(happening.company ? { company: happening.company } : {}),
    })
  }

  /** The customer says who they are: account, addresses, name. */
  introduce(day: number, traits: Record<string, unknown>, company?: Happening['company']): void {
    const at = this.calendar.at(day, 9, 30)
    const messageId = `${this.person.index}.${this.count++}`
    if (day < 0 || at > this.calendar.end) return
    this.events.push({
      messageId,
      at: new Date(at),
      receivedAt: new Date(at),
      identities: [
        ...this.knownAs('account', day),
        ...this.known('email', writtenEmail(this.noise, this.person.email)),
        ...this.known('phone', writtenPhone(this.noise, this.person.phone)),
        // who signs in was that browser all along
        ...this.person.anonymousIds.flatMap((browser) => this.known('anonymous_id', browser)),
      ],
      traits,
      ...(company ? { company } : {}),
    })
  }

  /** Everything, in the order of time but for some that arrive late, twice, or before their turn. */
  *arrivals(): Generator<Incoming> {
    const sorted = this.events.sort((a, b) => a.at.getTime() - b.at.getTime())
    for (let i = 0; i < sorted.length; i++) {
      const event = sorted[i]
      const next = sorted[i + 1]
      if (!event) continue
      if (next && this.noise.chance(0.01)) {
        yield next
        yield event
        i++
        continue
      }
      yield event
      if (this.noise.chance(0.012)) yield { ...event }
    }
  }

  private delay(): number {
    if (this.noise.chance(0.015)) return this.noise.between(1, 9) * 86_400_000
    return this.noise.between(0, 90) * 1000
  }

  private knownAs(as: KnownAs, day: number): Identity[] {
    if (as === 'visitor') {
      const { anonymousIds } = this.person
      const browser = anonymousIds[Math.min(anonymousIds.length - 1, day % 40 < 25 ? 0 : 1)] ?? ''
      const visitor = this.known('anonymous_id', browser)
      return day >= this.signedInFrom ? [...this.known('user_id', this.person.userId), ...visitor] : visitor
    }
    if (as === 'account') return this.known('user_id', this.person.userId)
    // at the counter people leave an address or a number, some of them another one than online
    const chance = this.noise.next()
    if (chance < 0.06)
      return [
        ...this.known('email', secondEmail(this.person)),
        ...this.known('phone', writtenPhone(this.noise, this.person.phone)),
      ]
    if (chance < 0.35) return this.known('phone', writtenPhone(this.noise, this.person.phone))
    return this.known('email', writtenEmail(this.noise, this.person.email))
  }

  private known(kind: IdentityKind, raw: string): Identity[] {
    const key = `${kind}:${raw}`
    let found = this.identities.get(key)
    if (!found) {
      const identity = normaliseIdentity(kind, raw)
      found = 'refused' in identity ? [] : [identity]
      this.identities.set(key, found)
    }
    return found
  }
}

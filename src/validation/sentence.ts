// The sentence over a customer's page: what is true now, from facts only.
import { count, day, list, money } from '../lib/phrases.ts'
import type { Happenings, PromiseRow } from './customer-queries.ts'
import type { Phrase } from './customer-schema.ts'

export interface Story extends Happenings {
  firstSeenAt: Date
  lastSeenAt: Date | null
  interactions: number
  sales: number
  firstSaleAt: Date | null
  valueMinor: number
  currency: string | null
  lastCaredAt: Date | null
  referred: number
  cancelled: boolean
}

/** Days without a caring touch after which the sentence mentions the silence. */
const silenceAfter = 30
const dayMs = 86_400_000

export function sentenceOf(story: Story, timeZone: string, now: Date): Phrase[] {
  const on = (at: Date) => day(at, timeZone, now)
  const parts: Phrase[] = []
  const say = (text: string, tone: Phrase['tone'] = null) => parts.push({ text, tone })

  if (!story.firstSaleAt || (story.sales === 0 && !story.lastSale)) {
    if (story.cancelled) say('Everything bought was cancelled again.', 'bad')
    else {
      say(`First heard of on ${on(story.firstSeenAt)}; `)
      say(`${count(story.interactions, 'interaction')} so far, and nothing bought yet.`)
    }
    if (story.referred > 0) say(` ${referredInWords(story)}`, 'good')
    return parts
  }

  say(boughtInWords(story, on))
  if (story.promise) promiseInWords(story.promise, timeZone, now, say)
  const since = [
    ...(story.helpSince > 0 ? [count(story.helpSince, 'call for help', 'calls for help')] : []),
    ...(story.complaintsSince > 0 ? [count(story.complaintsSince, 'complaint')] : []),
  ]
  if (since.length > 0) {
    const tone = story.complaintsSince > 0 ? 'bad' : null
    if (story.promise) {
      say(', with ')
      say(list(since), tone)
      say(' since')
    } else {
      say(' There ')
      say(`${story.helpSince + story.complaintsSince === 1 ? 'was' : 'were'} ${list(since)}`, tone)
      say(' since')
    }
  }
  if (story.promise || since.length > 0) say('.')
  if (story.referred > 0) say(` ${referredInWords(story)}`, 'good')
  silenceInWords(story, on, now, say)
  return parts
}

function boughtInWords(story: Story, on: (at: Date) => string): string {
  const sale = story.lastSale
  const last = sale?.at ?? story.firstSaleAt ?? new Date(0)
  const what = sale?.name ? ` ${article(sale.name)}` : ''
  const worth = sale?.valueMinor != null && sale.currency ? ` (${money(sale.valueMinor, sale.currency)})` : ''
  if (story.sales <= 1) return `Bought${what} on ${on(last)}${worth}.`
  const all =
    story.valueMinor > 0 && story.currency ? ` (${money(story.valueMinor, story.currency)} in all)` : ''
  return `Bought ${count(story.sales, 'time')} since ${on(story.firstSaleAt ?? last)}${all}, last${what} on ${on(last)}${worth}.`
}

function promiseInWords(
  promise: PromiseRow,
  timeZone: string,
  now: Date,
  say: (text: string, tone?: Phrase['tone']) => void,
): void {
  const due = dueInWords(promise, timeZone, now)
  // Only a delivery that was judged is spoken of as "it"; any other promise is named.
  const it = promise.dimension === 'days' && due !== null && promise.isDelivery && !promise.awaited
  if (promise.state === 'broken') {
    const late = promise.gap === null ? null : Math.max(1, Math.round(promise.gap))
    if (it && late !== null) {
      say(' It came ')
      say(`${count(late, 'day')} after the promised ${due}`, 'bad')
    } else if (promise.dimension === 'days' && promise.awaited && due !== null) {
      say(` “${promise.statement}” was promised for ${due} and `)
      say('has not happened', 'bad')
    } else {
      say(` “${promise.statement}” `)
      say(
        promise.dimension === 'days' && late !== null
          ? `was kept ${count(late, 'day')} late`
          : 'was not kept',
        'bad',
      )
    }
    if (promise.mendedAt) say(', and was made good')
    else if (promise.toldBefore) say(', told beforehand')
    return
  }
  if (it) {
    say(' It came ')
    say(`by the promised ${due}`, 'good')
  } else {
    say(` “${promise.statement}” `)
    say(promise.state === 'exceeded' ? 'was more than kept' : 'was kept', 'good')
  }
}

/** "Thursday, 19 May" for a day, what was said for a week or a month. */
function dueInWords(promise: PromiseRow, timeZone: string, now: Date): string | null {
  if (promise.precision !== 'day' && promise.dueText) return promise.dueText
  if (!promise.dueAt) return promise.dueText
  // A day's due time is the instant at which it ends.
  const last = new Date(promise.dueAt.getTime() - 1)
  const weekday = new Intl.DateTimeFormat('en', { timeZone, weekday: 'long' }).format(last)
  return `${weekday}, ${day(last, timeZone, now)}`
}

function silenceInWords(
  story: Story,
  on: (at: Date) => string,
  now: Date,
  say: (text: string) => void,
): void {
  const bought = story.lastSale?.at ?? story.firstSaleAt
  const cared = story.lastCaredAt
  const quietSince = cared && bought && cared > bought ? cared : bought
  if (!quietSince || now.getTime() - quietSince.getTime() < silenceAfter * dayMs) return
  // Silence is only what the channels show that we see this customer through.
  const seen = story.channels.filter((channel) => channel.length <= 20).slice(0, 4)
  const through = seen.length > 0 ? ` (seen through ${list(seen)})` : ''
  if (cared && cared === quietSince) say(` Nobody of us has been in touch since ${on(cared)}${through}.`)
  else {
    const sale = story.sales > 1 ? 'the last sale' : 'the sale'
    say(` Nobody of us has been in touch since ${sale}, bills and offers aside${through}.`)
  }
}

function referredInWords(story: Story): string {
  return `Brought ${count(story.referred, 'other')}.`
}

/** "an oak table"; names that already begin with an article, a number or a capital stay as they are. */
function article(name: string): string {
  if (/^(a|an|the|\d+)\b/i.test(name) || !/^[a-z]/.test(name)) return name
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`
}

// The sample company's promises as columns, straight from what is generated: what the effects of a promise are
// estimated from, for many seeds, and what is true of each of them.
import { estimate } from '#src/insights/effects/estimate.ts'
import { answerColumns, judgedColumns } from '#src/insights/effects/questions.ts'
import type { Difference, Figures } from '#src/insights/effects/schema.ts'
import type { Incoming } from '#src/interactions/schema.ts'
import { sampleDays } from '#src/sample/calendar.ts'
import type { Bought, Latent } from '#src/sample/life.ts'
import { sampleLives } from '#src/sample/sample-events.ts'
import * as truth from '#src/sample/truth.ts'

export const sampleEnd = new Date('2026-11-22T08:00:00Z')
const day = 86_400_000_000
export const horizonDays = 365

interface Made {
  latent: Latent
  bought: Bought
  late: boolean
  judged: Record<(typeof judgedColumns)[number], number>
  answers: Record<(typeof answerColumns)[number], number>[]
}

/** Every delivery of a company, as the two questions would give it, in the order of customer and promise. */
export function* deliveriesOf(seed: number, customers: number): Generator<Made> {
  const seenUntil = sampleEnd.getTime() * 1000
  let customer = 0
  let id = 0
  for (const { latent, events } of sampleLives({ seed, customers, end: sampleEnd })) {
    customer++
    const named = (name: string) => events.filter((event) => event.name === name)
    const orders = new Map(named('Order Completed').map((event) => [event.properties?.['order_id'], event]))
    const arrivals = new Map(named('Order Delivered').map((event) => [event.properties?.['order_id'], event]))
    for (const [index, bought] of latent.purchases.entries()) {
      const key = `HO-${latent.index}-${index + 1}`
      const order = orders.get(key)
      const arrival = arrivals.get(key)
      if (!order || !arrival || bought.deliveredDay > sampleDays) continue
      id++
      const late = bought.deliveredDay > bought.promisedDay
      const openedAt = order.at.getTime() * 1000
      const cameAt = arrival.at.getTime() * 1000
      const gap = bought.deliveredDay - bought.promisedDay
      const next = orders.get(`HO-${latent.index}-${index + 2}`)
      const own = events.filter((event) => event.properties?.['order_id'] === key)
      const answers = own.filter((event) => event.name === 'Product Reviewed')
      yield {
        latent,
        bought,
        late,
        judged: {
          customer_id: customer,
          id,
          state: late ? 4 : gap <= -7 ? 3 : 2,
          awaited: 0,
          gap,
          first_gap: gap,
          told: late ? Number(bought.toldBeforehand) : Number.NaN,
          opened_at: openedAt,
          first_due_at: openedAt + (bought.promisedDay - bought.orderDay) * day,
          came_at: cameAt,
          seen_from: cameAt,
          source: 0,
          value: Number(order.properties?.['total'] ?? Number.NaN) * 100,
          company: Number(latent.company),
          channel: channelOf(events[0]),
          activity: events.filter(
            (event) => didSomething(event) && within(event, openedAt - 365 * day, openedAt),
          ).length,
          bought_before: index,
          next_at: next && next.at.getTime() * 1000 <= seenUntil ? next.at.getTime() * 1000 : Number.NaN,
          unhappy: Number(
            late && own.some((event) => wasBad(event) && event.at.getTime() * 1000 < cameAt + 60 * day),
          ),
        },
        answers: answers.map((event) => ({
          customer_id: customer,
          id,
          experience: (Number(event.properties?.['rating']) - 3) * 50,
          touchpoint_id: 1,
          moment: event.at.getTime() * 1000 < cameAt ? 5 : late ? 4 : 2,
          ending: late ? 2 : 1,
        })),
      }
    }
  }
}

/** The effects of one company's promises, as the question would answer. */
export function effectsOf(seed: number, customers: number): Figures {
  const made = [...deliveriesOf(seed, customers)]
  const columns = <Name extends string>(names: readonly Name[], rows: Record<Name, number>[]) =>
    Object.fromEntries(names.map((name) => [name, Float64Array.from(rows, (row) => row[name])]))
  return estimate(
    {
      judged: columns(
        judgedColumns,
        made.map(({ judged }) => judged),
      ),
      answers: columns(
        answerColumns,
        made.flatMap(({ answers }) => answers),
      ),
      word: 'first',
      days: true,
      horizon: horizonDays * day,
      seenUntil: sampleEnd.getTime() * 1000,
      touchpoint: null,
      sources: [],
      people: [],
      otherPeople: [],
    },
    () => {},
  )
}

/** An effect that is known, and the answer to it. */
export interface KnownEffect {
  name: string
  of: (figures: Figures) => Difference | null | undefined
  truth: number
}

/**
 * What is true of each effect, from what would have been in time, or told, of the very same deliveries: stars
 * are whole and end at 5, so that a step of 1.4 on an unseen scale is less in stars.
 */
export function knownEffects(customers = 60_000): KnownEffect[] {
  const { rating, comingBack } = truth
  const made = [...deliveriesOf(1, customers)]
  const late = made.filter((each) => each.late)
  const stars = (opinion: number) => Math.min(5, Math.max(1, Math.round(opinion)))
  const daysLate = ({ bought }: Made) => Math.min(bought.deliveredDay - bought.promisedDay, rating.cappedAt)
  const brokenBy = (each: Made) =>
    rating.broken +
    rating.perDayLate * daysLate(each) +
    (each.bought.toldBeforehand ? rating.toldBeforehand : 0)
  const inStars = late.map((each) => ({
    days: daysLate(each),
    // half of those who wait three days or longer say so while they wait, and are not asked again
    weight: daysLate(each) >= 3 ? 0.5 : 1,
    less: stars(each.bought.opinion) - stars(each.bought.opinion - brokenBy(each)),
    told:
      stars(each.bought.opinion + (each.bought.toldBeforehand ? 0 : rating.toldBeforehand)) -
      stars(each.bought.opinion - (each.bought.toldBeforehand ? rating.toldBeforehand : 0)),
  }))
  const line = lineThrough(inStars.map(({ days, less, weight }) => [days, less, weight]))
  // who comes back does so in time with this chance
  const { shortest, mean: meanPause } = comingBack.days
  const inTime = 1 - Math.exp(-(horizonDays - shortest) / (meanPause - shortest))
  const back = late.map(({ latent, bought }) => {
    const odds =
      comingBack.base +
      comingBack.activity * latent.activity +
      (bought.careCall ? comingBack.careCall : 0) +
      (latent.company ? comingBack.company : 0) +
      (latent.discount ? comingBack.discount : 0)
    return inTime * (truth.logistic(odds + comingBack.brokenDelivery) - truth.logistic(odds))
  })
  const comparison = (list: 'comparisons' | 'told' | 'exceeded', outcome: string) => (figures: Figures) =>
    figures[list].find((each) => each.outcome === outcome)?.adjusted
  return [
    {
      name: 'stars: late',
      of: comparison('comparisons', 'rating'),
      truth: mean(
        inStars.map(({ less }) => less),
        inStars.map(({ weight }) => weight),
      ),
    },
    { name: 'stars: the step', of: ({ steps }) => steps[0]?.step, truth: line.start },
    { name: 'stars: each day late', of: ({ steps }) => steps[0]?.slope, truth: line.slope },
    {
      name: 'stars: told beforehand',
      of: comparison('told', 'rating'),
      truth: mean(
        inStars.map(({ told }) => told),
        inStars.map(({ weight }) => weight),
      ),
    },
    { name: 'stars: better than said', of: comparison('exceeded', 'rating'), truth: 0 },
    { name: 'coming back: late', of: comparison('comparisons', 'cameBack'), truth: mean(back) },
    { name: 'coming back: told beforehand', of: comparison('told', 'cameBack'), truth: 0 },
    { name: 'coming back: better than said', of: comparison('exceeded', 'cameBack'), truth: 0 },
    { name: 'coming back: each day late', of: ({ steps }) => steps[1]?.slope, truth: 0 },
    {
      name: 'complaining: told beforehand',
      of: comparison('told', 'unhappy'),
      truth: unhappyIfTold(1, customers) - unhappyIfTold(0, customers),
    },
  ]
}

/** Who of the late ones would be unhappy if all of them (or none) had been told: the company lived again. */
function unhappyIfTold(share: number, customers: number): number {
  const lived = truth.delivery.toldBeforehand
  truth.delivery.toldBeforehand = share
  try {
    return mean(
      [...deliveriesOf(2, customers)].filter(({ late }) => late).map(({ judged }) => judged.unhappy),
    )
  } finally {
    truth.delivery.toldBeforehand = lived
  }
}

function lineThrough(points: [number, number, number][]): { start: number; slope: number } {
  const weights = points.map(([, , weight]) => weight)
  const x = mean(
    points.map(([each]) => each),
    weights,
  )
  const y = mean(
    points.map(([, each]) => each),
    weights,
  )
  const slope =
    points.reduce((sum, [px, py, weight]) => sum + weight * (px - x) * (py - y), 0) /
    points.reduce((sum, [px, , weight]) => sum + weight * (px - x) ** 2, 0)
  return { start: y - slope * x, slope }
}

function mean(values: number[], weights?: number[]): number {
  const weight = (index: number) => weights?.[index] ?? 1
  return (
    values.reduce((sum, value, index) => sum + weight(index) * value, 0) /
    values.reduce((sum, _, index) => sum + weight(index), 0)
  )
}

function within(event: Incoming, from: number, to: number): boolean {
  const at = event.at.getTime() * 1000
  return at >= from && at < to
}

function didSomething(event: Incoming): boolean {
  return /^(Viewed|Showroom Visited|Support Contacted|Newsletter Subscribed)/.test(event.name ?? '')
}

function wasBad(event: Incoming): boolean {
  if (event.name === 'Product Reviewed' || event.name === 'Survey Answered')
    return Number(event.properties?.['rating']) < 3
  return ['Complaint Received', 'Return Requested', 'Order Refunded'].includes(event.name ?? '')
}

function channelOf(event: Incoming | undefined): number {
  return ['ads', 'web', 'showroom', 'email', 'phone'].indexOf(event?.channel ?? '')
}

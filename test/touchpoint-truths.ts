// What is true of the sample company's touchpoints, and what the question says of them: for many small companies,
// through the product's own placing, judging and SQL.
import type { Difference } from '#src/insights/touchpoints/contrasts.ts'
import type { Estimated, EstimatedTouchpoint, Model } from '#src/insights/touchpoints/estimate.ts'
import { estimateFor } from '#src/insights/touchpoints/touchpoints.ts'
import { sampleDays } from '#src/sample/calendar.ts'
import { sampleLives } from '#src/sample/sample-events.ts'
import { companyInMemory, type MemoryCompany, sampleEnd } from './sample-in-memory.ts'

/** Nearly everything that follows from a first order has happened by then; who comes back, mostly has not. */
const spans = { lookback: 120, landmark: 120, horizon: 270 }
/** Long enough for the card that is sent a year after the delivery. */
const afterTheCard = { lookback: 120, landmark: 410, horizon: 270 }

type Interval = Pick<Difference, 'value' | 'low' | 'high' | 'p'>

/** An effect that is known, and what one company's answer says of it; null: that can't be told. */
export interface KnownEffect {
  name: string
  truth: number
  of: (asked: AskedCompany) => Interval | null
}

/** One company, with what the question says of it. */
export interface AskedCompany {
  first: ByName
  /** The same weighed in odds; null where it was not asked. */
  inOdds: ByName | null
  late: ByName
  /** How judged deliveries relate to what was late in truth. */
  deliveries: Delivery[]
}
type ByName = (touchpoint: string) => EstimatedTouchpoint | undefined

interface Delivery {
  bad: boolean
  moved: boolean
  /** Later than the first word, whatever was said afterwards. */
  late: boolean
}

export async function askCompany(
  seed: number,
  customers: number,
  { odds = false } = {},
): Promise<AskedCompany> {
  const company = await companyInMemory(seed, customers)
  try {
    return {
      first: await asked(company, spans),
      inOdds: odds ? await asked(company, spans, 'logistic') : null,
      late: await asked(company, afterTheCard),
      deliveries: await deliveriesOf(company),
    }
  } finally {
    company.close()
  }
}

async function asked(
  company: MemoryCompany,
  lengths: typeof spans,
  model: Model = 'linear',
): Promise<ByName> {
  const wanted = company.touchpoints
    .filter(({ purpose }) => purpose !== 'sale')
    .map(({ id, byUs, purposeCode }) => ({ id, byUs, purpose: purposeCode }))
  const { asking, scope } = company
  const { estimated } = await estimateFor(asking, scope, { kind: 'return' }, lengths, wanted, {
    model,
    courted: null,
  })
  return named(company, estimated)
}

function named(company: MemoryCompany, estimated: Estimated): ByName {
  const ids = new Map(company.touchpoints.map(({ id, name }) => [name, id]))
  return (name) => estimated.touchpoints.find(({ id }) => id === ids.get(name))
}

async function deliveriesOf({ asking, touchpoints, lives }: MemoryCompany): Promise<Delivery[]> {
  const id = (name: string) => touchpoints.find((each) => each.name === name)?.id
  const day = 86_400_000_000
  const found = await asking.rows<{ customer_id: number; felt: number; moved: boolean }>('deliveries', {
    text: `
      select cast(c.customer_id as double) as customer_id, avg(s.experience) filter (where s.touchpoint_id = ${id('Delivery')}) as felt,
        bool_or(s.touchpoint_id = ${id('Delivery day moved')}) as moved
      from customers c
      join steps s on s.customer_id = c.customer_id
      where s.happened >= c.first_sale_at - ${spans.lookback * day}
        and s.happened <= c.first_sale_at + ${spans.landmark * day}
        and c.first_sale_at + ${(spans.landmark + spans.horizon) * day} <= ${sampleEnd.getTime() * 1000}
      group by c.customer_id`,
    values: [],
  })
  return found.flatMap(({ customer_id, felt, moved }) => {
    const bought = lives[customer_id - 1]?.purchases[0]
    return felt === null || !bought
      ? []
      : [{ bad: felt < -10, moved, late: bought.deliveredDay > bought.promisedDay }]
  })
}

/** @param pool companies that were asked, for how judged deliveries relate to late ones */
export function knownEffects(pool: readonly AskedCompany[], customers = 40_000): KnownEffect[] {
  const effect = (suppose: 'careCall' | 'late') =>
    shareBack({ [suppose]: true }, customers) - shareBack({ [suppose]: false }, customers)
  const meeting =
    (name: string, when: 'first' | 'late' = 'first') =>
    (company: AskedCompany) =>
      company[when](name)?.meeting ?? null
  const nothing = ['Newsletter', 'Newsletter sign-up', 'Website', 'Website guide', 'Oak care plan', 'Offer']
  return [
    { name: 'care call', truth: effect('careCall'), of: meeting('Care call') },
    {
      name: 'delivery as promised',
      // A delivery whose day was moved in time is judged by the last word, and was late by the first.
      truth: -effect('late') * lateInJudged(pool.flatMap(({ deliveries }) => deliveries)),
      of: (company) => company.first('Delivery')?.feeling ?? null,
    },
    ...nothing.map((name) => ({ name: name.toLowerCase(), truth: 0, of: meeting(name) })),
    { name: 'anniversary card', truth: 0, of: meeting('Anniversary card', 'late') },
  ]
}

/**
 * Share of first buyers who come back in the time looked at, in the very same company but for what is supposed
 * of their first purchase.
 */
function shareBack(suppose: { careCall?: boolean; late?: boolean }, customers: number): number {
  let back = 0
  let all = 0
  for (const { latent, events } of sampleLives({ seed: 4_711, customers, end: sampleEnd, suppose })) {
    const [first] = latent.purchases
    if (!first || first.orderDay + spans.landmark + spans.horizon > sampleDays) continue
    const sales = events
      .filter(({ name }) => name === 'Order Completed' || name === 'Contract Signed')
      .map(({ at }) => at.getTime())
    const index = Math.min(...sales)
    const days = (at: number) => (at - index) / 86_400_000
    all++
    if (sales.some((at) => days(at) > spans.landmark && days(at) <= spans.landmark + spans.horizon)) back++
  }
  return back / all
}

/**
 * How much more often those judged badly were late in truth, as a regression that compares equals in "the day was
 * moved" weighs it: by how evenly each group is divided.
 */
function lateInJudged(deliveries: readonly Delivery[]): number {
  let weights = 0
  let sum = 0
  for (const moved of [true, false]) {
    const here = deliveries.filter((each) => each.moved === moved)
    const late = (bad: boolean) => {
      const some = here.filter((each) => each.bad === bad)
      return some.filter((each) => each.late).length / Math.max(1, some.length)
    }
    const share = here.filter(({ bad }) => bad).length / Math.max(1, here.length)
    const weight = here.length * share * (1 - share)
    weights += weight
    sum += weight * (late(true) - late(false))
  }
  return weights > 0 ? sum / weights : 0
}

/** Whether the interval holds the truth; undefined where nothing was told. */
export function holds(interval: Interval | null, truth: number): boolean | undefined {
  return interval ? interval.low <= truth && truth <= interval.high : undefined
}

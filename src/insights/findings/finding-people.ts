import { sql } from 'kysely'
import { needed } from '../../stats/power.ts'
import { wilson } from '../../stats/proportions.ts'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { ask, dayMicros } from '../question.ts'
import { counted, type Finder, fewest, inHundred, listed, shareFigure, whole } from './finding.ts'

/** Buyers who were left alone after the delivery, with the channels that this was seen through. */
export const leftAlone: Finder = async ({ store, asOf }) => {
  const ours = await touchpointsFor(store, ['care', 'help', 'ask', 'use'])
  const caring = await touchpointsFor(store, ['care', 'help', 'ask'])
  if (caring.length === 0) return null
  const [found] = await ask<{ buyers: number; alone: number; seen: number }>(store, {
    text: `
      with delivered as (
        select customer_id, min(delivered_at) as since
        from purchases
        where delivered_at is not null
          and state <> 6
        group by customer_id
      )
      select cast(count(*) as integer) as buyers,
        cast(count(*) filter (where not exists (
          select 1
          from steps s
          where s.customer_id = d.customer_id
            and s.touchpoint_id in (${numbered(ours, 2)})
            and not s.judgement
            and s.happened > d.since
        )) as integer) as alone,
        cast(coalesce(max((
          select 1
          from steps s
          where s.touchpoint_id in (${numbered(caring, 2 + ours.length)})
            and not s.judgement
          limit 1
        )), 0) as integer) as seen
      from delivered d
      where d.since < $1 - 30 * ${dayMicros}`,
    values: [asOf, ...ours, ...caring],
  })
  // Where no caring word was ever recorded, its absence says nothing about the customer.
  if (!found || found.buyers < fewest || found.seen === 0) return null
  const alone = wilson(found.alone, found.buyers)
  return {
    id: 'left-alone',
    claim: 'counted',
    sentence: `${whole(found.alone)} of ${whole(found.buyers)} buyers have had nothing from you since delivery but invoices and offers. We looked at ${listed(await channelsLookedAt(store))}.`,
    figures: [shareFigure('Left alone since delivery', alone)],
    n: found.buyers,
    link: '/customers?silent=30',
  }
}

async function channelsLookedAt(store: Store): Promise<string[]> {
  const used = await ask<{ channel: number }>(store, {
    text: `
      select s.channel as channel
      from steps s
      join touchpoints t on t.id = s.touchpoint_id
      where t.by_us
        and s.after_sale
        and s.channel is not null
      group by s.channel
      order by count(*) desc`,
    values: [],
  })
  const names = await rows(
    store.db,
    sql<{ code: number; name: string }>`select code, name from projection.channel_names`,
  )
  const words = new Map(names.map(({ code, name }) => [code, channelWords[name.toLowerCase()] ?? name]))
  const known = used.map(({ channel }) => words.get(channel) ?? '').filter((word) => word !== '')
  return known.length > 0 ? [...new Set(known)] : ['what has been recorded']
}

const channelWords: Record<string, string> = {
  email: 'mail',
  phone: 'phone',
  call: 'phone',
  visit: 'visits',
  post: 'letters',
  web: 'the website',
  showroom: 'the showroom',
  sms: 'text messages',
  chat: 'chat',
}

/** Who brought others, and how many of them were thanked. */
export const broughtOthers: Finder = async ({ store }) => {
  const referrals = await touchpointsFor(store, ['refer'], 'customer')
  if (referrals.length === 0) return null
  const thanks = await rows(
    store.db,
    sql<{ id: number }>`
      select id
      from touchpoints
      where by = 'us'
        and purpose = 'care'
        and (name ilike '%thank%' or rules::text ilike '%thank%')`,
  )
  const thanking = thanks.map(({ id }) => id)
  const [found] = await ask<{ customers: number; brought: number; thanked: number }>(store, {
    text: `
      with bringers as (
        select customer_id, min(happened) as since, count(*) as brought
        from steps
        where touchpoint_id in (${numbered(referrals, 1)})
          and not judgement
        group by customer_id
      )
      select cast(count(*) as integer) as customers, cast(coalesce(sum(brought), 0) as integer) as brought,
        cast(count(*) filter (where ${
          thanking.length === 0
            ? 'false'
            : `exists (
          select 1
          from steps s
          where s.customer_id = b.customer_id
            and s.touchpoint_id in (${numbered(thanking, 1 + referrals.length)})
            and s.happened > b.since
        )`
        }) as integer) as thanked
      from bringers b`,
    values: [...referrals, ...thanking],
  })
  if (!found || found.customers === 0) return null
  const { customers, brought, thanked } = found
  return {
    id: 'brought-others',
    claim: 'counted',
    sentence: `${counted(customers, 'customer')} brought ${counted(brought, 'other')}; you have thanked ${thanked === 0 ? 'none that we can see' : thanked === customers ? 'all of them' : whole(thanked)}.`,
    figures: [
      {
        name: 'Customers who brought others',
        value: customers,
        low: null,
        high: null,
        n: customers,
        unit: 'customers',
      },
      { name: 'Others brought', value: brought, low: null, high: null, n: customers, unit: 'customers' },
      shareFigure('Thanked', wilson(thanked, customers)),
    ],
    n: customers,
    link: '/customers?state=advocate',
  }
}

/** Days around the first sale in which something given counts, and the year after that is looked at. */
const before = 30
const after = 45
const looked = 365
/** The difference worth seeing: 5 points more come back. */
const worthSeeing = 0.05

/** Something we give to so few that nobody can say yet whether it matters. */
export const cannotTell: Finder = async ({ store, asOf }) => {
  const given = await rows(
    store.db,
    sql<{ id: number; name: string }>`
      select id, name
      from touchpoints
      where by = 'us'
        and purpose in ('sell', 'care')
      order by purpose desc, id`,
  )
  if (given.length === 0) return null
  const counts = await ask<{ id: number; n: number }>(store, {
    text: `
      with firsts as (
        select customer_id, min(happened) as sale
        from sales
        group by customer_id
      )
      select s.touchpoint_id as id, cast(count(distinct s.customer_id) as integer) as n
      from firsts f
      join steps s on s.customer_id = f.customer_id
      where s.touchpoint_id in (${numbered(
        given.map(({ id }) => id),
        1,
      )})
        and not s.judgement
        and s.happened >= f.sale - ${before} * ${dayMicros}
        and s.happened <= f.sale + ${after} * ${dayMicros}
      group by s.touchpoint_id`,
    values: given.map(({ id }) => id),
  })
  const [base] = await ask<{ n: number; back: number }>(store, {
    text: `
      with firsts as (
        select customer_id, min(happened) as sale
        from sales
        group by customer_id
      )
      select cast(count(*) as integer) as n,
        cast(count(*) filter (where exists (
          select 1
          from sales s
          where s.customer_id = f.customer_id
            and s.happened > f.sale + ${after} * ${dayMicros}
            and s.happened <= f.sale + ${after + looked} * ${dayMicros}
        )) as integer) as back
      from firsts f
      where f.sale + ${after + looked} * ${dayMicros} <= $1`,
    values: [asOf],
  })
  if (!base || base.n < 300 || base.back === 0) return null
  const back = wilson(base.back, base.n)
  const share = back.value ?? 0
  const found = given
    .map((each) => ({ ...each, n: counts.find(({ id }) => id === each.id)?.n ?? 0 }))
    .map((each) => ({ ...each, enough: needed(share, share + worthSeeing, base.n / Math.max(1, each.n)) }))
    .find((each) => each.n >= 5 && each.n < each.enough / 3)
  if (!found) return null
  return {
    id: 'cannot-tell',
    claim: 'not enough to tell',
    sentence: `We can't tell whether “${found.name}” matters: ${counted(found.n, 'customer')} got it; about ${whole(roughly(found.enough))} are needed to see 5 in 100 more coming back (now ${inHundred(back)} within a year).`,
    figures: [
      { name: `Got “${found.name}”`, value: found.n, low: null, high: null, n: found.n, unit: 'customers' },
      { name: 'Needed', value: found.enough, low: null, high: null, n: base.n, unit: 'customers' },
      shareFigure('Come back within a year', back),
    ],
    n: found.n,
    link: '/journey',
  }
}

/** To two digits: a plan, not a measurement. */
function roughly(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.round(value / step) * step
}

async function touchpointsFor(
  store: Store,
  purposes: string[],
  by: 'us' | 'customer' = 'us',
): Promise<number[]> {
  const found = await rows(
    store.db,
    sql<{ id: number }>`
      select id
      from touchpoints
      where by = ${by}
        and purpose = any(${purposes}::text[])
      order by id`,
  )
  return found.map(({ id }) => id)
}

/** "$3, $4, $5": places for that many values. */
function numbered(values: readonly unknown[], from: number): string {
  return values.map((_, index) => `$${from + index}`).join(', ')
}

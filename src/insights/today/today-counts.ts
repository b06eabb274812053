// How many of everything Today shows, and what the month has come to.
import { sql } from 'kysely'
import { type Db, row } from '../../store/database.ts'
import { boughtWithin, bringers, daysBefore, doubting, fresh, silentAfter, week } from './today-questions.ts'

export interface Counts {
  customers: number
  interactions: boolean
  /** Customers with promises broken lately that nobody has made good, and those promises. */
  broken: number
  brokenPromises: number
  /** Broken whenever and not made good, as the promises page counts them. */
  unmended: number
  brokenThisWeek: number
  brokenTaken: number
  doubting: number
  silent: number
  silentValued: number
  valuedMinor: number | null
  careSeen: boolean
  renewals: number
  unthanked: number
  kind: number
}

/** How many of everything. Customers are counted to 300 only: it decides whether cases or figures come first. */
export async function countToday(db: Db, now: Date): Promise<Counts> {
  const found = await row(
    db,
    sql<Counts>`
      with broken as (
        select c.canonical_id as customer, e.mended_at, e.mending_at, e.decided_at, e.customer_id, e.id
        from expectations e
        join customers c on c.id = e.customer_id
        where e.state = 'broken'
          and e.stated_by = 'us'
          and e.decided_at > ${daysBefore(now, fresh)}
          and e.decided_at <= ${now}
      ), silent as (
        select value_minor
        from standings
        where last_sale_at < ${daysBefore(now, silentAfter)}
          and last_sale_at >= ${daysBefore(now, boughtWithin)}
          and coalesce(last_cared_at < ${daysBefore(now, silentAfter)}, true)
      ), valued as (
        -- a round sum that about a quarter of all buyers reach
        select round(percentile_disc(0.75) within group (order by value_minor)::numeric, -4)::bigint as minor
        from standings
        where sales > 0
      )
      select
        (select count(*)::integer from (select from customers where canonical_id = id limit 300) as counted) as customers,
        exists (select from interactions) as interactions,
        (select count(distinct customer)::integer from broken where mended_at is null) as broken,
        (select count(*)::integer from broken where mended_at is null) as "brokenPromises",
        (select count(*)::integer from expectations where state = 'broken' and mended_at is null) as unmended,
        (select count(*)::integer from broken where decided_at > ${daysBefore(now, week)}) as "brokenThisWeek",
        (select count(distinct customer)::integer from broken where mended_at is null and mending_at is not null)
          as "brokenTaken",
        (${doubtingCount(now)}) as doubting,
        (select count(*)::integer from silent) as silent,
        (select count(*)::integer from silent, valued where value_minor > minor) as "silentValued",
        (select minor from valued) as "valuedMinor",
        exists (select from standings where last_cared_at is not null) as "careSeen",
        (
          select count(*)::integer
          from purchases
          where renews_at between ${daysBefore(now, 14)} and ${daysBefore(now, -30)}
            and state in ('sold', 'delivered', 'renewed')
        ) as renewals,
        (select count(*)::integer from (${bringers(now)}) as those) as unthanked,
        (
          select count(distinct c.canonical_id)::integer
          from interactions i
          join customers c on c.id = i.customer_id
          where i.at > ${daysBefore(now, week)}
            and i.at <= ${now}
            and i.evidence = 1
            and i.experience >= 50
            and i.words is not null
            and i.restricted_to is null
        ) as kind`,
  )
  if (!found) throw new Error('nothing was counted')
  return found
}

const doubtingCount = (now: Date) => sql`select count(*)::integer ${doubting(now)}`

export interface MonthRow {
  sales: number
  cameBack: number
  referrals: number
  rightly: number
  asked: number
  kept: number
  decided: number
}

/** What this calendar month has come to so far. */
export async function countMonth(db: Db, from: Date, now: Date): Promise<MonthRow> {
  const found = await row(
    db,
    sql<MonthRow>`
      with sold as (
        select c.canonical_id as customer, p.sold_at
        from purchases p
        join customers c on c.id = p.customer_id
        where p.sold_at >= ${from}
          and p.sold_at <= ${now}
          and p.state <> 'cancelled'
          and p.kind <> 'contract'
      ), buyers as (
        select distinct on (s.customer) s.customer, st.first_sale_at < ${from} as came_back
        from sold s
        left join standings st on st.customer_id = s.customer
        order by s.customer
      ), answers as (
        select i.experience
        from interactions i
        left join touchpoints t on t.id = i.touchpoint_id
        where i.at >= ${from}
          and i.at <= ${now}
          and i.evidence = 1
          and not i.judgement
          and coalesce(i.properties ->> 'survey', i.properties ->> 'question', t.name)
            ~* '(choose|chose|choice|decision).*(right)|right.*(choice|decision)'
      ), decided as (
        select state
        from expectations
        where stated_by = 'us'
          and decided_at >= ${from}
          and decided_at <= ${now}
          and state in ('kept', 'exceeded', 'broken')
      )
      select
        (select count(*)::integer from buyers) as sales,
        (select count(*)::integer from buyers where came_back) as "cameBack",
        (
          select count(*)::integer
          from touchpoints t
          join interactions i on i.touchpoint_id = t.id
          where t.purpose = 'refer' and not i.judgement and i.at >= ${from} and i.at <= ${now}
        ) as referrals,
        (select count(*) filter (where experience >= 50)::integer from answers) as rightly,
        (select count(*)::integer from answers) as asked,
        (select count(*) filter (where state <> 'broken')::integer from decided) as kept,
        (select count(*)::integer from decided) as decided`,
  )
  if (!found) throw new Error('nothing was counted')
  return found
}

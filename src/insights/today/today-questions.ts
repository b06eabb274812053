// What Today looks up. Ids are canonical; limits are small; every list comes with how many there are in all.
import { type RawBuilder, sql } from 'kysely'
import { type Db, row, rows } from '../../store/database.ts'

/** Days that a broken promise stays on Today: after that it is on the promises page only. */
export const fresh = 30
/** Days within which what a customer said counts as said just now. */
const week = 7
/** Days without a caring word after which a buyer counts as left alone, and how long ago they may have bought. */
export const silentAfter = 60
export const boughtWithin = 365

export interface BrokenRow {
  customerId: number
  expectationId: number
  promise: string
  statement: string
  dimension: 'days' | 'money' | 'points'
  currency: string | null
  gap: number | null
  awaited: boolean
  toldBefore: boolean | null
  dueAt: Date | null
  decidedAt: Date
  /** Times the customer has asked for help since it was promised. */
  asked: number
  words: string | null
  takenBy: string | null
}

const words = (since: RawBuilder<unknown>, customer: RawBuilder<unknown>) => sql`
  select i.words
  from interactions i
  join customers m on m.id = i.customer_id
  left join touchpoints t on t.id = i.touchpoint_id
  where m.canonical_id = ${customer}
    and i.words is not null
    and i.restricted_to is null
    and not i.judgement
    and (i.evidence = 1 or t.by = 'customer')
    and i.at >= ${since}
  order by i.at desc
  limit 1`

/** Promises broken lately that nobody has made good: one a customer, those who asked or wait first. */
export async function brokenPromises(db: Db, now: Date, limit: number): Promise<BrokenRow[]> {
  return rows(
    db,
    sql<BrokenRow>`
      with broken as (
        select distinct on (c.canonical_id) c.canonical_id as customer, e.*, r.name as promise
        from expectations e
        join customers c on c.id = e.customer_id
        left join expectation_rules r on r.id = e.rule_id
        where e.state = 'broken'
          and e.stated_by = 'us'
          and e.mended_at is null
          and e.decided_at > ${daysBefore(now, fresh)}
          and e.decided_at <= ${now}
        order by c.canonical_id, e.awaited desc, e.decided_at desc, e.id
      ), known as (
        select b.*, (
            select count(*)::integer
            from interactions i
            join customers m on m.id = i.customer_id
            join touchpoints t on t.id = i.touchpoint_id
            where m.canonical_id = b.customer
              and t.by = 'customer'
              and t.purpose = 'help'
              and not i.judgement
              and i.at > b.opened_at
          ) as asked
        from broken b
      ), first_ones as (
        select *
        from known
        order by mending_at is not null, asked > 0 desc, awaited desc, told_before is false desc, decided_at desc, id
        limit ${limit}
      )
      select f.customer as "customerId", f.id as "expectationId", coalesce(f.promise, f.statement) as promise,
        f.statement, f.dimension, f.currency, f.gap, f.awaited, f.told_before as "toldBefore", f.due_at as "dueAt",
        f.decided_at as "decidedAt", f.asked, f.mending_by as "takenBy",
        (${words(sql`f.opened_at`, sql`f.customer`)}) as words
      from first_ones f`,
  )
}

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

export interface DoubtRow {
  customerId: number
  fact: unknown
  words: string | null
  since: Date
  takenBy: string | null
}

/** In doubt since lately, and nobody has cared since. Those with a broken promise stand under that. */
const doubting = (now: Date) => sql`
  from standings s
  where s.state = 'doubting'
    and s.since > ${daysBefore(now, 60)}
    and coalesce(s.last_cared_at < s.since, true)
    and not exists (
      select from expectations e
      join customers m on m.id = e.customer_id
      where m.canonical_id = s.customer_id
        and e.state = 'broken'
        and e.stated_by = 'us'
        and e.mended_at is null
        and e.decided_at > ${daysBefore(now, fresh)}
    )`

const doubtingCount = (now: Date) => sql`select count(*)::integer ${doubting(now)}`

export async function doubtingCustomers(db: Db, now: Date, limit: number): Promise<DoubtRow[]> {
  return rows(
    db,
    sql<DoubtRow>`
      with those as (
        select s.customer_id, s.facts, s.since, s.value_minor ${doubting(now)}
      )
      select o.customer_id as "customerId", o.facts -> 0 as fact, o.since, k.member_name as "takenBy",
        coalesce(o.facts -> 0 ->> 'words', (${words(sql`o.since`, sql`o.customer_id`)})) as words
      from those o
      left join takings k on k.customer_id = o.customer_id and k.kind = 'doubt' and k.at >= o.since
      left join scores v on v.customer_id = o.customer_id
      order by k.at is not null, v.score, o.since desc, o.customer_id
      limit ${limit}`,
  )
}

export interface BringerRow {
  customerId: number
  brought: number
  lastAt: Date
  names: string[] | null
  words: string | null
  takenBy: string | null
}

/** Who brought others in the last year and has not been thanked since. */
const bringers = (now: Date) => sql`
  select c.canonical_id as customer, count(*)::integer as brought, max(i.at) as last_at,
    array_agg(i.properties ->> 'referred_name' order by i.at desc)
      filter (where jsonb_typeof(i.properties -> 'referred_name') = 'string') as names
  from touchpoints t
  join interactions i on i.touchpoint_id = t.id
  join customers c on c.id = i.customer_id
  where t.purpose = 'refer'
    and not i.judgement
    and i.at > ${daysBefore(now, 365)}
    and i.at <= ${now}
  group by c.canonical_id
  having not exists (
    select from interactions y
    join customers m on m.id = y.customer_id
    where m.canonical_id = c.canonical_id
      and y.at > max(i.at)
      and y.name ilike '%thank%'
  )`

export async function customersToThank(db: Db, now: Date, limit: number): Promise<BringerRow[]> {
  return rows(
    db,
    sql<BringerRow>`
      with those as (${bringers(now)})
      select o.customer as "customerId", o.brought, o.last_at as "lastAt", o.names, k.member_name as "takenBy",
        (
          select i.words
          from interactions i
          join customers m on m.id = i.customer_id
          where m.canonical_id = o.customer
            and i.words is not null
            and i.restricted_to is null
            and not i.judgement
            and i.experience >= 50
          order by i.at desc
          limit 1
        ) as words
      from those o
      left join takings k on k.customer_id = o.customer and k.kind = 'thank' and k.at >= o.last_at
      order by k.at is not null, o.last_at desc
      limit ${limit}`,
  )
}

/** Who said lately that they will see to these customers' renewals, unless somebody has spoken with them since. */
export async function renewalsTaken(db: Db, now: Date, customers: number[]): Promise<Map<number, string>> {
  const found = await rows(
    db,
    sql<{ customerId: number; name: string }>`
      select k.customer_id as "customerId", k.member_name as name
      from takings k
      left join standings s on s.customer_id = k.customer_id
      where k.kind = 'renewal'
        and k.customer_id = any(${customers}::bigint[])
        and k.at > ${daysBefore(now, 60)}
        and coalesce(s.last_cared_at < k.at, true)`,
  )
  return new Map(found.map(({ customerId, name }) => [customerId, name]))
}

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

export interface ImportRow {
  id: number
  name: string
  state: string
  progress: { step?: string; done?: number; total?: number }
}

export async function importsUnderWay(db: Db): Promise<ImportRow[]> {
  return rows(
    db,
    sql<ImportRow>`
      select id, name, state, progress
      from imports
      where state in ('waiting', 'running', 'undoing')
      order by id
      limit 5`,
  )
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000)
}

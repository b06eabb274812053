// What Today looks up. Ids are canonical; limits are small; every list comes with how many there are in all.
import { type RawBuilder, sql } from 'kysely'
import { type Db, rows } from '../../store/database.ts'

/** Days that a broken promise stays on Today: after that it is on the promises page only. */
export const fresh = 30
/** Days within which what a customer said counts as said just now. */
export const week = 7
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

export interface DoubtRow {
  customerId: number
  fact: unknown
  words: string | null
  since: Date
  takenBy: string | null
}

/** In doubt since lately, and nobody has cared since. Those with a broken promise stand under that. */
export const doubting = (now: Date) => sql`
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
export const bringers = (now: Date) => sql`
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

export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000)
}

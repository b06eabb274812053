import { sql } from 'kysely'
import { type Db, row, rows } from '../store/database.ts'
import type { StandingState } from './schema.ts'

export interface CustomerRow {
  id: number
  kind: 'person' | 'company'
  name: string | null
  traits: Record<string, unknown>
  timeZone: string | null
  firstSeenAt: string
  lastSeenAt: string
}

/** Who a canonical customer is: what its own row says wins over what the rows joined to it say. */
export async function readCustomer(db: Db, id: number): Promise<CustomerRow | undefined> {
  const found = await rows(
    db,
    sql<CustomerRow>`
      select
        id, kind, name, traits, time_zone as "timeZone",
        to_char(first_seen_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "firstSeenAt",
        to_char(last_seen_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "lastSeenAt"
      from customers
      where canonical_id = ${id}
      order by id = ${id} desc, id`,
  )
  const [own, ...joined] = found
  if (!own) return undefined
  return {
    ...own,
    name: found.find((each) => each.name)?.name ?? null,
    timeZone: found.find((each) => each.timeZone)?.timeZone ?? null,
    traits: Object.assign({}, ...joined.toReversed().map((each) => each.traits), own.traits),
    firstSeenAt: found.map((each) => each.firstSeenAt).sort()[0] ?? own.firstSeenAt,
    lastSeenAt:
      found
        .map((each) => each.lastSeenAt)
        .sort()
        .at(-1) ?? own.lastSeenAt,
  }
}

export interface IdentityRow {
  kind: string
  source: string
  value: string
  firstSeenAt: string
}

/** What a customer is known by, what a person recognises first. */
export async function readIdentities(db: Db, id: number): Promise<IdentityRow[]> {
  return rows(
    db,
    sql<IdentityRow>`
      select
        i.kind, i.source, i.value,
        to_char(i.first_seen_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "firstSeenAt"
      from customers c
      join identities i on i.customer_id = c.id
      where c.canonical_id = ${id}
      order by
        array_position(array['email', 'phone', 'user_id', 'external', 'order', 'anonymous_id'], i.kind),
        i.first_seen_at, i.value
      limit 200`,
  )
}

export interface MembershipRow {
  id: number
  name: string | null
  identity: string | null
  role: string | null
  state: StandingState
  total: number
}

/** The people of a company, or the companies of a person. */
export async function readMemberships(
  db: Db,
  id: number,
  which: 'people' | 'companies',
): Promise<MembershipRow[]> {
  const here = which === 'people' ? sql.ref('m.company_id') : sql.ref('m.customer_id')
  const there = which === 'people' ? sql.ref('m.customer_id') : sql.ref('m.company_id')
  return rows(
    db,
    sql<MembershipRow>`
      with found as (
        select other.canonical_id as id, max(m.role) as role
        from customers own
        join memberships m on ${here} = own.id
        join customers other on other.id = ${there}
        where own.canonical_id = ${id}
        group by other.canonical_id
      )
      select
        c.id, c.name, found.role, coalesce(s.state, 'courting') as state, count(*) over () as total,
        (
          select i.value
          from identities i
          where i.customer_id = c.id
          order by array_position(array['email', 'phone', 'user_id', 'external', 'order', 'anonymous_id'], i.kind), i.value
          limit 1
        ) as identity
      from found
      join customers c on c.id = found.id
      left join standings s on s.customer_id = c.id
      order by lower(c.name) nulls last, c.id
      limit 200`,
  )
}

export interface ExperienceRow {
  evidence: 'said' | 'inferred' | 'impression'
  side: 'before' | 'after'
  n: number
  sum: number
  squares: number
}

/** How it was before the first sale and after it, by whose word it is; what can be added up of it. */
export async function readExperience(db: Db, id: number, firstSale: string | null): Promise<ExperienceRow[]> {
  return rows(
    db,
    sql<ExperienceRow>`
      with life as (
        select id as row_id
        from customers
        where canonical_id = ${id}
        union
        select person.id
        from customers company
        join memberships on memberships.company_id = company.id
        join customers member on member.id = memberships.customer_id
        join customers person on person.canonical_id = member.canonical_id
        where company.canonical_id = ${id}
      )
      select
        (array['said', 'inferred', 'impression'])[i.evidence] as evidence,
        case when i.at >= ${firstSale}::timestamptz then 'after' else 'before' end as side,
        count(*) as n,
        sum(i.experience / 100.0)::double precision as sum,
        sum(i.experience / 100.0 * i.experience / 100.0)::double precision as squares
      from life
      join interactions i on i.customer_id = life.row_id
      where i.experience is not null and not i.judgement
      group by 1, 2`,
  )
}

export interface PromiseRow {
  statement: string
  state: 'kept' | 'exceeded' | 'broken'
  awaited: boolean
  dimension: 'days' | 'money' | 'points'
  currency: string | null
  gap: number | null
  dueAt: Date | null
  dueText: string | null
  precision: string | null
  toldBefore: boolean | null
  /** What kept or broke it is the delivery of what was bought. */
  isDelivery: boolean
  mendedAt: Date | null
}

interface SaleRow {
  name: string | null
  at: Date
  valueMinor: number | null
  currency: string | null
}

/** What the sentence over a customer's page is made of. */
export interface Happenings {
  lastSale: SaleRow | null
  /** The latest judged promise that stands broken, else the latest judged one. */
  promise: PromiseRow | null
  helpSince: number
  complaintsSince: number
  /** The channels through which we see this customer. */
  channels: string[]
}

export async function readHappenings(db: Db, id: number, since: string | null): Promise<Happenings> {
  const life = sql`
    select id
    from customers
    where canonical_id = ${id}
    union
    select person.id
    from customers company
    join memberships on memberships.company_id = company.id
    join customers member on member.id = memberships.customer_id
    join customers person on person.canonical_id = member.canonical_id
    where company.canonical_id = ${id}`
  const [lastSale, promise, counts] = await Promise.all([
    row(
      db,
      sql<SaleRow>`
        select name, coalesce(sold_at, delivered_at) as at, value_minor as "valueMinor", currency
        from purchases
        where customer_id in (${life}) and state not in ('proposed', 'cancelled')
          and coalesce(sold_at, delivered_at) is not null
        order by coalesce(sold_at, delivered_at) desc
        limit 1`,
    ),
    row(
      db,
      sql<PromiseRow>`
        select
          e.statement, e.state, e.awaited, e.dimension, e.currency, e.gap, e.due_at as "dueAt",
          e.due_text as "dueText", e.precision, e.told_before as "toldBefore", e.mended_at as "mendedAt",
          coalesce(e.came_at = p.delivered_at, false) as "isDelivery"
        from expectations e
        left join purchases p on p.customer_id = e.customer_id and p.id = e.purchase_id
        where e.customer_id in (${life}) and e.state in ('kept', 'exceeded', 'broken')
        order by
          (e.state = 'broken' and e.mended_at is null) desc,
          coalesce(e.came_at = p.delivered_at, false) desc,
          coalesce(e.decided_at, e.due_at) desc nulls last
        limit 1`,
    ),
    row(
      db,
      sql<{ help: number; complaints: number; channels: string[] }>`
        select
          count(*) filter (
            where i.at >= ${since}::timestamptz
              and ((t.purpose = 'help' and t.by = 'customer') or (t.id is null and i.name = 'Support Contacted'))
              and lower(i.name) <> 'complaint received'
          ) as help,
          count(*) filter (
            where i.at >= ${since}::timestamptz and lower(i.name) = 'complaint received'
          ) as complaints,
          coalesce(array_agg(distinct i.channel) filter (where i.channel <> '' and not i.judgement), '{}') as channels
        from interactions i
        left join touchpoints t on t.id = i.touchpoint_id
        where i.customer_id in (${life})`,
    ),
  ])
  return {
    lastSale: lastSale ?? null,
    promise: promise ?? null,
    helpSince: counts?.help ?? 0,
    complaintsSince: counts?.complaints ?? 0,
    channels: counts?.channels ?? [],
  }
}

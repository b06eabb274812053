// One customer's life, read back. Every page of it costs the same however long the life is: each row of
// customers that belongs to it is read through its own index in order of time, and the pages are merged.
import { type RawBuilder, sql } from 'kysely'
import { type Role, roles } from '../lib/http.ts'
import { type Db, rows } from '../store/database.ts'
import type { TimelineFilter, TimelineItem } from './schema.ts'

/** Who reads: decides which restricted words are shown. What members wrote themselves they always see. */
export interface Reader {
  id: string
  role: Role | null
}

/** A place between two interactions: the time as Postgres writes it (microseconds), and the id. */
export interface Place {
  at: string
  id: number
}

export type TimelineRow = TimelineItem & { exactAt: string }

/**
 * The interactions next to `from` on its older or newer side, the nearest first.
 * @param customer a canonical id; a company's timeline holds its people's interactions too
 */
export async function readTimeline(
  db: Db,
  customer: number,
  reader: Reader,
  filter: TimelineFilter,
  from: Place | undefined,
  direction: 'older' | 'newer',
  limit: number,
): Promise<TimelineRow[]> {
  const beyond =
    from === undefined
      ? sql`true`
      : direction === 'older'
        ? sql`(i.at, i.id) < (${from.at}::timestamptz, ${from.id}::bigint)`
        : sql`(i.at, i.id) > (${from.at}::timestamptz, ${from.id}::bigint)`
  const order = direction === 'older' ? sql`at desc, id desc` : sql`at, id`
  return rows(
    db,
    sql<TimelineRow>`
      with ${life(customer)},
      page as (
        select i.*, life.person
        from life
        cross join lateral (
          select *
          from interactions i
          where i.customer_id = life.row_id and ${beyond} and ${matching(filter, reader)}
          order by ${order}
          limit ${limit}
        ) i
        order by ${order}
        limit ${limit}
      )
      select
        page.id, page.person as "customerId",
        to_char(page.at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, page.at::text as "exactAt",
        page.name, page.channel,
        case when t.id is not null then jsonb_build_object(
          'id', t.id, 'name', t.name, 'stage', s.name, 'side', s.side, 'purpose', t.purpose, 'by', t.by
        ) end as touchpoint,
        page.experience,
        (array['said', 'inferred', 'impression'])[page.evidence] as evidence,
        case when not ${hidden(reader, 'page')} then page.words end as words,
        case when ${hidden(reader, 'page')} then '{}' else page.properties end as properties,
        ${hidden(reader, 'page')} as hidden,
        page.restricted_to as "restrictedTo",
        page.source, page.judgement,
        -- without a place on the map a purchase still says when it was sold
        not page.judgement and coalesce(t.purpose = 'sale', p.sold_at = page.at, false) as sale,
        case when page.member_id is not null then jsonb_build_object('id', page.member_id, 'name', m.name) end as member,
        case when page.person <> ${customer} then jsonb_build_object('id', page.person, 'name', person.name) end as person,
        case when p.id is not null then jsonb_build_object(
          'id', p.id, 'kind', p.kind, 'key', p.key, 'name', p.name, 'valueMinor', p.value_minor, 'currency', p.currency
        ) end as purchase
      from page
      join customers person on person.id = page.person
      left join touchpoints t on t.id = page.touchpoint_id
      left join stages s on s.id = t.stage_id
      left join auth.member m on m.id = page.member_id
      left join lateral (
        select bought.*
        from life own
        join purchases bought on bought.customer_id = own.row_id and bought.id = page.purchase_id
        where page.purchase_id is not null and own.person = page.person
        limit 1
      ) p on true
      order by ${direction === 'older' ? sql`page.at desc, page.id desc` : sql`page.at, page.id`}`,
  )
}

export interface Month {
  /** "2026-05", in the time zone asked for. */
  month: string
  interactions: number
  good: number
  bad: number
  sales: number
}

/** How much happened in each month, the newest first. */
export async function readMonths(
  db: Db,
  customer: number,
  reader: Reader,
  filter: TimelineFilter,
  timeZone: string,
): Promise<Month[]> {
  return rows(
    db,
    sql<Month>`
      with ${life(customer)}
      select
        to_char(i.at at time zone ${timeZone}, 'YYYY-MM') as month,
        count(*) as interactions,
        count(*) filter (where i.experience > 0 and i.evidence <> 2) as good,
        count(*) filter (where i.experience < 0 and i.evidence <> 2) as bad,
        count(*) filter (where t.purpose = 'sale') as sales
      from life
      join interactions i on i.customer_id = life.row_id
      left join touchpoints t on t.id = i.touchpoint_id
      where ${matching(filter, reader)}
      group by 1
      order by 1 desc`,
  )
}

export interface Choices {
  channels: { channel: string; interactions: number }[]
  touchpoints: { id: number; name: string; interactions: number }[]
}

/** What the timeline can be filtered by: only what is on it. */
export async function readChoices(db: Db, customer: number): Promise<Choices> {
  const found = await rows(
    db,
    sql<{ channel: string; id: number | null; name: string | null; interactions: number }>`
      with ${life(customer)}
      select i.channel, t.id, t.name, count(*) as interactions
      from life
      join interactions i on i.customer_id = life.row_id
      left join touchpoints t on t.id = i.touchpoint_id
      group by i.channel, t.id, t.name`,
  )
  const channels = new Map<string, number>()
  const touchpoints = new Map<number, { id: number; name: string; interactions: number }>()
  for (const { channel, id, name, interactions } of found) {
    if (channel !== '') channels.set(channel, (channels.get(channel) ?? 0) + interactions)
    if (id === null) continue
    const touchpoint = touchpoints.get(id) ?? { id, name: name ?? '', interactions: 0 }
    touchpoint.interactions += interactions
    touchpoints.set(id, touchpoint)
  }
  return {
    channels: [...channels]
      .map(([channel, interactions]) => ({ channel, interactions }))
      .sort((a, b) => b.interactions - a.interactions),
    touchpoints: [...touchpoints.values()].sort((a, b) => b.interactions - a.interactions),
  }
}

/** Customers known by exactly this email, phone number or id, whatever system gave it. */
export async function findByIdentity(
  db: Db,
  values: string[],
): Promise<{ id: number; name: string | null; kind: 'person' | 'company' }[]> {
  return rows(
    db,
    sql<{ id: number; name: string | null; kind: 'person' | 'company' }>`
      select distinct c.id, c.name, c.kind
      from identities
      join customers own on own.id = identities.customer_id
      join customers c on c.id = own.canonical_id
      where identities.value = any(${values}::text[])
      order by c.id
      limit 20`,
  )
}

/** life(row_id, person): the rows of customers that make up a life, each with the canonical id of the person it is about. */
function life(customer: number): RawBuilder<unknown> {
  return sql`
    life as (
      select id as row_id, canonical_id as person
      from customers
      where canonical_id = ${customer}
      union
      select person.id, person.canonical_id
      from customers company
      join memberships on memberships.company_id = company.id
      join customers member on member.id = memberships.customer_id
      join customers person on person.canonical_id = member.canonical_id
      where company.canonical_id = ${customer}
    )`
}

/** Whether the words and properties of a row are above the reader's role. */
function hidden(reader: Reader, table: 'page' | 'i'): RawBuilder<boolean> {
  const rank = reader.role === null ? 0 : roles.indexOf(reader.role)
  const above = roles.slice(rank + 1)
  const name = sql.ref(table)
  return sql<boolean>`(
    coalesce(${name}.restricted_to = any(${above}::text[]), false)
    and ${name}.member_id is distinct from ${reader.id}
  )`
}

function matching(filter: TimelineFilter, reader: Reader): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (filter.touchpoint !== undefined) conditions.push(sql`i.touchpoint_id = ${filter.touchpoint}`)
  if (filter.channel !== undefined) conditions.push(sql`i.channel = ${filter.channel}`)
  if (filter.side !== undefined)
    conditions.push(sql`
      i.touchpoint_id in (
        select placed.id
        from touchpoints placed
        join stages on stages.id = placed.stage_id
        where stages.side = ${filter.side}
      )`)
  if (filter.kind === 'words') conditions.push(sql`i.words is not null and not ${hidden(reader, 'i')}`)
  if (filter.kind === 'rated') conditions.push(sql`i.experience is not null and i.evidence = 1`)
  if (filter.kind === 'promises') conditions.push(sql`i.judgement`)
  if (filter.kind === 'logged') conditions.push(sql`i.source = 'member'`)
  if (filter.kind === 'purchases')
    conditions.push(sql`
      (i.purchase_id is not null
        or i.touchpoint_id in (select placed.id from touchpoints placed where placed.purpose = 'sale'))`)
  return sql.join(conditions, sql` and `)
}

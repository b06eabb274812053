import { z } from '@hono/zod-openapi'
import { type RawBuilder, sql } from 'kysely'
import { NotFound } from '../lib/errors.ts'
import { type Db, row, rows } from '../store/database.ts'
import { customerKinds, validationStates } from './schema.ts'

/** A customer in one line of a list. */
export const customerSummarySchema = z
  .object({
    id: z.number().int(),
    kind: z.enum(customerKinds),
    /** The name, or what else the customer is known by, or "Visitor 123". */
    label: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    company: z.object({ id: z.number().int(), label: z.string() }).nullable(),
    state: z.enum(validationStates),
    /** How far experiences since the sale confirm the choice, 0 to 100; null: not enough evidence yet. */
    score: z.number().int().nullable(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    interactions: z.number().int(),
    sales: z.number().int(),
    valueMinor: z.number().int(),
    currency: z.string().nullable(),
    lastWords: z.string().nullable(),
    openExpectations: z.number().int(),
    brokenUnmended: z.number().int(),
    referred: z.number().int(),
    lastSaleAt: z.iso.datetime().nullable(),
    lastCaredAt: z.iso.datetime().nullable(),
  })
  .openapi('CustomerSummary')
export type CustomerSummary = z.infer<typeof customerSummarySchema>

/** Canonical id of the life that this customer's rows belong to now. @throws NotFound */
export async function canonicalId(db: Db, id: number): Promise<number> {
  const found = await row(
    db,
    sql<{ canonical_id: number }>`select canonical_id from customers where id = ${id}::bigint`,
  )
  if (!found) throw new NotFound('customer', id)
  return found.canonical_id
}

/** Every id whose rows belong to this customer's life. */
export async function idsOfLife(db: Db, canonical: number): Promise<number[]> {
  const found = await rows(
    db,
    sql<{ id: number }>`select id from customers where canonical_id = ${canonical}::bigint order by id`,
  )
  return found.map(({ id }) => id)
}

/** Customers by their canonical ids, in the order given; ids that are nobody's are left out. */
export async function customerSummaries(db: Db, ids: number[]): Promise<CustomerSummary[]> {
  if (ids.length === 0) return []
  return rows(
    db,
    summariesOf(sql`
      select id, position
      from unnest(${ids}::bigint[]) with ordinality as wanted(id, position)`),
  )
}

/** One customer. @throws NotFound */
export async function customerSummary(db: Db, id: number): Promise<CustomerSummary> {
  const [found] = await customerSummaries(db, [await canonicalId(db, id)])
  if (!found) throw new NotFound('customer', id)
  return found
}

/** @param page gives `id` (canonical) and `position` to order by */
export function summariesOf(page: RawBuilder<unknown>): RawBuilder<CustomerSummary> {
  return sql<CustomerSummary>`
    with page as materialized (${page})
    select
      c.id,
      c.kind,
      coalesce(named.name, email.value, phone.value, other.value,
        case c.kind when 'company' then 'Company ' else 'Visitor ' end || c.id) as label,
      named.name,
      email.value as email,
      phone.value as phone,
      company.company,
      coalesce(s.state, 'courting') as state,
      scored.score,
      ${iso(sql`seen.first`)} as "firstSeenAt",
      ${iso(sql`greatest(s.last_seen_at, seen.last)`)} as "lastSeenAt",
      coalesce(s.interactions, 0) as interactions,
      coalesce(s.sales, 0) as sales,
      coalesce(s.value_minor, 0) as "valueMinor",
      s.currency,
      s.last_words as "lastWords",
      coalesce(s.open_expectations, 0) as "openExpectations",
      coalesce(s.broken_unmended, 0) as "brokenUnmended",
      coalesce(s.referred, 0) as referred,
      ${iso(sql`s.last_sale_at`)} as "lastSaleAt",
      ${iso(sql`s.last_cared_at`)} as "lastCaredAt"
    from page
    join customers c on c.id = page.id and c.canonical_id = c.id
    left join standings s on s.customer_id = c.id
    left join scores scored on scored.customer_id = c.id
    cross join lateral (
      select min(first_seen_at) as first, max(last_seen_at) as last
      from customers
      where canonical_id = c.id
    ) as seen
    left join lateral (
      select name
      from customers
      where canonical_id = c.id and name is not null
      order by (id = c.id) desc, id
      limit 1
    ) as named on true
    left join lateral (${identityOf('email')}) as email on true
    left join lateral (${identityOf('phone')}) as phone on true
    left join lateral (
      select i.value
      from customers m
      join identities i on i.customer_id = m.id
      where m.canonical_id = c.id and i.kind in ('user_id', 'external')
      order by i.first_seen_at, i.value
      limit 1
    ) as other on true
    left join lateral (
      select json_build_object('id', owner.id, 'label', coalesce(owner.name, 'Company ' || owner.id)) as company
      from customers m
      join memberships on memberships.customer_id = m.id
      join customers joined on joined.id = memberships.company_id
      join customers owner on owner.id = joined.canonical_id
      where m.canonical_id = c.id
      order by memberships.since desc, owner.id
      limit 1
    ) as company on true
    order by page.position`
}

function identityOf(kind: 'email' | 'phone'): RawBuilder<unknown> {
  return sql`
    select i.value
    from customers m
    join identities i on i.customer_id = m.id
    where m.canonical_id = c.id and i.kind = ${kind}
    order by i.first_seen_at, i.value
    limit 1`
}

/** An instant as RFC 3339 text in UTC. */
export function iso(instant: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

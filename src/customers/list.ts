// The customers page: pages by keyset, so that the last page of a million costs what the first does. Which
// customers match is a segment's rule; what the filters and the search box say is turned into one.
import { type RawBuilder, sql } from 'kysely'
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js'
import { decodeCursor, encodeCursor } from '../lib/http.ts'
import { type Db, row, rows } from '../store/database.ts'
import type { SegmentRule } from './segment-rule.ts'
import { segmentSql } from './segment-sql.ts'
import { type CustomerSummary, summariesOf } from './summaries.ts'

export const customerSorts = ['seen', 'new', 'name', 'value', 'sales', 'score'] as const
export type CustomerSort = (typeof customerSorts)[number]

export interface CustomerQuestion {
  rule: SegmentRule
  /** Words of a name, the beginning of an email or phone, an id, or an order's id. */
  search?: string | undefined
  sort: CustomerSort
  limit: number
  cursor?: string | undefined
}

export interface CustomerPage {
  items: CustomerSummary[]
  next: string | null
}

/** More hits of a search than these are not looked through: the page asks for another letter. */
export const searchLimit = 1_000

export async function listCustomers(
  db: Db,
  question: CustomerQuestion,
  now = new Date(),
): Promise<CustomerPage> {
  const where = await conditions(db, question, now)
  const sort = sorts[question.sort]
  const after = decodeCursor(question.cursor)
  if (after) where.push(sort.after(after[0] ?? null, Number(after[1])))
  const found = await rows(
    db,
    sql<{ id: number; key: unknown }>`
      select c.id, ${sort.key} as key
      from customers c
      ${sort.judged ? sql`join` : sql`left join`} standings s on s.customer_id = c.id
      ${sort.scored ? sql`join scores v on v.customer_id = c.id` : sql``}
      where ${sql.join(where, sql` and `)}
      order by ${sort.order}
      limit ${question.limit + 1}`,
  )
  const page = found.slice(0, question.limit)
  const last = page.at(-1)
  return {
    items: await summarised(db, page),
    next: found.length > question.limit && last ? encodeCursor([last.key, last.id]) : null,
  }
}

async function summarised(db: Db, page: { id: number }[]): Promise<CustomerSummary[]> {
  if (page.length === 0) return []
  return rows(
    db,
    summariesOf(sql`
      select id, position
      from unnest(${page.map(({ id }) => id)}::bigint[]) with ordinality as wanted(id, position)`),
  )
}

export interface CustomerCount {
  customers: number
  exact: boolean
  /** By where they stand; empty when it was not counted. */
  states: Record<string, number>
}

/**
 * How many customers match. Counted when the planner expects at most a hundred thousand and it takes less
 * than a second; otherwise the planner's estimate, said as such.
 */
export async function countCustomers(
  db: Db,
  question: Pick<CustomerQuestion, 'rule' | 'search'>,
  now = new Date(),
): Promise<CustomerCount> {
  const query = sql`
    select coalesce(s.state, 'courting') as state
    from customers c
    left join standings s on s.customer_id = c.id
    where ${sql.join(await conditions(db, question, now), sql` and `)}`
  const plan = await row(
    db,
    sql<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>`explain (format json) ${query}`,
  )
  const estimate = Math.round(plan?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0)
  if (estimate > 100_000) return { customers: estimate, exact: false, states: {} }
  try {
    const counted = await db.transaction().execute(async (tx) => {
      await sql`set local statement_timeout = '1s'`.execute(tx)
      return rows(
        tx,
        sql<{ state: string; count: number }>`
          select state, count(*) as count
          from (${query}) as found
          group by state`,
      )
    })
    const states = Object.fromEntries(counted.map(({ state, count }) => [state, count]))
    return { customers: counted.reduce((sum, { count }) => sum + count, 0), exact: true, states }
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error
    return { customers: estimate, exact: false, states: {} }
  }
}

async function conditions(
  db: Db,
  question: Pick<CustomerQuestion, 'rule' | 'search'>,
  now: Date,
): Promise<RawBuilder<unknown>[]> {
  const where: RawBuilder<unknown>[] = [sql`(c.canonical_id = c.id) is true`, segmentSql(question.rule, now)]
  const search = question.search?.trim()
  if (search) where.push(sql`c.id = any(${await searchCustomers(db, search)}::bigint[])`)
  return where
}

/** Canonical ids of those whom the words may mean, at most `searchLimit`. */
export async function searchCustomers(db: Db, search: string, limit = searchLimit): Promise<number[]> {
  const text = search.normalize('NFKC').trim()
  if (text === '') return []
  // Emails are stored in small letters; ids as they came, most often in one case.
  const asTyped = `${text.replace(/[\\%_]/g, '\\$&')}%`
  const prefix = asTyped.toLowerCase()
  const inCapitals = asTyped.toUpperCase()
  const phone = await phonePrefix(db, text)
  const id = /^\d{1,15}$/.test(text) ? Number(text) : null
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => `${word}:*`)
    .join(' & ')
  const found = await rows(
    db,
    sql<{ id: number }>`
      with hits as (
        select canonical_id, 0 as rank
        from customers
        where id = ${id}::bigint
        union all
        (select c.canonical_id, 1
        from purchases p
        join customers c on c.id = p.customer_id
        where p.kind in ('order', 'project', 'contract', 'subscription') and p.key = ${text}
        limit ${limit})
        union all
        (select c.canonical_id, 2
        from identities i
        join customers c on c.id = i.customer_id
        where (i.value like ${prefix} or i.value like ${asTyped} or i.value like ${inCapitals}) and i.kind <> 'anonymous_id'
        limit ${limit})
        union all
        (select c.canonical_id, 2
        from identities i
        join customers c on c.id = i.customer_id
        where i.kind = 'phone' and i.value like ${phone}
        limit ${limit})
        union all
        (select canonical_id, 3
        from customers
        where ${words} <> '' and name is not null and to_tsvector('simple', name) @@ to_tsquery('simple', ${words})
        limit ${limit})
      )
      select canonical_id as id
      from hits
      group by canonical_id
      order by min(rank), canonical_id
      limit ${limit}`,
  )
  return found.map((hit) => hit.id)
}

/** The beginning of the E.164 numbers that a typed one may mean, in the workspace's country unless it says another. */
async function phonePrefix(db: Db, text: string): Promise<string | null> {
  const digits = text.replace(/[\s().\-/]/g, '')
  if (!/^(\+|00|0)\d{4,14}$/.test(digits)) return null
  if (!digits.startsWith('0')) return `${digits}%`
  if (digits.startsWith('00')) return `+${digits.slice(2)}%`
  const workspace = await row(db, sql<{ country: string }>`select country from workspace`)
  const country = workspace?.country ?? ''
  return isSupportedCountry(country) ? `+${getCountryCallingCode(country)}${digits.slice(1)}%` : null
}

interface Sort {
  key: RawBuilder<unknown>
  order: RawBuilder<unknown>
  /** Sorted by what only customers who have been judged have. */
  judged: boolean
  /** Sorted by the score: who has none is not in the list. */
  scored?: boolean
  after(key: unknown, id: number): RawBuilder<unknown>
}

const sorts: Record<CustomerSort, Sort> = {
  seen: {
    // As text with microseconds: a Date would lose them and show a customer twice.
    key: sql`s.last_seen_at::text`,
    order: sql`s.last_seen_at desc nulls last, s.customer_id desc`,
    judged: true,
    after: (key, id) =>
      key === null
        ? sql`(s.last_seen_at is null and s.customer_id < ${id}::bigint)`
        : sql`(s.last_seen_at <= ${key}::text::timestamptz
            and (s.last_seen_at < ${key}::text::timestamptz or s.customer_id < ${id}::bigint)
            or s.last_seen_at is null)`,
  },
  new: {
    key: sql`c.id`,
    order: sql`c.id desc`,
    judged: false,
    after: (_, id) => sql`c.id < ${id}::bigint`,
  },
  name: {
    key: sql`lower(c.name)`,
    order: sql`lower(c.name) using ~<~, c.id`,
    judged: false,
    after: (key, id) =>
      key === null
        ? sql`(lower(c.name) is null and c.id > ${id}::bigint)`
        : sql`(lower(c.name) ~>~ ${key}::text or (lower(c.name) = ${key}::text and c.id > ${id}::bigint) or lower(c.name) is null)`,
  },
  value: {
    key: sql`s.value_minor`,
    order: sql`s.value_minor desc, s.customer_id`,
    judged: true,
    after: (key, id) =>
      sql`(s.value_minor <= ${key}::bigint and (s.value_minor < ${key}::bigint or s.customer_id > ${id}::bigint))`,
  },
  sales: {
    key: sql`s.sales`,
    order: sql`s.sales desc, s.customer_id`,
    judged: true,
    after: (key, id) =>
      sql`(s.sales <= ${key}::integer and (s.sales < ${key}::integer or s.customer_id > ${id}::bigint))`,
  },
  // the lowest first: who needs somebody
  score: {
    key: sql`v.score`,
    order: sql`v.score, v.customer_id`,
    judged: false,
    scored: true,
    after: (key, id) => sql`(v.score, v.customer_id) > (${key}::integer, ${id}::bigint)`,
  },
}

/** Names of traits that customers have, the most frequent first, from a few thousand of them. */
export async function traitNames(db: Db): Promise<string[]> {
  const found = await rows(
    db,
    sql<{ name: string }>`
      with recent as (
        select traits
        from customers
        where traits <> '{}'
        order by id desc
        limit 3000
      )
      select key as name
      from recent, jsonb_object_keys(traits) as key
      group by key
      order by count(*) desc, key
      limit 100`,
  )
  return found.map(({ name }) => name)
}

// A segment's rule as one SQL condition over `c`, a canonical row of customers, and `s`, its standing. Every value is a parameter.
//
// A condition over other tables is `exists (… where found.canonical_id = c.id)`: where it must hold, the
// planner makes it a join, by hash for a whole segment or by look-up for one page of the list; elsewhere
// (under "any of") it is a look-up per customer. (`not in (…)` falls back to comparing every customer with
// every row once the rows outgrow the memory of a sort.)
import { type RawBuilder, sql } from 'kysely'
import { never } from '../lib/errors.ts'
import type { SegmentCondition, SegmentRule } from './segment-rule.ts'

type Condition = RawBuilder<boolean>

/** @param now what "the last 30 days" counts back from */
export function segmentSql(rule: SegmentRule, now: Date): Condition {
  if ('all' in rule) return joined(rule.all, now, sql` and `, sql<boolean>`true`)
  if ('any' in rule) return joined(rule.any, now, sql` or `, sql<boolean>`false`)
  if ('not' in rule) {
    const inner = segmentSql(rule.not, now)
    return neverNull(rule.not) ? sql<boolean>`not (${inner})` : sql<boolean>`(${inner}) is not true`
  }
  return conditionSql(rule, now)
}

function joined(rules: SegmentRule[], now: Date, by: RawBuilder<unknown>, none: Condition): Condition {
  if (rules.length === 0) return none
  return sql<boolean>`(${sql.join(
    rules.map((rule) => segmentSql(rule, now)),
    by,
  )})`
}

/** Written with exists alone: `not` then stays one that the planner can turn into an anti-join. */
function neverNull(rule: SegmentRule): boolean {
  return (
    'about' in rule &&
    !['kind', 'seen', 'standing', 'value', 'sales', 'referred', 'silence'].includes(rule.about)
  )
}

function conditionSql(rule: SegmentCondition, now: Date): Condition {
  switch (rule.about) {
    case 'trait':
      return traitSql(rule)
    case 'kind':
      return sql<boolean>`c.kind = ${rule.is}`
    case 'identity':
      return rule.known ? has(known(rule.kind)) : sql<boolean>`not ${has(known(rule.kind))}`
    case 'seen':
      return seenSql(rule, now)
    case 'interaction':
      return counted(interactions(rule, now), rule)
    case 'expectation':
      return counted(expectations(rule, now), rule)
    case 'purchase':
      return counted(purchases(rule, now), rule)
    case 'standing':
      // Who has not been judged yet has not bought as far as we know.
      return rule.states.includes('courting')
        ? sql<boolean>`coalesce(s.state, 'courting') = any(${rule.states}::text[])`
        : sql<boolean>`s.state = any(${rule.states}::text[])`
    case 'value':
      return between(sql`coalesce(s.value_minor, 0)`, rule)
    case 'sales':
      return between(sql`coalesce(s.sales, 0)`, rule)
    case 'referred':
      return between(sql`coalesce(s.referred, 0)`, rule)
    case 'score':
      return has(sql`
        select customer_id as canonical_id
        from scores
        where ${between(sql`score`, rule)}`)
    case 'silence':
      return silenceSql(rule, now)
    case 'company':
      return has(sql`
        select person.canonical_id
        from memberships m
        join customers company on company.id = m.company_id
        join customers person on person.id = m.customer_id
        where company.canonical_id = ${rule.companyId}::bigint`)
    case 'segment':
      return has(sql`
        select customer_id as canonical_id
        from segment_members
        where segment_id = ${rule.segmentId}::bigint`)
    default:
      return never(rule)
  }
}

type About<Name extends SegmentCondition['about']> = Extract<SegmentCondition, { about: Name }>

function traitSql(rule: About<'trait'>): Condition {
  const path = rule.trait.split('.')
  const text = sql`t.traits #>> ${path}::text[]`
  const having = (condition: RawBuilder<unknown>) =>
    has(sql`
    select t.canonical_id
    from customers t
    where ${condition}`)
  const value = String(rule.value ?? '')
  switch (rule.is) {
    case 'present':
      return having(sql`${text} is not null`)
    case 'absent':
      return sql<boolean>`not ${having(sql`${text} is not null`)}`
    case 'equals':
      return having(sql`lower(${text}) = lower(${value})`)
    case 'not':
      return sql<boolean>`not ${having(sql`lower(${text}) = lower(${value})`)}`
    case 'contains':
      return having(sql`strpos(lower(${text}), lower(${value})) > 0`)
    case 'starts':
      return having(sql`starts_with(lower(${text}), lower(${value}))`)
    case 'above':
      return having(sql`${numeric(text)} > ${Number(rule.value)}::double precision`)
    case 'below':
      return having(sql`${numeric(text)} < ${Number(rule.value)}::double precision`)
    default:
      return never(rule.is)
  }
}

/** Whether the customer is among those that `found` gives, one canonical_id a row. */
function has(found: RawBuilder<unknown>): Condition {
  return sql<boolean>`exists (select from (${found}) as found where found.canonical_id = c.id)`
}

/** A number written as text, or null: the check stands inside the case, so that other text never fails the cast. */
function numeric(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${text} ~ '^\\s*-?[0-9]{1,15}(\\.[0-9]{1,15})?\\s*$' then (${text})::double precision end`
}

function known(kind: string): RawBuilder<unknown> {
  return sql`
    select m.canonical_id
    from identities i
    join customers m on m.id = i.customer_id
    where i.kind = ${kind}`
}

function seenSql(rule: About<'seen'>, now: Date): Condition {
  const column =
    rule.which === 'first'
      ? sql`(select min(m.first_seen_at) from customers m where m.canonical_id = c.id)`
      : sql`coalesce(s.last_seen_at, c.last_seen_at)`
  const parts = periodSql(column, rule, now)
  if (rule.notWithinDays) parts.push(sql`${column} < ${daysBefore(now, rule.notWithinDays)}`)
  return sql<boolean>`(${sql.join(parts, sql` and `)})`
}

function silenceSql(rule: About<'silence'>, now: Date): Condition {
  const since = daysBefore(now, rule.days)
  const lately = rule.boughtWithinDays
    ? sql`and s.last_sale_at >= ${daysBefore(now, rule.boughtWithinDays)}`
    : sql``
  return sql<boolean>`(
    s.last_sale_at < ${since}
    and coalesce(s.last_cared_at < ${since}, true)
    ${lately}
  )`
}

function interactions(rule: About<'interaction'>, now: Date): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`not i.judgement`, ...periodSql(sql`i.at`, rule, now)]
  if (rule.event) parts.push(sql`i.name = ${rule.event}`)
  if (rule.touchpointId !== undefined) parts.push(sql`i.touchpoint_id = ${rule.touchpointId}`)
  if (rule.channel) parts.push(sql`i.channel = ${rule.channel}`)
  if (rule.experience === 'good') parts.push(sql`i.experience > 0`)
  if (rule.experience === 'bad') parts.push(sql`i.experience < 0`)
  return sql`
    select m.canonical_id
    from interactions i
    join customers m on m.id = i.customer_id
    where ${sql.join(parts, sql` and `)}`
}

/** When an expectation is decided, the period asks when it was; while it is open, when it is due. */
function expectations(rule: About<'expectation'>, now: Date): RawBuilder<unknown> {
  const at = sql`coalesce(e.decided_at, e.due_at, e.opened_at)`
  const parts: RawBuilder<unknown>[] = [sql`true`, ...periodSql(at, rule, now)]
  if (rule.states && rule.states.length > 0) parts.push(sql`e.state = any(${rule.states}::text[])`)
  if (rule.ruleId !== undefined) parts.push(sql`e.rule_id = ${rule.ruleId}::bigint`)
  if (rule.unmended) parts.push(sql`e.state = 'broken' and e.mended_at is null`)
  return sql`
    select m.canonical_id
    from expectations e
    join customers m on m.id = e.customer_id
    where ${sql.join(parts, sql` and `)}`
}

function purchases(rule: About<'purchase'>, now: Date): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`true`, ...periodSql(sql`p.sold_at`, rule, now)]
  if (rule.kinds && rule.kinds.length > 0) parts.push(sql`p.kind = any(${rule.kinds}::text[])`)
  if (rule.states && rule.states.length > 0) parts.push(sql`p.state = any(${rule.states}::text[])`)
  if (rule.renewsWithinDays)
    parts.push(
      sql`p.state in ('sold', 'delivered', 'renewed')`,
      sql`p.renews_at >= ${now}`,
      sql`p.renews_at < ${daysBefore(now, -rule.renewsWithinDays)}`,
    )
  return sql`
    select m.canonical_id
    from purchases p
    join customers m on m.id = p.customer_id
    where ${sql.join(parts, sql` and `)}`
}

/** At least and at most so many rows of `found`, which gives one canonical id per row. */
function counted(
  found: RawBuilder<unknown>,
  rule: { atLeast?: number | undefined; atMost?: number | undefined },
): Condition {
  const atLeast = rule.atLeast ?? (rule.atMost === undefined ? 1 : 0)
  const parts: Condition[] = []
  if (atLeast === 1) parts.push(has(found))
  if (atLeast > 1) parts.push(has(moreThan(found, atLeast - 1)))
  if (rule.atMost !== undefined)
    parts.push(sql<boolean>`not ${has(rule.atMost === 0 ? found : moreThan(found, rule.atMost))}`)
  return parts.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(parts, sql` and `)})`
}

function moreThan(found: RawBuilder<unknown>, limit: number): RawBuilder<unknown> {
  return sql`
    select canonical_id
    from (${found}) as found
    group by canonical_id
    having count(*) > ${limit}`
}

function between(
  column: RawBuilder<unknown>,
  rule: { from?: number | undefined; to?: number | undefined },
): Condition {
  const parts: RawBuilder<unknown>[] = []
  if (rule.from !== undefined) parts.push(sql`${column} >= ${rule.from}::bigint`)
  if (rule.to !== undefined) parts.push(sql`${column} <= ${rule.to}::bigint`)
  return sql<boolean>`(${sql.join(parts, sql` and `)})`
}

function periodSql(
  column: RawBuilder<unknown>,
  rule: { withinDays?: number | undefined; from?: string | undefined; to?: string | undefined },
  now: Date,
): RawBuilder<unknown>[] {
  const parts: RawBuilder<unknown>[] = []
  if (rule.withinDays) parts.push(sql`${column} >= ${daysBefore(now, rule.withinDays)}`)
  if (rule.from) parts.push(sql`${column} >= ${new Date(rule.from)}`)
  if (rule.to) parts.push(sql`${column} < ${new Date(rule.to)}`)
  return parts
}

function daysBefore(now: Date, count: number): Date {
  return new Date(now.getTime() - count * 86_400_000)
}

import { type RawBuilder, sql } from 'kysely'

/** Which expectations a figure is about. The period asks when the promise fell due (without a due time: when it was made). */
export interface ExpectationFilter {
  from?: Date | undefined
  to?: Date | undefined
  segmentId?: number | undefined
  ruleId?: number | undefined
}

/** The expectations that the filter picks, as a table with the canonical customer beside each. */
export function picked({ from, to, segmentId, ruleId }: ExpectationFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`true`]
  if (from) parts.push(sql`coalesce(e.due_at, e.opened_at) >= ${from}`)
  if (to) parts.push(sql`coalesce(e.due_at, e.opened_at) < ${to}`)
  if (ruleId !== undefined) parts.push(sql`e.rule_id = ${ruleId}::bigint`)
  if (segmentId !== undefined)
    parts.push(sql`c.canonical_id in (
      select customer_id
      from segment_members
      where segment_id = ${segmentId}::bigint
    )`)
  return sql`
    select e.*, c.canonical_id
    from expectations e
    join customers c on c.id = e.customer_id
    where ${sql.join(parts, sql` and `)}`
}

/** Decided against the last word: kept, exceeded or broken; what is only overdue is broken. */
export const decided = sql`e.state in ('kept', 'exceeded', 'broken')`
export const held = sql`e.state in ('kept', 'exceeded')`

/**
 * Against the first word. A move that the customer asked for is not held against it; one by us is, as soon
 * as the first word has run out.
 */
export const decidedByFirst = sql`(
  ${decided}
  or (e.state = 'open' and e.moved_by = 'us' and e.first_due_at <= now())
)`
export const heldByFirst = sql`(
  ${held}
  and (e.moved_by is distinct from 'us' or e.first_gap <= 0)
)`

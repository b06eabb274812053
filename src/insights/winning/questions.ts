import { dayMicros, during, inSegment, type Question, type Scope, scopeValues } from '../question.ts'

export interface CourtshipRow {
  /** 1 referred, 2 returning, 3 cold. */
  courted: number
  /** 1 won, 2 lost, 3 open. */
  ended: number
  /** Whole days from the first touch to the sale, and touches in them; null unless won. */
  days: number | null
  touches: number | null
  n: number
}

/**
 * Courtships that began in this time: from the first touch before a sale (after the sale before, if there
 * was one) to the sale; lost after `quiet` days without a touch. Mass mail and invoices court nobody.
 */
export function courtships(scope: Scope, quietDays: number): Question {
  const own = scope.segment === null ? 3 : 4
  return {
    text: `
      with sold as (
        select customer_id, happened,
          row_number() over (partition by customer_id order by happened, purchase_id) as number
        from sales
      ), touched as (
        select s.customer_id, s.happened, count(b.customer_id) as bought
        from steps s
        join touchpoints t on t.id = s.touchpoint_id
        left join sold b on b.customer_id = s.customer_id and b.happened < s.happened
        where t.side = 1
          and t.purpose not in (6, 7)
          and not s.judgement
          and s.happened < $${own}::bigint
          ${inSegment(scope, '$3', 's.customer_id')}
        group by s.customer_id, s.id, s.happened
      ), courted as (
        select customer_id, bought, min(happened) as begun, max(happened) as last, count(*) as touches
        from touched
        group by customer_id, bought
      ), ended as (
        select c.customer_id, c.bought, c.begun, c.touches,
          case when b.happened is not null then 1
            when c.last < $${own}::bigint - $${own + 1}::bigint * ${dayMicros} then 2
            else 3 end as ended,
          b.happened as won_at
        from courted c
        left join sold b on b.customer_id = c.customer_id and b.number = c.bought + 1 and b.happened < $${own}::bigint
      ), kinds as (
        select case when e.bought > 0 then 2 when c.referred then 1 else 3 end as courted,
          e.ended,
          case when e.ended = 1 then floor(cast(e.won_at - e.begun as double precision) / ${dayMicros}) end as days,
          case when e.ended = 1 then e.touches end as touches
        from ended e
        join customers c on c.customer_id = e.customer_id
        where ${during(scope, 'e.begun')}
      )
      select cast(courted as integer) as courted, cast(ended as integer) as ended, cast(days as integer) as days,
        cast(touches as integer) as touches, cast(count(*) as integer) as n
      from kinds
      group by courted, ended, days, touches
      order by 1, 2, 3, 4`,
    values: [...scopeValues(scope), scope.asOf, quietDays],
  }
}

export interface RevenueRow {
  courted: number
  minor: number
  sales: number
}

/** What was bought in this time, by who bought it. */
export function revenue(scope: Scope): Question {
  return {
    text: `
      with sold as (
        select s.customer_id, s.happened, p.value_minor,
          row_number() over (partition by s.customer_id order by s.happened, s.purchase_id) as number
        from sales s
        left join purchases p on p.customer_id = s.customer_id and p.id = s.purchase_id
      )
      select cast(case when b.number > 1 then 2 when c.referred then 1 else 3 end as integer) as courted,
        cast(coalesce(sum(b.value_minor), 0) as double precision) as minor,
        cast(count(*) as integer) as sales
      from sold b
      join customers c on c.customer_id = b.customer_id
      where ${during(scope, 'b.happened')}
        ${inSegment(scope, '$3', 'b.customer_id')}
      group by 1
      order by 1`,
    values: scopeValues(scope),
  }
}

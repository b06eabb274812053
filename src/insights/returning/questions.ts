import { inSegment, type Question, type Scope } from '../question.ts'
import { type Clock, dayAt, dayColumn, utc } from './clock.ts'

/** Columns of salesByCustomer. */
export const saleColumns = ['customer_id', 'number', 'day', 'minor'] as const

/**
 * Every sale up to the end of the time, of customers who first bought within it: customer by customer in
 * order, with the day (since 1970) and what it was worth. Several sales of one day count as one: that is
 * one decision to buy.
 * @param clock the company's: days are those of its calendar
 */
export function salesByCustomer(scope: Scope, clock: Clock = utc): Question {
  const [day, clockValues] = dayColumn('s.happened', clock, scope.segment === null ? 3 : 4)
  const segment = scope.segment === null ? '' : inSegment(scope, '$3', 's.customer_id')
  return {
    text: `
      with dated as (
        select s.customer_id,
          ${day} as day,
          cast(sum(p.value_minor) as double precision) as minor
        from sales s
        left join purchases p on p.customer_id = s.customer_id and p.id = s.purchase_id
        where s.happened < $2::bigint
          ${segment}
        group by 1, 2
      ), numbered as (
        select customer_id, day, minor,
          cast(row_number() over (partition by customer_id order by day) as integer) as number,
          min(day) over (partition by customer_id) as first_day
        from dated
      )
      select customer_id, number, day, minor
      from numbered
      where first_day >= $1::bigint
      order by customer_id, number`,
    values: [
      dayAt(scope.from, clock),
      scope.asOf,
      ...(scope.segment === null ? [] : [scope.segment]),
      ...clockValues,
    ],
  }
}

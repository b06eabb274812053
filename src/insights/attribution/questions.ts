// The ways to a first sale, and those that led nowhere.
import {
  dayMicros,
  during,
  fromBeginning,
  inSegment,
  type Question,
  type Scope,
  scopeValues,
} from '../question.ts'

export interface Looking {
  scope: Scope
  by: 'touchpoint' | 'channel'
  lookbackDays: number
  quietDays: number
}

function values({ scope, lookbackDays, quietDays }: Looking): number[] {
  return [...scopeValues(scope), scope.asOf, lookbackDays * dayMicros, quietDays * dayMicros]
}

/**
 * `ended`: who bought for the first time in this time (1), who was touched in it last and has not bought (0), and
 * who may still (2: the last touch is too recent). `kept`: their touches in the days before the first sale, or
 * before and with the last touch. Where the sale itself is made, and invoices, are no touches that win it.
 */
function paths({ scope }: Looking): string {
  const own = scope.segment === null ? 3 : 4
  const [asOf, lookback, quiet] = [own, own + 1, own + 2].map((n) => `$${n}::bigint`)
  return `touched as (
        select s.customer_id, s.id, s.happened, s.touchpoint_id, s.channel, c.first_sale_at,
          coalesce(c.first_sale_at, max(s.happened) over (partition by s.customer_id)) as until
        from steps s
        join customers c on c.customer_id = s.customer_id
        join touchpoints t on t.id = s.touchpoint_id
        where not s.judgement
          and t.purpose not in (2, 6)
          and s.happened < ${asOf}
          and (c.first_sale_at is null or s.happened < c.first_sale_at)
          ${inSegment(scope, '$3', 's.customer_id')}
      ), kept as (
        select customer_id, id, happened, touchpoint_id, channel, first_sale_at,
          case when first_sale_at is not null then 1 when until >= ${asOf} - ${quiet} then 2 else 0 end as ended
        from touched
        where happened >= until - ${lookback}
          and ${during(scope, 'until')}
      )`
}

/** Touches of everybody who is told about, in order; ended as above without those who still may buy. */
export function touchQuestion(looking: Looking): Question {
  const what = looking.by === 'touchpoint' ? 'touchpoint_id' : 'channel'
  return {
    text: `
      with ${paths(looking)}
      select cast(customer_id as double precision) as customer, cast(${what} as integer) as place,
        cast(ended as integer) as ended
      from kept
      where ended < 2
      order by customer_id, happened, id`,
    values: values(looking),
  }
}

/** Those who may still buy, and customers by where they came by. */
export function openQuestion(looking: Looking): Question {
  return {
    text: `
      with ${paths(looking)}
      select cast(count(distinct customer_id) as integer) as n
      from kept
      where ended = 2`,
    values: values(looking),
  }
}

/** First sales in this time, with what they were worth. */
export function firstSaleQuestion({ scope }: Looking): Question {
  return {
    text: `
      with first as (
        select customer_id, first_sale_at
        from customers
        where ${fromBeginning(scope) ? 'first_sale_at is not null and' : ''} ${during(scope, 'first_sale_at')}
          ${inSegment(scope, '$3')}
      )
      select cast(f.customer_id as double precision) as customer,
        cast(coalesce(sum(p.value_minor), 0) as double precision) as minor
      from first f
      join sales s on s.customer_id = f.customer_id and s.happened = f.first_sale_at
      left join purchases p on p.customer_id = s.customer_id and p.id = s.purchase_id
      group by f.customer_id
      order by f.customer_id`,
    values: scopeValues(scope),
  }
}

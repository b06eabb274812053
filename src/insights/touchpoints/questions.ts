// The queries of touchpoint analysis. All begin with the same list: each buyer's first sale of the time asked
// for, from which exposures are counted back and forth and after which the outcome is looked for.
import type { Kinds } from '../../store/projection-columns.ts'
import {
  dayMicros,
  during,
  fromBeginning,
  growing,
  inSegment,
  type Question,
  type Scope,
  scopeValues,
} from '../question.ts'
import type { Outcome, Spans } from './outcome.ts'
import { outcomeTexts } from './outcome-texts.ts'

export interface SpansRow {
  buyers: number
  gaps: number
  /** Days: half, and nine in ten, of the times between one sale and the customer's next; null without any. */
  half_gap: number | null
  long_gap: number | null
  /** Days for which half of the buyers can be followed from their first sale. */
  half_seen: number | null
}

/** What the lengths of time are chosen from: how long customers take to come back, and how long they are seen. */
export function gapsQuestion(scope: Scope, outcome: Outcome): Question {
  const { text, values, place } = begin(scope, outcome)
  const asOf = place(scope.asOf)
  const gaps =
    outcome.kind === 'renewal'
      ? `
        select cast(f.due - f.sold_at as double precision) / ${dayMicros} as gap
        from firsts f`
      : `
        select cast(next.happened - next.before as double precision) / ${dayMicros} as gap
        from (
          select s.happened, lag(s.happened) over (partition by s.customer_id order by s.happened) as before
          from sales s
          join customers c on c.customer_id = s.customer_id
          where c.sales > 1
            ${inSegment(scope, '$3', 's.customer_id')}
        ) next
        where next.happened > next.before`
  return {
    text: `${text}, gaps as (${gaps}
      ), lengths as (
        select cast(count(*) as integer) as gaps,
          cast(percentile_cont(0.5) within group (order by gap) as double precision) as half_gap,
          cast(percentile_cont(0.9) within group (order by gap) as double precision) as long_gap
        from gaps
      ), seen as (
        select cast(count(*) as integer) as buyers,
          cast(percentile_cont(0.5) within group (order by cast(${asOf}::bigint - sold_at as double precision) / ${dayMicros}) as double precision) as half_seen
        from firsts
      )
      select seen.buyers, lengths.gaps, lengths.half_gap, lengths.long_gap, seen.half_seen
      from lengths
      cross join seen`,
    values,
  }
}

export const buyerColumns = [
  'customer_id',
  'day',
  'minor',
  'bought_before',
  'company',
  'referred',
  'channel',
  'status',
  'early',
  'outcome',
] as const
export const buyerKinds: Kinds = {
  day: Int32Array,
  bought_before: Uint8Array,
  company: Uint8Array,
  referred: Uint8Array,
  channel: Float32Array,
  status: Uint8Array,
  early: Uint8Array,
}

/**
 * A row a buyer. day: of the first sale, since 1970. channel: of the first touch. status: see statuses.
 * early: the outcome had happened by the landmark already. outcome: 1 or 0, or the mean experience (−1 to 1).
 */
export function buyersQuestion(scope: Scope, outcome: Outcome, spans: Spans): Question {
  const { text, values, place } = begin(scope, outcome)
  const until = place(spans.landmark * dayMicros)
  const after = `f.sold_at + ${until}::bigint`
  const horizon = place((spans.landmark + spans.horizon) * dayMicros)
  const end = `f.sold_at + ${horizon}::bigint`
  const asOf = place(scope.asOf)
  const { outcomes, early, value, status } = outcomeTexts(outcome, { after, end, asOf, place })
  return {
    text: `${text}, ${outcomes}
      select f.customer_id,
        cast(floor(cast(f.sold_at as double precision) / ${dayMicros}) as integer) as day,
        cast(f.minor as double precision) as minor,
        coalesce(f.first_sale_at < f.sold_at, false) as bought_before,
        coalesce(f.kind = 2, false) as company,
        coalesce(f.referred, false) as referred,
        f.channel,
        cast(${status} as integer) as status,
        ${early} as early,
        cast(${value} as double precision) as outcome
      from firsts f
      left join outcomes o on o.customer_id = f.customer_id
      where ${horizon}::bigint >= ${until}::bigint
      order by f.customer_id`,
    values,
  }
}

export const touchColumns = ['customer_id', 'touchpoint_id', 'felt', 'said', 'before_sale'] as const
/** There are many: each as small as it may be. */
export const touchKinds: Kinds = {
  touchpoint_id: Int32Array,
  felt: Float32Array,
  said: Uint8Array,
  before_sale: Uint8Array,
}

/**
 * A row for each time a buyer who can be followed was met at a touchpoint from `lookback` before the first sale to the
 * landmark, our judgements of promises among them. Touchpoints that lie before the sale on the map count up to the day
 * of the sale only: who is about to come back looks around again first. felt: the experience, −100 to 100; said: by the
 * customer.
 */
export function touchesQuestion(scope: Scope, outcome: Outcome, spans: Spans): Question {
  const { lookback, landmark } = spans
  const { text, values, place } = begin(scope, outcome)
  const until = place(landmark * dayMicros)
  const untilSale = place(Math.min(landmark, 1) * dayMicros)
  const followed = followedFor(outcome, spans)
  // Times are compared by their difference: a range on one side would become part of the join, which then takes twice as long.
  return {
    text: `${text}
      select s.customer_id,
        s.touchpoint_id,
        case when s.evidence in (1, 2) then s.experience end as felt,
        coalesce(s.evidence = 1, false) as said,
        s.happened < f.sold_at as before_sale
      from steps s
      join firsts f on f.customer_id = s.customer_id
      join touchpoints t on t.id = s.touchpoint_id
      where s.happened - f.sold_at >= -${place(lookback * dayMicros)}::bigint
        and s.happened - f.sold_at <= case when t.side = 2 then ${until}::bigint else ${untilSale}::bigint end
        and (not s.judgement or s.evidence = 2)
        ${followed === null ? '' : `and f.sold_at <= ${place(scope.asOf - followed * dayMicros)}::bigint`}`,
    values,
  }
}

/** For how many days after the first sale who is counted has been followed; null where dates of their own decide. */
function followedFor({ kind }: Outcome, { landmark, horizon }: Spans): number | null {
  return kind === 'renewal' ? null : kind === 'segment' ? landmark : landmark + horizon
}

/** The list that every query begins with, the values of $1 and on, and how to add one. */
function begin(scope: Scope, outcome: Outcome) {
  const { values, place } = growing(scopeValues(scope))
  return {
    text: `
      with firsts as (${outcome.kind === 'renewal' ? firstTerms(scope) : firstSales(scope)}
      )`,
    values,
    place,
  }
}

/**
 * From the beginning of all time a customer's first sale is known, and nothing has to be looked for. Of several sales
 * at the same time the purchase counts that was recorded first. sales: in all the customer's life.
 */
function firstSales(scope: Scope): string {
  if (fromBeginning(scope))
    return `
        select c.customer_id, c.first_sale_at as sold_at, c.first_minor as minor, c.first_sale_at, c.sales, c.kind,
          c.referred, c.first_channel as channel
        from customers c
        where c.first_sale_at is not null
          and ${during(scope, 'c.first_sale_at')}
          ${inSegment(scope, '$3', 'c.customer_id')}`
  return `
        select s.customer_id, s.sold_at, p.value_minor as minor, c.first_sale_at, c.sales, c.kind, c.referred,
          c.first_channel as channel
        from (
          select distinct on (customer_id) customer_id, happened as sold_at, purchase_id
          from sales
          where ${during(scope, 'happened')}
            ${inSegment(scope, '$3')}
          order by customer_id, happened, purchase_id
        ) s
        left join purchases p on p.id = s.purchase_id
        left join customers c on c.customer_id = s.customer_id`
}

/** For renewals the first contract or subscription with a date; its term is the time from one date to the next. */
function firstTerms(scope: Scope): string {
  return `
        select distinct on (s.customer_id) s.customer_id, s.sold_at, s.id as purchase_id, s.value_minor as minor,
          s.sold_at + cast(floor(cast(s.renews_at - s.sold_at as double precision) / (s.renewals + 1)) as bigint) as due,
          c.first_sale_at, c.sales, c.kind, c.referred, c.first_channel as channel
        from purchases s
        left join customers c on c.customer_id = s.customer_id
        where s.kind in (3, 4)
          and s.state <> 6
          and s.renews_at > s.sold_at
          and ${during(scope, 's.sold_at')}
          ${inSegment(scope, '$3', 's.customer_id')}
        order by s.customer_id, s.sold_at, s.id`
}

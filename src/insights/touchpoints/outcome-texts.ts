// What became of each buyer, in SQL: the tables and expressions in which the outcomes differ, for the query of all buyers.
import { dayMicros } from '../question.ts'
import { type Outcome, statuses } from './outcome.ts'

interface Times {
  /** The landmark, and the end of the time in which the outcome is looked for. */
  after: string
  end: string
  asOf: string
  place: (value: number) => string
}

/** `outcomes`: a table of that name; the rest are expressions over the outcome (o) and the buyer (f). */
export function outcomeTexts(outcome: Outcome, { after, end, asOf, place }: Times) {
  const followed = `when ${end} > ${asOf}::bigint then ${statuses.tooRecent}`
  const counted = `coalesce(o.late, 0) > 0`
  switch (outcome.kind) {
    case 'return':
      // who bought once has nothing to be counted
      return {
        outcomes: `outcomes as (
        select f.customer_id,
          count(*) filter (where s.happened > f.sold_at and s.happened <= ${after}) as early,
          count(*) filter (where s.happened > ${after} and s.happened <= ${end}) as late
        from firsts f
        join sales s on s.customer_id = f.customer_id
        where f.sales > 1
        group by f.customer_id
      )`,
        early: 'coalesce(o.early, 0) > 0',
        value: `case when ${counted} then 1 else 0 end`,
        status: `case ${followed} else ${statuses.counted} end`,
      }
    case 'referral':
      return {
        outcomes: `outcomes as (
        select f.customer_id,
          count(*) filter (where s.happened <= ${after}) as early,
          count(*) filter (where s.happened > ${after} and s.happened <= ${end}) as late
        from firsts f
        join steps s on s.customer_id = f.customer_id
        where s.touchpoint_id in (select t.id from touchpoints t where t.purpose = 10)
          and not s.judgement
        group by f.customer_id
      )`,
        early: 'coalesce(o.early, 0) > 0',
        value: `case when ${counted} then 1 else 0 end`,
        status: `case ${followed} else ${statuses.counted} end`,
      }
    case 'rating':
      return {
        outcomes: `outcomes as (
        select f.customer_id, avg(cast(s.experience as double precision)) / 100 as mean
        from firsts f
        join steps s on s.customer_id = f.customer_id
        where s.evidence = 1
          and s.happened > ${after}
          and s.happened <= ${end}
        group by f.customer_id
      )`,
        early: 'false',
        value: 'o.mean',
        status: `case ${followed} when o.mean is null then ${statuses.unanswered} else ${statuses.counted} end`,
      }
    case 'renewal':
      return {
        outcomes: `outcomes as (
        select f.customer_id, f.due, case when s.ended_at <= ${after} then 1 else 0 end as early, s.renewals as late
        from firsts f
        join purchases s on s.customer_id = f.customer_id and s.id = f.purchase_id
      )`,
        early: 'false',
        value: `case when ${counted} then 1 else 0 end`,
        // the date decides, not the horizon; renewals are booked a little late
        status: `case when o.due <= ${after} or o.early = 1 then ${statuses.tooEarly}
            when o.due + ${14 * dayMicros} > ${asOf}::bigint then ${statuses.tooRecent}
            else ${statuses.counted} end`,
      }
    case 'segment':
      return {
        outcomes: `outcomes as (
        select distinct g.customer_id, 1 as late
        from segment_members g
        where g.segment_id = ${place(outcome.segment)}::bigint
      )`,
        early: 'false',
        value: `case when ${counted} then 1 else 0 end`,
        status: `case when ${after} > ${asOf}::bigint then ${statuses.tooRecent} else ${statuses.counted} end`,
      }
    default:
      return outcome satisfies never
  }
}

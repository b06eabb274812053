// What the findings about promises ask. One text for both engines; days are counted from the opening to the
// end of the named day, which needs no calendar: an opening at any hour of the day leaves less than a day over.

import type { Store } from '../../store/store.ts'
import { ask, dayMicros, type Question } from '../question.ts'

/** The rule with a date to keep that has been decided most often: for most companies, the delivery. */
export async function mainPromise(store: Store): Promise<number | null> {
  const [found] = await ask<{ rule: number }>(store, {
    text: `
      select rule_id as rule
      from expectations
      where dimension = 1
        and ours
        and rule_id is not null
        and first_due_at is not null
        and state in (2, 3, 4)
      group by rule_id
      order by count(*) desc, rule_id
      limit 1`,
    values: [],
  })
  return found?.rule ?? null
}

/** Promises whose first word has run out, that the customer didn't move: $1 the rule, $2 up to when. */
const due = `
  select *,
    cast(floor(cast(first_due_at - opened_at as double precision) / ${dayMicros}) as integer) as promised_days,
    case when awaited then null else coalesce(first_gap, 0) end as off
  from expectations
  where rule_id = $1
    and dimension = 1
    and first_due_at < $2
    and state in (2, 3, 4)
    and (told_before is not null or coalesce(first_gap, 0) <= 0)`

/** How many promised so many days, by how far off they came; off null: still awaited. */
export function promisedDays(rule: number, asOf: number): Question {
  return {
    text: `
      with due as (${due})
      select promised_days as promised, cast(floor(off) as integer) as off, cast(count(*) as integer) as n
      from due
      group by promised_days, floor(off)`,
    values: [rule, asOf],
  }
}

/** Ratings given after it came, by what was promised and how long it took; squares for the interval. */
export function ratedWaits(rule: number, asOf: number): Question {
  return {
    text: `
      with due as (${due}), answers as (
        select d.promised_days, d.promised_days + d.off as waited, d.customer_id, avg(s.experience) as experience
        from due d
        join purchases p on p.customer_id = d.customer_id and p.id = d.purchase_id
        join steps s on s.customer_id = d.customer_id and s.purchase_id = d.purchase_id
        where s.evidence = 1
          and not s.judgement
          and s.happened >= p.delivered_at
        group by d.promised_days, d.promised_days + d.off, d.customer_id, d.id
      )
      select promised_days as promised, cast(floor(waited) as integer) as waited, cast(count(*) as integer) as n,
        cast(sum(experience) as double precision) as total, cast(sum(experience * experience) as double precision) as squares
      from answers
      where waited is not null
      group by promised_days, floor(waited)`,
    values: [rule, asOf],
  }
}

/** Answers about purchases that came late: given while waiting, and after it had come. */
export function lateAnswers(rule: number, asOf: number): Question {
  return {
    text: `
      with due as (${due})
      select case
          when coalesce(d.off, 1) <= 0 then 1
          when p.delivered_at is null or s.happened < p.delivered_at then 2
          else 3
        end as moment,
        cast(count(*) as integer) as n, cast(sum(s.experience) as double precision) as total,
        cast(sum(cast(s.experience as double precision) * s.experience) as double precision) as squares
      from due d
      join purchases p on p.customer_id = d.customer_id and p.id = d.purchase_id
      join steps s on s.customer_id = d.customer_id and s.purchase_id = d.purchase_id
      where s.evidence = 1
        and not s.judgement
        and (s.happened >= d.first_due_at or s.happened >= p.delivered_at)
      group by 1`,
    values: [rule, asOf],
  }
}

/** Late ones, told beforehand or not, and how many complained: $3 … the touchpoints that are complaints. */
export function complaintsWhenLate(rule: number, asOf: number, complaints: readonly number[]): Question {
  const places = complaints.map((_, index) => `$${index + 3}`).join(', ')
  return {
    text: `
      with due as (${due}), judged as (
        select d.told_before, exists (
            select 1
            from steps s
            where s.customer_id = d.customer_id
              and s.touchpoint_id in (${places})
              and not s.judgement
              and s.happened >= d.opened_at
              and (s.purchase_id = d.purchase_id or (s.purchase_id is null and s.happened < d.first_due_at + 60 * ${dayMicros}))
          ) as complained
        from due d
        where d.told_before is not null
      )
      select told_before as told, cast(count(*) as integer) as n,
        cast(count(*) filter (where complained) as integer) as complained
      from judged
      group by told_before`,
    values: [rule, asOf, ...complaints],
  }
}

/**
 * First purchases with a promise, kept or not, and who bought again: $3 days that are left out after the
 * delivery, $4 days that are looked at. Only those that have had the whole time.
 */
export function backAfterPromise(rule: number, asOf: number, leftOut: number, looked: number): Question {
  return {
    text: `
      with due as (${due}), first_ones as (
        select distinct on (d.customer_id) d.customer_id, p.delivered_at, d.off
        from due d
        join purchases p on p.customer_id = d.customer_id and p.id = d.purchase_id
        where p.delivered_at is not null
          and d.off is not null
        order by d.customer_id, d.opened_at, d.id
      )
      select off > 0 as late, cast(count(*) as integer) as n,
        cast(count(*) filter (where exists (
          select 1
          from sales s
          where s.customer_id = f.customer_id
            and s.happened > f.delivered_at + $3 * ${dayMicros}
            and s.happened <= f.delivered_at + ($3 + $4) * ${dayMicros}
        )) as integer) as back
      from first_ones f
      where f.delivered_at + ($3 + $4) * ${dayMicros} <= $2
      group by off > 0`,
    values: [rule, asOf, leftOut, looked],
  }
}

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

// The SQL of the journey map: a text a question, the same on both engines. A scope's values are $1 (from),
// $2 (to) and, with a segment, $3.
import { inSegment, type Question, type Scope, scopeValues } from './question.ts'

export interface CellRow {
  touchpoint_id: number | null
  evidence: number | null
  experience: number | null
  answers: number
  volume: number
  customers: number
  stage_customers: number
  all_customers: number
}

/**
 * One pass over the steps: per touchpoint a histogram of experience by evidence, with how many interactions,
 * and how many of them are a customer's first in this time at this touchpoint, in this stage, at all. Reach
 * needs no count(distinct), which took seven times as long.
 */
export function cells(scope: Scope): Question {
  return {
    text: `
      select touchpoint_id, evidence, experience,
        cast(count(*) as integer) as answers,
        cast(count(*) filter (where not judgement) as integer) as volume,
        cast(count(*) filter (where not judgement and (prev_here is null or prev_here < $1::bigint)) as integer) as customers,
        cast(count(*) filter (where not judgement and (prev_stage is null or prev_stage < $1::bigint)) as integer) as stage_customers,
        cast(count(*) filter (where not judgement and (prev_any is null or prev_any < $1::bigint)) as integer) as all_customers
      from steps
      where happened >= $1::bigint
        and happened < $2::bigint
        ${inSegment(scope, '$3')}
      group by touchpoint_id, evidence, experience
      order by touchpoint_id, evidence, experience`,
    values: scopeValues(scope),
  }
}

export interface PromiseRow {
  touchpoint_id: number | null
  after_sale: boolean
  kept: number
  broken: number
}

/**
 * Promises judged in this time, where they were decided; one that ran out with nothing coming counts as
 * broken where its kind is usually decided.
 */
export function promises(scope: Scope): Question {
  const own = scope.segment === null ? '$3' : '$4'
  return {
    text: `
      with decided as (
        select rule_id, touchpoint_id, count(*) as n
        from expectations
        where touchpoint_id is not null
          and rule_id is not null
        group by rule_id, touchpoint_id
      ), ranked as (
        select rule_id, touchpoint_id, row_number() over (partition by rule_id order by n desc, touchpoint_id) as place
        from decided
      )
      select coalesce(e.touchpoint_id, r.touchpoint_id) as touchpoint_id,
        e.after_sale,
        cast(count(*) filter (where e.state in (2, 3)) as integer) as kept,
        cast(count(*) filter (where e.state not in (2, 3)) as integer) as broken
      from expectations e
      left join ranked r on r.rule_id = e.rule_id and r.place = 1
      where (e.state in (2, 3, 4) or (e.state = 1 and e.due_at < ${own}::bigint))
        and coalesce(e.decided_at, e.due_at, e.opened_at) >= $1::bigint
        and coalesce(e.decided_at, e.due_at, e.opened_at) < $2::bigint
        ${inSegment(scope, '$3', 'e.customer_id')}
      group by coalesce(e.touchpoint_id, r.touchpoint_id), e.after_sale
      order by 1, 2`,
    values: [...scopeValues(scope), scope.asOf],
  }
}

/** Customers who bought in this time. */
export function buyers(scope: Scope): Question {
  return {
    text: `
      select cast(count(distinct customer_id) as integer) as buyers, cast(count(*) as integer) as sales
      from sales
      where happened >= $1::bigint
        and happened < $2::bigint
        ${inSegment(scope, '$3')}`,
    values: scopeValues(scope),
  }
}

export interface LevelRow {
  which: number
  experience: number
  n: number
}

/** The first (1) and the last (2) experience that customers themselves spoke of, where it lies in this time. */
export function firstAndLast(scope: Scope): Question {
  return {
    text: `
      with told as (
        select experience, first_of_kind, last_of_kind
        from steps
        where evidence = 1
          and (first_of_kind or last_of_kind)
          and happened >= $1::bigint
          and happened < $2::bigint
          ${inSegment(scope, '$3')}
      )
      select 1 as which, experience, cast(count(*) as integer) as n from told where first_of_kind group by experience
      union all
      select 2 as which, experience, cast(count(*) as integer) as n from told where last_of_kind group by experience
      order by 1, 2`,
    values: scopeValues(scope),
  }
}

// The SQL of the journey map: a text a question, the same on both engines. A scope's values are $1 (from),
// $2 (to) and, with a segment, $3.
import { during, firstSince, inSegment, type Question, type Scope, scopeValues } from '../question.ts'

export interface ReachRow {
  touchpoint_id: number | null
  volume: number
  customers: number
  stage_customers: number
  all_customers: number
}

/**
 * Per touchpoint how many interactions, and how many of them are a customer's first in this time here, in
 * this stage, at all. No count(distinct): that took seven times as long. Apart from the histogram, because
 * grouping all steps by three columns took longer than both passes together.
 */
export function reach(scope: Scope): Question {
  return {
    text: `
      select touchpoint_id,
        cast(count(*) as integer) as volume,
        cast(sum(case when ${firstSince(scope, 'prev_here')} then 1 else 0 end) as integer) as customers,
        cast(sum(case when ${firstSince(scope, 'prev_stage')} then 1 else 0 end) as integer) as stage_customers,
        cast(sum(case when ${firstSince(scope, 'prev_any')} then 1 else 0 end) as integer) as all_customers
      from steps
      where ${during(scope, 'happened')}
        and not judgement
        ${inSegment(scope, '$3')}
      group by touchpoint_id
      order by touchpoint_id`,
    values: scopeValues(scope),
  }
}

export interface CellRow {
  touchpoint_id: number | null
  evidence: number
  experience: number
  answers: number
  first_answers: number
  last_answers: number
}

/** Per touchpoint a histogram of experience by evidence, and how many of the answers are a customer's first or last of that evidence. */
export function cells(scope: Scope): Question {
  return {
    text: `
      select touchpoint_id, evidence, experience,
        cast(count(*) as integer) as answers,
        cast(sum(case when first_of_kind then 1 else 0 end) as integer) as first_answers,
        cast(sum(case when last_of_kind then 1 else 0 end) as integer) as last_answers
      from steps
      where ${during(scope, 'happened')}
        and evidence is not null
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
      with judged as (
        select rule_id, touchpoint_id, after_sale, state in (2, 3) as kept,
          (state in (2, 3, 4) or (state = 1 and due_at < ${own}::bigint))
            and ${during(scope, 'coalesce(decided_at, due_at, opened_at)')}
            ${inSegment(scope, '$3')} as counts
        from expectations
      ), counted as (
        select rule_id, touchpoint_id, after_sale, count(*) as n,
          sum(case when counts and kept then 1 else 0 end) as kept,
          sum(case when counts and not kept then 1 else 0 end) as broken
        from judged
        group by rule_id, touchpoint_id, after_sale
      ), ranked as (
        select rule_id, touchpoint_id, row_number() over (partition by rule_id order by sum(n) desc, touchpoint_id) as place
        from counted
        where touchpoint_id is not null
          and rule_id is not null
        group by rule_id, touchpoint_id
      )
      select coalesce(c.touchpoint_id, r.touchpoint_id) as touchpoint_id, c.after_sale,
        cast(sum(c.kept) as integer) as kept,
        cast(sum(c.broken) as integer) as broken
      from counted c
      left join ranked r on r.rule_id = c.rule_id and r.place = 1
      where c.kept + c.broken > 0
      group by coalesce(c.touchpoint_id, r.touchpoint_id), c.after_sale
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
      where ${during(scope, 'happened')}
        ${inSegment(scope, '$3')}`,
    values: scopeValues(scope),
  }
}

// What the effects of a promise are counted from: a row a promise that was made, and a row an answer given to
// it. Everything that is adjusted for was known before the promise was made.
import { dayMicros, during, inSegment, type Question, type Scope, scopeValues } from '../question.ts'

/** After this many days past its time what has not come counts as never having come. */
export const neverAfterDays = 60
const grace = `${neverAfterDays} * ${dayMicros}`

export interface PromiseRow {
  rule_id: number
  dimension: number
  decided: number
  held: number
}

/** The promises (rules) that fell due in this time, the most decided first. */
export function promisesMade(scope: Scope): Question {
  return {
    text: `
      select rule_id, cast(min(dimension) as integer) as dimension,
        cast(sum(case when state in (2, 3, 4) then 1 else 0 end) as integer) as decided,
        cast(sum(case when state in (2, 3) then 1 else 0 end) as integer) as held
      from expectations
      where rule_id is not null
        and ${during(scope, 'coalesce(due_at, opened_at)')}
        ${inSegment(scope, '$3')}
      group by rule_id
      order by decided desc, rule_id`,
    values: scopeValues(scope),
  }
}

export const judgedColumns = [
  'customer_id',
  'id',
  'state',
  'awaited',
  'gap',
  'first_gap',
  'told',
  'opened_at',
  'first_due_at',
  'came_at',
  'seen_from',
  'source',
  'value',
  'company',
  'channel',
  'activity',
  'bought_before',
  'next_at',
  'unhappy',
] as const

/**
 * Every time the promise was made that fell due in this time: what became of it, and what was known of the
 * customer before. `seen_from` is when it was settled for them: when it came, or when it was 60 days overdue;
 * `next_at` their next sale after that. `unhappy`: a complaint or anything else bad, from when they were told
 * (or the first word ran out) until 60 days after it came.
 */
export function judged(scope: Scope, rule: number, known: number): Question {
  const own = scopeValues(scope).length
  return {
    text: `
      with picked as (
        ${picked(scope, own)}
      ), active as (
        select p.customer_id, p.id, count(*) as steps
        from picked p
        join steps s on s.customer_id = p.customer_id
        left join touchpoints t on t.id = s.touchpoint_id
        where s.happened < p.opened_at
          and s.happened >= p.opened_at - 365 * ${dayMicros}
          and not s.judgement
          and not coalesce(t.by_us, false)
        group by p.customer_id, p.id
      ), bought as (
        select p.customer_id, p.id,
          sum(case when s.happened < p.opened_at then 1 else 0 end) as before,
          min(case when s.happened > p.seen_from then s.happened end) as next_at
        from picked p
        join sales s on s.customer_id = p.customer_id
        where p.purchase_id is null
          or s.purchase_id is distinct from p.purchase_id
        group by p.customer_id, p.id
      ), unhappy as (
        select distinct p.customer_id, p.id
        from picked p
        join steps s on s.customer_id = p.customer_id
        where p.told_before is not null
          and not s.judgement
          and s.evidence in (1, 2)
          and s.experience < -10
          and s.happened >= least(p.first_due_at, coalesce(p.told_at, p.first_due_at))
          and s.happened < coalesce(p.came_at, p.due_at) + ${grace}
          and (s.purchase_id is null or p.purchase_id is null or s.purchase_id = p.purchase_id)
      )
      select cast(p.customer_id as double precision) as customer_id,
        cast(p.id as double precision) as id,
        cast(p.state as integer) as state,
        p.awaited,
        p.gap,
        p.first_gap,
        cast(case when p.told_before then 1 when not p.told_before then 0 end as integer) as told,
        cast(p.opened_at as double precision) as opened_at,
        cast(p.first_due_at as double precision) as first_due_at,
        cast(p.came_at as double precision) as came_at,
        cast(p.seen_from as double precision) as seen_from,
        p.source,
        cast(b.value_minor as double precision) as value,
        c.kind = 2 as company,
        c.first_channel as channel,
        cast(coalesce(v.steps, 0) as integer) as activity,
        cast(coalesce(o.before, 0) as integer) as bought_before,
        cast(o.next_at as double precision) as next_at,
        u.id is not null as unhappy
      from picked p
      join customers c on c.customer_id = p.customer_id
      left join purchases b on b.customer_id = p.customer_id and b.id = p.purchase_id
      left join active v on v.customer_id = p.customer_id and v.id = p.id
      left join bought o on o.customer_id = p.customer_id and o.id = p.id
      left join unhappy u on u.customer_id = p.customer_id and u.id = p.id
      order by 1, 2`,
    values: [...scopeValues(scope), rule, known],
  }
}

export const answerColumns = ['customer_id', 'id', 'experience', 'touchpoint_id', 'moment', 'ending'] as const

/** Where things stood when an answer was given: code 1 is the first. */
export const moments = [
  'before it was said',
  'in time',
  'not due yet',
  'came late',
  'still waiting',
  'never came',
] as const
/** What became of it afterwards, as far as is known today. */
export const endings = ['came in time', 'came late', 'never came', 'open'] as const

/**
 * What customers said after the promise was made, by where things stood when they said it: a bad review that
 * was written while the parcel was still missing is about the waiting. An answer to another purchase is left
 * out; one that names no purchase counts until 60 days after the promise was decided. Late is what came after
 * the last word, or after the first.
 */
export function answersTo(scope: Scope, rule: number, known: number, word: 'first' | 'last'): Question {
  const own = scopeValues(scope).length
  const now = `$${own + 2}::bigint`
  return {
    text: `
      with picked as (
        ${picked(scope, own)}
      ), given as (
        select p.customer_id, p.id, s.id as step, s.happened, s.experience, s.touchpoint_id, p.opened_at, p.first_due_at,
          p.due_at, p.came_at, p.decided_at, p.state, p.awaited,
          p.state = 4 or ($${own + 3}::integer = 1 and p.told_before is not null and p.state <> 5) as late
        from picked p
        join steps s on s.customer_id = p.customer_id
        where s.evidence = 1
          and s.experience is not null
          and not s.judgement
          and (
            s.purchase_id = p.purchase_id
            or (
              (s.purchase_id is null or p.purchase_id is null)
              and s.happened >= p.opened_at
              and s.happened < coalesce(p.came_at, p.decided_at, p.due_at, ${now}) + ${grace}
            )
          )
      ), moved as (
        select g.customer_id, g.id, g.step, m.due_at,
          row_number() over (partition by g.customer_id, g.id, g.step order by m.happened desc) as place
        from given g
        join moves m on m.customer_id = g.customer_id and m.expectation_id = g.id and m.happened <= g.happened
      ), placed as (
        select g.customer_id, g.id, g.step, g.happened, g.experience, g.touchpoint_id, g.opened_at, g.came_at,
          g.decided_at, g.state, g.late,
          coalesce(m.due_at, g.first_due_at) as due_then,
          g.state = 1 or (g.awaited and g.due_at > ${now} - ${grace}) as may_come
        from given g
        left join moved m on m.customer_id = g.customer_id and m.id = g.id and m.step = g.step and m.place = 1
      )
      select cast(customer_id as double precision) as customer_id,
        cast(id as double precision) as id,
        cast(experience as integer) as experience,
        touchpoint_id,
        cast(case
          when happened < opened_at then 1
          when came_at <= happened then case when late then 4 else 2 end
          when state = 5 and decided_at <= happened then 6
          when due_then is null or happened < due_then then 3
          when came_at is not null or may_come then 5
          else 6
        end as integer) as moment,
        cast(case
          when came_at is not null then case when late then 2 else 1 end
          when may_come then 4
          else 3
        end as integer) as ending
      from placed
      order by 1, 2, happened, step`,
    values: [...scopeValues(scope), rule, known, word === 'first' ? 1 : 0],
  }
}

/** The promise's expectations in the scope. `own`: how many values the scope has; the rule and the present follow. */
function picked(scope: Scope, own: number): string {
  return `select customer_id, id, purchase_id, state, awaited, gap, first_gap, told_before, opened_at, first_due_at,
          due_at, came_at, decided_at, told_at, source,
          case when came_at is not null then came_at
            when state = 4 and due_at + ${grace} <= $${own + 2}::bigint then due_at + ${grace} end as seen_from
        from expectations
        where rule_id = $${own + 1}::bigint
          and ${during(scope, 'coalesce(due_at, opened_at)')}
          ${inSegment(scope, '$3')}`
}

import { dayMicros, during, inSegment, type Question, type Scope, scopeValues } from '../question.ts'

/** A figure on a day: at a touchpoint what customers said (in hundredths), of a promise how often it was kept. */
export interface DayRow {
  about: number
  /** 1 said by the customer, 2 inferred from what happened; of a promise always 1. */
  evidence: number
  /** Days since 1970, in UTC. */
  day: number
  n: number
  /** Sum, and sum of squares, of what was said; of a promise both are the number kept. */
  sum: number
  squares: number
  good: number
  bad: number
}

/** How good it was at each touchpoint, day by day: what customers said, and apart from it what is inferred. */
export function experienceByDay(scope: Scope): Question {
  return {
    text: `
      select touchpoint_id as about, cast(evidence as integer) as evidence,
        cast(floor(cast(happened as double precision) / ${dayMicros}) as integer) as day,
        cast(count(*) as integer) as n,
        cast(sum(cast(experience as integer)) as double precision) as sum,
        cast(sum(cast(experience as integer) * cast(experience as integer)) as double precision) as squares,
        cast(count(*) filter (where experience > 10) as integer) as good,
        cast(count(*) filter (where experience < -10) as integer) as bad
      from steps
      where ${during(scope, 'happened')}
        and evidence in (1, 2)
        and touchpoint_id is not null
        and not judgement
        ${inSegment(scope, '$3')}
      group by 1, 2, 3
      order by 1, 2, 3`,
    values: scopeValues(scope),
  }
}

/** How often each promise was kept, by the day on which that was decided or time ran out. */
export function keptByDay(scope: Scope): Question {
  const own = scope.segment === null ? '$3' : '$4'
  return {
    text: `
      with judged as (
        select customer_id, rule_id, state in (2, 3) as kept, coalesce(decided_at, due_at) as happened
        from expectations
        where rule_id is not null
          and ours
          and (state in (2, 3, 4) or (state = 1 and due_at < ${own}::bigint))
      )
      select cast(rule_id as integer) as about, 1 as evidence,
        cast(floor(cast(happened as double precision) / ${dayMicros}) as integer) as day,
        cast(count(*) as integer) as n,
        cast(count(*) filter (where kept) as double precision) as sum,
        cast(count(*) filter (where kept) as double precision) as squares,
        cast(count(*) filter (where kept) as integer) as good,
        cast(count(*) filter (where not kept) as integer) as bad
      from judged
      where happened is not null
        and ${during(scope, 'happened')}
        ${inSegment(scope, '$3')}
      group by 1, 2, 3
      order by 1, 2, 3`,
    values: [...scopeValues(scope), scope.asOf],
  }
}

import type { Store } from '../../store/store.ts'
import { ask, dayMicros, inSegment, type Question, type Scope, scopeValues } from '../question.ts'
import type { CareAnswer } from '../schema.ts'
import { part } from './level.ts'
import { buyers } from './map-questions.ts'
import { type CareStandard, careStandards } from './queries.ts'

/**
 * What the days are counted from (a sale, or meeting another touchpoint) with the first time, at or after
 * each, that the customer met the standard's touchpoint.
 */
export function careRows(scope: Scope, standard: Pick<CareStandard, 'countsFrom'>): string {
  const first = scopeValues(scope).length + 1
  const origin =
    standard.countsFrom === null
      ? 'from sales where true'
      : `from steps where not judgement and touchpoint_id = $${first + 3}::integer`
  return `
      with begun as (
        select distinct customer_id, purchase_id, happened
        ${origin}
          and happened >= $1::bigint
          and happened < $2::bigint
          and happened < $${first}::bigint
          ${inSegment(scope, '$3')}
      ), met as (
        select customer_id, happened
        from steps
        where touchpoint_id = $${first + 1}::integer
          and not judgement
          and happened < $${first}::bigint
      ), got as (
        select b.customer_id, b.purchase_id, b.happened, min(m.happened) as got_at
        from begun b
        left join met m on m.customer_id = b.customer_id and m.happened >= b.happened
        group by b.customer_id, b.purchase_id, b.happened
      ), judged as (
        select customer_id, happened,
          case
            when got_at <= happened + $${first + 2}::bigint then 1
            when happened + $${first + 2}::bigint >= $${first}::bigint then 4
            when got_at is not null then 2
            else 3
          end as outcome
        from got
      )`
}

/** The values of careRows. */
export function careValues(scope: Scope, standard: CareStandard): number[] {
  return [
    ...scopeValues(scope),
    scope.asOf,
    standard.touchpointId,
    standard.withinDays * dayMicros,
    ...(standard.countsFrom === null ? [] : [standard.countsFrom]),
  ]
}

/** outcome: 1 got it in time, 2 late, 3 missed, 4 not due yet */
export function careQuestion(scope: Scope, standard: CareStandard): Question {
  return {
    text: `${careRows(scope, standard)}
      select outcome, cast(count(*) as integer) as n
      from judged
      group by outcome
      order by outcome`,
    values: careValues(scope, standard),
  }
}

/** Who got each of the few things that every buyer should get, who didn't, and who isn't due yet. */
export async function care(store: Store, scope: Scope): Promise<CareAnswer> {
  const [sold] = await ask<{ sales: number }>(store, buyers(scope))
  const standards: CareAnswer['standards'] = []
  for (const standard of await careStandards(store)) {
    const found = await ask<{ outcome: number; n: number }>(store, careQuestion(scope, standard))
    const n = (outcome: number) => found.find((row) => row.outcome === outcome)?.n ?? 0
    standards.push({
      id: standard.id,
      name: standard.name,
      touchpoint: { id: standard.touchpointId, name: standard.touchpointName },
      withinDays: standard.withinDays,
      countsFrom: standard.countsFromName,
      got: n(1),
      late: n(2),
      missed: n(3),
      notDueYet: n(4),
      share: part(n(1), n(1) + n(2) + n(3)),
    })
  }
  return {
    asked: scope.asked,
    asOf: new Date(Math.floor(scope.asOf / 1000)).toISOString(),
    sales: sold?.sales ?? 0,
    standards,
  }
}

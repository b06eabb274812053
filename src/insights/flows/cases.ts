import { during, firstSince, fromBeginning, inSegment, type Scope, scopeValues } from '../question.ts'

/** What one journey is: a customer's life, or what belongs to one purchase. */
export const caseKinds = ['customer', 'purchase'] as const
export type CaseKind = (typeof caseKinds)[number]

/** Which journeys are looked at, and in what time: each is cut to it. */
export interface Journeys {
  scope: Scope
  of: CaseKind
}

export function journeyValues({ scope }: Journeys): number[] {
  return scopeValues(scope)
}

/**
 * `placed`: every step at a touchpoint, with the one before it in the same journey. Columns: case_id,
 * customer_id, id, happened, touchpoint_id, prev_touchpoint and gap (null for the first), fresh (the first
 * time at this touchpoint). Ties are in the order in which they were recorded. Values: $1, $2 and $3 of the
 * scope. A life's order is worked out in the projection already; a purchase's is worked out here.
 */
export function placed(journeys: Journeys): string {
  const { scope, of } = journeys
  const which = `touchpoint_id is not null
          and not judgement
          and ${during(scope, 'happened')}
          ${inSegment(scope, '$3')}`
  if (of === 'customer') {
    const within = (column: string) =>
      fromBeginning(scope) ? column : `case when prev_placed >= $1::bigint then ${column} end`
    return `placed as (
        select customer_id as case_id, customer_id, id, happened, touchpoint_id,
          ${within('prev_touchpoint')} as prev_touchpoint, ${within('gap')} as gap,
          ${firstSince(scope, 'prev_here')} as fresh
        from steps
        where ${which}
      )`
  }
  return `placed as (
        select purchase_id as case_id, customer_id, id, happened, touchpoint_id,
          lag(touchpoint_id) over own as prev_touchpoint,
          cast(floor(4 * ln(1 + cast(happened - lag(happened) over own as double precision) / 1000000) / ln(cast(2 as double precision))) as smallint) as gap,
          lag(id) over here is null as fresh
        from steps
        where purchase_id is not null
          and ${which}
        window own as (partition by purchase_id order by happened, id),
          here as (partition by purchase_id, touchpoint_id order by happened, id)
      )`
}

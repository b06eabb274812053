// From one touchpoint to another, or to the sale: how long it takes, and how many are still on the way.
import { dayMicros, during, inSegment, type Question, scopeValues } from '../question.ts'
import { type Journeys, journeyValues, placed } from './cases.ts'

/** From where to where, and within how many days. */
export interface Stretch {
  start: number
  goal: number | 'sale'
  /** The touchpoint it starts at is a sale's: the sale at that very instant is not the one it leads to. */
  startsAtSale: boolean
  withinDays: number
}

/** Waits are counted in this many steps of the time asked about. */
export const binsAWait = 2_000

const latestId = 9_007_199_254_740_991

/** The values of a stretch, after those of the scope: asOf, start, goal. */
export function stretchValues(journeys: Journeys, { start, goal }: Stretch): number[] {
  return [...journeyValues(journeys), journeys.scope.asOf, start, goal === 'sale' ? 0 : goal]
}

/** Numbers the parameters of stretchValues. */
export function stretchParameters(journeys: Journeys): { asOf: string; start: string; goal: string } {
  const own = journeyValues(journeys).length
  return { asOf: `$${own + 1}::bigint`, start: `$${own + 2}::integer`, goal: `$${own + 3}::integer` }
}

/**
 * `placed`, and `waits`: each journey that came to the start (case_id, start_id, begun), whether it has got to
 * the goal since (got) and after how long, or how long it is followed already (waited, µs).
 */
export function waits(journeys: Journeys, stretch: Stretch): string {
  const { asOf, start, goal } = stretchParameters(journeys)
  return `${placed(journeys)}, entered as (
        select distinct on (case_id) case_id, id as start_id, happened as begun
        from placed
        where touchpoint_id = ${start}
          and happened < ${asOf}
        order by case_id, happened, id
      ), goals as (
        ${goals(journeys, stretch, goal)}
      ), arrived as (
        select e.case_id, min(g.happened) as got_at
        from entered e
        join goals g on g.case_id = e.case_id and (g.happened, g.id) > (e.begun, e.start_id)
        where g.happened < ${asOf}
        group by e.case_id
      ), waits as (
        select e.case_id, e.start_id, e.begun, a.got_at is not null as got,
          coalesce(a.got_at, ${asOf}) - e.begun as waited
        from entered e
        left join arrived a on a.case_id = e.case_id
      )`
}

function goals({ scope, of }: Journeys, stretch: Stretch, goal: string): string {
  if (stretch.goal !== 'sale')
    return `select case_id, happened, id
        from placed
        where touchpoint_id = ${goal}`
  return `select ${of === 'customer' ? 'customer_id' : 'purchase_id'} as case_id, happened,
          cast(${stretch.startsAtSale ? 0 : latestId} as bigint) as id
        from sales
        where ${during(scope, 'happened')}
          and 0 = ${goal}
          ${of === 'purchase' ? 'and purchase_id is not null' : ''}
          ${inSegment(scope, '$3')}`
}

export interface WaitRow {
  /** In which of the binsAWait the wait ended; the last holds all that are longer. */
  bin: number
  got: boolean
  n: number
}

/** How many got there, or are followed so far, after which part of the time. */
export function waitQuestion(journeys: Journeys, stretch: Stretch): Question {
  const values = stretchValues(journeys, stretch)
  const bin = (stretch.withinDays * dayMicros) / binsAWait
  return {
    text: `
      with ${waits(journeys, stretch)}, binned as (
        select cast(least(waited / $${values.length + 1}::bigint, ${binsAWait}) as integer) as bin,
          got and waited / $${values.length + 1}::bigint < ${binsAWait} as got
        from waits
      )
      select bin, got, cast(count(*) as integer) as n
      from binned
      group by bin, got
      order by bin, got`,
    values: [...values, Math.ceil(bin)],
  }
}

export interface BetweenRow {
  n: number
  /** µs: a tenth, a quarter, half, nine tenths of those who got there in time took at most that long. */
  p10: number | null
  p25: number | null
  p50: number | null
  p90: number | null
}

/** How long those took who got there in time. */
export function betweenQuestion(journeys: Journeys, stretch: Stretch): Question {
  const values = stretchValues(journeys, stretch)
  const quantile = (share: number) =>
    `cast(percentile_disc(${share}) within group (order by waited) as bigint)`
  return {
    text: `
      with ${waits(journeys, stretch)}
      select cast(count(*) as integer) as n, ${quantile(0.1)} as p10, ${quantile(0.25)} as p25,
        ${quantile(0.5)} as p50, ${quantile(0.9)} as p90
      from waits
      where got
        and waited < $${values.length + 1}::bigint`,
    values: [...values, stretch.withinDays * dayMicros],
  }
}

export interface SalesRow {
  n: number
}

/** Sales that journeys can lead to. */
export function salesQuestion({ scope, of }: Journeys): Question {
  return {
    text: `
      select cast(count(*) as integer) as n
      from sales
      where ${during(scope, 'happened')}
        ${of === 'purchase' ? 'and purchase_id is not null' : ''}
        ${inSegment(scope, '$3')}`,
    values: scopeValues(scope),
  }
}

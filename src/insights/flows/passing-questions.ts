import { dayMicros, type Question } from '../question.ts'
import type { Journeys } from './cases.ts'
import { type Stretch, stretchParameters, stretchValues, waits } from './conversion-questions.ts'

export interface RiskRow {
  entered: number
  /** Too recent to know how it ends. */
  recent: number
  /** There already at the landmark. */
  there: number
}

/** Who came to the start, and who of them can't be compared. */
export function riskQuestion(journeys: Journeys, stretch: Stretch, landmark: number): Question {
  const values = stretchValues(journeys, stretch)
  const within = `$${values.length + 1}::bigint`
  const mark = `$${values.length + 2}::bigint`
  const { asOf } = stretchParameters(journeys)
  return {
    text: `
      with ${waits(journeys, stretch)}
      select cast(count(*) as integer) as entered,
        cast(count(*) filter (where ${asOf} - begun < ${within}) as integer) as recent,
        cast(count(*) filter (where ${asOf} - begun >= ${within} and got and waited <= ${mark}) as integer) as there
      from waits`,
    values: [...values, stretch.withinDays * dayMicros, landmark],
  }
}

export interface PassingRow {
  /** Null: all, passing or not. */
  touchpoint_id: number | null
  /** In how many steps they were met up to the landmark, in layers: without this touchpoint's, and with. */
  others: number
  layer: number
  n: number
  hits: number
}

/**
 * Among journeys still open at the landmark: which touchpoints they had passed by then, how busy they had been
 * else, and how many got to the goal after it. Who passed later counts as not passed: else having had the
 * time to pass would look like its effect.
 */
export function passingQuestion(journeys: Journeys, stretch: Stretch, landmark: number): Question {
  const values = stretchValues(journeys, stretch)
  const within = `$${values.length + 1}::bigint`
  const mark = `$${values.length + 2}::bigint`
  const { asOf } = stretchParameters(journeys)
  return {
    text: `
      with ${waits(journeys, stretch)}, open as (
        select case_id, start_id, begun, got and waited < ${within} as hit
        from waits
        where ${asOf} - begun >= ${within}
          and not (got and waited <= ${mark})
      ), seen as (
        select o.case_id, p.touchpoint_id, count(*) as times
        from open o
        join placed p on p.case_id = o.case_id and (p.happened, p.id) > (o.begun, o.start_id)
        where p.happened <= o.begun + ${mark}
        group by o.case_id, p.touchpoint_id
      ), busy as (
        select case_id, sum(times) as times
        from seen
        group by case_id
      ), told as (
        select o.case_id, o.hit, coalesce(b.times, 0) as times
        from open o
        left join busy b on b.case_id = o.case_id
      ), layered as (
        select cast(null as integer) as touchpoint_id, ${layer('times')} as others, ${layer('times')} as layer, hit
        from told
        union all
        select s.touchpoint_id, ${layer('t.times - s.times')}, ${layer('t.times')}, t.hit
        from seen s
        join told t on t.case_id = s.case_id
      )
      select touchpoint_id, others, layer, cast(count(*) as integer) as n,
        cast(count(*) filter (where hit) as integer) as hits
      from layered
      group by touchpoint_id, others, layer
      order by touchpoint_id nulls first, others, layer`,
    values: [...values, stretch.withinDays * dayMicros, landmark],
  }
}

/** 0, 1, 2, 3 to 4, 5 to 8, 9 and more. */
function layer(times: string): string {
  return `case when ${times} <= 2 then cast(${times} as integer) when ${times} <= 4 then 3 when ${times} <= 8 then 4 else 5 end`
}

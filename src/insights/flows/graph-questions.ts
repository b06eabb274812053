import type { Question } from '../question.ts'
import { type Journeys, journeyValues, placed } from './cases.ts'

export interface EdgeRow {
  prev_touchpoint: number
  touchpoint_id: number
  n: number
  /** The bins (see gapSeconds) in which the middle wait lies, and the one that nine in ten stay under. */
  median_gap: number
  p90_gap: number
}

/**
 * What comes next: for each pair of touchpoints how often, and how long after (waits are kept in quarter
 * octaves; exact medians took more than twice as long).
 */
export function edgeQuestion(journeys: Journeys): Question {
  return {
    text: `
      with ${placed(journeys)}, binned as (
        select prev_touchpoint, touchpoint_id, gap, count(*) as n
        from placed
        where prev_touchpoint is not null
        group by prev_touchpoint, touchpoint_id, gap
      ), summed as (
        select prev_touchpoint, touchpoint_id, gap,
          sum(n) over (partition by prev_touchpoint, touchpoint_id order by gap) as upto,
          sum(n) over (partition by prev_touchpoint, touchpoint_id) as total
        from binned
      )
      select prev_touchpoint, touchpoint_id,
        cast(max(total) as integer) as n,
        cast(min(gap) filter (where upto * 2 >= total) as integer) as median_gap,
        cast(min(gap) filter (where upto * 10 >= total * 9) as integer) as p90_gap
      from summed
      group by prev_touchpoint, touchpoint_id
      order by n desc, prev_touchpoint, touchpoint_id`,
    values: journeyValues(journeys),
  }
}

export interface PlaceRow {
  touchpoint_id: number
  n: number
  /** Journeys that came here at all, and those that began here. */
  cases: number
  starts: number
}

/** How often each touchpoint was met. Where journeys end follows: met there, and nothing came after. */
export function placeQuestion(journeys: Journeys): Question {
  return {
    text: `
      with ${placed(journeys)}
      select touchpoint_id,
        cast(count(*) as integer) as n,
        cast(count(*) filter (where fresh) as integer) as cases,
        cast(count(*) filter (where prev_touchpoint is null) as integer) as starts
      from placed
      group by touchpoint_id
      order by touchpoint_id`,
    values: journeyValues(journeys),
  }
}

export interface EdgeCasesRow {
  prev_touchpoint: number
  touchpoint_id: number
  cases: number
}

/** Journeys that went this way at least once. */
export function edgeCasesQuestion(journeys: Journeys): Question {
  return {
    text: `
      with ${placed(journeys)}
      select prev_touchpoint, touchpoint_id, cast(count(distinct case_id) as integer) as cases
      from placed
      where prev_touchpoint is not null
      group by prev_touchpoint, touchpoint_id
      order by prev_touchpoint, touchpoint_id`,
    values: journeyValues(journeys),
  }
}

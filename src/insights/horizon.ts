import { dayMicros, type Question } from './question.ts'

export interface ReturnTimeRow {
  /** µs by which three in four of the returns seen had come; null: none. */
  later: number | null
  returns: number
  first: number | null
}

/** How long customers take to come back, and since when sales are known. */
export function returnTimes(): Question {
  return {
    text: `
      with gaps as (
        select happened, happened - lag(happened) over (partition by customer_id order by happened) as gap
        from sales
      )
      select cast(percentile_cont(0.75) within group (order by gap) as double precision) as later,
        cast(count(gap) as integer) as returns,
        cast(min(happened) as double precision) as first
      from gaps`,
    values: [],
  }
}

/** Horizons that people can say. */
const horizons = [30, 60, 90, 180, 365, 730]
const usual = 365
/** Fewer returns than this say nothing about how long they take. */
const fewestReturns = 30

/**
 * Days within which coming back counts when nobody said: long enough for three in four of the returns that
 * were seen, and short enough that half of what is known can be followed for that long.
 */
export function usualHorizon({ later, returns, first }: ReturnTimeRow, seenUntil: number): number {
  const known = first === null ? Number.POSITIVE_INFINITY : (seenUntil - first) / dayMicros
  const wanted =
    later === null || returns < fewestReturns
      ? usual
      : (horizons.find((days) => days >= later / dayMicros) ?? horizons.at(-1) ?? usual)
  return horizons.findLast((days) => days <= wanted && days * 2 <= known) ?? horizons[0] ?? usual
}

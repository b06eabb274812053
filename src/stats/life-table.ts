/** How many had it happen, and how many were lost from sight, at each distinct time; times ascending. */
export interface LifeTable {
  times: Float64Array
  happened: Float64Array
  lost: Float64Array
  /** Cases in the table. */
  n: number
  /** Cases without a time, or with an endless one. */
  leftOut: number
}

/** Whole times up to this (2,700 years of days) are counted directly; others are sorted. */
const countable = 1_000_000

/**
 * Counts cases by time. `time` is how long each was followed, in any unit and from any zero; `happened` is true (or 1) where it
 * ended with the event and false (or 0) where the case was lost from sight or still open; `count` says how
 * many cases are like this one. A million cases in whole days take some hundredths of a second.
 */
export function lifeTable(
  time: ArrayLike<number>,
  happened: ArrayLike<number | boolean>,
  count?: ArrayLike<number>,
): LifeTable {
  let largest = 0
  let whole = true
  let n = 0
  let leftOut = 0
  for (let i = 0; i < time.length; i++) {
    const each = time[i] as number
    const many = count === undefined ? 1 : (count[i] as number)
    if (!(Number.isFinite(each) && many >= 0 && many < Number.POSITIVE_INFINITY)) {
      leftOut++
      continue
    }
    n += many
    if (each > largest) largest = each
    if (!Number.isInteger(each) || each < 0) whole = false
  }
  const times =
    whole && largest <= countable ? Float64Array.from({ length: largest + 1 }, (_, i) => i) : distinct(time)
  const table = { times, happened: new Float64Array(times.length), lost: new Float64Array(times.length) }
  const direct = whole && largest <= countable
  for (let i = 0; i < time.length; i++) {
    const each = time[i] as number
    const many = count === undefined ? 1 : (count[i] as number)
    if (!(Number.isFinite(each) && many >= 0 && many < Number.POSITIVE_INFINITY)) continue
    const place = direct ? each : placeOf(times, each)
    const column = happened[i] ? table.happened : table.lost
    column[place] = (column[place] as number) + many
  }
  return { ...withoutEmpty(table), n, leftOut }
}

/** The place of the last time that is not after `time`; −1 where all are. */
export function placeOf(times: Float64Array, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

function distinct(time: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(time)
    .filter((each) => Number.isFinite(each))
    .sort()
  let kept = 0
  for (let i = 0; i < sorted.length; i++)
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i] as number
  return sorted.slice(0, kept)
}

type Columns = Pick<LifeTable, 'times' | 'happened' | 'lost'>

function withoutEmpty({ times, happened, lost }: Columns): Columns {
  const some = (_: number, i: number) => (happened[i] as number) + (lost[i] as number) > 0
  return { times: times.filter(some), happened: happened.filter(some), lost: lost.filter(some) }
}

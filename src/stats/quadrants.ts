// Importance × performance: where to look first. A point is put into a quadrant only when nearly every draw
// of customers would put it there too.
import type { Draws } from './block-moments.ts'
import type { Replicates } from './bootstrap.ts'
import { cannotTell, type Told } from './cannot-tell.ts'
import type { Importance } from './importance.ts'

/** Mean experience of each group, as measured (null: nobody said) and in each draw. */
export interface Performance {
  values: (number | null)[]
  replicates: Replicates
}

/**
 * Means from the same draws as the importance: the sum of one column over the sum of another, as of ratings
 * and of "rated it".
 */
export function performanceInDraws(
  draws: Draws,
  groups: readonly { sum: number; count: number }[],
): Performance {
  const of = ({ sums, shift, scale }: Draws['whole']) => {
    const total = (column: number) =>
      (sums[column + 1] as number) * (scale[column + 1] as number) +
      (sums[0] as number) * (shift[column + 1] as number)
    return groups.map(({ sum, count }) => (total(count) > 0 ? total(sum) / total(count) : Number.NaN))
  }
  const values = new Float64Array(draws.replicates * groups.length)
  for (let replicate = 0; replicate < draws.replicates; replicate++)
    values.set(of(draws.drawn(replicate)), replicate * groups.length)
  return {
    values: of(draws.whole).map((value) => (Number.isNaN(value) ? null : value)),
    replicates: { replicates: draws.replicates, width: groups.length, values },
  }
}

export interface Quadrant {
  /** Goes along with more than the mean group does. */
  important: boolean
  /** Is better than the mean group, or than the given mark. */
  good: boolean
  /** The share of draws that agree, in [0, 1]. */
  agreement: number
}

/** Each group's quadrant, if at least `level` of the draws agree. `mark`: a performance to be measured against instead of the mean. */
export function quadrants(
  importance: Importance,
  performance: Performance,
  { level = 0.9, mark }: { level?: number; mark?: number } = {},
): Told<Quadrant>[] {
  const shares = importance.groups.map(({ share }) => share)
  const measured = placed(
    shares,
    performance.values.map((value) => value ?? Number.NaN),
    mark,
  )
  const drawn = Array.from({ length: importance.replicates.replicates }, (_, replicate) =>
    placed(rowOf(importance.replicates, replicate), rowOf(performance.replicates, replicate), mark),
  ).filter((places) => places.some((place) => place !== undefined))
  return measured.map((place, group) => {
    if (!place) return cannotTell('nobody said how it was')
    const same = drawn.filter((places) => {
      const other = places[group]
      return other?.important === place.important && other.good === place.good
    })
    const agreement = drawn.length === 0 ? 0 : same.length / drawn.length
    if (agreement < level)
      return cannotTell(
        `only ${Math.floor(100 * agreement)} of 100 draws of the customers put it in the same place`,
      )
    return { ...place, agreement }
  })
}

function placed(shares: ArrayLike<number>, means: readonly number[], mark: number | undefined) {
  const meanShare = mean(Array.from(shares))
  const line = mark ?? mean(means.filter((value) => !Number.isNaN(value)))
  return means.map((value, group) => {
    const share = shares[group] as number
    return Number.isNaN(value) || Number.isNaN(share)
      ? undefined
      : { important: share > meanShare, good: value > line }
  })
}

function rowOf({ width, values }: Replicates, replicate: number): number[] {
  return [...values.subarray(replicate * width, (replicate + 1) * width)]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

// The bootstrap by customer (Efron 1979): draw as many customers again as there are, with replacement, and
// see how far the answer moves. Seeded, so that the same data and seed give the same interval.
import { cannotTell, type Told } from './cannot-tell.ts'
import type { Difference } from './proportions.ts'
import { Seeded } from './seeded.ts'

/** Answers under resampling: `replicates` rows of `width` values, row by row; NaN where a draw gave no answer. */
export interface Replicates {
  replicates: number
  width: number
  values: Float64Array
}

export interface BootstrapOptions {
  /** Default 200. A 95 % interval from 200 is off at its ends by about a twelfth of its width; from 1,000 by half that. */
  replicates?: number
  seed?: number
}

/**
 * Replicates of any answer of `width` numbers. `statistic` is given how often each of the units (customers)
 * was drawn; the array is used again for the next replicate, so copy what is kept.
 */
export function bootstrap(
  units: number,
  width: number,
  statistic: (counts: Float64Array) => ArrayLike<number>,
  { replicates = 200, seed = 1 }: BootstrapOptions = {},
): Replicates {
  const values = new Float64Array(replicates * width)
  const counts = new Float64Array(units)
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawCounts(counts, seed, replicate)
    values.set(statistic(counts), replicate * width)
  }
  return { replicates, width, values }
}

/** How often each of counts.length units is drawn in as many draws. Depends on seed and replicate alone. */
export function drawCounts(counts: Float64Array, seed: number, replicate: number): void {
  const random = new Seeded(seed, replicate)
  counts.fill(0)
  for (let draw = 0; draw < counts.length; draw++) {
    const unit = random.below(counts.length)
    counts[unit] = (counts[unit] as number) + 1
  }
}

/** The middle `level` of the values of one column: the percentile interval. Can't tell where too few could be computed. */
export function percentileInterval(
  { replicates, width, values }: Replicates,
  column: number,
  level = 0.95,
): Told<{ low: number; high: number }> {
  const sorted = new Float64Array(replicates)
  let known = 0
  for (let replicate = 0; replicate < replicates; replicate++) {
    const value = values[replicate * width + column] as number
    if (Number.isFinite(value)) sorted[known++] = value
  }
  // Where one draw in ten gives no answer, the others are a chosen lot.
  if (known < 20 || known < 0.9 * replicates)
    return cannotTell('too many of the customers drawn anew gave no answer')
  const used = sorted.subarray(0, known).sort()
  return { low: quantileOf(used, (1 - level) / 2), high: quantileOf(used, (1 + level) / 2) }
}

/** Quantile of ascending values, linear between them (Hyndman and Fan's type 7, R's default). */
export function quantileOf(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1)
  const below = Math.floor(place)
  const low = ascending[below] as number
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number
  return low + (place - below) * (high - low)
}

/**
 * The interval of each column's rank among all (1: the largest), whole numbers. Equal values share the
 * better rank.
 */
export function rankIntervals({ replicates, width, values }: Replicates, level = 0.95): RankInterval[] {
  const ranks = Array.from({ length: width }, (): number[] => [])
  for (let replicate = 0; replicate < replicates; replicate++) {
    const row = values.subarray(replicate * width, (replicate + 1) * width)
    if (!row.every(Number.isFinite)) continue
    const descending = row.toSorted().toReversed()
    for (const [column, value] of row.entries()) ranks[column]?.push(descending.indexOf(value) + 1)
  }
  return ranks.map((each) => {
    const ascending = each.toSorted((a, b) => a - b)
    const at = (share: number) => ascending[Math.round(share * (ascending.length - 1))] ?? width
    return { low: at((1 - level) / 2), high: at((1 + level) / 2) }
  })
}

/** The best and the worst rank that are plausible. */
export interface RankInterval {
  low: number
  high: number
}

/**
 * A difference between two columns of answers to the same draws (same units, seed and replicates), with
 * its percentile interval and a two-sided p value: how often the draws put it on the other side of nothing
 * (Davison and Hinkley 1997, §4.4, with one added so that it is never 0).
 */
export function resampledDifference(
  estimate: number,
  a: Replicates,
  columnA: number,
  b: Replicates,
  columnB: number,
): Told<Difference & { p: number }> {
  const values = Float64Array.from(
    { length: Math.min(a.replicates, b.replicates) },
    (_, replicate) =>
      (a.values[replicate * a.width + columnA] as number) -
      (b.values[replicate * b.width + columnB] as number),
  )
  const interval = percentileInterval({ replicates: values.length, width: 1, values }, 0)
  if ('cannotTell' in interval) return interval
  const below = values.filter((value) => value <= 0).length
  const above = values.filter((value) => value >= 0).length
  const p = Math.min(1, (2 * (Math.min(below, above) + 1)) / (values.length + 1))
  return { value: estimate, ...interval, p }
}

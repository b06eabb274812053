import { cannotTell, type Told } from './cannot-tell.ts'
import { type Mean, meanOf } from './means.ts'
import { scaleOf } from './scale.ts'
import { Seeded } from './seeded.ts'

/** A stretch of a series without a change: from the place `from` up to and without `to`. */
export interface Stretch {
  from: number
  to: number
  mean: Mean
}

/** Fewer points than this on a side of a change are not a level. */
const shortest = 4

/**
 * Where the level of a series changed, by binary segmentation: the split that explains most is made as long as
 * it lowers the Bayesian information criterion, N·ln(RSS/N) + 2·ln N for each change (Scott & Knott 1974; Yao
 * 1988). It takes single values as independent: where neighbours are alike it finds too many changes, and
 * pettitt() with its blocks should agree before anyone is told. One stretch means: no change found.
 * Checked on the Nile's yearly flow: after 1898, from 1097.75 to 849.972.
 */
export function levelChanges(values: readonly number[]): Told<Stretch[]> {
  const n = values.length
  if (n < 2 * shortest) return cannotTell('the series is too short to see a change of level', 2 * shortest)
  if (!values.every(Number.isFinite)) return cannotTell('the series has gaps')
  const scale = scaleOf(values)
  const squares = squaresWithin(values.map((value) => value / scale))
  const whole = squares(0, n)
  // A series that never varies has no change; a little noise keeps the logarithm finite where splits explain all.
  const floor = whole * 1e-9
  if (!(whole > 0)) return [stretch(values, 0, n)]
  let cuts = [0, n]
  let rest = whole
  for (;;) {
    const best = bestSplit(cuts, squares)
    if (best === null) break
    const gain = n * Math.log(Math.max(floor, rest) / Math.max(floor, rest - best.gain))
    if (!(gain > 2 * Math.log(n))) break
    cuts = [...cuts, best.at].toSorted((a, b) => a - b)
    rest -= best.gain
  }
  return cuts.slice(1).map((to, i) => stretch(values, cuts[i] ?? 0, to))
}

export interface Pettitt {
  /** The first place after the change. */
  at: number
  /** max |U|, U the excess of rises over falls across a split. */
  k: number
  /** By shuffling blocks, so that neighbours that are alike count as alike. */
  p: number
  before: Mean
  after: Mean
}

/**
 * Pettitt's rank test (1979) for one change of level, with its chance from `rounds` shufflings of blocks of
 * neighbouring values. Ranks: an outlier weighs no more than any other value. Says whether there is a change,
 * not how many.
 */
export function pettitt(
  values: readonly number[],
  { rounds = 999, seed = 1, block = Math.max(1, Math.round(Math.cbrt(values.length))) } = {},
): Told<Pettitt> {
  const n = values.length
  if (n < 2 * shortest) return cannotTell('the series is too short to see a change of level', 2 * shortest)
  if (!values.every(Number.isFinite)) return cannotTell('the series has gaps')
  const ranks = ranksOf(values)
  const { at, k } = largestExcess(ranks)
  const chance = new Seeded(seed)
  const blocks = Math.ceil(n / block)
  const order = Int32Array.from({ length: blocks }, (_, i) => i)
  const shuffled = new Float64Array(n)
  let asLarge = 0
  for (let round = 0; round < rounds; round++) {
    chance.shuffle(order)
    let next = 0
    for (const each of order)
      for (let i = each * block; i < Math.min(n, (each + 1) * block); i++)
        shuffled[next++] = ranks[i] as number
    if (largestExcess(shuffled).k >= k) asLarge++
  }
  return {
    at,
    k,
    p: (1 + asLarge) / (1 + rounds),
    before: stretch(values, 0, at).mean,
    after: stretch(values, at, n).mean,
  }
}

function stretch(values: readonly number[], from: number, to: number): Stretch {
  const scale = scaleOf(values)
  const { n, value, low, high } = meanOf(values.slice(from, to).map((each) => each / scale))
  const back = (each: number | null) => (each === null ? null : each * scale)
  return { from, to, mean: { n, value: back(value), low: back(low), high: back(high) } }
}

/** The squared distances from their mean of the values from..to, in constant time. */
function squaresWithin(values: readonly number[]): (from: number, to: number) => number {
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length
  const sums = new Float64Array(values.length + 1)
  const squares = new Float64Array(values.length + 1)
  for (const [i, value] of values.entries()) {
    sums[i + 1] = (sums[i] as number) + value - middle
    squares[i + 1] = (squares[i] as number) + (value - middle) ** 2
  }
  return (from, to) => {
    const sum = (sums[to] as number) - (sums[from] as number)
    return Math.max(0, (squares[to] as number) - (squares[from] as number) - (sum * sum) / (to - from))
  }
}

function bestSplit(cuts: readonly number[], squares: (from: number, to: number) => number) {
  let best: { at: number; gain: number } | null = null
  for (const [i, to] of cuts.slice(1).entries()) {
    const from = cuts[i] ?? 0
    const whole = squares(from, to)
    for (let at = from + shortest; at <= to - shortest; at++) {
      const gain = whole - squares(from, at) - squares(at, to)
      if (best === null || gain > best.gain) best = { at, gain }
    }
  }
  return best
}

/** U_t = 2·Σ ranks up to t − t(n+1). */
function largestExcess(ranks: Float64Array): { at: number; k: number } {
  const n = ranks.length
  let sum = 0
  let found = { at: shortest, k: 0 }
  for (let t = 1; t < n; t++) {
    sum += ranks[t - 1] as number
    const excess = Math.abs(2 * sum - t * (n + 1))
    if (excess > found.k && t >= shortest && n - t >= shortest) found = { at: t, k: excess }
  }
  return found
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranksOf(values: readonly number[]): Float64Array {
  const order = values.map((value, i) => ({ value, i })).toSorted((a, b) => a.value - b.value)
  const ranks = new Float64Array(values.length)
  for (let i = 0; i < order.length; ) {
    let end = i
    while (end < order.length && order[end]?.value === order[i]?.value) end++
    for (let j = i; j < end; j++) ranks[order[j]?.i ?? 0] = (i + 1 + end) / 2
    i = end
  }
  return ranks
}

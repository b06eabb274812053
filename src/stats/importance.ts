// How much of an outcome goes along with each group of columns (a touchpoint: used it, and how it was),
// compared with equals: controls are in the regression before any group. With intervals by customer.
import { type BlockOptions, type Draws, drawMoments } from './block-moments.ts'
import {
  type BootstrapOptions,
  percentileInterval,
  type RankInterval,
  type Replicates,
  rankIntervals,
  resampledDifference,
} from './bootstrap.ts'
import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import { holm } from './holm.ts'
import {
  drawnOrders,
  Entering,
  type Shareable,
  shareable,
  sharesFromAllOrders,
  sharesFromOrders,
} from './lmg.ts'
import { moveShares } from './lmg-near.ts'
import { centred, type Moments } from './moments.ts'
import type { Difference } from './proportions.ts'
import type { Rows } from './rows.ts'

export interface GroupImportance {
  /** Share of the outcome's variance that goes along with the group, with its 95 % interval. */
  share: number
  low: number
  high: number
  /** What as many columns of pure chance would be expected to get. Below it, nothing is seen. */
  chance: number
  /** 1: the largest share. */
  rank: number
  plausibleRanks: RankInterval
}

export interface Importance {
  n: number
  /** Share of variance that goes along with all columns; the controls alone; the groups' shares are the rest. */
  r2: number
  r2Controls: number
  groups: GroupImportance[]
  /** The shares under each draw, a column a group; for quadrants and differences. */
  replicates: Replicates
  /** Orders of entering that were averaged: all there are, or this many at random. */
  orders: 'all' | number
  /** The largest standard error that not trying all orders leaves on a share. */
  orderError: number
  by: Draws['by']
}

export interface ImportanceOptions {
  /** The columns of each group. */
  groups: readonly (readonly number[])[]
  /** Columns that are always in the regression. */
  controls?: readonly number[]
  /** Numbers the random orders. */
  seed?: number
}

/** LMG shares with percentile intervals, from rows. */
export function importance(
  rows: Rows,
  options: ImportanceOptions & BootstrapOptions & BlockOptions,
): Told<Importance> {
  const draws = drawMoments(rows, options)
  return isTold(draws) ? importanceFromDraws(draws, options) : draws
}

/** The same from moments that were drawn already, as where performance is judged on the same draws. */
export function importanceFromDraws(draws: Draws, options: ImportanceOptions): Told<Importance> {
  const { groups, seed = 1 } = options
  const whole = prepare(draws.whole, options)
  if (!isTold(whole)) return whole
  const { shares, error, orders } = sharesOfWhole(whole.data, seed)
  const values = sharesByDraw(draws, whole, shares, options)
  const replicates = { replicates: draws.replicates, width: groups.length, values }
  const { n, rank, r2 } = whole
  const perColumn = (1 - r2) / (n - rank - 1)
  const ranks = rankIntervals(replicates)
  const told: GroupImportance[] = []
  for (const [group, share] of shares.entries()) {
    const interval = percentileInterval(replicates, group)
    if (!isTold(interval)) return interval
    const chance = perColumn * (whole.columns[group] as number)
    told.push({
      share,
      // Drawing adds as much chance once more, which would push the interval past the share.
      low: Math.max(0, interval.low - chance),
      high: Math.max(0, interval.high - chance),
      chance,
      rank: shares.filter((other) => other > share).length + 1,
      plausibleRanks: ranks[group] ?? { low: 1, high: groups.length },
    })
  }
  const orderError = error.reduce((most, each) => Math.max(most, each), 0)
  return {
    n,
    r2,
    r2Controls: whole.data.r2Controls,
    groups: told,
    replicates,
    orders,
    orderError,
    by: draws.by,
  }
}

interface Prepared {
  n: number
  rank: number
  r2: number
  /** Columns of each group that say something of their own. */
  columns: Float64Array
  data: Shareable
}

function prepare(moments: Moments, { groups, controls = [] }: ImportanceOptions): Told<Prepared> {
  const products = centred(moments)
  const { n } = products
  const own = products.matrix[products.matrix.length - 1] as number
  if (!(n > 0)) return cannotTell('nobody was counted')
  if (!Number.isFinite(own)) return cannotTell('a value is too large to be counted with')
  if (own <= 0) return cannotTell('every outcome is the same')
  const data = shareable(products, groups, controls)
  const { columns, rank, r2 } = entered(data)
  const needed = rank + controls.length + 20
  if (n < needed)
    return cannotTell(
      `only ${n} were counted, too few to tell ${rank + controls.length} things apart`,
      needed,
    )
  return { n, rank: rank + controls.length, r2, columns, data }
}

/** All groups in the order given: what they reach, and how many columns each brings that are new. */
function entered(data: Shareable) {
  const entering = new Entering(data)
  const columns = new Float64Array(data.starts.length - 1)
  let depth = 0
  let r2 = data.r2Controls
  for (let group = 0; group < columns.length; group++) {
    const deeper = entering.enter(group, depth)
    columns[group] = deeper - depth
    r2 += entering.added
    depth = deeper
  }
  return { columns, rank: depth, r2: Math.min(1, r2) }
}

/** Up to so many groups, every order is tried: 2¹⁵ regressions, 25 ms with two columns a group. */
const mostForAllOrders = 15
const fewestRoundsForWhole = 5
const mostRoundsForWhole = 25
const pairsForWhole = 8
/** Enough orders were tried where what they leave open is so small a part of the largest share. */
const smallError = 0.005

function sharesOfWhole(data: Shareable, seed: number) {
  const groups = data.starts.length - 1
  if (groups <= mostForAllOrders)
    return { shares: sharesFromAllOrders(data), error: new Float64Array(groups), orders: 'all' as const }
  const rounds = drawnOrders(groups, mostRoundsForWhole, pairsForWhole, seed)
  for (let tried = fewestRoundsForWhole; ; tried = Math.min(2 * tried, mostRoundsForWhole)) {
    const some = rounds.slice(0, tried)
    const found = sharesFromOrders(data, some)
    const largest = found.shares.reduce((most, each) => Math.max(most, each), 0)
    if (tried === mostRoundsForWhole || found.error.every((each) => each <= smallError * largest))
      return { ...found, orders: some.flat().length }
  }
}

/** With so many customers a column, draws lie near the whole. */
const nearAbove = 40
/** Up to so many groups every order is tried in every draw. */
const mostForAllOrdersInDraws = 9

function sharesByDraw(
  draws: Draws,
  whole: Prepared,
  shares: Float64Array,
  options: ImportanceOptions,
): Float64Array {
  const { groups, controls = [], seed = 1 } = options
  if (groups.length > mostForAllOrdersInDraws && whole.n > nearAbove * whole.rank) {
    const orders = drawnOrders(groups.length, 2, 4, seed + 1).flat()
    return moveShares(draws, { groups, controls, orders }).map(
      (move, cell) => (shares[cell % groups.length] as number) + move,
    )
  }
  const inDraw = sharesInDraws(whole.data, shares, seed)
  const values = new Float64Array(draws.replicates * groups.length).fill(Number.NaN)
  for (let replicate = 0; replicate < draws.replicates; replicate++) {
    const drawn = prepare(draws.drawn(replicate), options)
    if (isTold(drawn)) values.set(inDraw(drawn.data), replicate * groups.length)
  }
  return values
}

/**
 * In a draw only a few orders are tried, the same in each, and what those few get wrong on the whole is
 * taken off: what is left is the difference that the draw makes.
 */
function sharesInDraws(
  whole: Shareable,
  shares: Float64Array,
  seed: number,
): (drawn: Shareable) => Float64Array {
  const groups = whole.starts.length - 1
  if (groups <= mostForAllOrdersInDraws) return sharesFromAllOrders
  // So many that a draw costs about a thousandth of a second or two.
  const rounds = Math.min(8, Math.max(1, Math.round((120 / Math.max(1, whole.columns)) ** 1.5)))
  const orders = drawnOrders(groups, rounds, 4, seed + 1)
  const few = sharesFromOrders(whole, orders).shares
  const wrong = few.map((share, group) => share - (shares[group] as number))
  return (drawn) =>
    sharesFromOrders(drawn, orders).shares.map((share, group) => share - (wrong[group] as number))
}

/** One group's difference between two analyses of the same customers. */
export interface ImportanceDifference extends Difference {
  /** Two-sided, and after Holm's adjustment for all the groups that were compared. */
  p: number
  adjusted: number
}

/**
 * Does a group weigh more for one outcome than for another (selecting against evaluating)? Each analysis'
 * shares are taken relative to their sum, as outcomes differ in how much goes along with anything. Both must
 * come from the same customers, groups, seed and number of replicates.
 */
export function importanceDifferences(a: Importance, b: Importance): Told<ImportanceDifference[]> {
  const [left, right] = [relativeShares(a), relativeShares(b)]
  if (!left || !right) return cannotTell('nothing goes along with the outcome')
  const differences: (Difference & { p: number })[] = []
  for (const group of a.groups.keys()) {
    const value = (left.shares[group] as number) - (right.shares[group] as number)
    const difference = resampledDifference(value, left.replicates, group, right.replicates, group)
    if (!isTold(difference)) return difference
    differences.push(difference)
  }
  const adjusted = holm(differences.map(({ p }) => p))
  return differences.map((difference, group) => ({ ...difference, adjusted: adjusted[group] as number }))
}

/** Shares of what goes along with all groups, measured and in each draw; undefined where nothing does. */
export function relativeShares({ groups, replicates }: Importance) {
  const sum = groups.reduce((total, { share }) => total + share, 0)
  if (sum <= 0) return undefined
  const values = replicates.values.slice()
  for (let from = 0; from < values.length; from += replicates.width) {
    const row = values.subarray(from, from + replicates.width)
    const total = row.reduce((all, value) => all + value, 0)
    for (const [group, value] of row.entries()) row[group] = total > 0 ? value / total : Number.NaN
  }
  return { shares: groups.map(({ share }) => share / sum), replicates: { ...replicates, values } }
}

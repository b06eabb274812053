// Importance for a yes/no outcome: McFadden's R² of a ridge logistic regression, shared out among groups.
import type { BlockOptions } from './block-moments.ts'
import type { BootstrapOptions } from './bootstrap.ts'
import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import { type Importance, type ImportanceOptions, importance } from './importance.ts'
import { shapley } from './lmg.ts'
import { type Logistic, logistic, logOddsOf, sigmoid } from './logistic.ts'
import { type Rows, selectColumns } from './rows.ts'
import { Seeded } from './seeded.ts'

export interface McFaddenShares {
  n: number
  /** McFadden's R² with all columns, and with the controls alone; the shares sum to the rest. */
  mcFadden: number
  mcFaddenControls: number
  shares: Float64Array
  /** Orders of entering that were averaged: all there are, or this many at random. */
  orders: 'all' | number
}

export interface McFaddenOptions extends ImportanceOptions {
  /** Rows of doubt in each regression. Default 1. */
  ridge?: number
  /** Above eight groups: how many random orders, each a regression a group. Default 20. */
  orders?: number
}

/**
 * Shapley shares of McFadden's R² (Lipovetsky and Conklin 2001, on the likelihood), a regression for each
 * subset of groups up to eight groups, and along random orders and their reverses above. Exact but slow: for
 * intervals, or many customers, see yesNoImportance.
 */
export function mcFaddenShares(rows: Rows, options: McFaddenOptions): Told<McFaddenShares> {
  const { groups, controls = [], seed = 1, orders = 20, ridge = 1 } = options
  const reached = new Map<string, number>()
  let failure: Told<Logistic> | undefined
  const value = (members: readonly number[]): number => {
    const key = members.toSorted((a, b) => a - b).join()
    const known = reached.get(key)
    if (known !== undefined || failure) return known ?? 0
    const columns = [...controls, ...members.flatMap((member) => groups[member] ?? [])]
    const fit = logistic(selectColumns(rows, columns), { ridge })
    if (!isTold(fit)) failure = fit
    else reached.set(key, fit.mcFadden)
    return isTold(fit) ? fit.mcFadden : 0
  }
  const every = [...groups.keys()]
  const whole = logistic(selectColumns(rows, [...controls, ...groups.flat()]), { ridge })
  if (!isTold(whole)) return whole
  const mcFaddenControls = value([])
  const all = groups.length <= 8
  const shares = all
    ? shapley(
        Float64Array.from({ length: 2 ** groups.length }, (_, subset) =>
          value(every.filter((g) => subset & (1 << g))),
        ),
        groups.length,
      )
    : alongOrders(value, groups.length, orders, seed)
  if (failure && !isTold(failure)) return failure
  return {
    n: whole.n,
    mcFadden: whole.mcFadden,
    mcFaddenControls,
    shares,
    orders: all ? 'all' : 2 * Math.ceil(orders / 2),
  }
}

function alongOrders(
  value: (members: readonly number[]) => number,
  groups: number,
  orders: number,
  seed: number,
): Float64Array {
  const random = new Seeded(seed, groups)
  const shares = new Float64Array(groups)
  const pairs = Math.ceil(orders / 2)
  for (let pair = 0; pair < pairs; pair++) {
    const order = Int32Array.from({ length: groups }, (_, group) => group)
    random.shuffle(order)
    for (const turned of [order, order.toReversed()]) {
      let before = value([])
      for (const [place, group] of turned.entries()) {
        const after = value([...turned.subarray(0, place + 1)])
        shares[group] = (shares[group] as number) + (after - before) / (2 * pairs)
        before = after
      }
    }
  }
  return shares
}

/**
 * Shares of McFadden's R² with intervals by customer, for any number of customers and groups: the logistic
 * regression is fitted once, with everything in it; near that fit the log-likelihood is a weighted sum of
 * squares, whose R² is shared out as LMG and brought to McFadden's scale. Agrees with mcFaddenShares as far
 * as effects are moderate.
 */
export function yesNoImportance(
  rows: Rows,
  options: McFaddenOptions & BootstrapOptions & BlockOptions,
): Told<Importance> {
  const { ridge = 1, groups, controls = [] } = options
  const used = selectColumns(rows, [...controls, ...groups.flat()])
  const fit = logistic(used, { ridge })
  if (!isTold(fit)) return fit
  const alone = logistic(selectColumns(rows, controls), { ridge })
  if (!isTold(alone)) return alone
  const linear = importance(nearFit(rows, logOddsOf(used, fit)), options)
  if (!isTold(linear)) return linear
  const shared = linear.groups.reduce((sum, { share }) => sum + share, 0)
  if (shared <= 0) return cannotTell('nothing goes along with the outcome')
  const scale = Math.max(0, fit.mcFadden - alone.mcFadden) / shared
  return {
    ...linear,
    r2: fit.mcFadden,
    r2Controls: alone.mcFadden,
    groups: linear.groups.map((group) => ({
      ...group,
      share: group.share * scale,
      low: group.low * scale,
      high: group.high * scale,
      chance: group.chance * scale,
    })),
    replicates: { ...linear.replicates, values: linear.replicates.values.map((value) => value * scale) },
    orderError: linear.orderError * scale,
  }
}

/** The rows of the last step of iteratively reweighted least squares, their weights brought to a mean of 1. */
export function nearFit(rows: Rows, logOdds: Float64Array): Rows {
  const { n, outcome: happened, weights: counts } = rows
  const weights = new Float64Array(n)
  const outcome = new Float64Array(n)
  let counted = 0
  let weighed = 0
  for (let row = 0; row < n; row++) {
    const p = sigmoid(logOdds[row] as number)
    const variance = Math.max(p * (1 - p), 1e-6)
    const count = counts ? (counts[row] as number) : 1
    weights[row] = count * variance
    outcome[row] = (logOdds[row] as number) + ((happened[row] as number) - p) / variance
    counted += count
    weighed += weights[row] as number
  }
  for (let row = 0; row < n; row++) weights[row] = ((weights[row] as number) * counted) / weighed
  return { ...rows, weights, outcome }
}

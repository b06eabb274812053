// How a regression's R² is shared out among groups of columns: the mean of what a group adds, over all
// orders in which the groups can enter (Lindeman, Merenda and Gold 1980, "LMG"; Grömping 2006), which is
// the Shapley value of R². Controls enter before every group and get no share.
import type { Centred } from './moments.ts'
import { Seeded } from './seeded.ts'

/** The data after the controls: correlations of what they left of the columns and of the outcome. */
export interface Shareable {
  /** Group of each remaining column; the columns of a group lie side by side. */
  starts: Int32Array
  columns: number
  /** Products of the columns, each column's own having been 1 before the controls were taken out. */
  matrix: Float64Array
  /** Products with the outcome, whose own was 1 too. */
  outcome: Float64Array
  /** What the controls alone go along with, in [0, 1]. */
  r2Controls: number
}

/**
 * Puts the groups' columns in a row and takes the controls out of them (Frisch and Waugh). Columns that are
 * constant, or a combination of the controls, stay as zeros: they can add nothing.
 */
export function shareable(
  data: Centred,
  groups: readonly (readonly number[])[],
  controls: readonly number[],
): Shareable {
  const stride = data.columns + 1
  const order = [...controls, ...groups.flat(), data.columns]
  const size = order.length
  const scale = order.map((column) => {
    const own = data.matrix[column * (stride + 1)] as number
    return own > 0 ? 1 / Math.sqrt(own) : 0
  })
  const a = new Float64Array(size * size)
  for (const [i, column] of order.entries())
    for (const [j, other] of order.entries())
      a[i * size + j] =
        (data.matrix[column * stride + other] as number) * (scale[i] as number) * (scale[j] as number)
  for (let k = 0; k < controls.length; k++) takeOut(a, size, k)
  const columns = size - 1 - controls.length
  const matrix = new Float64Array(columns * columns)
  const outcome = new Float64Array(columns)
  for (let i = 0; i < columns; i++) {
    const row = (controls.length + i) * size + controls.length
    matrix.set(a.subarray(row, row + columns), i * columns)
    outcome[i] = a[row + columns] as number
  }
  const starts = new Int32Array(groups.length + 1)
  for (const [g, group] of groups.entries()) starts[g + 1] = (starts[g] as number) + group.length
  const left = a[size * size - 1] as number
  return { starts, columns, matrix, outcome, r2Controls: Math.min(1, Math.max(0, 1 - left)) }
}

/** Below this share of a column's variance, what is left of it is rounding. */
const nothing = 1e-10

/** Subtracts from what comes after column k what goes along with it. */
function takeOut(a: Float64Array, size: number, k: number): void {
  const pivot = a[k * (size + 1)] as number
  if (pivot <= nothing) return
  for (let i = k + 1; i < size; i++) {
    const factor = (a[i * size + k] as number) / pivot
    if (factor === 0) continue
    for (let j = k + 1; j < size; j++)
      a[i * size + j] = (a[i * size + j] as number) - factor * (a[k * size + j] as number)
  }
}

/**
 * Enters groups one after the other and tells what each adds to R²: the rows of a Cholesky factor, the
 * outcome's among them. A group can be entered anew at any depth, which is what makes all subsets cheap.
 */
export class Entering {
  private readonly data: Shareable
  /** Row d: the d-th column entered, in terms of those before it. */
  private readonly rows: Float64Array
  private readonly entered: Int32Array
  private readonly along: Float64Array
  /** What the group entered last added to R². */
  added = 0

  constructor(data: Shareable) {
    this.data = data
    this.rows = new Float64Array(data.columns * data.columns)
    this.entered = new Int32Array(data.columns)
    this.along = new Float64Array(data.columns)
  }

  /** Enters a group after `depth` columns. Returns the new depth. */
  enter(group: number, depth: number): number {
    const { starts, columns, matrix, outcome } = this.data
    const { rows, entered, along } = this
    const end = starts[group + 1] as number
    this.added = 0
    for (let column = starts[group] as number; column < end; column++) {
      const row = depth * columns
      let pivot = matrix[column * (columns + 1)] as number
      let rest = outcome[column] as number
      for (let j = 0; j < depth; j++) {
        const other = j * columns
        // Three sums at once: one alone waits for itself, and takes twice as long.
        let value = matrix[column * columns + (entered[j] as number)] as number
        let second = 0
        let third = 0
        let k = 0
        for (; k + 2 < j; k += 3) {
          value -= (rows[row + k] as number) * (rows[other + k] as number)
          second += (rows[row + k + 1] as number) * (rows[other + k + 1] as number)
          third += (rows[row + k + 2] as number) * (rows[other + k + 2] as number)
        }
        for (; k < j; k++) value -= (rows[row + k] as number) * (rows[other + k] as number)
        value = (value - second - third) / (rows[other + j] as number)
        rows[row + j] = value
        pivot -= value * value
        rest -= value * (along[j] as number)
      }
      if (pivot <= nothing) continue
      const root = Math.sqrt(pivot)
      rows[row + depth] = root
      entered[depth] = column
      along[depth] = rest / root
      this.added += (rest * rest) / pivot
      depth++
    }
    return depth
  }
}

/** Each group's share from all 2^groups subsets; for up to about 15 groups. They sum to R² − r2Controls. */
export function sharesFromAllOrders(data: Shareable): Float64Array {
  const groups = data.starts.length - 1
  const reached = new Float64Array(2 ** groups)
  const entering = new Entering(data)
  const descend = (from: number, subset: number, depth: number) => {
    for (let group = from; group < groups; group++) {
      const deeper = entering.enter(group, depth)
      const larger = subset | (1 << group)
      reached[larger] = (reached[subset] as number) + entering.added
      descend(group + 1, larger, deeper)
    }
  }
  descend(0, 0, 0)
  return shapley(reached, groups)
}

/** Shapley values (Shapley 1953) of a value for every subset, by its bits; value of nothing at 0. */
export function shapley(reached: Float64Array, players: number): Float64Array {
  // How often a subset of each size is what came before: size!·(players − size − 1)!/players!.
  const weights = new Float64Array(players)
  weights[0] = 1 / players
  for (let size = 1; size < players; size++)
    weights[size] = ((weights[size - 1] as number) * size) / (players - size)
  const shares = new Float64Array(players)
  for (let subset = 0; subset < reached.length; subset++) {
    const weight = weights[bitsIn(subset)] as number
    for (let player = 0; player < players; player++)
      if (!(subset & (1 << player)))
        shares[player] =
          (shares[player] as number) +
          weight * ((reached[subset | (1 << player)] as number) - (reached[subset] as number))
  }
  return shares
}

function bitsIn(subset: number): number {
  let bits = 0
  for (let left = subset; left; left &= left - 1) bits++
  return bits
}

/**
 * Random orders of the groups, in `rounds` that owe nothing to each other. A round is one random order,
 * turned so that each group stands early, in the middle and late in it, and each turn's reverse: `pairs` of
 * them. Turning halves what is left to chance, and reversing gets right all that two groups share.
 */
export function drawnOrders(groups: number, rounds: number, pairs: number, seed: number): Int32Array[][] {
  const random = new Seeded(seed, groups)
  return Array.from({ length: rounds }, () => {
    const first = Int32Array.from({ length: groups }, (_, group) => group)
    random.shuffle(first)
    return Array.from({ length: pairs }, (_, turn) => {
      const by = Math.round((turn * groups) / pairs)
      const order = first.map((_group, place) => first[(place + by) % groups] as number)
      return [order, order.toReversed()]
    }).flat()
  })
}

/**
 * Each group's share from some orders (Castro, Gómez and Tejada 2009, 2017). What a group adds when it
 * enters first or second, where most is at stake, is computed from all groups and pairs; the rest is the
 * mean over the orders, brought to the sum that is left, so that shares sum to R² − r2Controls.
 * `error`: the standard error that the choice of orders leaves, from how rounds differ.
 */
export function sharesFromOrders(
  data: Shareable,
  rounds: readonly (readonly Int32Array[])[],
): { shares: Float64Array; error: Float64Array } {
  const groups = data.starts.length - 1
  const entering = new Entering(data)
  const early = firstOrSecond(entering, groups)
  const shares = new Float64Array(groups)
  const squares = new Float64Array(groups)
  for (const orders of rounds) {
    const ofRound = fromOneRound(entering, orders, early)
    for (let group = 0; group < groups; group++) {
      const share = ofRound[group] as number
      shares[group] = (shares[group] as number) + share / rounds.length
      squares[group] = (squares[group] as number) + share ** 2 / rounds.length
    }
  }
  const error = squares.map((square, group) =>
    rounds.length < 2
      ? 0
      : Math.sqrt(Math.max(0, square - (shares[group] as number) ** 2) / (rounds.length - 1)),
  )
  return { shares, error }
}

/** What each group adds when it enters first or second, times how often it does. */
function firstOrSecond(entering: Entering, groups: number): Float64Array {
  const added = new Float64Array(groups)
  for (let first = 0; first < groups; first++) {
    const depth = entering.enter(first, 0)
    added[first] = (added[first] as number) + entering.added / groups
    for (let second = 0; second < groups; second++) {
      if (second === first) continue
      entering.enter(second, depth)
      added[second] = (added[second] as number) + entering.added / (groups - 1) / groups
    }
  }
  return added
}

function fromOneRound(entering: Entering, orders: readonly Int32Array[], early: Float64Array): Float64Array {
  const groups = early.length
  const late = new Float64Array(groups)
  const times = new Float64Array(groups)
  let whole = 0
  for (const order of orders) {
    let depth = 0
    for (let place = 0; place < groups; place++) {
      const group = order[place] as number
      depth = entering.enter(group, depth)
      whole += entering.added / orders.length
      if (place < 2) continue
      late[group] = (late[group] as number) + entering.added
      times[group] = (times[group] as number) + 1
    }
  }
  let lateSum = 0
  let left = whole
  for (let group = 0; group < groups; group++) {
    late[group] = (late[group] as number) / Math.max(1, times[group] as number)
    lateSum += late[group] as number
    left -= early[group] as number
  }
  const scale = lateSum > 0 ? left / lateSum : 0
  // With nothing left to share out, scale is 0; the early parts are then all there is.
  return late.map((share, group) => share * scale + (early[group] as number))
}

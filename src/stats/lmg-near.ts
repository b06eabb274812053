// Shares of R² in many draws of customers, where the draws lie near the whole. A regression in each draw costs the
// cube of its columns; near the whole it costs their square, once.
//
// With M·β = c the normal equations of the whole, and M*, c* those of a draw, e = c* − M*·β says how far the draw is
// from the whole's estimate. What the draw's own regression explains is exactly
//     2·c*ᵀβ − βᵀM*β + eᵀM*⁻¹e
// (put M*·β + e for c*). The first two terms are linear in the draw's sums: they follow from the sums of each part
// that can be drawn. In the third, which is what chance alone explains, M* is taken as M and β as that of
// all columns; it is off by about √(columns / customers) of itself, itself a small part.
import type { Draws } from './block-moments.ts'
import { type Centred, centred, packedTimes, productsAbout } from './moments.ts'

/** Below this share of a column's variance, what is left of it is rounding. */
const nothing = 1e-10

export interface NearOptions {
  groups: readonly (readonly number[])[]
  controls: readonly number[]
  /** Orders in which groups enter; what so few get wrong is the same in the whole, and taken off. */
  orders: readonly Int32Array[]
}

/** For each draw (row) by how much it moves each group's share (column). */
export function moveShares(draws: Draws, { groups, controls, orders }: NearOptions): Float64Array {
  const whole = centred(draws.whole)
  const columns = [...controls, ...groups.flat()]
  const size = columns.length + 1
  const products = chosen(whole, columns)
  const unit = Float64Array.from({ length: size }, (_, i) => {
    const own = products[i * (size + 1)] as number
    return own > 0 ? 1 / Math.sqrt(own) : 0
  })
  const matrix = products.map(
    (value, cell) => value * (unit[Math.floor(cell / size)] as number) * (unit[cell % size] as number),
  )
  const first = firstColumns(groups, controls.length)
  const entered = orders.map((order) => enter(matrix, size, controls.length, first, order))
  const linear = linearParts(entered, groups.length, size)
  // Every order ends at the same residual.
  const residual = entered[0]?.residuals.at(-1) ?? new Float64Array(size)
  const cells = groups.length + size
  const { parts } = draws
  // for each part: what each group explains, how far each column is from the estimate, the outcome's own
  const ofParts = new Float64Array(parts.count * cells)
  const together = 4
  for (let from = 0; from < parts.count; from += together) {
    const some = Array.from({ length: Math.min(together, parts.count - from) }, (_, each) =>
      scaledPart(draws, from + each, whole, columns, unit),
    )
    addLinear(some, linear, groups.length, ofParts, from, cells)
    for (const [each, part] of some.entries()) {
      const away = ofParts.subarray((from + each) * cells + groups.length, (from + each + 1) * cells)
      packedTimes(part, size, residual, away)
      away[size - 1] = part.at(-1) as number
    }
  }
  return moved(draws, ofParts, cells, groups.length, entered)
}

/** The products of the columns and the outcome, row by row. */
function chosen({ matrix, columns: all }: Centred, columns: readonly number[]): Float64Array {
  const order = [...columns, all]
  const size = order.length
  const own = new Float64Array(size * size)
  for (const [i, a] of order.entries())
    for (const [j, b] of order.entries()) own[i * size + j] = matrix[a * (all + 1) + b] as number
  return own
}

function firstColumns(groups: readonly (readonly number[])[], controls: number): Int32Array {
  const first = new Int32Array(groups.length + 1)
  first[0] = controls
  for (const [g, group] of groups.entries()) first[g + 1] = (first[g] as number) + group.length
  return first
}

/** An order entered: each column made independent of those before it, and the outcome's residual after each group. */
interface Entered {
  order: Int32Array
  /** Row k: the k-th independent column in terms of the columns, of length 1 in the whole. */
  independent: Float64Array
  /** How many of them there are after the controls, and after each group of the order. */
  depths: Int32Array
  /** After the controls, and after each group: the outcome less what is explained, in terms of (columns, outcome). */
  residuals: Float64Array[]
}

function enter(
  matrix: Float64Array,
  size: number,
  controls: number,
  first: Int32Array,
  order: Int32Array,
): Entered {
  const independent = new Float64Array(size * size)
  const residual = new Float64Array(size)
  residual[size - 1] = 1
  const depths = new Int32Array(order.length + 1)
  const residuals: Float64Array[] = []
  const along = new Float64Array(size)
  let depth = 0
  const add = (column: number) => {
    // product with the independent columns so far, then what is left of the column
    const row = independent.subarray(depth * size, (depth + 1) * size)
    row.fill(0)
    let left = matrix[column * (size + 1)] as number
    for (let k = 0; k < depth; k++) {
      const start = k * size
      let product = 0
      let second = 0
      let i = 0
      for (; i + 1 < size - 1; i += 2) {
        product += (independent[start + i] as number) * (matrix[column * size + i] as number)
        second += (independent[start + i + 1] as number) * (matrix[column * size + i + 1] as number)
      }
      for (; i < size - 1; i++)
        product += (independent[start + i] as number) * (matrix[column * size + i] as number)
      product += second
      along[k] = product
      left -= product * product
    }
    if (left <= nothing) return
    for (let k = 0; k < depth; k++) {
      const start = k * size
      const product = along[k] as number
      for (let i = 0; i < size - 1; i++)
        row[i] = (row[i] as number) - product * (independent[start + i] as number)
    }
    row[column] = 1
    const length = 1 / Math.sqrt(left)
    let explains = 0
    for (let i = 0; i < size - 1; i++) {
      row[i] = (row[i] as number) * length
      explains += (row[i] as number) * (matrix[i * size + size - 1] as number)
    }
    for (let i = 0; i < size - 1; i++) residual[i] = (residual[i] as number) - explains * (row[i] as number)
    depth++
  }
  for (let column = 0; column < controls; column++) add(column)
  depths[0] = depth
  residuals.push(residual.slice())
  for (const [place, group] of order.entries()) {
    for (let column = first[group] as number; column < (first[group + 1] as number); column++) add(column)
    depths[place + 1] = depth
    residuals.push(residual.slice())
  }
  return { order, independent, depths, residuals }
}

/** For each group, the weights of the packed products whose sum is what it explains, on average over the orders. */
function linearParts(entered: readonly Entered[], groups: number, size: number): Float64Array {
  const packed = (size * (size + 1)) / 2
  const weights = new Float64Array(groups * packed)
  for (const { order, residuals } of entered)
    for (const [place, group] of order.entries()) {
      addSquare(weights, group * packed, residuals[place] as Float64Array, 1 / entered.length)
      addSquare(weights, group * packed, residuals[place + 1] as Float64Array, -1 / entered.length)
    }
  return weights
}

function addSquare(into: Float64Array, offset: number, vector: Float64Array, weight: number): void {
  let cell = offset
  for (let i = 0; i < vector.length; i++) {
    const own = weight * (vector[i] as number)
    if (own === 0) {
      cell += vector.length - i
      continue
    }
    into[cell] = (into[cell] as number) + own * (vector[i] as number)
    cell++
    for (let j = i + 1; j < vector.length; j++, cell++)
      into[cell] = (into[cell] as number) + 2 * own * (vector[j] as number)
  }
}

/** A part's packed products of the chosen columns and the outcome, in the units of the whole's spread. */
function scaledPart(
  draws: Draws,
  part: number,
  { means }: Centred,
  columns: readonly number[],
  unit: Float64Array,
): Float64Array {
  const products = productsAbout(draws.parts.moments(part), means)
  const all = means.length - 1
  const order = Int32Array.from([...columns, all])
  const size = order.length
  // where column a's products with those after it begin, less a
  const rows = Int32Array.from(means, (_, a) => a * (all + 1) - (a * (a - 1)) / 2 - a)
  const values = new Float64Array((size * (size + 1)) / 2)
  let cell = 0
  for (let i = 0; i < size; i++) {
    const a = order[i] as number
    const own = unit[i] as number
    for (let j = i; j < size; j++) {
      const b = order[j] as number
      const place = a <= b ? (rows[a] as number) + b : (rows[b] as number) + a
      values[cell++] = own * (unit[j] as number) * (products[place] as number)
    }
  }
  return values
}

/** What each group explains in each part; four parts at a time, which halves the time. */
function addLinear(
  parts: readonly Float64Array[],
  weights: Float64Array,
  groups: number,
  into: Float64Array,
  from: number,
  cells: number,
): void {
  const [a = none, b = none, c = none, d = none] = parts
  const size = a.length
  for (let group = 0; group < groups; group++) {
    const sums = sumsOf(weights.subarray(group * size, (group + 1) * size), a, b, c, d, parts.length)
    for (let each = 0; each < parts.length; each++) into[(from + each) * cells + group] = sums[each] as number
  }
}

const none = new Float64Array()

function sumsOf(
  weights: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
  parts: number,
): number[] {
  if (parts < 4)
    return [a, b, c].map((part) =>
      part.reduce((sum, value, cell) => sum + value * (weights[cell] as number), 0),
    )
  let [ofA, ofB, ofC, ofD] = [0, 0, 0, 0]
  for (let cell = 0; cell < weights.length; cell++) {
    const weight = weights[cell] as number
    ofA += weight * (a[cell] as number)
    ofB += weight * (b[cell] as number)
    ofC += weight * (c[cell] as number)
    ofD += weight * (d[cell] as number)
  }
  return [ofA, ofB, ofC, ofD]
}

function moved(
  { parts, replicates }: Draws,
  ofParts: Float64Array,
  cells: number,
  groups: number,
  entered: readonly Entered[],
): Float64Array {
  const whole = added(ofParts, cells, new Float64Array(parts.count).fill(1))
  const explained = (sums: Float64Array, group: number) =>
    (sums[group] as number) / (sums[cells - 1] as number)
  const values = new Float64Array(replicates * groups)
  const counts = new Float64Array(parts.count)
  for (let replicate = 0; replicate < replicates; replicate++) {
    parts.counts(replicate, counts)
    const sums = added(ofParts, cells, counts)
    const byChance = chanceShares(entered, sums.subarray(groups), groups)
    for (let group = 0; group < groups; group++)
      values[replicate * groups + group] =
        explained(sums, group) -
        explained(whole, group) +
        (byChance[group] as number) / (sums[cells - 1] as number)
  }
  return values
}

function added(ofParts: Float64Array, cells: number, counts: Float64Array): Float64Array {
  const sums = new Float64Array(cells)
  for (const [part, count] of counts.entries()) {
    if (count === 0) continue
    const start = part * cells
    for (let cell = 0; cell < cells; cell++)
      sums[cell] = (sums[cell] as number) + count * (ofParts[start + cell] as number)
  }
  return sums
}

/** What each group explains of nothing but the draw's chance. */
function chanceShares(entered: readonly Entered[], away: Float64Array, groups: number): Float64Array {
  const size = away.length
  const shares = new Float64Array(groups)
  for (const { order, independent, depths } of entered)
    for (const [place, group] of order.entries()) {
      let sum = 0
      for (let k = depths[place] as number; k < (depths[place + 1] as number); k++) {
        const start = k * size
        let product = 0
        for (let i = 0; i < size - 1; i++) product += (independent[start + i] as number) * (away[i] as number)
        sum += product * product
      }
      shares[group] = (shares[group] as number) + sum / entered.length
    }
  return shares
}

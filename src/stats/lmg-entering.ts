// Groups of columns enter a regression in an order: what is left of the outcome after each, from one matrix of products.
import { addTimes, dot } from './linear-algebra.ts'
import { byFours } from './tiles.ts'

/** Below this share of a column's variance, what is left of it is rounding. */
const nothing = 1e-10

/** Where each group's columns begin after the controls, and at last where the last one's end. */
export function firstColumns(groups: readonly (readonly number[])[], controls: number): Int32Array {
  const first = new Int32Array(groups.length + 1)
  first[0] = controls
  for (const [g, group] of groups.entries()) first[g + 1] = (first[g] as number) + group.length
  return first
}

/** An order entered: each column made independent of those before it, and the outcome's residual after each group. */
export interface Entered {
  order: Int32Array
  /** The columns in the order in which they entered. */
  columns: Int32Array
  /** Row k: the k-th independent column in terms of the columns as they entered, of length 1 in the whole. */
  independent: Float64Array
  /** For row k: how many columns had entered with it; beyond them the row is zero. */
  reach: Int32Array
  /** How many of them there are after the controls, and after each group of the order. */
  depths: Int32Array
  /** After the controls, and after each group: the outcome less what is explained, in terms of (columns, outcome). */
  residuals: Float64Array[]
}

export function enter(
  matrix: Float64Array,
  size: number,
  controls: number,
  first: Int32Array,
  order: Int32Array,
): Entered {
  const count = size - 1
  const columns = enteringColumns(controls, first, order)
  const independent = new Float64Array(byFours(count) * count)
  const reach = new Int32Array(byFours(count))
  const depths = new Int32Array(order.length + 1)
  const residuals: Float64Array[] = []
  const residual = new Float64Array(count)
  const own = new Float64Array(count)
  const withOutcome = Float64Array.from(columns, (column) => matrix[column * size + count] as number)
  const along = new Float64Array(count)
  let depth = 0
  const add = (place: number) => {
    const column = columns[place] as number
    for (let i = 0; i <= place; i++) own[i] = matrix[column * size + (columns[i] as number)] as number
    // product with the independent columns so far, then what is left of the column
    timesRows(independent, count, reach, depth, own, along)
    let left = own[place] as number
    for (let k = 0; k < depth; k++) left -= (along[k] as number) ** 2
    if (left <= nothing) return
    const row = depth * count
    for (let k = 0; k < depth; k++)
      addTimes(independent, row, independent, k * count, reach[k] as number, -(along[k] as number))
    independent[row + place] = 1
    const length = 1 / Math.sqrt(left)
    for (let i = 0; i <= place; i++) independent[row + i] = (independent[row + i] as number) * length
    reach[depth] = place + 1
    const explains = dot(independent, row, withOutcome, 0, place + 1)
    addTimes(residual, 0, independent, row, place + 1, -explains)
    depth++
  }
  const keep = () => {
    const kept = new Float64Array(size)
    for (let i = 0; i < count; i++) kept[columns[i] as number] = residual[i] as number
    kept[count] = 1
    residuals.push(kept)
  }
  let place = 0
  while (place < controls) add(place++)
  depths[0] = depth
  keep()
  for (const [each, group] of order.entries()) {
    for (let column = first[group] as number; column < (first[group + 1] as number); column++) add(place++)
    depths[each + 1] = depth
    keep()
  }
  return { order, columns, independent, reach, depths, residuals }
}

/** Each row, up to its reach, times the vector. Four sums at once: one alone waits for itself. */
function timesRows(
  rows: Float64Array,
  stride: number,
  reach: Int32Array,
  count: number,
  vector: Float64Array,
  into: Float64Array,
): void {
  for (let row = 0; row < count; row++) {
    const start = row * stride
    const length = reach[row] as number
    let first = 0
    let second = 0
    let third = 0
    let fourth = 0
    let i = 0
    for (; i + 3 < length; i += 4) {
      first += (rows[start + i] as number) * (vector[i] as number)
      second += (rows[start + i + 1] as number) * (vector[i + 1] as number)
      third += (rows[start + i + 2] as number) * (vector[i + 2] as number)
      fourth += (rows[start + i + 3] as number) * (vector[i + 3] as number)
    }
    for (; i < length; i++) first += (rows[start + i] as number) * (vector[i] as number)
    into[row] = first + second + third + fourth
  }
}

function enteringColumns(controls: number, first: Int32Array, order: Int32Array): Int32Array {
  const columns = Array.from({ length: controls }, (_, column) => column)
  for (const group of order)
    for (let column = first[group] as number; column < (first[group + 1] as number); column++)
      columns.push(column)
  return Int32Array.from(columns)
}

import { type CannotTell, cannotTell, type Told } from './cannot-tell.ts'
import { columnsOf, type Rows } from './rows.ts'

/**
 * Sums of products of columns: all that least squares, R² and its shares need to know of any number of
 * rows. Full columns and the outcome are shifted by their mean and everything is scaled to at most about 1
 * before it is multiplied, so that sums of large, little varying values keep their digits.
 */
export interface Moments extends Layout {
  /** Upper triangle, row by row, of the sums of w·a·b for a, b among (1, columns…, outcome). */
  sums: Float64Array
}

/** How values are brought into range: (value − shift) / scale, for (1, columns…, outcome). */
export interface Layout {
  columns: number
  shift: Float64Array
  scale: Float64Array
}

/** One pass over the rows: time about the squared number of non-zero entries a row. */
export function momentsOf(rows: Rows): Told<Moments> {
  const layout = layoutOf(rows)
  if ('cannotTell' in layout) return layout
  const sums = new Float64Array(packedSize(layout.columns))
  addRows(rows, layout, rows.weights, rows.outcome, sums)
  return { ...layout, sums }
}

/** Numbers in the packed triangle over (1, columns…, outcome). */
export function packedSize(columns: number): number {
  return ((columns + 2) * (columns + 3)) / 2
}

/** Shifts and scales; says so where a value is missing or too large to be counted with. */
export function layoutOf(rows: Rows): Layout | CannotTell {
  const { n, weights } = rows
  const columns = columnsOf(rows)
  const shift = new Float64Array(columns + 2)
  const scale = new Float64Array(columns + 2).fill(1)
  for (const [column, values] of [...rows.full, rows.outcome].entries()) {
    const place = column < rows.full.length ? column + 1 : columns + 1
    let sum = 0
    for (let row = 0; row < n; row++) sum += values[row] as number
    const mean = n === 0 ? 0 : sum / n
    let most = 0
    for (let row = 0; row < n; row++) most = Math.max(most, Math.abs((values[row] as number) - mean))
    if (!(most <= largest)) return unusable
    shift[place] = mean
    if (most > 0) scale[place] = most
  }
  if (rows.sparse) {
    const most = new Float64Array(rows.sparse.columns)
    const { index, value } = rows.sparse
    for (let place = 0; place < value.length; place++) {
      const column = index[place] as number
      const size = Math.abs(value[place] as number)
      if (!(size <= largest)) return unusable
      if (size > (most[column] as number)) most[column] = size
    }
    for (let column = 0; column < most.length; column++)
      if ((most[column] as number) > 0) scale[rows.full.length + column + 1] = most[column] as number
  }
  for (let row = 0; weights && row < n; row++)
    if (!((weights[row] as number) >= 0 && (weights[row] as number) <= largest)) return unusable
  return { columns, shift, scale }
}

/** Beyond this, scaled sums could still lose their meaning when they are scaled back. */
const largest = 1e150
const unusable = cannotTell('a value is missing, or too large to be counted with')

/**
 * Adds the rows to packed sums, each times its weight, with this outcome. With `into`, each row to the
 * triangle of its block, read in this order.
 */
export function addRows(
  rows: Rows,
  { columns, shift, scale }: Layout,
  weights: Float64Array | undefined,
  outcome: Float64Array,
  sums: Float64Array,
  into?: { block: Int32Array; order?: Uint32Array | undefined },
): void {
  const last = columns + 1
  const base = new Int32Array(columns + 2)
  for (let column = 0; column <= last; column++)
    base[column] = column * (columns + 2) - (column * (column + 1)) / 2
  const inverse = scale.map((each) => 1 / each)
  const { n, full } = rows
  const fullColumns = full.length
  const starts = rows.sparse?.starts
  const index = rows.sparse?.index ?? new Uint16Array()
  const value = rows.sparse?.value ?? new Float64Array()
  const places = new Int32Array(columns + 2)
  const values = new Float64Array(columns + 2)
  values[0] = 1
  const size = packedSize(columns)
  const order = into?.order
  const block = into?.block
  for (let at = 0; at < n; at++) {
    const row = order ? (order[at] as number) : at
    const offset = block ? (block[row] as number) * size : 0
    const weight = weights ? (weights[row] as number) : 1
    if (weight === 0) continue
    let count = 1
    for (let column = 0; column < fullColumns; column++) {
      const given = full[column] as Float64Array
      places[count] = column + 1
      values[count++] =
        ((given[row] as number) - (shift[column + 1] as number)) * (inverse[column + 1] as number)
    }
    if (starts) {
      const end = starts[row + 1] as number
      for (let place = starts[row] as number; place < end; place++) {
        const column = fullColumns + 1 + (index[place] as number)
        places[count] = column
        values[count++] = (value[place] as number) * (inverse[column] as number)
      }
    }
    places[count] = last
    values[count++] = ((outcome[row] as number) - (shift[last] as number)) * (inverse[last] as number)
    addProducts(sums, offset, base, places, values, count, weight)
  }
}

/** Adds one row's products; called so often that it is soon compiled on its own. */
function addProducts(
  sums: Float64Array,
  offset: number,
  base: Int32Array,
  places: Int32Array,
  values: Float64Array,
  count: number,
  weight: number,
): void {
  for (let a = 0; a < count; a++) {
    const left = weight * (values[a] as number)
    const start = offset + (base[places[a] as number] as number)
    for (let b = a; b < count; b++) {
      const cell = start + (places[b] as number)
      sums[cell] = (sums[cell] as number) + left * (values[b] as number)
    }
  }
}

/** Centred sums of squares and products of (columns…, outcome), as a full square matrix in scaled units. */
export interface Centred {
  /** The sum of the weights. */
  n: number
  columns: number
  /** columns + 1 in a row; a constant column is all zeros. */
  matrix: Float64Array
  /** Means in scaled units. */
  means: Float64Array
}

export function centred(moments: { columns: number; sums: Float64Array }): Centred {
  const size = moments.columns + 1
  const { sums } = moments
  const n = sums[0] as number
  const matrix = new Float64Array(size * size)
  const means = sums.slice(1, size + 1).map((sum) => (n > 0 ? sum / n : 0))
  let cell = size + 1
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++, cell++) {
      const product = (sums[cell] as number) - n * (means[i] as number) * (means[j] as number)
      matrix[i * size + j] = product
      matrix[j * size + i] = product
    }
  // What is left of a constant after its mean is taken off is rounding.
  cell = size + 1
  for (let i = 0; i < size; i++) {
    if ((matrix[i * size + i] as number) <= 1e-13 * (sums[cell] as number))
      for (let j = 0; j < size; j++) {
        matrix[i * size + j] = 0
        matrix[j * size + i] = 0
      }
    cell += size - i
  }
  return { n, columns: moments.columns, matrix, means }
}

/** A packed symmetric matrix of `size` rows, times a vector; of a shorter one as many rows are told. */
export function packedTimes(
  packed: Float64Array,
  size: number,
  vector: Float64Array,
  into: Float64Array,
): void {
  const { length } = vector
  into.fill(0, 0, length)
  for (let i = 0, start = 0; i < length; start += size - i, i++) {
    const own = vector[i] as number
    let sum = (packed[start] as number) * own
    for (let j = i + 1; j < length; j++) {
      const product = packed[start + j - i] as number
      sum += product * (vector[j] as number)
      into[j] = (into[j] as number) + product * own
    }
    into[i] = (into[i] as number) + sum
  }
}

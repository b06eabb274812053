// Loops over rows take what they read out of the object first: with `rows.n` in the condition of a loop over
// a million rows, the engine was seen to give up its fast code at every turn, and took ten times as long.

/** What a regression reads: a row is a customer (or a group of alike ones), a column something known of each. */
export interface Rows {
  n: number
  /** Columns with a value in every row, `n` long each: controls, scores. They are numbered first. */
  full: readonly Float64Array[]
  /** Columns that are zero in most rows: used this touchpoint, was in this month. Numbered after the full ones. */
  sparse?: SparseColumns
  outcome: Float64Array
  /** How many alike each row stands for, ≥ 0. Default: one. */
  weights?: Float64Array
  /**
   * Whose row it is, from 0 up: rows of one customer are drawn together by a bootstrap, and their errors
   * may go together. Default: every row a customer of its own.
   */
  units?: Int32Array
}

/** Row i has the entries starts[i] … starts[i + 1] − 1, its columns ascending, none twice. */
export interface SparseColumns {
  columns: number
  starts: Uint32Array
  index: Uint16Array
  value: Float64Array
}

export function columnsOf(rows: Rows): number {
  return rows.full.length + (rows.sparse?.columns ?? 0)
}

/** How many customers the rows are of. */
export function unitsOf(rows: Rows): number {
  const { n, units } = rows
  if (!units) return n
  let most = -1
  for (let row = 0; row < n; row++) most = Math.max(most, units[row] as number)
  return most + 1
}

/**
 * Sparse columns from entries, linear in their number; quickest where rows already ascend, as a query gives
 * them. Entries for the same row and column are added up.
 */
export function sparseColumns(
  n: number,
  columns: number,
  entries: { row: Int32Array; column: Int32Array; value: Float64Array },
): SparseColumns {
  const { row: rowOf, column: columnOf, value: amountOf } = entries
  const order = ascends(rowOf) ? undefined : stableOrder(rowOf, n)
  const starts = new Uint32Array(n + 1)
  const index = new Uint16Array(rowOf.length)
  const value = new Float64Array(rowOf.length)
  let count = 0
  let row = 0
  for (let at = 0; at < rowOf.length; at++) {
    const entry = order ? (order[at] as number) : at
    for (const until = rowOf[entry] as number; row < until; row++) starts[row + 1] = count
    // Each row is short: its columns are put in order by insertion.
    const column = columnOf[entry] as number
    const first = starts[row] as number
    let place = count
    while (place > first && (index[place - 1] as number) > column) place--
    if (place > first && index[place - 1] === column) {
      value[place - 1] = (value[place - 1] as number) + (amountOf[entry] as number)
      continue
    }
    for (let moved = count; moved > place; moved--) {
      index[moved] = index[moved - 1] as number
      value[moved] = value[moved - 1] as number
    }
    index[place] = column
    value[place] = amountOf[entry] as number
    count++
  }
  for (; row < n; row++) starts[row + 1] = count
  return { columns, starts, index: index.subarray(0, count), value: value.subarray(0, count) }
}

function ascends(keys: Int32Array): boolean {
  for (let i = 1; i < keys.length; i++) if ((keys[i] as number) < (keys[i - 1] as number)) return false
  return true
}

/** The numbers 0 … keys.length − 1 ordered by key in [0, bound), equal keys in the order they had: a counting sort. */
export function stableOrder(keys: Int32Array, bound: number): Uint32Array {
  const next = new Uint32Array(bound + 1)
  for (let i = 0; i < keys.length; i++) {
    const key = (keys[i] as number) + 1
    next[key] = (next[key] as number) + 1
  }
  for (let key = 0; key < bound; key++) next[key + 1] = (next[key + 1] as number) + (next[key] as number)
  const order = new Uint32Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number
    const place = next[key] as number
    next[key] = place + 1
    order[place] = i
  }
  return order
}

/** The same rows with only some of the columns, in the order named. */
export function selectColumns(rows: Rows, columns: readonly number[]): Rows {
  const first = rows.full.length
  const full = columns.filter((column) => column < first).map((column) => rows.full[column] as Float64Array)
  const chosen = columns.filter((column) => column >= first).map((column) => column - first)
  const { sparse: given, ...others } = rows
  if (!given || chosen.length === 0) return { ...others, full }
  const place = new Int32Array(given.columns).fill(-1)
  for (const [to, column] of chosen.entries()) place[column] = to
  const row = new Int32Array(given.index.length)
  const column = new Int32Array(given.index.length)
  const value = new Float64Array(given.index.length)
  let count = 0
  for (let at = 0; at < rows.n; at++)
    for (let entry = given.starts[at] as number; entry < (given.starts[at + 1] as number); entry++) {
      const to = place[given.index[entry] as number] as number
      if (to < 0) continue
      row[count] = at
      column[count] = to
      value[count++] = given.value[entry] as number
    }
  const entries = {
    row: row.subarray(0, count),
    column: column.subarray(0, count),
    value: value.subarray(0, count),
  }
  return { ...others, full, sparse: sparseColumns(rows.n, chosen.length, entries) }
}

/** For each row, the intercept plus its columns times their coefficients. */
export function linearPredictor(
  rows: Rows,
  intercept: number,
  coefficients: ArrayLike<number>,
): Float64Array {
  const { n } = rows
  const result = new Float64Array(n).fill(intercept)
  for (const [column, values] of rows.full.entries()) {
    const coefficient = coefficients[column] as number
    if (coefficient === 0) continue
    for (let row = 0; row < n; row++)
      result[row] = (result[row] as number) + coefficient * (values[row] as number)
  }
  if (!rows.sparse) return result
  const { starts, index, value } = rows.sparse
  const first = rows.full.length
  for (let row = 0; row < n; row++) {
    let sum = result[row] as number
    const end = starts[row + 1] as number
    for (let place = starts[row] as number; place < end; place++)
      sum += (value[place] as number) * (coefficients[first + (index[place] as number)] as number)
    result[row] = sum
  }
  return result
}

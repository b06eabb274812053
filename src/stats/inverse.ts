/**
 * The inverse of a square matrix, or null where it has none (to rounding). Gauss–Jordan elimination with
 * partial pivoting; meant for matrices of up to a few hundred rows.
 */
export function inverse(matrix: readonly ArrayLike<number>[]): Float64Array[] | null {
  const size = matrix.length
  const left = matrix.map((row) => Float64Array.from(row))
  const right = left.map((_, i) => {
    const row = new Float64Array(size)
    row[i] = 1
    return row
  })
  const scale = left.reduce(
    (most, row) => row.reduce((max, value) => Math.max(max, Math.abs(value)), most),
    0,
  )
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) return null
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++)
      if (Math.abs(at(left, row, column)) > Math.abs(at(left, pivot, column))) pivot = row
    const head = at(left, pivot, column)
    if (!(Math.abs(head) > scale * 1e-14)) return null
    swap(left, column, pivot)
    swap(right, column, pivot)
    for (const rows of [left, right]) {
      const row = rows[column] as Float64Array
      for (let j = 0; j < size; j++) row[j] = (row[j] as number) / head
    }
    for (let row = 0; row < size; row++) {
      const factor = at(left, row, column)
      if (row === column || factor === 0) continue
      take(left, row, column, factor)
      take(right, row, column, factor)
    }
  }
  return right
}

function take(rows: Float64Array[], row: number, from: number, factor: number): void {
  const target = rows[row] as Float64Array
  const source = rows[from] as Float64Array
  for (let j = 0; j < target.length; j++) target[j] = (target[j] as number) - factor * (source[j] as number)
}

function swap(rows: Float64Array[], a: number, b: number): void {
  const kept = rows[a] as Float64Array
  rows[a] = rows[b] as Float64Array
  rows[b] = kept
}

function at(rows: Float64Array[], row: number, column: number): number {
  return (rows[row] as Float64Array)[column] as number
}

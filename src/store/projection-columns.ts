import type { DuckDBResult } from '@duckdb/node-api'

/** The columns of an answer by name, each with a number a row; null is NaN, true is 1. */
export type Columns = Record<string, Float64Array>

/** Reads a result chunk by chunk into columns: a tenth of the memory and time of a row object each. */
export async function readColumns(result: DuckDBResult): Promise<Columns> {
  const names = result.columnNames()
  const growing = names.map(() => new Growing())
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const [index, column] of growing.entries()) {
      const vector = chunk.getColumnVector(index)
      const values = column.room(chunk.rowCount)
      for (let row = 0; row < chunk.rowCount; row++) {
        const value = vector.getItem(row)
        values[row] = value === null ? Number.NaN : Number(value)
      }
    }
  }
  return Object.fromEntries(names.map((name, index) => [name, growing[index]?.whole() ?? new Float64Array()]))
}

/** Rows from a driver that gives objects, as columns. `names` when there are none. */
export function columnsOf(rows: readonly Record<string, unknown>[], names: readonly string[]): Columns {
  return Object.fromEntries(
    names.map((name) => [
      name,
      Float64Array.from(rows, (row) =>
        row[name] === null || row[name] === undefined ? Number.NaN : Number(row[name]),
      ),
    ]),
  )
}

class Growing {
  private values = new Float64Array(2048)
  private length = 0

  /** The next `count` places, to be filled. */
  room(count: number): Float64Array {
    if (this.length + count > this.values.length) {
      const larger = new Float64Array(Math.max(this.values.length * 2, this.length + count))
      larger.set(this.values.subarray(0, this.length))
      this.values = larger
    }
    this.length += count
    return this.values.subarray(this.length - count, this.length)
  }

  whole(): Float64Array {
    return this.values.slice(0, this.length)
  }
}

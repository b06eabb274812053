import {
  DuckDBBigIntVector,
  DuckDBBooleanVector,
  DuckDBDoubleVector,
  DuckDBIntegerVector,
  type DuckDBMaterializedResult,
  DuckDBSmallIntVector,
  type DuckDBVector,
} from '@duckdb/node-api'

/** The columns of an answer by name, each with a number a row; null is NaN, true is 1. */
export type Columns = Record<string, Float64Array>

/**
 * Reads a result chunk by chunk into columns: a tenth of the memory and time of a row object each. Whole vectors are
 * copied where their values lie side by side: 2 million rows of six columns take 0.35 s of processor time. Value by
 * value it was 1.4 s, most of it for asking of each whether it is null, in big integers.
 */
export async function readColumns(result: DuckDBMaterializedResult): Promise<Columns> {
  const columns = result.columnNames().map((name) => ({ name, values: new Float64Array(result.rowCount) }))
  let read = 0
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const end = read + chunk.rowCount
    for (const [index, { values }] of columns.entries())
      copy(chunk.getColumnVector(index), values.subarray(read, end))
    read = end
  }
  return Object.fromEntries(columns.map(({ name, values }) => [name, values]))
}

function copy(vector: DuckDBVector, into: Float64Array): void {
  const held = heldBy(vector)
  if (!held) {
    for (let row = 0; row < into.length; row++) {
      const value = vector.getItem(row)
      into[row] = value === null ? Number.NaN : Number(value)
    }
    return
  }
  if (held.values instanceof BigInt64Array) wide(held.values, into)
  else into.set(held.values)
  const { valid } = held
  if (!valid) return
  for (let row = 0; row < into.length; row++)
    if (((valid[row >> 3] as number) & (1 << (row & 7))) === 0) into[row] = Number.NaN
}

/**
 * The values of a vector as they lie in memory, and a bit for each that is set where it isn't null. The driver
 * keeps them private; their types are checked all the same.
 */
function heldBy(vector: DuckDBVector) {
  if (vector instanceof DuckDBIntegerVector) return held(vector['items'], vector['validity'])
  if (vector instanceof DuckDBSmallIntVector) return held(vector['items'], vector['validity'])
  if (vector instanceof DuckDBDoubleVector) return held(vector['items'], vector['validity'])
  if (vector instanceof DuckDBBigIntVector) return held(vector['items'], vector['validity'])
  if (vector instanceof DuckDBBooleanVector) {
    const { buffer, byteOffset, byteLength } = vector['dataView']
    return held(new Uint8Array(buffer, byteOffset, byteLength), vector['validity'])
  }
  return null
}

function held<Values>(values: Values, validity: DuckDBIntegerVector['validity']) {
  const bits = validity['data'] as BigUint64Array | null
  return { values, valid: bits && new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength) }
}

/** Big integers as numbers, from their halves: a sixth of the time of converting each. */
function wide(values: BigInt64Array, into: Float64Array): void {
  const halves = new DataView(values.buffer, values.byteOffset, values.byteLength)
  for (let row = 0; row < into.length; row++)
    into[row] = halves.getInt32(8 * row + 4, true) * 4294967296 + halves.getUint32(8 * row, true)
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

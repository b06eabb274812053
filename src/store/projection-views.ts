import type { Pool } from 'pg'
import type { Columns } from './projection-columns.ts'

const fetchedAtOnce = 20_000

/**
 * Asks the views that stand in for the projection in a process that has none, for answers of millions of rows:
 * read piece by piece, null as NaN, true as 1.
 */
export async function columnsOfViews(
  pool: Pool,
  question: { text: string; values: readonly unknown[]; names: readonly string[] },
): Promise<Columns> {
  const client = await pool.connect()
  try {
    await client.query('begin read only')
    await client.query('set local search_path = projection')
    await client.query(`declare asked no scroll cursor for ${question.text}`, [...question.values])
    const pieces: Float64Array[][] = question.names.map(() => [])
    for (;;) {
      const { rows } = await client.query<unknown[]>({
        text: `fetch ${fetchedAtOnce} from asked`,
        rowMode: 'array',
      })
      for (const [index, column] of pieces.entries())
        column.push(Float64Array.from(rows, (row) => (row[index] === null ? Number.NaN : Number(row[index]))))
      if (rows.length < fetchedAtOnce) break
    }
    return Object.fromEntries(question.names.map((name, index) => [name, joined(pieces[index] ?? [])]))
  } finally {
    await client.query('rollback').catch(() => {})
    client.release()
  }
}

function joined(pieces: Float64Array[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

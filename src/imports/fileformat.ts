import { Invalid } from '../lib/errors.ts'
import { readHead } from './encoding.ts'

export const formats = ['csv', 'jsonl', 'parquet', 'xlsx'] as const
export type Format = (typeof formats)[number]

/** What a file is, by its first bytes; its name decides only between kinds of text. @throws Invalid */
export async function formatOf(path: string, name: string): Promise<Format> {
  const bytes = await readHead(path, 4_096)
  const start = bytes.subarray(0, 4).toString('latin1')
  if (start === 'PAR1') return 'parquet'
  if (start === 'PK\x03\x04') {
    if (/\.(xlsx|xlsm)$/i.test(name)) return 'xlsx'
    throw new Invalid(`${name} is a zip archive. Unpack it and bring in the files inside.`)
  }
  if (start === 'PK\x05\x06') throw new Invalid(`${name} is an empty archive: there is nothing in it.`)
  if (bytes.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1')
    throw new Invalid(
      `${name} is in the old Excel format (or protected by a password). Open it in Excel and save it as .xlsx or CSV.`,
    )
  if (start.startsWith('\x1f\x8b'))
    throw new Invalid(`${name} is packed with gzip. Unpack it and bring in the file inside.`)
  if (start.startsWith('%PDF')) throw new Invalid(`${name} is a PDF, not a table. Export it as CSV or Excel.`)
  if (/\.parquet$/i.test(name)) throw new Invalid(`${name} is not a Parquet file, though its name says so.`)
  if (/\.xlsx$/i.test(name)) throw new Invalid(`${name} is not an Excel file, though its name says so.`)
  if (bytes.length === 0) throw new Invalid(`${name} is empty: there is nothing in it.`)
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/\.(jsonl|ndjson|json)$/i.test(name) || /^\{\s*"/.test(text)) return 'jsonl'
  return 'csv'
}

// Rows of a file, in pieces of bounded size, each row with the line it stands on; whatever can't be read
// comes out as a refusal with its line and reason, so that lines in and rows out always add up.
import { Invalid } from '../lib/errors.ts'
import { columnNames } from './columns.ts'
import { CsvReader } from './csv.ts'
import { type Layout, sniff } from './dialect.ts'
import { decodeFile, detectEncoding, type Encoding, linesOf } from './encoding.ts'
import type { Source } from './schema.ts'

export type Cell = string | null

export interface Row {
  line: number
  cells: Cell[]
}

export interface Refusal {
  line: number
  reason: string
  row: unknown
}

export interface Piece {
  rows: Row[]
  refused: Refusal[]
}

export interface TextTable {
  columns: string[]
  /** How it was read, for people: encoding, delimiter … */
  layout?: Layout
  encoding?: Encoding
  pieces: AsyncIterable<Piece>
  /** Lines that hold no row: header, blank ones, lines inside quoted cells. Final once the pieces are read. */
  account(): { lines: number; blank: number; continued: number; header: number }
}

const sampleCharacters = 512 * 1024
export const sampleBytes = 4 * 1024 * 1024
export const pieceRows = 8_192

/** Opens a delimited text. `quick` judges the encoding by the file's first 4 MB. */
export async function openCsv(path: string, name: string, given: Source, quick = false): Promise<TextTable> {
  const encoding = given.encoding
    ? { name: given.encoding, broken: 0 }
    : await detectEncoding(path, quick ? sampleBytes : undefined)
  const sample = await firstText(path, encoding.name)
  // Files from old Macs end their lines with a carriage return alone.
  const oldMac = !sample.includes('\n') && sample.includes('\r')
  const readable = oldMac ? sample.replaceAll('\r', '\n') : sample
  const layout = sniff(readable, {
    ...(given.delimiter ? { delimiter: given.delimiter } : {}),
    ...(given.quote === undefined ? {} : { quote: given.quote }),
    ...(given.escape ? { escapedBy: given.escape } : {}),
    ...(given.skip === undefined ? {} : { skip: given.skip }),
    ...(given.header === undefined ? {} : { header: given.header }),
    ...(given.short_rows ? { shortRows: given.short_rows } : {}),
  })
  const head = firstRecord(readable, layout, name)
  const columns = columnNames(layout.header ? head : head.map(() => ''), name)
  const account = { lines: 0, blank: 0, continued: 0, header: 0 }

  async function* pieces(): AsyncGenerator<Piece> {
    const reader = new CsvReader(layout)
    reader.expect(columns.length)
    let headerSeen = !layout.header
    const settle = (records: ReturnType<CsvReader['push']>): Piece => {
      const piece: Piece = { rows: [], refused: [] }
      for (const record of records) {
        account.continued += record.lines - 1
        if (record.line <= layout.skip) {
          account.header += 1
          continue
        }
        if (!headerSeen) {
          headerSeen = true
          account.header += 1
          continue
        }
        const row = fit(record.cells, columns.length, layout)
        if (typeof row === 'string') piece.refused.push({ line: record.line, reason: row, row: record.cells })
        else piece.rows.push({ line: record.line, cells: row })
      }
      for (const refusal of reader.refused.splice(0)) {
        if (refusal.line <= layout.skip) account.header += 1
        else piece.refused.push({ line: refusal.line, reason: refusal.reason, row: refusal.raw })
      }
      account.lines = reader.lines
      account.blank = reader.blank
      return piece
    }
    for await (const text of decodeFile(path, encoding.name))
      yield settle(reader.push(oldMac ? text.replaceAll('\r', '\n') : text))
    yield settle(reader.end())
  }
  return { columns, layout, encoding, pieces: pieces(), account: () => account }
}

/** Opens rows that the spreadsheet reader wrote: one JSON array of cells a line, a line per sheet row. */
export async function openSheetRows(path: string, name: string, given: Source): Promise<TextTable> {
  let width = 0
  let skip = given.skip ?? -1
  const widths: number[] = []
  for await (const text of linesOf(path)) {
    const filled = (JSON.parse(text) as Cell[]).filter((cell) => cell !== null && cell !== '').length
    if (widths.length < 50) widths.push(filled)
    width = Math.max(width, (JSON.parse(text) as Cell[]).length)
  }
  if (width === 0) throw new Invalid(`${name} holds no rows in the sheet that was read.`)
  // Titles above the table fill a cell or two; the header fills most of the columns that the rows below use.
  if (skip < 0)
    skip = Math.max(
      0,
      widths.findIndex((filled) => filled >= Math.max(...widths) * 0.6),
    )
  const account = { lines: 0, blank: 0, continued: 0, header: 0 }
  let header: string[] = []
  let line = 0
  for await (const text of linesOf(path)) {
    if (line++ < skip) continue
    header = (JSON.parse(text) as Cell[]).map((cell) => cell ?? '')
    break
  }
  const named = given.header ?? true
  while (header.length < width) header.push('')
  const columns = columnNames(named ? header : header.map(() => ''), name)
  async function* pieces(): AsyncGenerator<Piece> {
    let piece: Piece = { rows: [], refused: [] }
    for await (const text of linesOf(path)) {
      account.lines += 1
      if (account.lines <= skip + (named ? 1 : 0)) {
        account.header += 1
        continue
      }
      const cells = JSON.parse(text) as Cell[]
      if (cells.every((cell) => cell === null || cell === '')) account.blank += 1
      else piece.rows.push({ line: account.lines, cells: columns.map((_, index) => cells[index] ?? null) })
      if (piece.rows.length >= pieceRows) {
        yield piece
        piece = { rows: [], refused: [] }
      }
    }
    yield piece
  }
  return { columns, pieces: pieces(), account: () => account }
}

function fit(cells: string[], width: number, layout: Layout): Cell[] | string {
  if (cells.length > width) {
    if (cells.slice(width).some((cell) => cell.trim() !== ''))
      return `the row has ${cells.length} cells, the table ${width} columns`
    cells = cells.slice(0, width)
  }
  if (cells.length < width && layout.shortRows === 'refuse')
    return `the row has ${cells.length} cells, the table ${width} columns`
  return Array.from({ length: width }, (_, index) => cells[index] ?? null)
}

function firstRecord(sample: string, layout: Layout, name: string): string[] {
  const reader = new CsvReader(layout)
  const complete = sample.length < sampleCharacters
  const records = [...reader.push(sample), ...(complete ? reader.end() : [])]
  const first = records.find((record) => record.line > layout.skip)
  if (first) return first.cells
  if (!complete)
    throw new Invalid(
      `The first line of ${name} is longer than ${sampleCharacters.toLocaleString('en')} characters. Is this a table?`,
    )
  throw new Invalid(`${name} holds no rows.`)
}

async function firstText(path: string, encoding: string): Promise<string> {
  let text = ''
  for await (const piece of decodeFile(path, encoding)) {
    text += piece
    if (text.length >= sampleCharacters) return text.slice(0, sampleCharacters)
  }
  return text
}

// Rows of a file, in pieces of bounded size, each row with the line it stands on; whatever can't be read
// comes out as a refusal with its line and reason, so that lines in and rows out always add up.
import { Invalid } from '../lib/errors.ts'
import { columnNames, mostColumns } from './columns.ts'
import { CsvReader, longestCell } from './csv.ts'
import { type Layout, sniff } from './dialect.ts'
import { decodeFile, detectEncoding, type Encoding, readHead } from './encoding.ts'
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
const sampleBytes = 4 * 1024 * 1024
const pieceRows = 8_192

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

/** Opens a text with one JSON object a line, or one array of objects. Reads it once to know its columns. */
export async function openJsonLines(path: string, name: string, given: Source): Promise<TextTable> {
  const encoding = given.encoding
    ? { name: given.encoding, broken: 0 }
    : await detectEncoding(path, sampleBytes)
  const array = await startsWith(path, '[')
  const found = new Set<string>()
  for await (const { value } of jsonValues(path, encoding.name, array)) {
    for (const key of Object.keys(value ?? {})) found.add(key)
    if (found.size > mostColumns) break
  }
  const keys = [...found]
  const columns = columnNames(keys, name)
  const account = { lines: 0, blank: 0, continued: 0, header: 0 }
  async function* pieces(): AsyncGenerator<Piece> {
    let piece: Piece = { rows: [], refused: [] }
    for await (const { line, value, problem, raw } of jsonValues(path, encoding.name, array)) {
      account.lines = line
      if (value) piece.rows.push({ line, cells: keys.map((key) => cellOf(value[key])) })
      else if (problem) piece.refused.push({ line, reason: problem, row: raw })
      else account.blank += 1
      if (piece.rows.length + piece.refused.length >= pieceRows) {
        yield piece
        piece = { rows: [], refused: [] }
      }
    }
    yield piece
  }
  return { columns, encoding, pieces: pieces(), account: () => account }
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

interface JsonValue {
  line: number
  value?: Record<string, unknown>
  problem?: string
  raw?: string
}

async function* jsonValues(path: string, encoding: string, array: boolean): AsyncGenerator<JsonValue> {
  if (array) {
    yield* jsonArray(path, encoding)
    return
  }
  let line = 0
  for await (const text of linesOf(path, encoding)) {
    line += 1
    if (text.trim() === '') yield { line }
    else yield parsed(text, line)
  }
}

// An array has no lines to read by: it is read whole, so it is limited. Bigger ones belong in JSON lines.
const longestArray = 64 * 1024 * 1024

async function* jsonArray(path: string, encoding: string): AsyncGenerator<JsonValue> {
  let text = ''
  for await (const piece of decodeFile(path, encoding)) {
    text += piece
    if (text.length > longestArray)
      throw new Invalid(
        'The file is one JSON array of more than 64 MB. Write one object per line (JSON lines) instead: jq -c ".[]" file.json',
      )
  }
  let values: unknown
  try {
    values = parseJson(text)
  } catch (error) {
    throw new Invalid(`The file is not readable as JSON: ${(error as Error).message}`)
  }
  let line = 0
  for (const value of Array.isArray(values) ? values : [values]) {
    line += 1
    if (isObject(value)) yield { line, value }
    else yield { line, problem: 'not an object', raw: JSON.stringify(value) }
  }
}

function parsed(text: string, line: number): JsonValue {
  if (text.length > longestCell * 4)
    return { line, problem: 'the line is longer than 4,000,000 characters', raw: text.slice(0, 2_000) }
  try {
    const value = parseJson(text)
    if (isObject(value)) return { line, value }
    return { line, problem: 'the line is not a JSON object', raw: text.slice(0, 2_000) }
  } catch {
    return { line, problem: 'the line is not readable as JSON', raw: text.slice(0, 2_000) }
  }
}

/** JSON in which whole numbers too long for a double keep their digits, as text: they are ids. */
function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return JSON.parse(text, ((_key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source ?? '')
      ? context.source
      : value) as (key: string, value: unknown) => unknown)
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value as number | boolean)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const longestLine = 16 * 1024 * 1024

async function* linesOf(path: string, encoding = 'utf-8'): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of decodeFile(path, encoding)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine)
      throw new Invalid('The file has a line of more than 16 million characters. Is it JSON lines?')
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') yield rest
}

async function startsWith(path: string, letter: string): Promise<boolean> {
  const head = await readHead(path, 1_024)
  return head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith(letter)
}

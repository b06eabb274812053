// Rows of a text with one JSON object a line, or of one array of objects.
import { Invalid } from '../lib/errors.ts'
import { columnNames, mostColumns } from './columns.ts'
import { longestCell } from './csv.ts'
import { decodeFile, detectEncoding, linesOf, readHead } from './encoding.ts'
import { type Cell, type Piece, pieceRows, sampleBytes, type TextTable } from './rowsfromfile.ts'
import type { Source } from './schema.ts'

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

async function startsWith(path: string, letter: string): Promise<boolean> {
  const head = await readHead(path, 1_024)
  return head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith(letter)
}

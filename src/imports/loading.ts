// Loads the files of one source into a table of the workbench: text stays text, Parquet keeps its types.
import { join } from 'node:path'
import { BIGINT, type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import { Invalid, TrothError } from '../lib/errors.ts'
import { applyNames, columnNames } from './columns.ts'
import { type Format, formatOf } from './fileformat.ts'
import { fillDown } from './filldown.ts'
import { openJsonLines } from './jsonlines.ts'
import { type Cell, openCsv, openSheetRows, type Refusal, type Row, type TextTable } from './rowsfromfile.ts'
import type { Source } from './schema.ts'
import { unpackSheet } from './spreadsheet.ts'
import { asText, literal, quoted, typeOf } from './sqltext.ts'

/** What was read of one file, told to people. */
export interface FileRead {
  file: string
  format: Format
  rows: number
  refused: number
  lines: number
  /** Lines that belong to a quoted cell of the line before. */
  continued: number
  encoding?: string
  delimiter?: string
  sheet?: string
  sheets?: string[]
  notes: string[]
}

export interface LoadOptions {
  /** Read at most so many rows (a preview). */
  limit?: number
  refused?: (refusals: (Refusal & { file: string })[]) => Promise<void>
  progress?: (rows: number) => Promise<void> | void
  signal?: AbortSignal
}

const chunkRows = 2_048

/** Loads the files into a table of their own. `folder` is where a sheet is unpacked. */
export async function loadFiles(
  connection: DuckDBConnection,
  folder: string,
  table: string,
  source: Source,
  files: { name: string; path: string }[],
  options: LoadOptions,
): Promise<FileRead[]> {
  const reads: FileRead[] = []
  const known: string[] = []
  for (const file of files) {
    const format = await formatOf(file.path, file.name)
    if (format === 'parquet') reads.push(await loadParquet(connection, table, source, file, known, options))
    else reads.push(await loadText(connection, folder, table, source, file, format, known, options))
  }
  return reads
}

async function loadText(
  connection: DuckDBConnection,
  folder: string,
  table: string,
  source: Source,
  file: { name: string; path: string },
  format: Format,
  known: string[],
  options: LoadOptions,
): Promise<FileRead> {
  const notes: string[] = []
  let sheet: Awaited<ReturnType<typeof unpackSheet>> | undefined
  let text: TextTable
  if (format === 'xlsx') {
    const target = join(folder, `${table}.sheet`)
    sheet = await unpackSheet(file.path, file.name, source.sheet, target)
    text = await openSheetRows(target, file.name, source)
  } else if (format === 'jsonl') text = await openJsonLines(file.path, file.name, source)
  else text = await openCsv(file.path, file.name, source, options.limit !== undefined)

  const { columns, missing } = applyNames(text.columns, source.columns, file.name)
  if (known.length === 0) {
    known.push(...columns, ...missing)
    await connection.run(
      `create table ${quoted(table)} (_file varchar, _line bigint, ${known.map((column) => `${quoted(column)} varchar`).join(', ')})`,
    )
  }
  for (const { name, type } of await columnsOf(connection, table))
    if (known.includes(name) && type !== 'VARCHAR') await asTexts(connection, table, name, type)
  // A later file may have its columns in another order, lack some or bring more.
  const lower = new Set(known.map((column) => column.toLowerCase()))
  for (const column of columns.filter((each) => !lower.has(each.toLowerCase()))) {
    known.push(column)
    await connection.run(`alter table ${quoted(table)} add column ${quoted(column)} varchar`)
  }
  const order = known.map((column) =>
    columns.findIndex((each) => each.toLowerCase() === column.toLowerCase()),
  )
  const fill = fillDown(columns, source.fill_down, file.name)
  const appender = await connection.createAppender(table)
  const types = [VARCHAR, BIGINT, ...known.map(() => VARCHAR)]
  let rows = 0
  let refused = 0
  let zeros = 0
  let waiting: Row[] = []
  const append = () => {
    const values: unknown[][] = [
      waiting.map(() => file.name),
      waiting.map((row) => BigInt(row.line)),
      ...order.map((index) => waiting.map((row) => row.cells[index] ?? null)),
    ]
    const chunk = DuckDBDataChunk.create(types, waiting.length)
    chunk.setColumns(values as Parameters<typeof chunk.setColumns>[0])
    appender.appendDataChunk(chunk)
    waiting = []
  }
  try {
    for await (const piece of text.pieces) {
      options.signal?.throwIfAborted()
      for (const row of piece.rows) {
        // Neither NUL nor half a letter (a lone surrogate) can be stored.
        const clean = row.cells.some((cell) => cell !== null && (cell.includes('\0') || !cell.isWellFormed()))
          ? {
              line: row.line,
              cells: row.cells.map((cell): Cell => cell?.replaceAll('\0', '').toWellFormed() ?? null),
            }
          : row
        if (clean !== row) zeros += 1
        waiting.push(fill(clean))
        rows += 1
        if (waiting.length === chunkRows) append()
        if (rows === options.limit) break
      }
      refused += piece.refused.length
      if (piece.refused.length > 0)
        await options.refused?.(piece.refused.map((refusal) => ({ ...refusal, file: file.name })))
      await options.progress?.(rows)
      if (rows === options.limit) break
    }
    if (waiting.length > 0) append()
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
  if (zeros > 0)
    notes.push(`Characters that can't be stored (NUL) were left out of ${zeros.toLocaleString('en')} rows`)
  if (text.encoding && text.encoding.broken > 0)
    notes.push(`${text.encoding.broken.toLocaleString('en')} characters were not readable and became �`)
  const account = text.account()
  return {
    file: file.name,
    format,
    rows,
    refused,
    lines: account.lines,
    continued: account.continued,
    ...(text.encoding ? { encoding: text.encoding.name } : {}),
    ...(text.layout ? { delimiter: text.layout.delimiter } : {}),
    ...(sheet ? { sheet: sheet.sheet, sheets: sheet.sheets } : {}),
    notes,
  }
}

async function loadParquet(
  connection: DuckDBConnection,
  table: string,
  source: Source,
  file: { name: string; path: string },
  known: string[],
  options: LoadOptions,
): Promise<FileRead> {
  try {
    const described = await answers(connection, `describe select * from read_parquet(${literal(file.path)})`)
    const original = described.map((row) => ({ name: String(row[0]), type: String(row[1]) }))
    const names = columnNames(
      original.map(({ name }) => name),
      file.name,
    )
    const { columns, missing } = applyNames(names, source.columns, file.name)
    const picked = original.map(({ name, type }, index) => ({
      name: columns[index] ?? name,
      type,
      from: quoted(name),
    }))
    if (known.length === 0) {
      known.push(...columns, ...missing)
      const typed = [
        ...picked.map(({ name, type }) => `${quoted(name)} ${type}`),
        ...missing.map((name) => `${quoted(name)} varchar`),
      ]
      await connection.run(`create table ${quoted(table)} (_file varchar, _line bigint, ${typed.join(', ')})`)
    }
    const inserted: string[] = []
    for (const { name, type, from } of picked) {
      const meant = await agreeOn(connection, table, known, name, type)
      inserted.push(
        `${meant === 'VARCHAR' ? asText({ name: from, type: typeOf(type) }) : `${from}::${meant}`} as ${quoted(name)}`,
      )
    }
    await connection.run(
      `insert into ${quoted(table)} by name select ${literal(file.name)} as _file, row_number() over () as _line, ${inserted.join(', ')} from read_parquet(${literal(file.path)}) ${options.limit === undefined ? '' : `limit ${options.limit}`}`,
    )
  } catch (error) {
    if (error instanceof TrothError) throw error
    throw new Invalid(`${file.name} is not readable as Parquet: ${firstLine(error)}`)
  }
  const counted = await connection.runAndReadAll(
    `select count(*)::integer from ${quoted(table)} where _file = ${literal(file.name)}`,
  )
  const rows = Number(counted.getRows()[0]?.[0] ?? 0)
  await options.progress?.(rows)
  return { file: file.name, format: 'parquet', rows, refused: 0, lines: rows, continued: 0, notes: [] }
}

/** The type that a column has from here on, now that a further file has it as `type`: what both can be. */
async function agreeOn(
  connection: DuckDBConnection,
  table: string,
  known: string[],
  name: string,
  type: string,
): Promise<string> {
  const before = (await columnsOf(connection, table)).find(
    (each) => each.name.toLowerCase() === name.toLowerCase(),
  )
  if (!before) {
    known.push(name)
    await connection.run(`alter table ${quoted(table)} add column ${quoted(name)} ${type}`)
    return type
  }
  if (before.type === type) return type
  if (typeOf(before.type) === 'number' && typeOf(type) === 'number') {
    const both = /INT/.test(before.type) && /INT/.test(type) ? 'HUGEINT' : 'DOUBLE'
    await connection.run(`alter table ${quoted(table)} alter column ${quoted(before.name)} type ${both}`)
    return both
  }
  // A time with its zone and one without are not the same kind of thing: as texts each stays what it says.
  if (before.type !== 'VARCHAR') await asTexts(connection, table, before.name, before.type)
  return 'VARCHAR'
}

async function asTexts(
  connection: DuckDBConnection,
  table: string,
  name: string,
  type: string,
): Promise<void> {
  await connection.run(
    `alter table ${quoted(table)} alter column ${quoted(name)} type varchar using ${asText({ name: quoted(name), type: typeOf(type) })}`,
  )
}

async function columnsOf(
  connection: DuckDBConnection,
  table: string,
): Promise<{ name: string; type: string }[]> {
  return (await answers(connection, `describe ${quoted(table)}`)).map((row) => ({
    name: String(row[0]),
    type: String(row[1]),
  }))
}

async function answers(connection: DuckDBConnection, query: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(query)).getRows()
}

function firstLine(error: unknown): string {
  return String((error as Error).message).split('\n')[0] ?? ''
}

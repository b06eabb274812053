// Where an import turns files into rows: an engine of its own with one table per source, then, shut off from
// the outside, one table per SELECT of the recipe. Both lie in one file beside the import, so that memory
// stays bounded and a restarted import takes up the very rows it had, in the same order.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { BIGINT, type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, VARCHAR } from '@duckdb/node-api'
import { Invalid, TrothError } from '../lib/errors.ts'
import { applyNames, columnNames } from './columns.ts'
import { type Format, formatOf } from './fileformat.ts'
import { fillDown } from './filldown.ts'
import {
  type Cell,
  openCsv,
  openJsonLines,
  openSheetRows,
  type Refusal,
  type Row,
  type TextTable,
} from './rowsfromfile.ts'
import { assertSelect, lockSandbox } from './sandbox.ts'
import type { Source } from './schema.ts'
import { unpackSheet } from './spreadsheet.ts'

export type ColumnType = 'text' | 'number' | 'boolean' | 'date' | 'time' | 'instant' | 'json'
export interface StagedColumn {
  name: string
  type: ColumnType
}

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

export class Workbench {
  private readonly instance: DuckDBInstance
  private readonly connection: DuckDBConnection
  private readonly folder: string
  private locked = false

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string) {
    this.instance = instance
    this.connection = connection
    this.folder = folder
  }

  /** Opens the workbench in `folder`; with `fresh`, an empty one. */
  static async open(
    folder: string,
    options: { fresh?: boolean; memoryMb?: number } = {},
  ): Promise<Workbench> {
    const file = join(folder, 'workbench.duckdb')
    if (options.fresh) for (const path of [file, `${file}.wal`]) rmSync(path, { force: true })
    const instance = await DuckDBInstance.create(file, {
      memory_limit: `${options.memoryMb ?? 512}MB`,
      threads: '2',
      temp_directory: join(folder, 'spill'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    const connection = await instance.connect()
    await connection.run(`set timezone = 'UTC'`)
    return new Workbench(instance, connection, folder)
  }

  /** Loads the files of one source into a table of its name: text stays text, Parquet keeps its types. */
  async load(
    table: string,
    source: Source,
    files: { name: string; path: string }[],
    options: LoadOptions = {},
  ): Promise<FileRead[]> {
    const reads: FileRead[] = []
    const known: string[] = []
    for (const file of files) {
      const format = await formatOf(file.path, file.name)
      if (format === 'parquet') reads.push(await this.loadParquet(table, source, file, known, options))
      else reads.push(await this.loadText(table, source, file, format, known, options))
    }
    return reads
  }

  /** An empty table for an optional source without a file, with the columns that the recipe names. */
  async loadNothing(table: string, source: Source): Promise<void> {
    const columns = Object.keys(source.columns ?? {}).map((name) => name.replace(/\?$/, ''))
    await this.connection.run(
      `create table ${quoted(table)} (_file varchar, _line bigint${columns.map((column) => `, ${quoted(column)} varchar`).join('')})`,
    )
  }

  /** Writes everything to the file, so that a restart finds it. */
  async settle(): Promise<void> {
    await this.connection.run('checkpoint')
  }

  private async loadText(
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
      const target = join(this.folder, `${table}.sheet`)
      sheet = await unpackSheet(file.path, file.name, source.sheet, target)
      text = await openSheetRows(target, file.name, source)
    } else if (format === 'jsonl') text = await openJsonLines(file.path, file.name, source)
    else text = await openCsv(file.path, file.name, source, options.limit !== undefined)

    const { columns, missing } = applyNames(text.columns, source.columns, file.name)
    if (known.length === 0) {
      known.push(...columns, ...missing)
      await this.connection.run(
        `create table ${quoted(table)} (_file varchar, _line bigint, ${known.map((column) => `${quoted(column)} varchar`).join(', ')})`,
      )
    }
    for (const { name, type } of await this.columnsOf(table))
      if (known.includes(name) && type !== 'VARCHAR') await this.asTexts(table, name, type)
    // A later file may have its columns in another order, lack some or bring more.
    const lower = new Set(known.map((column) => column.toLowerCase()))
    for (const column of columns.filter((each) => !lower.has(each.toLowerCase()))) {
      known.push(column)
      await this.connection.run(`alter table ${quoted(table)} add column ${quoted(column)} varchar`)
    }
    const order = known.map((column) =>
      columns.findIndex((each) => each.toLowerCase() === column.toLowerCase()),
    )
    const fill = fillDown(columns, source.fill_down, file.name)
    const appender = await this.connection.createAppender(table)
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
          const clean = row.cells.some(
            (cell) => cell !== null && (cell.includes('\0') || !cell.isWellFormed()),
          )
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

  private async loadParquet(
    table: string,
    source: Source,
    file: { name: string; path: string },
    known: string[],
    options: LoadOptions,
  ): Promise<FileRead> {
    try {
      const described = await this.ask(`describe select * from read_parquet(${literal(file.path)})`)
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
        await this.connection.run(
          `create table ${quoted(table)} (_file varchar, _line bigint, ${typed.join(', ')})`,
        )
      }
      const inserted: string[] = []
      for (const { name, type, from } of picked) {
        const meant = await this.agreeOn(table, known, name, type)
        inserted.push(
          `${meant === 'VARCHAR' ? asText({ name: from, type: typeOf(type) }) : `${from}::${meant}`} as ${quoted(name)}`,
        )
      }
      await this.connection.run(
        `insert into ${quoted(table)} by name select ${literal(file.name)} as _file, row_number() over () as _line, ${inserted.join(', ')} from read_parquet(${literal(file.path)}) ${options.limit === undefined ? '' : `limit ${options.limit}`}`,
      )
    } catch (error) {
      if (error instanceof TrothError) throw error
      throw new Invalid(`${file.name} is not readable as Parquet: ${firstLine(error)}`)
    }
    const counted = await this.connection.runAndReadAll(
      `select count(*)::integer from ${quoted(table)} where _file = ${literal(file.name)}`,
    )
    const rows = Number(counted.getRows()[0]?.[0] ?? 0)
    await options.progress?.(rows)
    return { file: file.name, format: 'parquet', rows, refused: 0, lines: rows, continued: 0, notes: [] }
  }

  /** The type that a column has from here on, now that a further file has it as `type`: what both can be. */
  private async agreeOn(table: string, known: string[], name: string, type: string): Promise<string> {
    const before = (await this.columnsOf(table)).find(
      (each) => each.name.toLowerCase() === name.toLowerCase(),
    )
    if (!before) {
      known.push(name)
      await this.connection.run(`alter table ${quoted(table)} add column ${quoted(name)} ${type}`)
      return type
    }
    if (before.type === type) return type
    if (typeOf(before.type) === 'number' && typeOf(type) === 'number') {
      const both = /INT/.test(before.type) && /INT/.test(type) ? 'HUGEINT' : 'DOUBLE'
      await this.connection.run(
        `alter table ${quoted(table)} alter column ${quoted(before.name)} type ${both}`,
      )
      return both
    }
    // A time with its zone and one without are not the same kind of thing: as texts each stays what it says.
    if (before.type !== 'VARCHAR') await this.asTexts(table, before.name, before.type)
    return 'VARCHAR'
  }

  private async asTexts(table: string, name: string, type: string): Promise<void> {
    await this.connection.run(
      `alter table ${quoted(table)} alter column ${quoted(name)} type varchar using ${asText({ name: quoted(name), type: typeOf(type) })}`,
    )
  }

  private async columnsOf(table: string): Promise<{ name: string; type: string }[]> {
    return (await this.ask(`describe ${quoted(table)}`)).map((row) => ({
      name: String(row[0]),
      type: String(row[1]),
    }))
  }

  /** From here on nothing outside can be reached. */
  async lock(): Promise<void> {
    if (this.locked) return
    await lockSandbox(this.connection)
    this.locked = true
  }

  /** Runs one SELECT into a table that `read` reads; gives its columns and number of rows. @throws Invalid */
  async stage(
    table: string,
    select: string,
    where: string,
    limit?: number,
  ): Promise<{ columns: StagedColumn[]; rows: number }> {
    await this.lock()
    const one = await this.asInvalid(where, () => assertSelect(this.connection, select, where))
    const described = await this.asInvalid(where, () =>
      this.connection.runAndReadAll(`describe select * from (\n${one}\n) as picked`),
    )
    const columns = described.getRows().map((row) => ({ name: String(row[0]), type: typeOf(String(row[1])) }))
    const clean = columns.map(
      ({ name, type }) => `${asText({ name: `picked.${quoted(name)}`, type })} as ${quoted(name)}`,
    )
    await this.connection.run(`drop table if exists ${quoted(table)}`)
    const numbered = `select row_number() over () as "troth row", ${clean.join(', ')} from (\n${one}\n) as picked${limit === undefined ? '' : ` limit ${limit}`}`
    await this.asInvalid(where, () =>
      this.connection.run(`create table ${quoted(table)} as ${withRepeats(numbered, columns)}`),
    )
    return { columns: await this.refine(table, columns), rows: await this.count(table) }
  }

  /**
   * Rows after the given number, as texts in the order of the columns, with their numbers; `repeats` is the
   * key of a row whose key an earlier row had.
   */
  async read(
    table: string,
    after: number,
    limit: number,
  ): Promise<{ row: number; repeats?: string; cells: Cell[] }[]> {
    const result = await this.connection.runAndReadAll(
      `select * from ${quoted(table)} where "troth row" > ${after} and "troth row" <= ${after + limit} order by "troth row"`,
    )
    return result.getRows().map((row) => ({
      row: Number(row[0]),
      ...(row[1] === null ? {} : { repeats: String(row[1]) }),
      cells: row.slice(2).map((cell) => (cell === null ? null : String(cell))),
    }))
  }

  /** Any question about the loaded tables that Troth itself asks. */
  async ask(query: string): Promise<unknown[][]> {
    return (await this.connection.runAndReadAll(query)).getRows()
  }

  async drop(table: string): Promise<void> {
    await this.connection.run(`drop table if exists ${quoted(table)}`)
  }

  async count(table: string): Promise<number> {
    const counted = await this.ask(`select count(*)::double from ${quoted(table)}`)
    return Number(counted[0]?.[0] ?? 0)
  }

  /** Stops a running SELECT at once; it then throws. */
  interrupt(): void {
    this.connection.interrupt()
  }

  close(): void {
    this.connection.closeSync()
    this.instance.closeSync()
  }

  /** Text columns that hold nothing but numbers are numbers; codes with leading zeros stay text. */
  private async refine(table: string, columns: StagedColumn[]): Promise<StagedColumn[]> {
    const texts = columns.filter((column) => column.type === 'text')
    if (texts.length === 0) return columns
    const checks = texts.map(
      (column) =>
        `coalesce(bool_and(trim(${quoted(column.name)}) = '' or regexp_full_match(${quoted(column.name)}, '-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,12})?')), false) and count(nullif(trim(${quoted(column.name)}), '')) > 0`,
    )
    const answer = (await this.ask(`select ${checks.join(', ')} from ${quoted(table)}`))[0] ?? []
    const numeric = new Set(texts.filter((_, index) => answer[index] === true).map((column) => column.name))
    return columns.map((column) => (numeric.has(column.name) ? { ...column, type: 'number' } : column))
  }

  private async asInvalid<Result>(where: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof TrothError) throw error
      const message = String((error as Error).message)
      if (/interrupt/i.test(message)) throw error
      throw new Invalid(`${where}: ${message.replace(/^(\w+ )?Error: /, '').trim()}`)
    }
  }
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function typeOf(type: string): ColumnType {
  if (type === 'TIMESTAMP WITH TIME ZONE') return 'instant'
  if (type.startsWith('TIMESTAMP')) return 'time'
  if (type === 'DATE') return 'date'
  if (type === 'BOOLEAN') return 'boolean'
  if (/^(JSON|STRUCT|MAP|UNION)|\[\d*\]$/.test(type)) return 'json'
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|DOUBLE|FLOAT)/.test(type)) return 'number'
  return 'text'
}

/** Of several rows with one key the first counts; the others are told apart by it. */
function withRepeats(numbered: string, columns: StagedColumn[]): string {
  const named = (name: string) => columns.find((column) => column.name.toLowerCase() === name)
  const key = named('key')
  if (!key)
    return `select "troth row", null::varchar as "troth repeats", * exclude ("troth row") from (${numbered})`
  const event = named('event')
  const by = [key, ...(event ? [event] : [])].map((column) => quoted(column.name)).join(', ')
  const again = `row_number() over (partition by ${by} order by "troth row") > 1`
  return `select "troth row", case when ${quoted(key.name)} is not null and ${again} then ${quoted(key.name)} end as "troth repeats", * exclude ("troth row") from (${numbered}) order by "troth row"`
}

/** The expression that writes a column, named as SQL writes it, as text. */
function asText({ name, type }: StagedColumn): string {
  if (type === 'instant') return `strftime(${name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`
  if (type === 'json') return `to_json(${name})::varchar`
  return `${name}::varchar`
}

function firstLine(error: unknown): string {
  return String((error as Error).message).split('\n')[0] ?? ''
}

// Where an import turns files into rows: an engine of its own with one table per source, then, shut off from
// the outside, one table per SELECT of the recipe. Both lie in one file beside the import, so that memory
// stays bounded and a restarted import takes up the very rows it had, in the same order.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { Invalid, TrothError } from '../lib/errors.ts'
import { type FileRead, type LoadOptions, loadFiles } from './loading.ts'
import type { Cell } from './rowsfromfile.ts'
import { assertSelect, lockSandbox } from './sandbox.ts'
import type { Source } from './schema.ts'
import { asText, quoted, type StagedColumn, typeOf } from './sqltext.ts'

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
    return loadFiles(this.connection, this.folder, table, source, files, options)
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

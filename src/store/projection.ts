// The columnar projection: a DuckDB file beside the database, laid out for the questions insights ask.
// Disposable: every row follows from Postgres, which alone holds the facts.
//
// Its life: open (a damaged file or one of an older layout is thrown away) → pass → pass → …
// A pass looks what transactions since the watermark have touched and reads those customers again; when
// the file is new, belongs to another database, or much has changed, it builds a new file beside the old
// one and puts it in its place. Questions are answered meanwhile from what is there.
//
// Rows are fed by transaction, not by number: "id > watermark" loses the row of a slow transaction that
// commits after a later number was read. Everything before the oldest running transaction is settled.
//
// One file, though long: every step of that life changes the same few facts (built, watermark, version).
import { existsSync, renameSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'
import { TrothError } from '../lib/errors.ts'
import { countGently } from './gentle-threads.ts'
import { Load } from './load.ts'
import { plain, withNumbers } from './projection-answers.ts'
import { type Column, type Columns, type Kinds, readColumns } from './projection-columns.ts'
import { inSnapshot, nameCodes, readMarks, readTouched, type Touched } from './projection-feed.ts'
import { layout, sessionSettings } from './projection-layout.ts'
import { EngineMemory } from './projection-memory.ts'
import { Readers } from './projection-readers.ts'
import { addCustomers, buildFile, readFileMarks, refreshWhole, sortWhenNeeded } from './projection-write.ts'

export interface ProjectionOptions {
  file: string
  pool: Pool
  log: Logger
  /** Memory limit of the engine while it counts. Default 2048. */
  memoryMb?: number
  /** Customers that are read again together. Default 5,000. */
  piece?: number
  /** Passes give way to what is coming in. */
  load?: Load
}

const passEveryMs = 1_000
/** With more touched than this many, and a fifth of all customers, building anew is faster than mending. */
const mendAtMost = 20_000

export class Projection {
  private readonly options: Required<ProjectionOptions>
  private instance: DuckDBInstance
  private writer: DuckDBConnection
  private readonly memory: EngineMemory
  private readonly readers: Readers
  private built = false
  private caughtUpAt: number | undefined
  private watermark = '0'
  /** Raised whenever a row has changed: what was counted before may be counted differently now. */
  version = 0
  private loop: Promise<void> | undefined
  private stopping = false
  private wakeUp: (() => void) | undefined
  private passing: Promise<unknown> = Promise.resolve()

  private constructor(
    options: Required<ProjectionOptions>,
    instance: DuckDBInstance,
    writer: DuckDBConnection,
  ) {
    this.options = options
    this.instance = instance
    this.writer = writer
    this.memory = new EngineMemory(writer, options.memoryMb)
    this.readers = new Readers(instance, this.memory, () => this.built)
  }

  /** Opens the file, or takes an empty one in its place. @throws TrothError when another process has it. */
  static async open(given: ProjectionOptions): Promise<Projection> {
    const options = { memoryMb: 2048, piece: 5_000, load: new Load(), ...given }
    rmSync(`${options.file}.new`, { force: true })
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${options.memoryMb}MB`,
      temp_directory: `${options.file}.tmp`,
    })
    const writer = await instance.connect()
    await writer.run(sessionSettings)
    countGently()
    const projection = new Projection(options, instance, writer)
    await projection.attach()
    return projection
  }

  /** Answers a question: rows as plain objects, whole numbers as numbers. Aborting the signal stops the counting at once. */
  async rows<Row>(text: string, values: readonly unknown[] = [], signal?: AbortSignal): Promise<Row[]> {
    return this.counting(signal, async (connection) => {
      const reader = await connection.runAndReadAll(...withNumbers(text, values))
      return reader.getRowObjects().map((row) => plain(row) as Row)
    })
  }

  /** Answers a question with millions of rows: a column of numbers each, null as NaN, true as 1. */
  async columns(text: string, values?: readonly unknown[], signal?: AbortSignal): Promise<Columns>
  async columns(
    text: string,
    values: readonly unknown[],
    signal: AbortSignal | undefined,
    kinds: Kinds,
  ): Promise<Columns<Column>>
  async columns(
    text: string,
    values: readonly unknown[] = [],
    signal?: AbortSignal,
    kinds: Kinds = {},
  ): Promise<Columns<Column>> {
    return this.counting(signal, async (connection) =>
      readColumns(await connection.run(...withNumbers(text, values)), kinds),
    )
  }

  private async counting<Answer>(
    signal: AbortSignal | undefined,
    count: (connection: DuckDBConnection) => Promise<Answer>,
  ): Promise<Answer> {
    signal?.throwIfAborted()
    const connection = await this.readers.borrow()
    const interrupt = () => connection.interrupt()
    signal?.addEventListener('abort', interrupt)
    try {
      return await count(connection)
    } catch (error) {
      signal?.throwIfAborted()
      this.noticeDamage(error)
      throw error
    } finally {
      signal?.removeEventListener('abort', interrupt)
      this.readers.giveBack(connection)
    }
  }

  /** Whether figures can be asked for, how far behind they are, and whether that is little enough to call them current. */
  get state(): { built: boolean; current: boolean; lagSeconds: number | null; watermark: string } {
    const lagSeconds = this.caughtUpAt === undefined ? null : (Date.now() - this.caughtUpAt) / 1000
    return {
      built: this.built,
      current: this.built && lagSeconds !== null && lagSeconds < 30,
      lagSeconds,
      watermark: this.watermark,
    }
  }

  /** Starts following the database. */
  start(): void {
    this.stopping = false
    this.loop ??= this.follow()
  }

  async stop(): Promise<void> {
    this.stopping = true
    this.wake()
    await this.loop
    this.loop = undefined
  }

  /** Says that something was recorded, so that it is not waited for. */
  wake(): void {
    this.wakeUp?.()
  }

  /** Returns when everything committed before the call can be asked for. */
  async catchUp(): Promise<void> {
    const client = await this.options.pool.connect()
    const { horizon } = await readMarks(client).finally(() => client.release())
    for (;;) {
      await this.pass()
      if (this.built && BigInt(this.watermark) >= BigInt(horizon)) return
      await sleep(5)
    }
  }

  /** Builds the file anew, so that nothing that was ever deleted is left in it. */
  async rebuild(): Promise<void> {
    await this.memory.withRoom(() =>
      this.alone(() => inSnapshot(this.options.pool, (client) => this.build(client))),
    )
  }

  async close(): Promise<void> {
    await this.stop()
    await this.passing.catch(() => {})
    this.readers.close()
    await this.writer.run('checkpoint projection').catch(() => {})
    this.writer.closeSync()
    this.instance.closeSync()
    rmSync(`${this.options.file}.tmp`, { recursive: true, force: true })
  }

  private async follow(): Promise<void> {
    let pause = passEveryMs
    while (!this.stopping) {
      try {
        const began = performance.now()
        await this.pass()
        await this.options.load.giveWay(Math.max(200, performance.now() - began))
        pause = passEveryMs
      } catch (error) {
        // Postgres restarting, a full disk: nothing is lost, it is tried again.
        this.options.log.error({ err: error }, 'the projection could not follow the database')
        pause = Math.min(pause * 2, 30_000)
      }
      if (!this.readers.busy) await this.memory.lower()
      if (this.stopping) return
      const timer = new AbortController()
      const woken = new Promise<void>((resolve) => {
        this.wakeUp = resolve
      })
      await Promise.race([woken, sleep(pause, undefined, { signal: timer.signal }).catch(() => {})])
      timer.abort()
      this.wakeUp = undefined
    }
  }

  /** One look at what has changed, and its reading. */
  private pass(): Promise<void> {
    return this.memory.withRoom(() =>
      this.alone(() => inSnapshot(this.options.pool, (client) => this.look(client))),
    )
  }

  private async look(client: PoolClient): Promise<void> {
    const now = await readMarks(client)
    const here = this.built ? await readFileMarks(this.writer) : undefined
    const strange =
      !here ||
      here.system !== now.system ||
      here.database !== now.database ||
      here.workspace !== now.workspace ||
      here.journey !== now.journey ||
      BigInt(here.watermark) > BigInt(now.watermark)
    if (strange) return this.build(client)
    const limit = Math.max(mendAtMost, Math.floor(here.customers / 5))
    const touched = await readTouched(client, here.watermark, now.watermark, limit)
    if (!touched || (touched.lives.length > 200 && touched.lives.length > here.customers / 5))
      return this.build(client)
    await this.mend(client, touched, here, now)
    this.watermark = now.watermark
    this.caughtUpAt = Date.now()
  }

  private async mend(
    client: PoolClient,
    touched: Touched,
    here: { places: string; segments: string; watermark: string },
    now: Awaited<ReturnType<typeof readMarks>>,
  ): Promise<void> {
    const whole = {
      touchpoints: here.places !== now.places,
      segments: here.segments !== now.segments || touched.joined,
    }
    if (touched.ids.length === 0 && !whole.touchpoints && !whole.segments) return
    await this.memory.allowFollowing()
    this.version++
    if (touched.ids.length > 0) {
      const { piece } = this.options
      const lives = new Set(touched.lives)
      for (let from = 0; from < touched.lives.length; from += piece) {
        const last = from + piece >= touched.lives.length
        await addCustomers(
          client,
          this.writer,
          touched.lives.slice(from, from + piece),
          // ids that are nobody's life any more only have to go; not the lives of the pieces before
          last ? touched.ids.filter((id) => !lives.has(id)) : [],
          last ? now.watermark : undefined,
        )
      }
      await sortWhenNeeded(this.writer)
      await this.afterwards(here.watermark, now.watermark, touched.dirty)
    }
    await refreshWhole(client, this.writer, whole, now)
    this.version++
  }

  private async build(client: PoolClient): Promise<void> {
    await this.memory.allowFollowing()
    const marks = await readMarks(client)
    await buildFile(client, this.instance, `${this.options.file}.new`, marks)
    await this.swap()
    await this.afterwards('0', marks.watermark, true)
    this.watermark = marks.watermark
    this.caughtUpAt = Date.now()
  }

  /** What is written to Postgres, outside the snapshot that was read. */
  private async afterwards(since: string, until: string, dirty: boolean): Promise<void> {
    const client = await this.options.pool.connect()
    try {
      await nameCodes(client, since, until)
      if (dirty) await client.query('delete from projection_dirty where tx < $1::xid8', [until])
    } finally {
      client.release()
    }
  }

  /** Puts the file that was built in the place of the old one, between two questions. */
  private async swap(): Promise<void> {
    await this.readers.without(async () => {
      await this.writer.run('use memory')
      await this.writer.run('detach database if exists projection')
      for (const ending of ['', '.wal']) rmSync(this.options.file + ending, { force: true })
      renameSync(`${this.options.file}.new`, this.options.file)
      await this.attach()
      this.version++
    })
  }

  private async attach(): Promise<void> {
    const { file, log } = this.options
    this.built = false
    const there = existsSync(file)
    try {
      await this.writer.run(`attach '${file.replaceAll("'", "''")}' as projection`)
      const marks = there ? await readFileMarks(this.writer) : undefined
      this.built = marks?.layout === layout
      this.watermark = this.built && marks ? marks.watermark : '0'
    } catch (error) {
      if (/could not set lock|conflicting lock/i.test(String(error)))
        throw new TrothError(
          'conflict',
          `Another Troth has the file ${file} open. Stop it first, or give another data folder.`,
        )
      log.warn({ err: error }, 'the projection file is damaged and is built anew')
      await this.writer.run('detach database if exists projection').catch(() => {})
    }
    if (this.built) return
    await this.writer.run('detach database if exists projection').catch(() => {})
    for (const ending of ['', '.wal']) rmSync(file + ending, { force: true })
  }

  private noticeDamage(error: unknown): void {
    if (!/corrupt|checksum|fatal error|invalidated|deserializ|IO Error/i.test(String(error))) return
    this.options.log.error({ err: error }, 'the projection file is damaged and is built anew')
    this.built = false
    this.wake()
  }

  /** Passes come one after the other. */
  private alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.passing.then(work, work)
    this.passing = turn.catch(() => {})
    return turn
  }
}

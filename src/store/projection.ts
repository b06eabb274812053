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
import { existsSync, renameSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'
import { TrothError } from '../lib/errors.ts'
import { Load } from './load.ts'
import { type Columns, readColumns } from './projection-columns.ts'
import { nameCodes, readMarks, readTouched, type Touched } from './projection-feed.ts'
import { layout, sessionSettings } from './projection-layout.ts'
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

/** While nothing happens; while only the database is followed (an import); with questions the engine may have it all. */
const idleMemoryMb = 64
const followMemoryMb = 512
const idleAfterMs = 20_000
const passEveryMs = 1_000
/** Most connections on which questions run side by side; each uses every core anyway. */
const readers = 3
/** With more touched than this many, and a fifth of all customers, building anew is faster than mending. */
const mendAtMost = 20_000

export class Projection {
  private readonly options: Required<ProjectionOptions>
  private instance: DuckDBInstance
  private writer: DuckDBConnection
  private idle: DuckDBConnection[] = []
  private asked = 0
  private waiting: (() => void)[] = []
  private swapping: Promise<void> | undefined
  private built = false
  private busySince = Date.now()
  private askedAt = Date.now()
  private limitMb: number
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
    this.limitMb = options.memoryMb
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
  async columns(text: string, values: readonly unknown[] = [], signal?: AbortSignal): Promise<Columns> {
    return this.counting(signal, async (connection) =>
      readColumns(await connection.run(...withNumbers(text, values))),
    )
  }

  private async counting<Answer>(
    signal: AbortSignal | undefined,
    count: (connection: DuckDBConnection) => Promise<Answer>,
  ): Promise<Answer> {
    signal?.throwIfAborted()
    const connection = await this.borrow()
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
      this.giveBack(connection)
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
    await this.withRoom(() => this.alone(() => this.inSnapshot((client) => this.build(client))))
  }

  async close(): Promise<void> {
    await this.stop()
    await this.passing.catch(() => {})
    for (const connection of this.idle) connection.closeSync()
    this.idle = []
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
      await this.lowerMemory()
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
    return this.withRoom(() => this.alone(() => this.inSnapshot((client) => this.look(client))))
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
    await this.allow(followMemoryMb)
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
    await this.allow(followMemoryMb)
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
    const { promise, resolve } = Promise.withResolvers<void>()
    this.swapping = promise
    try {
      while (this.asked > 0) await new Promise<void>((done) => this.waiting.push(done))
      for (const connection of this.idle.splice(0)) connection.closeSync()
      await this.writer.run('use memory')
      await this.writer.run('detach database if exists projection')
      for (const ending of ['', '.wal']) rmSync(this.options.file + ending, { force: true })
      renameSync(`${this.options.file}.new`, this.options.file)
      await this.attach()
      this.version++
    } finally {
      this.swapping = undefined
      resolve()
    }
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

  private async borrow(): Promise<DuckDBConnection> {
    for (;;) {
      if (this.swapping) await this.swapping
      else if (!this.built) {
        throw new TrothError(
          'unavailable',
          'Troth is still counting what happened so far. Ask again in a moment; nothing is lost.',
        )
      } else if (this.asked >= readers) await new Promise<void>((resolve) => this.waiting.push(resolve))
      else break
    }
    this.asked++
    try {
      this.askedAt = Date.now()
      await this.allow(this.options.memoryMb)
      const known = this.idle.pop()
      if (known) return known
      const connection = await this.instance.connect()
      await connection.run(`${sessionSettings} use projection;`)
      return connection
    } catch (error) {
      this.asked--
      throw error
    }
  }

  private giveBack(connection: DuckDBConnection): void {
    this.asked--
    this.askedAt = Date.now()
    this.idle.push(connection)
    for (const next of this.waiting.splice(0)) next()
  }

  private noticeDamage(error: unknown): void {
    if (!/corrupt|checksum|fatal error|invalidated|deserializ|IO Error/i.test(String(error))) return
    this.options.log.error({ err: error }, 'the projection file is damaged and is built anew')
    this.built = false
    this.wake()
  }

  /** Lets the engine have at least so much, as far as it may. */
  private async allow(megabytes: number): Promise<void> {
    this.busySince = Date.now()
    await this.limitMemory(Math.min(Math.max(megabytes, this.limitMb), this.options.memoryMb))
  }

  private async lowerMemory(): Promise<void> {
    const idle = (since: number) => Date.now() - since > idleAfterMs
    if (this.asked > 0 || !idle(this.askedAt)) return
    const wanted = idle(this.busySince) ? idleMemoryMb : followMemoryMb
    if (wanted >= this.limitMb) return
    // Refused when more is pinned than that: then it stays as it is for a while.
    await this.limitMemory(wanted).catch(() => {
      this.askedAt = Date.now()
    })
  }

  private async limitMemory(megabytes: number): Promise<void> {
    if (megabytes === this.limitMb) return
    await this.writer.run(`set memory_limit = '${megabytes}MB'`)
    this.limitMb = megabytes
  }

  /** What did not fit into the memory for following gets all there is. */
  private async withRoom(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!/out of memory/i.test(String(error)) || this.limitMb >= this.options.memoryMb) throw error
      this.askedAt = Date.now()
      await this.allow(this.options.memoryMb)
      await work()
    }
  }

  /** Passes come one after the other. */
  private alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.passing.then(work, work)
    this.passing = turn.catch(() => {})
    return turn
  }

  private async inSnapshot<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.options.pool.connect()
    let broken: Error | undefined
    try {
      await client.query('begin isolation level repeatable read read only')
      const result = await work(client)
      await client.query('commit')
      return result
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error))
      await client.query('rollback').then(
        () => {
          broken = undefined
        },
        () => {},
      )
      throw error
    } finally {
      client.release(broken)
    }
  }
}

/**
 * Numbers written into the text: as parameters they are not known when the query is planned, so whole row
 * groups outside the time asked for are read and compared (a third of the time of the map's main question).
 * Anything but a whole number or null stays a parameter.
 */
function withNumbers(text: string, values: readonly unknown[]): [string, DuckDBValue[]?] {
  if (values.length === 0) return [text]
  if (!values.every((value) => value === null || Number.isSafeInteger(value)))
    return [text, values as DuckDBValue[]]
  return [
    text.replaceAll(/\$(\d+)/g, (name, digits: string) => {
      const value = values[Number(digits) - 1]
      if (value === undefined) throw new Error(`the question has no value for ${name}`)
      if (value === null) return 'null'
      const number = Number(value)
      return number < 0 ? `(${number})` : `${number}`
    }),
  ]
}

function plain(row: Record<string, DuckDBValue>): Record<string, DuckDBValue | number> {
  for (const [name, value] of Object.entries(row))
    if (typeof value === 'bigint') (row as Record<string, unknown>)[name] = Number(value)
  return row
}

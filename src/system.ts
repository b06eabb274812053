// Puts the rooms together into a running Troth, and takes it apart again. The only place that knows them all.
//
//   database (bundled or given) → one owner per data folder → migrate → projection → jobs → HTTP
//
// Stopping goes the other way round: no more requests, running jobs finish or are cut off, then the database
// closes. Nothing here needs to run for the data to be safe: after kill -9 the
// next start finds the database as it was, and what the projection or a job missed is caught up.
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { sql } from 'kysely'
import { pino } from 'pino'
import type { Config } from './config.ts'
import { registerCustomers } from './customers/customers.ts'
import { registerExpectations } from './expectations/expectations.ts'
import { registerImports, resumeImports } from './imports/imports.ts'
import { reactAgainIfDue, registerRenewals } from './interactions/interactions.ts'
import { registerJourney } from './journey/journey.ts'
import { Conflict, NotFound, TrothError } from './lib/errors.ts'
import { registerSample, resumeSample } from './sample/sample.ts'
import { type RunningServer, registerIdempotency, startServer } from './server/server.ts'
import { type Database, openDatabase, row, withDatabase } from './store/database.ts'
import { Jobs } from './store/jobs.ts'
import { Load } from './store/load.ts'
import { migrate } from './store/migrate.ts'
import { hasOwner, holdOwnerLock } from './store/owner-lock.ts'
import { alive, type BundledPostgres, hasCluster, startPostgres } from './store/postgres.ts'
import { Projection } from './store/projection.ts'
import { assertSameDatabase, databaseOf, rememberDatabase, writeNote } from './store/running-note.ts'
import type { Store } from './store/store.ts'
import { registerValidation } from './validation/validation.ts'
import { registerVoices } from './voices/voices.ts'

export interface System {
  store: Store
  /** Undefined when this process only works on jobs. */
  server: RunningServer | undefined
  url: string
  /** Set when the port that was wanted by default is in use and another was taken. */
  insteadOfPort: number | undefined
  stop(): Promise<void>
}

/** The database alone: for commands that work without a server, or beside one. */
export interface OpenedDatabase extends Database {
  url: string
  close(): Promise<void>
}

const databaseName = 'troth'

/**
 * Starts the bundled PostgreSQL or connects to the given one; makes Troth's database in the bundled one.
 * @throws Invalid when the system on this folder uses another; NotFound with `make: false`, where there is none yet
 */
export async function openStore(
  config: Config,
  options: { migrate: boolean; make?: boolean },
): Promise<OpenedDatabase> {
  assertSameDatabase(config.dataFolder, config.databaseUrl)
  if (options.make === false && !config.databaseUrl && !hasCluster(config.dataFolder))
    throw new NotFound('database', `in ${config.dataFolder} yet; the first start makes it`)
  mkdirSync(config.dataFolder, { recursive: true })
  const bundled = config.databaseUrl ? undefined : await startPostgres(config.dataFolder)
  try {
    const url = config.databaseUrl ?? withDatabase(bundled?.url ?? '', databaseName)
    if (bundled) await makeDatabase(bundled)
    const database = openDatabase(url, { connections: 12 })
    await checkVersion(database)
    if (options.migrate) await migrate(database.db)
    return {
      ...database,
      url,
      async close() {
        const used = await hasOwner(database)
        await database.close()
        if (!used) await bundled?.stop()
      },
    }
  } catch (error) {
    if (bundled && !bundled.reused) await bundled.stop()
    throw error
  }
}

/**
 * Starts everything: `serve` listens and owns the projection, otherwise only jobs are worked on.
 * @throws Conflict when the data folder or the port is in use
 */
export async function startSystem(config: Config, options: { serve: boolean }): Promise<System> {
  // About 60 MB live here at any time; left to itself the collector lets garbage grow to five times that before
  // it looks. An import's peak fell from 620 to 520 MB, at 2 to 4 % more processor time.
  setFlagsFromString('--heap-growing-percent=50')
  mkdirSync(config.dataFolder, { recursive: true })
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: false }))
  const undo: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse())
      await Promise.resolve(step()).catch?.((error: unknown) => log.warn({ err: error }, 'while stopping'))
  }
  try {
    if (!options.serve) assertSameDatabase(config.dataFolder, config.databaseUrl)
    let bundled = config.databaseUrl ? undefined : await startPostgres(config.dataFolder)
    // A server that another Troth uses must outlive this attempt.
    let owner = !options.serve
    undo.push(async () => {
      if (bundled && owner && options.serve) await bundled.stop()
    })
    if (bundled) await makeDatabase(bundled)
    const url = config.databaseUrl ?? withDatabase(bundled?.url ?? '', databaseName)
    if (options.serve) {
      const lock = await holdOwnerLock(url, config, log)
      owner = true
      undo.push(lock)
      const before = rememberDatabase(config.dataFolder, config.databaseUrl)
      if (before)
        log.warn(
          `this folder was served with ${before} until now; it is served with ${databaseOf(config.databaseUrl)}`,
        )
    }
    const database = openDatabase(url, { connections: 12 })
    undo.push(() => database.close(3_000))
    await checkVersion(database)
    await migrate(database.db)

    if (bundled) {
      // Restarts the database server when it dies under us; connections come back by themselves.
      const watch = setInterval(() => {
        if (bundled && !alive(bundled.pid))
          startPostgres(config.dataFolder).then(
            (again) => {
              bundled = again
              log.warn('the bundled PostgreSQL had died and was started again')
            },
            (error: unknown) =>
              log.error({ err: error }, 'the bundled PostgreSQL died and could not be started'),
          )
      }, 1_000)
      undo.push(() => clearInterval(watch))
    }

    const load = new Load()
    const jobs = new Jobs(
      url,
      (error, queue) => log.error({ err: error, queue }, 'a job failed and will be tried again'),
      load,
    )
    const projection = options.serve
      ? await Projection.open({
          file: join(config.dataFolder, 'projection.duckdb'),
          pool: database.pool,
          log,
          memoryMb: config.duckdbMemoryMb,
          load,
        })
      : undefined
    if (projection) undo.push(() => projection.close())
    projection?.start()
    const store: Store = {
      db: database.db,
      pool: database.pool,
      jobs,
      projection,
      load,
      dataFolder: config.dataFolder,
      log,
    }
    registerRooms(store)
    await jobs.start({ work: true })
    undo.push(() => jobs.stop())
    await reactAgainIfDue(store)
    await resumeSample(store)
    await resumeImports(store)

    if (!options.serve) return { store, server: undefined, url: '', insteadOfPort: undefined, stop }

    const token = randomBytes(24).toString('base64url')
    const server = await listen(store, config, token)
    undo.push(() => server.close())
    const noteFile = writeNote(config.dataFolder, {
      pid: process.pid,
      url: server.url,
      token,
      database: databaseOf(config.databaseUrl),
    })
    undo.push(() => rmSync(noteFile, { force: true }))
    return {
      store,
      server,
      url: config.publicUrl ?? server.url,
      insteadOfPort: server.port !== config.port && config.port !== 0 ? config.port : undefined,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Every room that reacts to what is recorded or works in the background adds its line here. */
export function registerRooms(store: Store): void {
  registerCustomers(store)
  registerJourney(store)
  registerRenewals(store)
  registerExpectations(store)
  registerVoices(store)
  registerSample(store)
  registerValidation(store)
  registerImports(store)
  registerIdempotency(store)
}

async function listen(store: Store, config: Config, localToken: string): Promise<RunningServer> {
  const options = {
    host: config.host,
    localToken,
    trustedProxies: config.trustedProxies,
    ...(config.publicUrl ? { publicUrl: config.publicUrl } : {}),
  }
  for (let port = config.port; ; port++) {
    try {
      return await startServer(store, { ...options, port })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EACCES')
        throw new TrothError(
          'unavailable',
          `This user may not listen on port ${port}. Choose one above 1023 with --port.`,
        )
      if (code !== 'EADDRINUSE') throw error
      if (config.portAsked)
        throw new Conflict(
          `Port ${port} is in use by another program. Choose another: --port ${await freePort(config.host)} is free.`,
        )
      if (port >= config.port + 50) throw new Conflict(`The ports ${config.port} to ${port} are all in use.`)
    }
  }
}

async function freePort(host: string): Promise<number> {
  const { createServer } = await import('node:net')
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function makeDatabase(bundled: BundledPostgres): Promise<void> {
  const admin = openDatabase(bundled.url, { connections: 1 })
  try {
    const found = await row(admin.db, sql`select 1 from pg_database where datname = ${databaseName}`)
    if (!found) await sql.raw(`create database ${databaseName}`).execute(admin.db)
  } catch (error) {
    // Two starts at once: the other one was first.
    if ((error as { code?: string }).code !== '42P04') throw error
  } finally {
    await admin.close()
  }
}

async function checkVersion(database: Database): Promise<void> {
  const found = await row(
    database.db,
    sql<{ number: string; version: string }>`
    select current_setting('server_version_num') as number, current_setting('server_version') as version`,
  )
  if (Number(found?.number) < 150_000)
    throw new TrothError(
      'unavailable',
      `DATABASE_URL points at PostgreSQL ${found?.version}. Troth needs 15 or newer.`,
    )
}

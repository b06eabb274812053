// A real PostgreSQL for tests. The test runner starts one server and makes a migrated template; every
// test file clones that, which takes about 30 ms. Without the runner (one file run by hand) the file
// starts a server of its own.
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { type Database, openDatabase, withDatabase } from './database.ts'
import { Jobs } from './jobs.ts'
import { Load } from './load.ts'
import { migrate } from './migrate.ts'
import { startPostgres } from './postgres.ts'
import { Projection } from './projection.ts'
import type { Store } from './store.ts'

/** A new folder under the temp directory, which the unprivileged user of the database server can reach too. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `troth-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}

export interface TestServer {
  url: string
  stop(): Promise<void>
}

const template = 'troth_template'

/** Starts a server in a temporary folder (or takes the given one) and makes the template database. */
export async function startTestServer(given?: string): Promise<TestServer> {
  const folder = temporaryFolder('test')
  const server = given ? undefined : await startPostgres(folder)
  const url = given ?? server?.url ?? ''
  const admin = openDatabase(url, { connections: 1 })
  await sql.raw(`drop database if exists ${template}`).execute(admin.db)
  await sql.raw(`create database ${template}`).execute(admin.db)
  await admin.close()
  const prepared = openDatabase(url, { connections: 1, database: template })
  await migrate(prepared.db)
  await prepared.close()
  const jobs = new Jobs(withDatabase(url, template), (error) => {
    throw error
  })
  await jobs.start({ work: false })
  await jobs.stop(0)
  return {
    url,
    async stop() {
      await server?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface TestDatabase extends Database {
  url: string
  [Symbol.asyncDispose](): Promise<void>
}

let own: Promise<TestServer> | undefined

/** A fresh, migrated database of its own. Dispose of it: `await using test = await testDatabase()`. */
export async function testDatabase(): Promise<TestDatabase> {
  const given = process.env['TROTH_TEST_SERVER']
  if (!given) own ??= startTestServer()
  const url = given ?? (await own)?.url ?? ''
  const name = `troth_test_${randomBytes(6).toString('hex')}`
  const admin = openDatabase(url, { connections: 1 })
  await sql.raw(`create database ${name} template ${template}`).execute(admin.db)
  const database = openDatabase(url, { database: name })
  return {
    ...database,
    url: withDatabase(url, name),
    async [Symbol.asyncDispose]() {
      await database.close()
      await sql.raw(`drop database if exists ${name} with (force)`).execute(admin.db)
      await admin.close()
      if (!given) {
        await (await own)?.stop()
        own = undefined
      }
    },
  }
}

export interface TestStore extends Store {
  url: string
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A store of its own: a fresh database, an empty projection and a temporary data folder. Jobs are only
 * run by `store.jobs.drain()`. `register` adds handlers before the queues are made.
 */
export async function testStore(register: (store: Store) => void = () => {}): Promise<TestStore> {
  const database = await testDatabase()
  const dataFolder = temporaryFolder('data')
  const failures: unknown[] = []
  const jobs = new Jobs(database.url, (error) => failures.push(error))
  const log = pino({ level: 'silent' })
  const projection = await Projection.open({
    file: join(dataFolder, 'projection.duckdb'),
    pool: database.pool,
    log,
    memoryMb: 512,
  })
  const store: Store = {
    db: database.db,
    pool: database.pool,
    jobs,
    projection,
    load: new Load(),
    dataFolder,
    log,
  }
  register(store)
  await jobs.start({ work: false })
  return {
    ...store,
    url: database.url,
    async [Symbol.asyncDispose]() {
      await jobs.stop(0)
      // Only what failed until here: dropping the database ends connections that the job system still closes.
      const [failure] = failures
      await projection.close()
      await database[Symbol.asyncDispose]()
      rmSync(dataFolder, { recursive: true, force: true })
      if (failure !== undefined) throw failure
    },
  }
}

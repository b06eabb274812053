import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs'
import type { Command } from 'commander'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import { Invalid, NotFound } from '../lib/errors.ts'
import { isWebBuilt } from '../server/server.ts'
import { row } from '../store/database.ts'
import { pendingMigrations } from '../store/migrate.ts'
import { readNote } from '../store/running-note.ts'
import { type OpenedDatabase, openStore } from '../system.ts'
import { configOf } from './options.ts'
import { wrap } from './print.ts'
import { readinessOf } from './readiness.ts'

/** Milliseconds that a system which has just started gets before it is called not ready. */
const gettingReady = 15_000

interface Check {
  name: string
  ok: boolean
  /** What was found. */
  found: string
  /** What to do when it is not in order. */
  remedy?: string
}

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check the installation and explain what is not in order')
    .option('--data <folder>', 'data folder (default: data; environment: TROTH_DATA)')
    .option('--json', 'print one JSON object')
    .action(async (options: { data?: string; json?: boolean }) => {
      const config = configOf(options)
      const checks = await examine(config)
      if (options.json) console.log(JSON.stringify({ ok: checks.every(({ ok }) => ok), checks }))
      else
        for (const check of checks) {
          console.log(`${check.ok ? '✔' : '✖'} ${check.name}: ${check.found}`)
          if (!check.ok && check.remedy) console.log(wrap(check.remedy, '    '))
        }
      if (checks.some(({ ok }) => !ok)) process.exitCode = 3
    })
}

async function examine(config: Config): Promise<Check[]> {
  const checks: Check[] = [nodeVersion(), dataFolder(config), diskSpace(config), webApp()]
  const running = readNote(config.dataFolder)
  let database: OpenedDatabase | undefined
  try {
    database = await openStore(config, { migrate: false, make: false })
    checks.push(await databaseVersion(config, database), await migrations(database), await jobs(database))
  } catch (error) {
    checks.push(noDatabase(config, error))
  } finally {
    await database?.close()
  }
  if (running) checks.push(await readiness(running.url))
  else checks.push({ name: 'running', ok: true, found: 'no; "npm start" starts it' })
  return checks
}

function noDatabase(config: Config, error: unknown): Check {
  const found = (error as Error).message
  if (error instanceof NotFound)
    return { name: 'database', ok: true, found: 'none yet; the first start makes it' }
  // It says itself what to set.
  if (error instanceof Invalid) return { name: 'database', ok: false, found }
  return {
    name: 'database',
    ok: false,
    found,
    remedy: config.databaseUrl
      ? 'Check DATABASE_URL and that the server lets this machine in.'
      : 'The log named above says why. Is the disk full, or the data folder from another machine?',
  }
}

function nodeVersion(): Check {
  const major = Number(process.versions.node.split('.')[0])
  return {
    name: 'Node',
    ok: major >= 24,
    found: process.version,
    remedy: 'Start Troth through npm ("npm start", "npx troth"): it then uses the Node 24 that came with it.',
  }
}

function dataFolder({ dataFolder: folder }: Config): Check {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.R_OK | constants.W_OK)
    return { name: 'data folder', ok: true, found: folder }
  } catch (error) {
    return {
      name: 'data folder',
      ok: false,
      found: `${folder}: ${(error as Error).message}`,
      remedy: 'Give this user the right to write there, or choose another folder with --data.',
    }
  }
}

function diskSpace({ dataFolder: folder }: Config): Check {
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : '.')
  const gigabytes = (bavail * bsize) / 1e9
  return {
    name: 'disk',
    ok: gigabytes > 2,
    found: `${gigabytes.toFixed(1)} GB free`,
    remedy: 'Make room: the database stops when the disk is full.',
  }
}

function webApp(): Check {
  return { name: 'web app', ok: true, found: isWebBuilt() ? 'built' : 'will be built at the next start' }
}

async function databaseVersion(config: Config, database: OpenedDatabase): Promise<Check> {
  const found = await row(
    database.db,
    sql<{ version: string; bytes: number; durable: boolean }>`
      select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
        current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as durable`,
  )
  return {
    name: 'database',
    ok: found?.durable === true,
    found: `PostgreSQL ${found?.version}, ${config.databaseUrl ? 'given by DATABASE_URL' : 'bundled'}, ${((found?.bytes ?? 0) / 1e6).toFixed(0)} MB`,
    remedy: 'fsync or synchronous_commit is off: a power cut can lose what was acknowledged. Turn both on.',
  }
}

async function migrations(database: OpenedDatabase): Promise<Check> {
  const pending = await pendingMigrations(database.db)
  return {
    name: 'schema',
    ok: true,
    found: pending.length === 0 ? 'up to date' : `${pending.length} migrations will run at the next start`,
  }
}

async function jobs(database: OpenedDatabase): Promise<Check> {
  const exists = await row(database.db, sql<{ t: string | null }>`select to_regclass('jobs.job')::text as t`)
  if (!exists?.t) return { name: 'jobs', ok: true, found: 'none yet' }
  const found = await row(
    database.db,
    sql<{ waiting: number; failed: number }>`
      select count(*) filter (where state in ('created', 'retry', 'active')) as waiting,
        count(*) filter (where state = 'failed' and completed_on > now() - interval '1 day') as failed
      from jobs.job`,
  )
  return {
    name: 'jobs',
    ok: (found?.failed ?? 0) === 0,
    found: `${found?.waiting ?? 0} waiting, ${found?.failed ?? 0} given up within a day`,
    remedy: 'Start Troth with TROTH_LOG=info: the log names the job and its error.',
  }
}

async function readiness(url: string): Promise<Check> {
  const { ready, said } = await readinessOf(url, gettingReady)
  return {
    name: 'running',
    ok: ready,
    found: ready ? `yes, at ${url}, and ready` : `at ${url}, but not ready: ${said}`,
    remedy: 'Wait a minute if it has just started; otherwise stop it and start it again.',
  }
}

// One `serve` owns a database.
import { sql } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import { Conflict } from '../lib/errors.ts'
import { type Database, row } from './database.ts'
import { readNote } from './running-note.ts'

/** Key of the advisory lock that the one `serve` on a database holds. */
const ownerLock = 7_701_184

/** Holds the lock that makes this process the only `serve` on the database. The lock dies with the process. */
export async function holdOwnerLock(
  url: string,
  config: { dataFolder: string; databaseUrl?: string | undefined },
  log: Logger,
): Promise<() => Promise<void>> {
  let stopped = false
  let client: pg.Client
  const take = async (): Promise<boolean> => {
    client = new pg.Client({ connectionString: url, application_name: 'troth owner' })
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [
      ownerLock,
    ])
    if (!rows[0]?.got) {
      await client.end()
      return false
    }
    client.on('end', () => {
      if (!stopped) void again()
    })
    return true
  }
  const again = async (): Promise<void> => {
    while (!stopped) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      const got = await take().catch(() => undefined)
      if (got) return
      if (got === false) {
        log.fatal('another Troth has taken over this database; stopping')
        process.kill(process.pid, 'SIGTERM')
        return
      }
    }
  }
  // A server whose last owner was killed may need a moment to notice.
  const deadline = Date.now() + 2_000
  while (!(await take())) {
    if (Date.now() > deadline) {
      const note = readNote(config.dataFolder)
      throw new Conflict(
        config.databaseUrl && !note
          ? 'Another Troth is serving this database. Stop it first, or point DATABASE_URL at another database.'
          : `Troth is already running on ${config.dataFolder}${note ? ` (process ${note.pid}, ${note.url})` : ''}. Stop it first, or choose another folder with --data.`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return async () => {
    stopped = true
    await client.end()
  }
}

/** Whether a `serve` runs on this database: then its server is not ours to stop. */
export async function hasOwner(database: Database): Promise<boolean> {
  const found = await row(
    database.db,
    sql<{ held: boolean }>`
      select exists (
        select from pg_locks
        where locktype = 'advisory' and classid = 0 and objid = ${ownerLock}::integer and granted
          and database = (select oid from pg_database where datname = current_database())
      ) as held`,
  )
  return found?.held ?? false
}

// A deleted row is only marked as such: its bytes stay in the table's file, in the statistics the planner
// keeps, and in the write-ahead log. This makes PostgreSQL let go of them.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'

/** Milliseconds that older transactions get to end. */
const patience = 10 * 60_000

export interface Forgotten {
  /** Tables written anew, with their indexes. */
  rewritten: string[]
  /** Whether this server lets us clear the planner's statistics and the log of changes ourselves. */
  logCleared: boolean
}

/**
 * Writes the tables anew and, where we are superuser (the bundled server), overwrites the write-ahead log.
 * Each table is locked while it is written. Runs outside any transaction.
 * @throws when transactions that still see what was deleted (a backup) don't end within ten minutes
 */
export async function forgetBytes(pool: Pool, tables: string[]): Promise<Forgotten> {
  const client = await pool.connect()
  try {
    await untilNobodySees(client)
    for (const table of tables) await rewrite(client, table)
    const { rows } = await client.query<{ super: boolean }>(
      `select rolsuper as super from pg_roles where rolname = current_user`,
    )
    if (!rows[0]?.super) return { rewritten: tables, logCleared: false }
    // Most common values and histograms: fresh ones were made above, the old ones are dead rows here.
    await rewrite(client, 'pg_catalog.pg_statistic')
    await clearLog(client)
    return { rewritten: tables, logCleared: true }
  } finally {
    client.release()
  }
}

/** Rows that an older transaction still sees are written anew with the others: waits until there is none. */
async function untilNobodySees(client: PoolClient): Promise<void> {
  const now = await client.query<{ id: string }>('select pg_current_xact_id()::xid::text as id')
  const until = Date.now() + patience
  for (;;) {
    const { rows } = await client.query<{ pid: number; since: string }>(
      `select pid, xact_start::text as since
       from pg_stat_activity
       where datname = current_database()
         and pid <> pg_backend_pid()
         and greatest(age(backend_xmin), age(backend_xid)) > age($1::xid)
       limit 1`,
      [now.rows[0]?.id],
    )
    const [older] = rows
    if (!older) return
    if (Date.now() > until)
      throw new Error(
        `a transaction of process ${older.pid} that began at ${older.since} still sees what is to be forgotten; it is tried again`,
      )
    await sleep(100)
  }
}

/** Waits for the table's lock a little at a time, so that nothing queues up behind a long wait. */
async function rewrite(client: PoolClient, table: string): Promise<void> {
  const name = table
    .split('.')
    .map((part) => client.escapeIdentifier(part))
    .join('.')
  for (let attempt = 1; ; attempt++)
    try {
      await client.query(`set lock_timeout = '5s'`)
      await client.query(`vacuum (full, analyze) ${name}`)
      return
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03' || attempt >= 60) throw error
    } finally {
      await client.query('reset lock_timeout')
    }
}

/**
 * Old log segments are renamed to be used again and keep their bytes until then. So: no renaming for a
 * while, and every segment that waits is begun and filled with zeros by switching past it.
 */
async function clearLog(client: PoolClient): Promise<void> {
  await client.query('alter system set wal_recycle = off')
  await client.query('select pg_reload_conf()')
  try {
    await client.query('checkpoint')
    const { rows } = await client.query<{ waiting: number }>(`
      select count(*) as waiting
      from pg_ls_waldir()
      where name > pg_walfile_name(pg_current_wal_lsn()) and name ~ '^[0-9A-F]{24}$'`)
    for (let left = (rows[0]?.waiting ?? 0) + 1; left > 0; left--) {
      await client.query(`select pg_logical_emit_message(false, 'troth', 'forget')`)
      await client.query('select pg_switch_wal()')
    }
    await client.query('checkpoint')
    await client.query('checkpoint')
  } finally {
    await client.query('alter system reset wal_recycle')
    await client.query('select pg_reload_conf()')
  }
}

/** Blacks out the words in the bundled server's own log of errors (a broken rule names the value). */
export async function censorServerLog(pool: Pool, pattern: RegExp): Promise<boolean> {
  const folder = await pool
    .query<{ folder: string }>(`select current_setting('data_directory') as folder`)
    .then(({ rows }) => rows[0]?.folder)
    .catch(() => undefined)
  if (!folder) return false
  const file = join(folder, 'server.log')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return false
  // The server appends to the same file: it is overwritten in place, never replaced.
  if (pattern.test(text)) await writeFile(file, text.replace(pattern, 'erased'))
  return true
}

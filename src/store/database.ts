import { Kysely, PostgresDialect, type RawBuilder, type Transaction } from 'kysely'
import pg from 'pg'
import { Connection } from './connection.ts'

// Ids, counts and minor units stay below 2^53: plain numbers everywhere.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
// bigint[]
pg.types.setTypeParser(1016 as number, (text: string) =>
  text === '{}' ? [] : text.slice(1, -1).split(',').map(Number),
)
// A date without a time zone is a date, not an instant.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/** All SQL is written by hand through the `sql` tag, so the database has no generated types. */
export type Db = Kysely<unknown>
/** A transaction; accepted wherever a Db is. */
export type Tx = Transaction<unknown>

export interface Database {
  db: Db
  pool: pg.Pool
  /** Waits for what is running, but no longer than `patience` milliseconds (default: as long as it takes). */
  close(patience?: number): Promise<void>
}

/** Opens a pool of connections. Every session runs in UTC, as the projection does. */
export function openDatabase(
  url: string,
  options: { connections?: number; database?: string } = {},
): Database {
  const connectionString = options.database ? withDatabase(url, options.database) : url
  const pool = new pg.Pool({
    connectionString,
    Client: Connection,
    max: options.connections ?? 10,
    idleTimeoutMillis: 30_000,
    options: '-c timezone=UTC',
  })
  // An idle connection that the server closes (restart) is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  // The same for one that is in use: its query is rejected, and the event besides would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  const open = new Set<pg.PoolClient>()
  pool.on('connect', (client) => open.add(client))
  pool.on('remove', (client) => open.delete(client))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    async close(patience) {
      // A connection that breaks rolls its transaction back.
      const cut = () => {
        for (const client of open) (client as unknown as Connected).connection.stream.destroy()
      }
      const timer = patience === undefined ? undefined : setTimeout(cut, patience)
      await db.destroy()
      clearTimeout(timer)
    },
  }
}

/** What the types of pg leave out. */
interface Connected {
  connection: { stream: { destroy(): void } }
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.toString()
}

/** Runs a query and gives its rows. */
export async function rows<Row>(db: Db, query: RawBuilder<Row>): Promise<Row[]> {
  return (await query.execute(db)).rows
}

/** Runs a query that gives one row or none. */
export async function row<Row>(db: Db, query: RawBuilder<Row>): Promise<Row | undefined> {
  return (await query.execute(db)).rows[0]
}

const attempts = new WeakMap<Tx, number>()

/** Whether the transaction was tried before and runs again. */
export function isRepeated(tx: Tx): boolean {
  return (attempts.get(tx) ?? 1) > 1
}

/** Whether the transaction lost to others twice and runs once more: it may then keep them out. */
export function isLosing(tx: Tx): boolean {
  return (attempts.get(tx) ?? 1) > 2
}

/** Runs `work` in one transaction; again, a few times, when the database broke a deadlock or a serialisation conflict. */
export async function transaction<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute((tx) => {
        attempts.set(tx, attempt)
        return work(tx)
      })
    } catch (error) {
      const code = (error as { code?: string }).code
      if (attempt >= 5 || (code !== '40P01' && code !== '40001')) throw error
    }
  }
}

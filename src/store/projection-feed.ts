// What changed in Postgres since last time, and how it gets into the projection.
//
// A customer who was touched is read again whole, and everything that depends on the order of their steps
// is worked out anew: late events, corrections, merges and their undoing are all the same case. Reading
// again what was read before changes nothing, so a crash between two pieces costs only time.
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Pool, PoolClient } from 'pg'
import { copyRows } from './projection-copy.ts'
import {
  customerTables,
  derivations,
  layout,
  type ScratchTable,
  scratchTables,
  type WholeTable,
  wholeTables,
} from './projection-layout.ts'

/** What the projection was built from; kept beside its rows. Ids of transactions are below 2^63. */
export interface Marks {
  layout: number
  /** The cluster, the database in it, and the workspace: another one has other transactions. */
  system: string
  database: string
  workspace: string
  /** Which touchpoint lies in which stage, and which are sales: every step depends on that. */
  journey: string
  /** In which order touchpoints stand, on which side, and what they are for. */
  places: string
  segments: string
  /** Everything by transactions before this one is in the projection. */
  watermark: string
}

/** The marks of the database as the transaction of `client` sees it. */
export async function readMarks(client: PoolClient): Promise<Marks & { horizon: string }> {
  const found = await client.query<Omit<Marks, 'layout'> & { horizon: string }>(`
    select
      (select system_identifier::text from pg_control_system()) as system,
      (select oid::text from pg_database where datname = current_database()) as database,
      (select hashtext(id::text)::text from workspace) as workspace,
      (select coalesce(sum(hashtext(concat_ws(':', id, stage_id, purpose = 'sale'))::bigint), 0)::text from touchpoints) as journey,
      (select coalesce(sum(hashtext(concat_ws(':', t.id, t.purpose, t.by, t.position, s.id, s.side, s.position))::bigint), 0)::text
         from touchpoints t join stages s on s.id = t.stage_id) as places,
      (select coalesce(sum(hashtext(concat_ws(':', id, refreshed_at, customers))::bigint), 0)::text from segments) as segments,
      pg_snapshot_xmin(pg_current_snapshot())::text as watermark,
      pg_snapshot_xmax(pg_current_snapshot())::text as horizon`)
  const [marks] = found.rows
  if (!marks) throw new Error('the database has no workspace')
  return { layout, ...marks }
}

export interface Touched {
  /** Ids under which something changed. */
  ids: number[]
  /** Whose lives those ids belong to now. */
  lives: number[]
  /** True when somebody was joined or parted. */
  joined: boolean
  dirty: boolean
}

const changedSince = (table: string, id: string) =>
  `select ${id} as id from ${table} where tx >= $1::xid8 and tx < $2::xid8`

/** Who was touched by transactions from `since` to before `until`; undefined when more than `limit` were. */
export async function readTouched(
  client: PoolClient,
  since: string,
  until: string,
  limit: number,
): Promise<Touched | undefined> {
  const found = await client.query<{ id: number; life: number }>(
    `with changed as (
       ${['interactions', 'purchases', 'expectations', 'standings', 'projection_dirty'].map((table) => changedSince(table, 'customer_id')).join(' union ')}
       union ${changedSince('customers', 'id')}
       union ${changedSince('customers', 'canonical_id')}
     )
     select changed.id, coalesce(c.canonical_id, changed.id) as life
     from changed
     left join customers c on c.id = changed.id
     limit $3`,
    [since, until, limit + 1],
  )
  if (found.rows.length > limit) return undefined
  if (found.rows.length === 0) return { ids: [], lives: [], joined: false, dirty: false }
  const flags = await client.query<{ joined: boolean; dirty: boolean }>(
    `select exists (${changedSince('customers', 'id')} and canonical_id <> id) as joined,
       exists (${changedSince('projection_dirty', 'customer_id')}) as dirty`,
    [since, until],
  )
  return {
    ids: found.rows.map((each) => each.id),
    lives: [...new Set(found.rows.map((each) => each.life))],
    joined: flags.rows[0]?.joined ?? false,
    dirty: flags.rows[0]?.dirty ?? false,
  }
}

/** Remembers the words behind the codes of channels and of sources of expectations. */
export async function nameCodes(client: PoolClient, since: string, until: string): Promise<void> {
  await client.query(
    `insert into projection.channel_names (code, name)
     select distinct hashtext(channel), channel
     from interactions
     where tx >= $1::xid8 and tx < $2::xid8
     on conflict do nothing`,
    [since, until],
  )
  await client.query(
    `insert into projection.source_names (code, kind, name)
     select distinct hashtext(concat_ws(':', source_kind, source_name)), source_kind, source_name
     from expectations
     where tx >= $1::xid8 and tx < $2::xid8
     on conflict do nothing`,
    [since, until],
  )
}

/** Reads the rows of some customers (or of all) into scratch tables of `catalog`. */
export async function readScratch(
  client: PoolClient,
  connection: DuckDBConnection,
  catalog: string,
  customers?: number[],
): Promise<void> {
  const only = customers ? ` where customer_id = any('{${customers.join(',')}}'::bigint[])` : ''
  for (const name of Object.keys(scratchTables) as ScratchTable[]) {
    const columns = scratchTables[name]
    await connection.run(`create or replace table ${catalog}.${name} (${columns})`)
    await copyRows(client, `select * from projection.${name}${only}`, connection, { name, columns, catalog })
  }
}

/** Works out, from the scratch tables that `connection` sees, the rows of the projection's tables and adds them to `target`. */
export async function derive(connection: DuckDBConnection, target: string): Promise<void> {
  for (const table of customerTables) {
    await connection.run(`insert into ${target}.${table} ${rowsOf(table)}`)
  }
}

function rowsOf(table: (typeof customerTables)[number]): string {
  if (table === 'steps') return `${derivations.steps} order by r.customer_id, r.happened, r.id`
  return table === 'expectations' ? derivations.expectations : `select * from ${table}`
}

/** What `derive` needs made first, outside the transaction that writes the projection. */
export async function deriveScratch(connection: DuckDBConnection): Promise<void> {
  await connection.run(`create or replace table sales as ${derivations.sales}`)
  await connection.run(`create or replace table customers as ${derivations.customers}`)
}

/** Replaces a small table whole. */
export async function readWhole(
  client: PoolClient,
  connection: DuckDBConnection,
  target: string,
  name: WholeTable,
): Promise<void> {
  const columns = wholeTables[name]
  await connection.run(`create or replace table memory.${name} (${columns})`)
  await copyRows(client, `select * from projection.${name}`, connection, { name, columns, catalog: 'memory' })
  await connection.run('begin')
  await connection.run(`delete from ${target}.${name}`)
  await connection.run(`insert into ${target}.${name} select * from memory.${name}`)
  await connection.run('commit')
  await connection.run(`drop table memory.${name}`)
}

/** Who was joined to whom; of all, or as the given ids and lives are concerned. */
export async function readAliases(
  client: PoolClient,
  connection: DuckDBConnection,
  lives?: number[],
): Promise<void> {
  const columns = 'id bigint, customer_id bigint'
  const only = lives ? ` and canonical_id = any('{${lives.join(',')}}'::bigint[])` : ''
  await connection.run(`create or replace table memory.read_aliases (${columns})`)
  await copyRows(
    client,
    `select id, canonical_id from public.customers where id <> canonical_id${only}`,
    connection,
    { name: 'read_aliases', columns, catalog: 'memory' },
  )
}

/** One unchanging look at the database for all that is read in it. */
export async function inSnapshot<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
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

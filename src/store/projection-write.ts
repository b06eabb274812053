import { rmSync } from 'node:fs'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { PoolClient } from 'pg'
import { derive, deriveScratch, type Marks, readAliases, readScratch, readWhole } from './projection-feed.ts'
import { createTables, customerTables, scratchTables, sessionSettings } from './projection-layout.ts'

/** Steps are sorted again when more than this share of them lies behind the sorted part. */
const longestTail = 0.15
/** Steps worked out at a time while a file is built: bounds the memory that windows take. */
const stepsAtATime = 1_000_000

/** The marks in the file, as text, and how many customers it holds. */
export async function readFileMarks(
  connection: DuckDBConnection,
): Promise<(Marks & { customers: number }) | undefined> {
  const found = await connection.runAndReadAll(`
    select layout, system::text as system, database::text as database, workspace::text as workspace,
      journey::text as journey, places::text as places, segments::text as segments, watermark::text as watermark,
      (select count(*)::integer from projection.customers) as customers
    from projection.meta`)
  return found.getRowObjects()[0] as unknown as (Marks & { customers: number }) | undefined
}

/**
 * Replaces the rows of these lives (and of ids that are no life any more) by what Postgres says now, in one
 * transaction, together with the watermark when one is given.
 */
export async function addCustomers(
  client: PoolClient,
  connection: DuckDBConnection,
  lives: number[],
  ids: number[],
  watermark: string | undefined,
): Promise<void> {
  await connection.run('use memory')
  await connection.run('create or replace table touched (customer_id bigint)')
  const appender = await connection.createAppender('touched', 'main', 'memory')
  for (const id of new Set([...lives, ...ids])) {
    appender.appendBigInt(BigInt(id))
    appender.endRow()
  }
  appender.closeSync()
  // somebody parted from whom they were joined to: that life changes too
  const former = await connection.runAndReadAll(
    'select distinct customer_id::double as id from projection.aliases where id in (select customer_id from touched)',
  )
  const all = [...new Set([...lives, ...former.getRowObjects().map((row) => Number(row['id']))])]
  await connection.run(
    'insert into touched select customer_id from projection.aliases where id in (select customer_id from touched)',
  )
  await readScratch(client, connection, 'memory', all)
  await readAliases(client, connection, all)
  await deriveScratch(connection)
  await connection.run('begin')
  try {
    for (const table of customerTables)
      await connection.run(
        `delete from projection.${table} where customer_id in (select customer_id from memory.touched)`,
      )
    await connection.run(
      `delete from projection.aliases
       where customer_id in (select customer_id from memory.touched) or id in (select customer_id from memory.touched)`,
    )
    await connection.run('insert into projection.aliases select id, customer_id from memory.read_aliases')
    await derive(connection, 'projection')
    await connection.run(
      'update projection.meta set tail = tail + (select count(*) from memory.read_steps), watermark = coalesce($1::bigint, watermark)',
      [watermark ?? null],
    )
    await connection.run('commit')
  } catch (error) {
    await connection.run('rollback').catch(() => {})
    throw error
  }
}

/** Puts the steps in order of customer and time again, when mending has scattered too many of them. */
export async function sortWhenNeeded(connection: DuckDBConnection): Promise<void> {
  const found = await connection.runAndReadAll(
    'select tail::double as tail, (select count(*)::double from projection.steps) as steps from projection.meta',
  )
  const [row] = found.getRowObjects()
  const steps = Number(row?.['steps'] ?? 0)
  if (Number(row?.['tail'] ?? 0) <= Math.max(100_000, steps * longestTail)) return
  await connection.run('begin')
  try {
    await connection.run(
      'create table projection.sorted as select * from projection.steps order by customer_id, happened, id',
    )
    await connection.run('drop table projection.steps')
    await connection.run('alter table projection.sorted rename to steps')
    await connection.run('update projection.meta set tail = 0')
    await connection.run('commit')
  } catch (error) {
    await connection.run('rollback').catch(() => {})
    throw error
  }
}

/** Replaces the small tables that have changed, with their marks. */
export async function refreshWhole(
  client: PoolClient,
  connection: DuckDBConnection,
  changed: { touchpoints: boolean; segments: boolean },
  marks: Marks,
): Promise<void> {
  if (changed.touchpoints) {
    await readWhole(client, connection, 'projection', 'touchpoints')
    await connection.run('update projection.meta set places = $1::bigint', [marks.places])
  }
  if (changed.segments) {
    await readWhole(client, connection, 'projection', 'segment_members')
    await connection.run('update projection.meta set segments = $1::bigint', [marks.segments])
  }
}

/** Builds a whole projection in a new file, ordered by customer and time. */
export async function buildFile(
  client: PoolClient,
  instance: DuckDBInstance,
  file: string,
  marks: Marks,
): Promise<void> {
  const scratch = `${file}.scratch`
  for (const each of [file, scratch])
    for (const ending of ['', '.wal']) rmSync(each + ending, { force: true })
  const connection = await instance.connect()
  try {
    await connection.run(sessionSettings)
    await connection.run(`attach '${file.replaceAll("'", "''")}' as building`)
    await connection.run(`attach '${scratch.replaceAll("'", "''")}' as scratch`)
    await connection.run(createTables('building'))
    await readScratch(client, connection, 'scratch')
    await readAliases(client, connection)
    await connection.run('insert into building.aliases select id, customer_id from memory.read_aliases')
    await connection.run('use scratch')
    for (const name of Object.keys(scratchTables))
      await connection.run(`alter table scratch.${name} rename to all_${name}`)
    for (const [from, to] of await ranges(connection)) {
      for (const name of Object.keys(scratchTables))
        await connection.run(
          `create or replace view scratch.${name} as select * from scratch.all_${name} where customer_id > ${from} and customer_id <= ${to}`,
        )
      await deriveScratch(connection)
      await derive(connection, 'building')
    }
    await readWhole(client, connection, 'building', 'touchpoints')
    await readWhole(client, connection, 'building', 'segment_members')
    await connection.run(
      `insert into building.meta (layout, system, database, workspace, journey, places, segments, watermark, tail)
       values ($1::integer, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::bigint, $7::bigint, $8::bigint, 0)`,
      [
        marks.layout,
        marks.system,
        marks.database,
        marks.workspace,
        marks.journey,
        marks.places,
        marks.segments,
        marks.watermark,
      ],
    )
    await connection.run('use memory')
    await connection.run('checkpoint building')
  } finally {
    await connection.run('use memory').catch(() => {})
    await connection.run('detach database if exists building').catch(() => {})
    await connection.run('detach database if exists scratch').catch(() => {})
    connection.closeSync()
    for (const ending of ['', '.wal']) rmSync(scratch + ending, { force: true })
  }
}

/** Spans of customer ids (after the first, up to the second) with about stepsAtATime steps each. */
async function ranges(connection: DuckDBConnection): Promise<[string, string][]> {
  const found = await connection.runAndReadAll(`
    with cut as (
      select customer_id, sum(count(*)) over (order by customer_id) // ${stepsAtATime} as piece
      from scratch.all_read_steps
      group by customer_id
    )
    select max(customer_id)::text as upto from cut group by piece order by max(customer_id)`)
  const ends = found.getRowObjects().map((row) => String(row['upto']))
  // the last span also holds customers with higher ids to whom nothing has happened
  const bounds = ['-1', ...ends.slice(0, -1), '9223372036854775807']
  return bounds.slice(1).map((to, index) => [bounds[index] ?? '-1', to])
}

// The tables of a projection in memory, filled from rows.
import { DOUBLE, type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { purposes } from '#src/journey/schema.ts'
import { type Columns, readColumns } from '#src/store/projection-columns.ts'
import { createTables, customerTables, derivations, scratchTables } from '#src/store/projection-layout.ts'
import { map } from './sample-map.ts'

type Row = (number | null)[]
export type Tables = Record<'read_steps' | 'read_customers' | 'purchases' | 'read_expectations', Row[]>

export function projectionOver(connection: DuckDBConnection) {
  return {
    async rows(text: string, values: number[]) {
      const found = await connection.runAndReadAll(text, values)
      return found.getRowObjects()
    },
    async columns(text: string, values: number[]): Promise<Columns> {
      return readColumns(await connection.run(text, values))
    },
  }
}

export async function derive(connection: DuckDBConnection, tables: Tables): Promise<void> {
  await connection.run("attach ':memory:' as projection")
  await connection.run(createTables('projection'))
  for (const [name, definition] of Object.entries(scratchTables)) {
    await connection.run(`create table ${name} (${definition})`)
    await fill(connection, name, definition, name in tables ? tables[name as keyof Tables] : [])
  }
  await connection.run(`create table sales as ${derivations.sales}`)
  await connection.run(`create table customers as ${derivations.customers}`)
  for (const table of customerTables)
    await connection.run(
      `insert into projection.${table} ${table === 'steps' || table === 'expectations' ? derivations[table] : `select * from ${table}`}`,
    )
  for (const { id, stageId, by, purpose } of map.touchpoints) {
    const [us, code] = [by === 'us', purposes.indexOf(purpose) + 1]
    const side = map.stages[stageId - 1]?.side === 'before' ? 1 : 2
    await connection.run(
      `insert into projection.touchpoints values (${id}, ${stageId}, ${id}, ${side}, ${us}, ${us && [3, 4, 5].includes(code)}, ${us && code === 5}, ${code === 2}, ${code})`,
    )
  }
  await connection.run('use projection')
}

/** Rows of numbers into a table, chunk by chunk, each cast to its column's type. */
async function fill(
  connection: DuckDBConnection,
  table: string,
  definition: string,
  rows: Row[],
): Promise<void> {
  if (rows.length === 0) return
  const width = rows[0]?.length ?? 0
  const names = Array.from({ length: width }, (_, column) => `c${column}`)
  await connection.run(
    `create or replace table numbers (${names.map((name) => `${name} double`).join(', ')})`,
  )
  const appender = await connection.createAppender('numbers')
  for (let start = 0; start < rows.length; start += 2_048) {
    const some = rows.slice(start, start + 2_048)
    const chunk = DuckDBDataChunk.create(names.map(() => DOUBLE))
    chunk.setColumns(names.map((_, column) => some.map((row) => row[column] ?? null)))
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
  const types = definition.split(',').map((each) => each.trim().split(/\s+/)[1] ?? 'double')
  await connection.run(
    `insert into ${table} select ${names.map((name, column) => `cast(${name} as ${types[column]})`).join(', ')} from numbers`,
  )
}

// What a recipe's SELECT may do. It runs in an engine of its own that holds nothing but the tables made from
// the import's files, and that is shut off from files and network for good before the first SELECT runs
// (`enable_external_access=false`, `lock_configuration`). Two more locks, because the first one leaves gaps:
//
// - The text has to be one SELECT, judged by the engine's own parser: locked settings still allow writing
//   into the engine's own folder, and some table functions (`enable_logging`, `enable_profiling`, …) change
//   settings in spite of the lock. A SELECT that called enable_logging broke every later query.
// - Of the functions that give tables only the few harmless ones are let through.
import type { DuckDBConnection } from '@duckdb/node-api'
import { Invalid } from '../lib/errors.ts'

const tableFunctions = new Set([
  'unnest',
  'range',
  'generate_series',
  'json_each',
  'json_tree',
  'repeat',
  'histogram_values',
])
// They look outside, write to the engine's log, or run text as SQL.
const refusedFunctions = new Set(['getenv', 'write_log', 'nextval', 'currval', 'current_setting', 'error'])

/** Shuts the engine off from files and network, for all its connections, until it is closed. */
export async function lockSandbox(connection: DuckDBConnection): Promise<void> {
  await connection.run('set enable_external_access = false')
  await connection.run('set lock_configuration = true')
}

/** The text as one SELECT without a trailing semicolon. @throws Invalid when it is anything else */
export async function assertSelect(
  connection: DuckDBConnection,
  text: string,
  where: string,
): Promise<string> {
  if (text.includes('\0')) throw new Invalid(`${where}: the SELECT holds a NUL character.`)
  const literal = text.replaceAll("'", "''")
  const reader = await connection.runAndReadAll(`select json_serialize_sql('${literal}')`)
  const parsed = JSON.parse(String(reader.getRows()[0]?.[0])) as {
    error: boolean
    error_message?: string
    statements?: unknown[]
  }
  if (parsed.error)
    throw new Invalid(
      /only select/i.test(parsed.error_message ?? '')
        ? `${where}: only a SELECT may stand here; a recipe reads and changes nothing.`
        : `${where}: ${parsed.error_message ?? 'not readable as SQL'}`,
    )
  if (parsed.statements?.length !== 1) throw new Invalid(`${where}: write exactly one SELECT.`)
  assertHarmless(parsed.statements[0], where)
  return text.trim().replace(/;\s*$/, '')
}

function assertHarmless(node: unknown, where: string): void {
  if (Array.isArray(node)) {
    for (const each of node) assertHarmless(each, where)
    return
  }
  if (typeof node !== 'object' || node === null) return
  const { type, function: called, function_name: name, table_name: table } = node as Record<string, unknown>
  if (type === 'TABLE_FUNCTION') {
    const asked = (called as { function_name?: unknown } | null)?.function_name
    const wanted = typeof asked === 'string' ? asked.toLowerCase() : ''
    if (!tableFunctions.has(wanted))
      throw new Invalid(
        `${where}: ${wanted}() is not allowed here. A recipe reads the files it names under "sources", by the names given there.`,
      )
  }
  if (type === 'FUNCTION' && typeof name === 'string' && refusedFunctions.has(name.toLowerCase()))
    throw new Invalid(`${where}: ${name}() is not allowed here.`)
  if (
    type === 'BASE_TABLE' &&
    typeof table === 'string' &&
    /[/\\]|\.(csv|parquet|json\w*|db|duckdb)$/i.test(table)
  )
    throw new Invalid(
      `${where}: "${table}" is a file. Name it under "sources" and select from the name given there.`,
    )
  for (const value of Object.values(node)) assertHarmless(value, where)
}

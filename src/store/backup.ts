// A backup is one snapshot of every table, as COPY text in a gzipped tar with a manifest. The bundled
// PostgreSQL brings no pg_dump, and this way a backup of the bundled server restores into a given one and
// the other way round.
//
// Left out, because it is made again: the projection, the job queue (what had not been reacted to is
// reacted to after a restore), and the tx columns, which mean something on one server only.
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Pool, PoolClient } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { extract, pack } from 'tar-stream'
import { z } from 'zod'
import { Conflict, Invalid } from '../lib/errors.ts'

const tableSchema = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.number().int(),
})
type Table = z.infer<typeof tableSchema>

const manifestSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** When the file is to be deleted: until then it still holds what is erased meanwhile. */
  expiresAt: z.iso.datetime(),
  migrations: z.array(z.string()),
  tables: z.array(tableSchema),
})
export type Manifest = z.infer<typeof manifestSchema>

const migrationTables = new Set(['kysely_migration', 'kysely_migration_lock'])

/** Writes a backup to `file`, readable by its owner only; an unfinished one never bears that name. */
export async function backUp(
  pool: Pool,
  file: string,
  options: { keepDays: number; onTable?: (table: string) => void },
): Promise<Manifest> {
  const spool = mkdtempSync(join(dirname(file), '.backup-'))
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const now = new Date()
    const manifest: Manifest = {
      format: 1,
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + options.keepDays * 86_400_000).toISOString(),
      migrations: await migrationsOf(client),
      tables: [],
    }
    for (const table of await tablesInOrder(client)) {
      options.onTable?.(table.name)
      const columns = table.columns.map(quoted).join(', ')
      const out = client.query(
        copyTo(`copy (select ${columns} from ${quoted(table.schema)}.${quoted(table.name)}) to stdout`),
      )
      await pipeline(out, createWriteStream(join(spool, entryName(table)), { mode: 0o600 }))
      manifest.tables.push({ ...table, rows: out.rowCount })
    }
    await client.query('commit')
    await writeTar(spool, manifest, `${file}.part`)
    await rename(`${file}.part`, file)
    return manifest
  } finally {
    client.release()
    rmSync(spool, { recursive: true, force: true })
    await rm(`${file}.part`, { force: true })
  }
}

/**
 * Replaces everything in the (migrated) database by what the backup holds, in one transaction.
 * @throws Invalid when the file is no backup or from a newer Troth
 * @throws Conflict when the database holds customers and `replace` is not set
 */
export async function restore(
  pool: Pool,
  file: string,
  options: { replace: boolean; onTable?: (table: string) => void },
): Promise<Manifest> {
  if (!existsSync(file)) throw new Invalid(`There is no file ${file}.`)
  const manifest = await readManifest(file)
  const client = await pool.connect()
  try {
    const known = new Set(await migrationsOf(client))
    const newer = manifest.migrations.filter((name) => !known.has(name))
    if (newer.length > 0)
      throw new Invalid(`This backup is from a newer Troth (it has ${newer.join(', ')}). Update Troth first.`)
    const { rows } = await client.query<{ any: boolean }>('select exists (select from customers) as any')
    if (rows[0]?.any && !options.replace)
      throw new Conflict(
        'This database already holds customers. Say --replace to put the backup in their place.',
      )
    await client.query('begin')
    const present = await tablesInOrder(client)
    await client.query(
      `truncate ${present.map((table) => `${quoted(table.schema)}.${quoted(table.name)}`).join(', ')} cascade`,
    )
    await eachEntry(file, async (name, content) => {
      const table = manifest.tables.find((each) => entryName(each) === name)
      if (!table) return void content.resume()
      options.onTable?.(table.name)
      const columns = table.columns.map(quoted).join(', ')
      const into = client.query(
        copyFrom(`copy ${quoted(table.schema)}.${quoted(table.name)} (${columns}) from stdin`),
      )
      await pipeline(content, into)
      if (into.rowCount !== table.rows)
        throw new Invalid(
          `The backup is damaged: ${table.name} has ${into.rowCount} rows instead of ${table.rows}.`,
        )
    })
    await resetSequences(client)
    // What the lost queue had still to do is done by judging everybody anew at the next start.
    await client.query(`update workspace set settings = settings || '{"judgeAll": true}'`)
    await client.query('commit')
    return manifest
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** What a backup file says of itself. @throws Invalid */
export async function readManifest(file: string): Promise<Manifest> {
  let found: Manifest | undefined
  try {
    await eachEntry(file, async (name, content) => {
      if (name !== 'manifest.json') return void content.resume()
      const chunks: Buffer[] = []
      for await (const chunk of content) chunks.push(chunk as Buffer)
      found = manifestSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    })
  } catch (error) {
    throw new Invalid(`${file} is not a backup of Troth, or it is damaged: ${(error as Error).message}`)
  }
  if (!found) throw new Invalid(`${file} is not a backup of Troth: it has no manifest.`)
  return found
}

async function writeTar(spool: string, manifest: Manifest, file: string): Promise<void> {
  const tar = pack()
  const written = pipeline(tar, createGzip({ level: 6 }), createWriteStream(file, { mode: 0o600 }))
  tar.entry({ name: 'manifest.json' }, JSON.stringify(manifest, null, 2))
  for (const table of manifest.tables) {
    const path = join(spool, entryName(table))
    await pipeline(createReadStream(path), tar.entry({ name: entryName(table), size: statSync(path).size }))
  }
  tar.finalize()
  await written
}

async function eachEntry(
  file: string,
  visit: (name: string, content: Readable) => Promise<void>,
): Promise<void> {
  const tar = extract()
  const read = pipeline(createReadStream(file), createGunzip(), tar)
  const visited = (async () => {
    for await (const entry of tar) await visit(entry.header.name, entry as unknown as Readable)
  })()
  await Promise.all([read, visited])
}

/** Every table that holds facts, those first that others refer to. */
async function tablesInOrder(client: PoolClient): Promise<Omit<Table, 'rows'>[]> {
  const { rows: columns } = await client.query<{ schema: string; name: string; column: string }>(`
    select c.table_schema as schema, c.table_name as name, c.column_name as column
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema in ('public', 'auth')
      and t.table_type = 'BASE TABLE'
      and c.is_generated = 'NEVER'
      and not (c.column_name = 'tx' and c.udt_name = 'xid8')
    order by c.table_schema, c.table_name, c.ordinal_position`)
  const tables = new Map<string, Omit<Table, 'rows'>>()
  for (const { schema, name, column } of columns) {
    if (migrationTables.has(name) || name === 'projection_dirty') continue
    const key = `${schema}.${name}`
    const table = tables.get(key) ?? { schema, name, columns: [] }
    table.columns.push(column)
    tables.set(key, table)
  }
  const { rows: references } = await client.query<{ of: string; to: string }>(`
    select distinct f.relnamespace::regnamespace::text || '.' || f.relname as of,
      t.relnamespace::regnamespace::text || '.' || t.relname as to
    from pg_constraint k
    join pg_class f on f.oid = k.conrelid
    join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.conrelid <> k.confrelid`)
  const ordered: Omit<Table, 'rows'>[] = []
  const visit = (key: string) => {
    const table = tables.get(key)
    if (!table || ordered.includes(table)) return
    for (const reference of references) if (reference.of === key) visit(reference.to)
    if (!ordered.includes(table)) ordered.push(table)
  }
  for (const key of tables.keys()) visit(key)
  return ordered
}

async function resetSequences(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ schema: string; name: string; column: string }>(`
    select table_schema as schema, table_name as name, column_name as column
    from information_schema.columns
    where table_schema in ('public', 'auth') and is_identity = 'YES'`)
  for (const { schema, name, column } of rows)
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce((select max(${quoted(column)}) from ${quoted(schema)}.${quoted(name)}), 0) + 1, false)`,
      [`${quoted(schema)}.${quoted(name)}`, column],
    )
}

async function migrationsOf(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from kysely_migration order by name')
  return rows.map(({ name }) => name)
}

function entryName(table: { schema: string; name: string }): string {
  return `${table.schema}.${table.name}.copy`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

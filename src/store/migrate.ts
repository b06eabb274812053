import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Migration, Migrator, sql } from 'kysely'
import type { Db } from './database.ts'

const folder = join(import.meta.dirname, 'migrations')

/**
 * Brings the schema up to date, each file of migrations/ once, in the order of their names, under a lock.
 * Gives the names of those that were run.
 */
export async function migrate(db: Db): Promise<string[]> {
  const migrator = migratorOf(db)
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw error
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}

/** Names of migrations that this version of Troth brings and the database does not have. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const migrator = migratorOf(db)
  return (await migrator.getMigrations()).filter((each) => !each.executedAt).map((each) => each.name)
}

/** One that was written beside another and came later may have the smaller name: each runs once, whatever the order. */
function migratorOf(db: Db): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: readMigrations },
    allowUnorderedMigrations: true,
  })
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const entries = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8')
      return [
        file.replace('.sql', ''),
        { up: async (db: Db) => void (await sql.raw(text).execute(db)) },
      ] as const
    }),
  )
  return Object.fromEntries(entries)
}

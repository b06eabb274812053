import type { Command } from 'commander'
import { migrate, pendingMigrations } from '../store/migrate.ts'
import { openStore } from '../system.ts'
import { configOf } from './options.ts'

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date (serve does this by itself)')
    .option('--data <folder>', 'data folder (default: data; environment: TROTH_DATA)')
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'print one JSON object')
    .action(async (options: { data?: string; dryRun?: boolean; json?: boolean }) => {
      const database = await openStore(configOf(options), { migrate: false, make: !options.dryRun })
      try {
        const names = options.dryRun ? await pendingMigrations(database.db) : await migrate(database.db)
        if (options.json) console.log(JSON.stringify({ [options.dryRun ? 'pending' : 'done']: names }))
        else if (names.length === 0) console.log('The database is up to date.')
        else console.log(`${options.dryRun ? 'Waiting' : 'Done'}: ${names.join(', ')}`)
      } finally {
        await database.close()
      }
    })
}

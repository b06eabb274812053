import { resolve } from 'node:path'
import type { Command } from 'commander'
import { Conflict } from '../lib/errors.ts'
import { restore } from '../store/backup.ts'
import { readNote } from '../store/running-note.ts'
import { openStore } from '../system.ts'
import { configOf } from './options.ts'
import { lively } from './print.ts'

interface Options {
  data?: string
  replace?: boolean
  json?: boolean
}

export function restoreCommand(program: Command): void {
  program
    .command('restore <file>')
    .description('put a backup in the place of what is there; Troth must not be running')
    .option('--data <folder>', 'data folder (default: data; environment: TROTH_DATA)')
    .option('--replace', 'also when the database already holds customers')
    .option('--json', 'print one JSON object')
    .action(async (file: string, options: Options) => {
      const config = configOf(options)
      const note = readNote(config.dataFolder)
      if (note)
        throw new Conflict(`Troth is running on ${config.dataFolder} (process ${note.pid}). Stop it first.`)
      const database = await openStore(config, { migrate: true })
      try {
        const manifest = await restore(database.pool, resolve(file), {
          replace: options.replace === true,
          ...(lively && !options.json
            ? { onTable: (table) => process.stdout.write(`\r\u001b[K  ${table}`) }
            : {}),
        })
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
        if (lively && !options.json) process.stdout.write('\r\u001b[K')
        if (options.json) console.log(JSON.stringify({ rows, createdAt: manifest.createdAt }))
        else
          console.log(
            `Restored ${rows.toLocaleString('en')} rows as they were on ${manifest.createdAt}. Start Troth; it brings the rest up to date.`,
          )
      } finally {
        await database.close()
      }
    })
}

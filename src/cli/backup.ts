import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { backUp, readManifest } from '../store/backup.ts'
import { openStore } from '../system.ts'
import { configOf } from './options.ts'
import { lively } from './print.ts'

interface Options {
  data?: string
  out?: string
  keep: number
  json?: boolean
}

export function backupCommand(program: Command): void {
  program
    .command('backup')
    .description('write everything into one file, while Troth runs or not')
    .option('--data <folder>', 'data folder (default: data; environment: TROTH_DATA)')
    .option('--out <file>', 'where to (default: backups/ in the data folder)')
    .option('--keep <days>', 'how long the file is kept: it still holds whom you erase meanwhile', days, 30)
    .option('--json', 'print one JSON object')
    .action(async (options: Options) => {
      const config = configOf(options)
      const folder = join(config.dataFolder, 'backups')
      const stamp = new Date()
        .toISOString()
        .replaceAll(/[-:]|\..+/g, '')
        .replace('T', '-')
      const file = resolve(options.out ?? join(folder, `troth-${stamp}.tar.gz`))
      const database = await openStore(config, { migrate: false, make: false })
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      try {
        const manifest = await backUp(database.pool, file, {
          keepDays: options.keep,
          ...(lively && !options.json
            ? { onTable: (table) => process.stdout.write(`\r\u001b[K  ${table}`) }
            : {}),
        })
        const expired = await removeExpired(folder)
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
        if (options.json)
          console.log(
            JSON.stringify({
              file,
              bytes: statSync(file).size,
              rows,
              expiresAt: manifest.expiresAt,
              expired,
            }),
          )
        else {
          if (lively) process.stdout.write('\r\u001b[K')
          console.log(`${file}`)
          console.log(
            `${rows.toLocaleString('en')} rows, ${(statSync(file).size / 1e6).toFixed(1)} MB, kept until ${manifest.expiresAt.slice(0, 10)}.`,
          )
          for (const old of expired) console.log(`Removed ${old}: its time was over.`)
        }
      } finally {
        await database.close()
      }
    })
}

/** Deletes backups in the data folder whose time is over; gives their names. */
async function removeExpired(folder: string): Promise<string[]> {
  const gone: string[] = []
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.tar.gz'))) {
    const file = join(folder, name)
    // A file that can't be read is not ours to delete.
    const manifest = await readManifest(file).catch(() => undefined)
    if (!manifest || manifest.expiresAt > new Date().toISOString()) continue
    rmSync(file)
    gone.push(name)
  }
  return gone
}

function days(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 3650)
    throw new InvalidArgumentError('a number of days from 1 to 3650')
  return number
}

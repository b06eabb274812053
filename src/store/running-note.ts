// What a running system leaves in its data folder so that commands find it, and what it remembers there of
// the database that it was served with, so that no command looks into another one by mistake.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Invalid } from '../lib/errors.ts'
import { alive } from './postgres.ts'

export interface RunningNote {
  pid: number
  url: string
  /** Lets the command line of this machine in as an owner. */
  token: string
  /** "bundled", or where the given database is ("db.example:5432/troth"), without name and password. */
  database: string
}

/** How a command finds the system that runs on a data folder. */
export function readNote(dataFolder: string): RunningNote | undefined {
  const file = join(dataFolder, 'running.json')
  if (!existsSync(file)) return undefined
  const note = JSON.parse(readFileSync(file, 'utf8')) as RunningNote
  return alive(note.pid) ? note : undefined
}

/** Writes the note of this process; gives its file, to be removed at the end. */
export function writeNote(dataFolder: string, note: RunningNote): string {
  const file = join(dataFolder, 'running.json')
  rmSync(file, { force: true })
  writeFileSync(file, JSON.stringify(note), { mode: 0o600 })
  chmodSync(file, 0o600)
  return file
}

/** What a connection string points at, as it may be shown. */
export function databaseOf(url: string | undefined): string {
  if (url === undefined) return 'bundled'
  const { hostname, port, pathname, searchParams } = new URL(url)
  return `${searchParams.get('host') ?? (hostname || 'localhost')}:${port || 5432}${decodeURIComponent(pathname)}`
}

const memory = 'served-with'

/** Remembers which database this folder is served with; gives the one before, when it was another. */
export function rememberDatabase(dataFolder: string, url: string | undefined): string | undefined {
  const file = join(dataFolder, memory)
  const now = databaseOf(url)
  const before = remembered(dataFolder)
  if (now === 'bundled') rmSync(file, { force: true })
  else writeFileSync(file, `${now}\n`)
  return before === now || before === undefined ? undefined : before
}

/**
 * Refuses to work on another database than the one that the system on this folder uses, or used last.
 * @throws Invalid saying which, and what to set
 */
export function assertSameDatabase(dataFolder: string, url: string | undefined): void {
  const running = readNote(dataFolder)
  const wanted = databaseOf(url)
  const used = running?.database ?? remembered(dataFolder)
  // Naming a database is a choice; naming none may be a slip.
  if (used === undefined || used === wanted || (!running && wanted !== 'bundled')) return
  const verb = running ? 'uses' : 'was last used with'
  throw new Invalid(
    used === 'bundled'
      ? `Troth runs on ${dataFolder} with its own database, and DATABASE_URL points at ${wanted}. Unset DATABASE_URL for this command.`
      : `${dataFolder} ${verb} the PostgreSQL at ${used}. Set DATABASE_URL to it for this command too.`,
  )
}

function remembered(dataFolder: string): string | undefined {
  const file = join(dataFolder, memory)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

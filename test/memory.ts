// A place in memory for what the tests keep. Every test has a database of its own, of hundreds of small files:
// on a disk most of the run goes into making, flushing and deleting them (ext4 without a journal searches ever
// longer for a free one). What the tests prove is the same: killing a process loses nothing of either.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'
import { alive } from '#src/store/postgres.ts'

const shared = '/dev/shm'
/** Bytes that must be free for a whole run. */
const room = 6e9

/** A new folder in memory, for this process to remove; none where the system has no such place or too little room. */
export function folderInMemory(): string | undefined {
  if (!existsSync(shared)) return undefined
  removeLeft()
  const { bavail, bsize } = statfsSync(shared)
  if (Math.min(bavail * bsize, freemem()) < room) return undefined
  const folder = join(shared, `troth-tests-${process.pid}`)
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  return folder
}

/** What runs that were killed left; a database server that still runs there ends when its files are gone. */
function removeLeft(): void {
  for (const name of readdirSync(shared)) {
    const pid = Number(/^troth-tests-(\d+)$/.exec(name)?.[1] ?? Number.NaN)
    if (pid && !alive(pid)) rmSync(join(shared, name), { recursive: true, force: true })
  }
}

// Files on their way in: each upload is a folder of its own under the data folder until an import takes it
// over or it is a day old.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Invalid, NotFound, TrothError } from '../lib/errors.ts'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { largestFile, safeFileName } from './files.ts'

const mostFiles = 200
const dayMilliseconds = 86_400_000

/** Makes a place for files. */
export async function startUpload(store: Store): Promise<string> {
  const id = randomUUID()
  await mkdir(join(uploadFolder(store, id), 'files'), { recursive: true, mode: 0o700 })
  return id
}

export function uploadFolder(store: Store, id: string): string {
  return join(store.dataFolder, 'uploads', id)
}

/** @throws NotFound */
export async function assertUpload(store: Store, id: string): Promise<void> {
  const found =
    /^[0-9a-f-]{36}$/.test(id) && (await stat(join(uploadFolder(store, id), 'files')).catch(() => undefined))
  if (!found) throw new NotFound('upload', id.slice(0, 60))
}

/** Writes a file to disk as it arrives; nothing of it is held in memory. Gives its size. */
export async function receiveFile(
  store: Store,
  upload: string,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ name: string; bytes: number }> {
  const safe = safeFileName(name)
  await assertUpload(store, upload)
  const folder = join(uploadFolder(store, upload), 'files')
  if ((await readdir(folder)).length >= mostFiles)
    throw new Invalid(`One import takes at most ${mostFiles} files.`)
  const part = join(uploadFolder(store, upload), `${randomUUID()}.part`)
  const out = createWriteStream(part, { mode: 0o600 })
  let bytes = 0
  let checked = 0
  try {
    for await (const chunk of content) {
      bytes += chunk.length
      if (bytes > largestFile)
        throw new TrothError(
          'too-large',
          `${safe} is larger than 4 GB, the most Troth takes in one file. Split it.`,
        )
      if (bytes - checked > 64 * 1024 * 1024) {
        checked = bytes
        await assertRoom(folder)
      }
      if (!out.write(chunk)) await once(out, 'drain')
    }
    await new Promise<void>((resolve, reject) => out.once('error', reject).end(resolve))
    await rename(part, join(folder, safe))
    return { name: safe, bytes }
  } catch (error) {
    out.destroy()
    await rm(part, { force: true })
    throw error
  }
}

export async function removeFile(store: Store, upload: string, name: string): Promise<void> {
  await assertUpload(store, upload)
  await rm(join(uploadFolder(store, upload), 'files', safeFileName(name)), { force: true })
}

/** The database needs room for what a file turns into. */
async function assertRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < 512 * 1024 * 1024)
    throw new TrothError(
      'unavailable',
      'The disk is nearly full: less than 512 MB are free. Make room first.',
    )
}

/** Removes uploads that no import took over within a day, and files of imports that ended a week ago. */
export async function clearOldUploads(store: Store): Promise<void> {
  const uploads = join(store.dataFolder, 'uploads')
  for (const name of await readdir(uploads).catch(() => [] as string[])) {
    const { mtimeMs } = await stat(join(uploads, name))
    if (Date.now() - mtimeMs > dayMilliseconds)
      await rm(join(uploads, name), { recursive: true, force: true })
  }
  const ended = await rows(
    store.db,
    sql<{ folder: string }>`
      select folder
      from imports
      where state in ('failed', 'cancelled', 'undone', 'done') and finished_at < now() - interval '7 days'`,
  )
  for (const { folder } of ended)
    await rm(join(store.dataFolder, 'imports', folder), { recursive: true, force: true })
}

import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import { row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { matchFiles } from './files.ts'
import { importFolder } from './import-folder.ts'
import { parseRecipe } from './recipe.ts'
import { runImport } from './run.ts'
import type { Recipe } from './schema.ts'
import { undoImport } from './undo.ts'
import { assertUpload, clearOldUploads, uploadFolder } from './uploads.ts'

export { matchFiles } from './files.ts'
export { parseRecipe, shippedRecipes } from './recipe.ts'
export { receiveFile, startUpload } from './uploads.ts'

const queue = 'imports.run'

export interface StartImport {
  /** The recipe's text. */
  recipe: string
  /** The files, as brought in by startUpload and receiveFile. Those that the recipe reads become the import's. */
  upload: string
  actor: string
}

/** Starts an import as a job. @throws Invalid when the recipe is not right; NotFound when the upload is gone */
export async function startImport(store: Store, request: StartImport): Promise<number> {
  const recipe = parseRecipe(request.recipe)
  await assertUpload(store, request.upload)
  const folder = await takeOver(store, request.upload, recipe)
  return transaction(store.db, async (tx) => {
    const made = await row(
      tx,
      sql<{ id: number }>`
        insert into imports (name, recipe, source, folder, created_by)
        values (${recipe.title ?? recipe.name}, ${request.recipe}, ${`import:${recipe.name}`}, ${folder},
          ${request.actor})
        returning id`,
    )
    const id = made?.id ?? 0
    await store.jobs.enqueue(tx, queue, { id })
    return id
  })
}

/** Makes the files of an upload the import's; those that its recipe doesn't read stay, to be brought in after it. */
async function takeOver(store: Store, upload: string, recipe: Recipe): Promise<string> {
  await mkdir(join(store.dataFolder, 'imports'), { recursive: true })
  const brought = join(uploadFolder(store, upload), 'files')
  const present = await readdir(brought)
  const read = new Set(
    Object.entries(recipe.sources).flatMap(([table, source]) =>
      matchFiles({ ...source, optional: true }, table, present),
    ),
  )
  if (read.size === 0 || read.size === present.length) {
    await rename(uploadFolder(store, upload), importFolder(store, upload))
    return upload
  }
  const folder = randomUUID()
  await mkdir(join(importFolder(store, folder), 'files'), { recursive: true, mode: 0o700 })
  for (const name of read) await rename(join(brought, name), join(importFolder(store, folder), 'files', name))
  return folder
}

/** Asks a running import to stop after its present batch; what it brought in stays. */
export async function cancelImport(store: Store, id: number): Promise<void> {
  const changed = await row(
    store.db,
    sql<{ state: string }>`
      update imports
      set cancel_asked = state = 'running',
        state = case when state = 'waiting' then 'cancelled' else state end,
        finished_at = case when state = 'waiting' then now() else finished_at end
      where id = ${id} and state in ('waiting', 'running')
      returning state`,
  )
  if (!changed) throw await notNow(store, id, 'is not running')
}

/** Goes on with an import that was cancelled or failed, from the row where it stopped. */
export async function resumeImport(store: Store, id: number): Promise<void> {
  await transaction(store.db, async (tx) => {
    const changed = await row(
      tx,
      sql`
        update imports
        set state = 'waiting', cancel_asked = false, error = null, finished_at = null,
          progress = progress - 'tries'
        where id = ${id} and state in ('cancelled', 'failed')
        returning id`,
    )
    if (!changed) throw await notNow(store, id, 'was neither cancelled nor failed')
    await store.jobs.enqueue(tx, queue, { id })
  })
}

/** Takes back everything that an import brought in, as a job. */
export async function startUndo(store: Store, id: number): Promise<void> {
  await transaction(store.db, async (tx) => {
    const changed = await row(
      tx,
      sql`
        update imports
        set state = 'undoing', error = null, cancel_asked = false,
          progress = jsonb_build_object('step', 'undoing', 'done', 0, 'total', 0, 'files', '[]'::jsonb)
        where id = ${id} and state in ('done', 'failed', 'cancelled')
        returning id`,
    )
    if (!changed) throw await notNow(store, id, 'has nothing to take back, or is still running')
    await store.jobs.enqueue(tx, queue, { id })
  })
}

/** Forgets an import that brought nothing in or was undone: its line in the list and its rejected rows. */
export async function forgetImport(store: Store, id: number): Promise<void> {
  const gone = await row(
    store.db,
    sql`
      delete from imports
      where id = ${id}
        and (
          state = 'undone'
          or state in ('failed', 'cancelled')
            and coalesce((counts ->> 'created')::bigint, 0) + coalesce((counts ->> 'updated')::bigint, 0) = 0
        )
      returning id`,
  )
  if (!gone) throw await notNow(store, id, 'has brought something in: undo it first')
}

async function notNow(store: Store, id: number, why: string): Promise<Error> {
  const found = await row(store.db, sql<{ name: string }>`select name from imports where id = ${id}`)
  return found ? new Conflict(`The import "${found.name}" ${why}.`) : new NotFound('import', id)
}

/** Takes imports up as jobs; those that a kill or a restart left behind are put on the queue again by `resumeImports`. */
export function registerImports(store: Store): void {
  store.jobs.handle<{ id?: number }>(
    queue,
    async (payloads) => {
      for (const { id } of payloads) {
        if (id === undefined) continue
        const found = await row(store.db, sql<{ state: string }>`select state from imports where id = ${id}`)
        if (found?.state === 'undoing') await undoImport(store, id)
        else await runImport(store, id)
      }
    },
    // Long: the lock and the saved place keep a second run out and a killed one from losing anything.
    { expireIn: 20 * 3_600, retries: 4 },
  )
  store.jobs.handle('imports.clear', () => clearOldUploads(store), { every: '17 3 * * *' })
}

/** At the start: imports that were under way when the process died go on. */
export async function resumeImports(store: Store): Promise<void> {
  const left = await rows(
    store.db,
    sql<{ id: number }>`
      select id
      from imports
      where state in ('waiting', 'running', 'undoing')`,
  )
  for (const { id } of left) await store.jobs.enqueue(store.db, queue, { id })
}

/** The recipe of an earlier import, to run again on new files. @throws NotFound */
export async function recipeOf(store: Store, id: number): Promise<string> {
  const found = await row(store.db, sql<{ recipe: string }>`select recipe from imports where id = ${id}`)
  if (!found) throw new NotFound('import', id)
  if (found.recipe === '') throw new Invalid('This import has no recipe.')
  return found.recipe
}

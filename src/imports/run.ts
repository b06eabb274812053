// An import from start to end, as a job. Its story:
//
//   waiting → running: reading (files to tables) → arranging (SELECTs to rows) → recording → finishing → done
//                                                                      └ cancelled, failed: may go on or be undone
//
// Once the rows lie ready they are numbered and never made again, and every batch is saved together with its
// number: whatever the moment of a kill -9, the next run goes on with the very next row.
import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Invalid } from '../lib/errors.ts'
import { row, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { type BatchRow, keepRejects, recordRows, saveProgress } from './batch.ts'
import { finish, settleFailure } from './ending.ts'
import { matchFiles } from './files.ts'
import { clearFolder, importFolder } from './import-folder.ts'
import { withLock } from './lock.ts'
import { type ImportRow, noCounts, type Progress, type Stage } from './progress.ts'
import { type Reading, readingOf } from './reading.ts'
import { parseRecipe } from './recipe.ts'
import { rowReader } from './rows.ts'
import { kinds, type Recipe } from './schema.ts'
import { setUp } from './setting-up.ts'
import { Cancelled, type Watch, watchForCancel } from './watch.ts'
import { Workbench } from './workbench.ts'

const batchSize = 1_000
const readSize = 10_000

/** What the workbench may take while SELECTs join and sort whole files (more goes to disk), and while rows are read off. */
const arrangingMb = 512
const recordingMb = 128

/** Runs or goes on with an import, unless another process is at it. */
export async function runImport(store: Store, id: number): Promise<void> {
  await withLock(store, id, async () => {
    const found = await loadImport(store, id)
    if (!found || (found.state !== 'waiting' && found.state !== 'running')) return
    await sql`
      update imports
      set state = 'running', started_at = coalesce(started_at, now()), error = null
      where id = ${id}`.execute(store.db)
    const watch = watchForCancel(store, id)
    try {
      await work(store, found, watch)
    } catch (error) {
      // The process stops: the next one goes on from the place that was saved.
      if (store.jobs.stopping.aborted) throw error
      await settleFailure(store, found, watch.signal.aborted ? new Cancelled() : error)
    } finally {
      watch.stop()
    }
  })
}

export async function work(store: Store, found: ImportRow, watch: Watch): Promise<void> {
  const recipe = parseRecipe(found.recipe)
  const folder = importFolder(store, found.folder)
  mkdirSync(folder, { recursive: true })
  const ready = found.progress.stages !== undefined
  await setUp(store, recipe)
  const prepared = ready
    ? found
    : await onWorkbench(folder, { fresh: true, memoryMb: arrangingMb }, watch, (bench) =>
        prepare(store, found, recipe, bench, folder, watch.signal),
      )
  // Opened anew: rows only lie there to be read now, and need not stay in memory behind us.
  await onWorkbench(folder, { memoryMb: recordingMb }, watch, async (bench) => {
    await bench.lock()
    const reading = await readingOf(store, recipe, found.createdAt)
    await record(store, prepared, bench, reading, watch.signal)
  })
  await finish(store, found.id)
  await clearFolder(folder)
}

async function onWorkbench<Result>(
  folder: string,
  options: Parameters<typeof Workbench.open>[1],
  watch: Watch,
  doing: (bench: Workbench) => Promise<Result>,
): Promise<Result> {
  const bench = await Workbench.open(folder, options)
  watch.interrupt(() => bench.interrupt())
  try {
    return await doing(bench)
  } finally {
    watch.interrupt(undefined)
    bench.close()
  }
}

/** Reads the files and runs the SELECTs. Begins anew each time: until it is done nothing has been recorded. */
async function prepare(
  store: Store,
  found: ImportRow,
  recipe: Recipe,
  bench: Workbench,
  folder: string,
  signal: AbortSignal,
): Promise<ImportRow> {
  await sql`delete from import_rejects where import_id = ${found.id}`.execute(store.db)
  const counts = noCounts()
  const progress: Progress = {
    step: 'reading',
    done: 0,
    total: 0,
    files: [],
    ...(found.progress.tries ? { tries: found.progress.tries } : {}),
  }
  const present = await readdir(join(folder, 'files')).catch(() => [] as string[])
  if (present.length === 0)
    throw new Invalid('The files of this import are not here any more. Bring them in again.')
  let saved = 0
  const save = async (force = false) => {
    if (!force && Date.now() - saved < 400) return
    saved = Date.now()
    await saveProgress(store.db, found.id, progress, counts)
  }
  const before = { rows: 0 }
  for (const [table, source] of Object.entries(recipe.sources)) {
    const files = matchFiles(source, table, present).map((name) => ({
      name,
      path: join(folder, 'files', name),
    }))
    if (files.length === 0) {
      await bench.loadNothing(table, source)
      continue
    }
    const reads = await bench.load(table, source, files, {
      signal,
      progress: async (rowsRead) => {
        progress.done = before.rows + rowsRead
        await save()
      },
      refused: (refusals) =>
        transaction(store.db, (tx) =>
          keepRejects(
            tx,
            found.id,
            refusals.map(({ file, line, reason, row: cells }) => ({ file, line, reason, row: cells })),
          ),
        ),
    })
    for (const read of reads) {
      before.rows += read.rows
      counts.unreadable += read.refused
      counts.read += read.refused
      counts.rejected += read.refused
    }
    progress.files.push(...reads)
    progress.done = before.rows
    await save(true)
  }
  progress.step = 'arranging'
  progress.done = 0
  progress.total = kinds.reduce((all, kind) => all + (recipe[kind]?.length ?? 0), 0)
  const stages: Stage[] = []
  for (const kind of kinds)
    for (const [index, select] of (recipe[kind] ?? []).entries()) {
      await save(true)
      signal.throwIfAborted()
      const table = `staged ${kind} ${index + 1}`
      const where = (recipe[kind]?.length ?? 0) > 1 ? `${kind}, SELECT ${index + 1}` : kind
      stages.push({ kind, table, ...(await bench.stage(table, select, where)) })
      progress.done += 1
    }
  for (const table of Object.keys(recipe.sources)) await bench.drop(table)
  await bench.settle()
  const ready: Progress = {
    ...progress,
    step: 'recording',
    done: 0,
    total: stages.reduce((all, stage) => all + stage.rows, 0),
    stages,
    at: { stage: 0, row: 0 },
  }
  await saveProgress(store.db, found.id, ready, counts)
  return { ...found, progress: ready, counts }
}

async function record(
  store: Store,
  found: ImportRow,
  bench: Workbench,
  reading: Reading,
  signal: AbortSignal,
): Promise<void> {
  const stages = found.progress.stages ?? []
  const start = found.progress.at ?? { stage: 0, row: 0 }
  let counts = found.counts
  let progress = found.progress
  for (const [number, stage] of stages.entries()) {
    if (number < start.stage) continue
    const read = rowReader(stage.kind, stage.columns, reading)
    for (let after = number === start.stage ? start.row : 0; after < stage.rows; after += readSize) {
      const staged = await bench.read(stage.table, after, readSize)
      for (let first = 0; first < staged.length; first += batchSize) {
        signal.throwIfAborted()
        const batch = staged.slice(first, first + batchSize)
        progress = {
          ...progress,
          done: progress.done + batch.length,
          at: { stage: number, row: batch.at(-1)?.row ?? after },
        }
        const made: BatchRow[] = batch.map(({ cells, repeats }) => ({
          ...(repeats === undefined ? read(cells) : repeated(read(cells), repeats)),
          get source() {
            return Object.fromEntries(stage.columns.map(({ name }, index) => [name, cells[index] ?? null]))
          },
        }))
        counts = await recordRows(
          store,
          { id: found.id, source: found.source },
          stage.kind,
          made,
          counts,
          progress,
        )
        store.load.note(batch.length)
      }
    }
  }
}

async function loadImport(store: Store, id: number): Promise<ImportRow | undefined> {
  return row(
    store.db,
    sql<ImportRow>`
      select id, recipe, source, folder, state, progress, counts, created_at as "createdAt"
      from imports
      where id = ${id}`,
  )
}

function repeated(made: ReturnType<ReturnType<typeof rowReader>>, key: string) {
  return {
    ...made,
    made: { kind: 'rejected' as const, reason: `another row before it has the same key "${key}"` },
  }
}

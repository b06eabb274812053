// An import from start to end, as a job. Its story:
//
//   waiting → running: reading (files to tables) → arranging (SELECTs to rows) → recording → finishing → done
//                                                                      └ cancelled, failed: may go on or be undone
//
// Once the rows lie ready they are numbered and never made again, and every batch is saved together with its
// number: whatever the moment of a kill -9, the next run goes on with the very next row.
import { mkdirSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { createRule, listRules } from '../expectations/expectations.ts'
import type { Rule } from '../expectations/schema.ts'
import { applyMapTemplate, loadMap } from '../journey/journey.ts'
import { templateNames } from '../journey/schema.ts'
import { Invalid, TrothError } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { type BatchRow, keepRejects, recordRows, saveProgress } from './batch.ts'
import { matchFiles } from './files.ts'
import { type Counts, noCounts, type Progress, type Stage } from './progress.ts'
import { parseRecipe } from './recipe.ts'
import { type Reading, rowReader } from './rows.ts'
import { kinds, type Recipe } from './schema.ts'
import { Workbench } from './workbench.ts'

const batchSize = 1_000
const readSize = 10_000
const mostTries = 4
/** What the workbench may take while SELECTs join and sort whole files (more goes to disk), and while rows are read off. */
const arrangingMb = 512
const recordingMb = 128

interface ImportRow {
  id: number
  recipe: string
  source: string
  folder: string
  state: string
  progress: Progress
  counts: Counts
  createdAt: Date
}

/** Thrown out of the work when somebody asked for it to stop. */
class Cancelled extends Error {}

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

async function work(store: Store, found: ImportRow, watch: Watch): Promise<void> {
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

const actor: Actor = { kind: 'local', id: 'import', name: 'an import', role: 'owner', scopes: [] }

/** What the recipe brings along: a journey map where there is none yet, promises that nobody has written yet. */
async function setUp(store: Store, recipe: Recipe): Promise<void> {
  await sql`
    update workspace
    set time_zone = ${recipe.time_zone ?? sql`time_zone`}, currency = ${recipe.currency ?? sql`currency`}
    where name = '' and data_source is null`.execute(store.db)
  const template = templateNames.find((name) => name === recipe.journey)
  if (template && (await loadMap(store.db)).stages.length === 0)
    await applyMapTemplate(store, template, actor)
  const rules = await listRules(store.db)
  for (const promise of recipe.promises ?? [])
    if (!rules.some((known) => known.name === promise.name || sameRule(known.rule, promise.rule)))
      await createRule(store, promise, actor)
}

/** Whether two rules say the same of the same events: one promise is judged once. */
function sameRule(a: Rule, b: Rule): boolean {
  const properties = (rule: Rule) => rule.due.flatMap((term) => ('property' in term ? [term.property] : []))
  return (
    a.opened.event?.toLowerCase() === b.opened.event?.toLowerCase() &&
    a.kept.event?.toLowerCase() === b.kept.event?.toLowerCase() &&
    properties(a).some((property) => properties(b).includes(property))
  )
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

/** Ties up the ends: when customers were first and last seen, and what the workspace now holds. */
async function finish(store: Store, id: number): Promise<void> {
  await sql`
    update imports
    set progress = progress || '{"step": "finishing"}'::jsonb
    where id = ${id}`.execute(store.db)
  await setSeenTimes(store, id)
  await transaction(store.db, async (tx) => {
    await sql`
      update workspace
      set data_source = coalesce(data_source, 'own')`.execute(tx)
    await sql`
      update imports
      set state = 'done', finished_at = now(), progress = progress - 'stages' - 'at' - 'tries'
      where id = ${id}`.execute(tx)
  })
}

/** A customer made by this import was first seen when the first thing happened, not when the file was read. */
async function setSeenTimes(store: Store, id: number): Promise<void> {
  for (let after = 0; ; ) {
    const changed = await rows(
      store.db,
      sql<{ id: number }>`
        with these as (
          select id
          from customers
          where import_id = ${id} and id > ${after}
          order by id
          limit 5000
        ),
        seen as (
          select i.customer_id, min(i.at) as first_at, max(i.at) as last_at
          from interactions i
          join these t on t.id = i.customer_id
          group by i.customer_id
        ),
        written as (
          update customers c
          set first_seen_at = s.first_at, last_seen_at = s.last_at, tx = pg_current_xact_id()
          from seen s
          where c.id = s.customer_id
            and (c.first_seen_at, c.last_seen_at) is distinct from (s.first_at, s.last_at)
        )
        select id
        from these
        order by id desc
        limit 1`,
    )
    const last = changed[0]?.id
    if (last === undefined) return
    after = last
  }
}

async function settleFailure(store: Store, found: ImportRow, error: unknown): Promise<void> {
  if (error instanceof Cancelled) {
    // What came in stays, and has to be right whether or not somebody goes on.
    await setSeenTimes(store, found.id)
    await sql`
      update imports
      set state = 'cancelled', finished_at = now(), cancel_asked = false
      where id = ${found.id}`.execute(store.db)
    return
  }
  if (error instanceof TrothError) {
    await fail(store, found.id, error.message)
    return
  }
  // A passing trouble (the database restarts) or a bug: tried again, but not for ever.
  const tries = (found.progress.tries ?? 0) + 1
  if (tries >= mostTries) {
    store.log.error({ err: error, import: found.id }, 'an import was given up')
    await fail(
      store,
      found.id,
      `It stopped ${tries} times without a reason it could name: ${(error as Error).message}`,
    )
    return
  }
  await sql`
    update imports
    set progress = progress || jsonb_build_object('tries', ${tries}::integer)
    where id = ${found.id}`.execute(store.db)
  throw error
}

async function fail(store: Store, id: number, reason: string): Promise<void> {
  await sql`
    update imports
    set state = 'failed', finished_at = now(), error = ${reason}
    where id = ${id}`.execute(store.db)
}

/** How a recipe's times, numbers and phone numbers are read in this workspace. */
export async function readingOf(store: Store, recipe: Recipe, now: Date): Promise<Reading> {
  const workspace = await row(
    store.db,
    sql<{ zone: string; currency: string; country: string }>`
      select time_zone as zone, currency, country
      from workspace`,
  )
  return {
    recipe: recipe.name,
    zone: recipe.time_zone ?? workspace?.zone ?? 'UTC',
    currency: recipe.currency ?? workspace?.currency ?? 'EUR',
    country: workspace?.country ?? 'DE',
    dates: recipe.dates ?? 'day-first',
    ...(recipe.numbers ? { numbers: recipe.numbers } : {}),
    now,
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

/** Where an import's files and its workbench lie. */
export function importFolder(store: Store, folder: string): string {
  return join(store.dataFolder, 'imports', folder)
}

/** What was brought in is in the database now: files with people's data don't stay behind. */
export async function clearFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

interface Watch {
  signal: AbortSignal
  interrupt(stop: (() => void) | undefined): void
  stop(): void
}

function watchForCancel(store: Store, id: number): Watch {
  const controller = new AbortController()
  let interrupt: (() => void) | undefined
  const stop = () => {
    controller.abort(store.jobs.stopping.reason)
    interrupt?.()
  }
  store.jobs.stopping.addEventListener('abort', stop)
  const timer = setInterval(() => {
    row(
      store.db,
      sql<{ asked: boolean }>`
        select cancel_asked as asked
        from imports
        where id = ${id}`,
    ).then(
      (found) => {
        if (found && !found.asked) return
        controller.abort(new Cancelled())
        interrupt?.()
      },
      () => {},
    )
  }, 500)
  return {
    signal: controller.signal,
    interrupt: (stop) => {
      interrupt = stop
    },
    stop: () => {
      clearInterval(timer)
      store.jobs.stopping.removeEventListener('abort', stop)
    },
  }
}

const lockClass = 7_701_185

/** Runs the work unless another process is at this import; the lock dies with its process. */
export async function withLock(store: Store, id: number, work: () => Promise<void>): Promise<void> {
  const client = await store.pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    const { rows: got } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [
      lockClass,
      id,
    ])
    if (!got[0]?.got) return
    await work()
    await client.query('select pg_advisory_unlock($1, $2)', [lockClass, id])
  } catch (error) {
    broken ??= error as Error
    throw error
  } finally {
    // A connection that may still hold the lock is closed, not handed on.
    client.off('error', onError)
    client.release(broken)
  }
}

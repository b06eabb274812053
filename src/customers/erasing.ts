// What is left of an erasure after the rows are deleted: every place that may still mention the person.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type RawBuilder, sql } from 'kysely'
import { readManifest } from '../store/backup.ts'
import { row, rows, transaction } from '../store/database.ts'
import { censorServerLog, forgetBytes } from '../store/forget.ts'
import type { Store } from '../store/store.ts'
import { customersChanged } from './changes.ts'
import { fileMentions, type Marks, type Patterns, patternsOf, regexOf } from './marks.ts'

export const erasureQueue = 'customers.erasure'

/** What still has to be looked for. */
export interface ErasureWork {
  marks: Marks
  /** Folders of the imports that told of them. */
  imports: string[]
}

export interface ErasureReport {
  /** Rows of others in which their address, number or id was blacked out, by table. */
  blackedOut: Record<string, number>
  /** Rows that imports and the log of changes had left, deleted or emptied, by table. */
  leftovers: Record<string, number>
  /** Uploaded files deleted because they held them. */
  files: number
  /** Interactions of others whose words hold the same full name: it may be somebody else's, so look yourself. */
  sameName: { customerId: number; interactionId: number }[]
  /** Tables written anew. */
  rewritten: string[]
  /** Whether the database's log of changes was overwritten; false: the database's owner has to. */
  logCleared: boolean
  projectionRebuilt: boolean
  /** Backups made before, which still hold them, and until when. */
  backups: { file: string; expiresAt: string | null }[]
}

/** Does the rest of an erasure. Runs again from the start when it was interrupted; the second time finds less. */
export async function finishErasure(store: Store, id: number): Promise<void> {
  const erasure = await row(
    store.db,
    sql<{ at: Date; work: ErasureWork | null; counts: Record<string, number> }>`
      select at, work, counts
      from erasures
      where id = ${id}::bigint and finished_at is null`,
  )
  if (!erasure) return
  const running = await row(
    store.db,
    sql`select 1 from imports where state in ('waiting', 'running', 'undoing') limit 1`,
  )
  if (running) {
    // Its files can't be searched while it reads them: once more in a while.
    await store.jobs.enqueue(
      store.db,
      erasureQueue,
      { erasureId: id },
      { startAfter: new Date(Date.now() + 30_000) },
    )
    return
  }
  const report: ErasureReport = {
    blackedOut: {},
    leftovers: {},
    files: 0,
    sameName: [],
    rewritten: [],
    logCleared: false,
    projectionRebuilt: false,
    backups: [],
  }
  if (erasure.work) {
    const patterns = patternsOf(erasure.work.marks)
    report.leftovers = await clearLeftovers(store, patterns)
    report.blackedOut = await blackOut(store, patterns)
    report.sameName = await sameName(store, patterns)
    report.files = await deleteFiles(store, erasure.work)
    const regex = regexOf(erasure.work.marks)
    if (regex) await censorServerLog(store.pool, regex)
    await sql`update erasures set work = null where id = ${id}::bigint`.execute(store.db)
  }
  const touched = [erasure.counts, report.leftovers, report.blackedOut].flatMap((counts) =>
    Object.keys(counts).filter((table) => (counts[table] ?? 0) > 0),
  )
  // Also after a crash between the two steps: whatever may have been touched is written anew.
  const tables = erasure.work ? touched : [...new Set([...touched, ...mayBeTouched])]
  const forgotten = await forgetBytes(store.pool, [...new Set([...tables, 'audit', 'erasures'])].sort())
  report.rewritten = forgotten.rewritten
  report.logCleared = forgotten.logCleared
  await store.projection?.rebuild()
  report.projectionRebuilt = store.projection !== undefined
  report.backups = await backupsBefore(store, erasure.at)
  await sql`
    update erasures
    set finished_at = now(), report = ${JSON.stringify(report)}::jsonb
    where id = ${id}::bigint`.execute(store.db)
}

/** Columns of other people's rows in which somebody may be mentioned. */
const mentions: [table: string, column: string, json: boolean][] = [
  ['interactions', 'properties', true],
  ['interactions', 'words', false],
  ['customers', 'traits', true],
  ['purchases', 'properties', true],
  ['expectations', 'statement', false],
  ['expectations', 'mended_note', false],
  ['standings', 'facts', true],
  ['standings', 'last_words', false],
  ['segments', 'rule', true],
]
/** Rows that go, or lose their details, when they mention them. */
const leftovers: [table: string, column: string, instead: 'delete' | RawBuilder<unknown>][] = [
  ['import_rejects', 'row', 'delete'],
  ['import_rejects', 'reason', 'delete'],
  ['import_replaced', 'before', 'delete'],
  ['idempotency_keys', 'response', 'delete'],
  ['voices', 'properties', 'delete'],
  ['voices', 'words', 'delete'],
  ['identity_conflicts', 'evidence', 'delete'],
  ['merges', 'evidence', sql`evidence = '{}'`],
  ['audit', 'details', sql`details = '{}'`],
  ['jobs.job', 'data', sql`data = '{}', output = null`],
]
const mayBeTouched = [...new Set([...mentions, ...leftovers].map(([table]) => table))]

async function clearLeftovers(store: Store, patterns: Patterns): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [table, column, instead] of leftovers) {
    // A voice of somebody with the same name stays: it was never theirs as far as anybody knows.
    const found = mentioned(column, patterns, table !== 'voices')
    if (!found) continue
    const result =
      instead === 'delete'
        ? await sql`delete from ${sql.table(table)} where ${found}`.execute(store.db)
        : await sql`update ${sql.table(table)} set ${instead} where ${found}`.execute(store.db)
    counts[table] = (counts[table] ?? 0) + Number(result.numAffectedRows ?? 0)
  }
  return counts
}

function mentioned(column: string, patterns: Patterns, names: boolean): RawBuilder<boolean> | undefined {
  const wanted = [patterns.inside, patterns.whole, names ? patterns.names : null].filter(
    (each) => each !== null,
  )
  if (wanted.length === 0) return undefined
  return sql<boolean>`${sql.ref(column)}::text ~* ${wanted.join('|')}`
}

async function blackOut(store: Store, patterns: Patterns): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [table, column, json] of mentions) {
    const wanted = [patterns.inside, json ? patterns.whole : null].filter((each) => each !== null)
    if (wanted.length === 0) continue
    const text = sql`${sql.ref(column)}::text`
    const inside = patterns.inside ? sql`regexp_replace(${text}, ${patterns.inside}, 'erased', 'gi')` : text
    const whole =
      json && patterns.whole ? sql`regexp_replace(${inside}, ${patterns.whole}, '"erased"', 'gi')` : inside
    const heard = !['segments'].includes(table)
    const changed = await transaction(store.db, async (tx) => {
      const found = await rows(
        tx,
        sql<{ customer: number | null }>`
          update ${sql.table(table)}
          set ${sql.ref(column)} = ${json ? sql`(${whole})::jsonb` : whole}
            ${heard ? sql`, tx = pg_current_xact_id()` : sql``}
          where ${text} ~* ${wanted.join('|')}
          returning ${table === 'segments' ? sql`null::bigint` : table === 'customers' ? sql`id` : sql`customer_id`} as customer`,
      )
      const customers = await rows(
        tx,
        sql<{ id: number }>`
          select distinct canonical_id as id
          from customers
          where id = any(${found.map(({ customer }) => customer).filter((each) => each !== null)}::bigint[])`,
      )
      await customersChanged(
        store,
        tx,
        customers.map((each) => each.id),
      )
      return found.length
    })
    counts[table] = (counts[table] ?? 0) + changed
  }
  return counts
}

async function sameName(store: Store, patterns: Patterns): Promise<ErasureReport['sameName']> {
  if (!patterns.names) return []
  return rows(
    store.db,
    sql<ErasureReport['sameName'][number]>`
      select c.canonical_id as "customerId", i.id as "interactionId"
      from interactions i
      join customers c on c.id = i.customer_id
      where i.words ~* ${patterns.names} or i.properties::text ~* ${patterns.names}
      order by i.id desc
      limit 100`,
  )
}

/** Deletes what was uploaded for imports that told of them, and every other uploaded file that holds them. */
async function deleteFiles(store: Store, work: ErasureWork): Promise<number> {
  const words = [
    ...work.marks.inside,
    ...work.marks.names,
    ...work.marks.whole.filter((mark) => mark.length >= 6),
  ]
  let deleted = 0
  const folders = await Promise.all(
    ['imports', 'uploads'].map(async (root) => {
      const names = await readdir(join(store.dataFolder, root)).catch(() => [])
      return names.map((folder) => ({ folder, path: join(store.dataFolder, root, folder) }))
    }),
  )
  for (const { folder, path } of folders.flat()) {
    const files = await filesUnder(path)
    if (work.imports.includes(folder)) {
      await rm(path, { recursive: true, force: true })
      deleted += files.length
      continue
    }
    // Packed files can't be searched: one that may hold them goes too.
    for (const file of files)
      if (/\.(xlsx|parquet|gz|zip|duckdb|wal)$/i.test(file) || (await fileMentions(file, words))) {
        await rm(file, { force: true })
        deleted++
      }
  }
  return deleted
}

async function filesUnder(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => undefined)
  if (!info) return []
  if (!info.isDirectory()) return [path]
  const names = await readdir(path)
  return (await Promise.all(names.map((name) => filesUnder(join(path, name))))).flat()
}

async function backupsBefore(store: Store, at: Date): Promise<ErasureReport['backups']> {
  const folder = join(store.dataFolder, 'backups')
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.tar.gz')).sort()
  const found = await Promise.all(
    names.map(async (file) => {
      const manifest = await readManifest(join(folder, file)).catch(() => undefined)
      const made = (await stat(join(folder, file))).mtime
      return made < at || !manifest ? { file, expiresAt: manifest?.expiresAt ?? null } : undefined
    }),
  )
  return found.filter((each) => each !== undefined)
}

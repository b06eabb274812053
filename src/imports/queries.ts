import { sql } from 'kysely'
import { csvLine } from '../lib/csv.ts'
import { NotFound } from '../lib/errors.ts'
import { type Db, row, rows } from '../store/database.ts'
import type { Counts, Progress } from './progress.ts'

export interface ImportLine {
  id: number
  name: string
  source: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'undoing' | 'undone'
  cancelAsked: boolean
  progress: Omit<Progress, 'stages' | 'at' | 'tries'>
  counts: Counts
  error: string | null
  createdBy: string | null
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

const columns = sql`
  id, name, source, state, cancel_asked as "cancelAsked", progress - 'stages' - 'at' - 'tries' as progress, counts,
  error, created_by as "createdBy", created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`

/** Newest first. */
export async function listImports(
  db: Db,
  options: { before?: number | undefined; limit: number },
): Promise<ImportLine[]> {
  return rows(
    db,
    sql<ImportLine>`
      select ${columns}
      from imports
      where ${options.before ?? null}::bigint is null or id < ${options.before ?? null}::bigint
      order by id desc
      limit ${options.limit}`,
  )
}

/** @throws NotFound */
export async function readImport(db: Db, id: number): Promise<ImportLine> {
  const found = await row(db, sql<ImportLine>`select ${columns} from imports where id = ${id}`)
  if (!found) throw new NotFound('import', id)
  return found
}

export interface RejectLine {
  id: number
  file: string
  line: number
  reason: string
  row: unknown
}

export async function listRejects(
  db: Db,
  id: number,
  options: { after?: number | undefined; limit: number },
): Promise<RejectLine[]> {
  return rows(
    db,
    sql<RejectLine>`
      select id, file, line, reason, row
      from import_rejects
      where import_id = ${id} and id > ${options.after ?? 0}
      order by id
      limit ${options.limit}`,
  )
}

/** The rejected rows as CSV, in pieces: file, line, reason, then the row as it was. */
export async function* rejectsCsv(db: Db, id: number): AsyncGenerator<string> {
  const names = await rows(
    db,
    sql<{ name: string }>`
      select distinct key as name
      from import_rejects, jsonb_object_keys(case jsonb_typeof(row) when 'object' then row else '{}' end) as k(key)
      where import_id = ${id} and key not in ('_file', '_line')
      order by 1
      limit 500`,
  )
  const columnNames = names.map(({ name }) => name)
  yield csvLine(['file', 'line', 'reason', ...columnNames, 'row'])
  for (let after = 0; ; ) {
    const some = await listRejects(db, id, { after, limit: 1_000 })
    if (some.length === 0) return
    after = some.at(-1)?.id ?? after
    yield some
      .map(({ file, line, reason, row: cells }) => {
        const object = typeof cells === 'object' && cells !== null && !Array.isArray(cells)
        const fields = object
          ? columnNames.map((name) => (cells as Record<string, unknown>)[name])
          : columnNames.map(() => '')
        const raw = object ? '' : Array.isArray(cells) ? cells.join(' | ') : cells
        return csvLine([file, line, reason, ...fields.map(asWritten), asWritten(raw)])
      })
      .join('')
  }
}

function asWritten(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

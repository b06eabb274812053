// A look at a file before anything is imported: how it is read, what its columns are, what they probably mean.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { NotFound } from '../lib/errors.ts'
import { type Db, row } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { matchFiles, safeFileName } from './files.ts'
import { type ColumnLook, type Guess, guess, lookAt } from './guess.ts'
import type { FileRead } from './loading.ts'
import { shippedRecipes } from './recipe.ts'
import type { Source } from './schema.ts'
import { assertUpload, uploadFolder } from './uploads.ts'
import { Workbench } from './workbench.ts'

const looked = 1_000

export interface FileLook {
  file: string
  bytes: number
  read: FileRead
  columns: ColumnLook[]
  guess: Guess
  /** The first rows, as cells in the order of the columns, with their lines. */
  rows: { line: number; cells: (string | null)[] }[]
}

/** Looks at one file of an upload. @throws Invalid when it is no table; NotFound */
export async function lookAtFile(
  store: Store,
  upload: string,
  file: string,
  layout: Omit<Source, 'file'> = {},
): Promise<FileLook> {
  await assertUpload(store, upload)
  const path = join(uploadFolder(store, upload), 'files', safeFileName(file))
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new NotFound('file', file)
  const bytes = found.size
  const country = await countryOf(store.db)
  return withWorkbench(store, upload, async (bench) => {
    const reads = await bench.load('t', { file, ...layout }, [{ name: file, path }], { limit: looked })
    const [read] = reads
    if (!read) throw new Error('nothing was read')
    await bench.lock()
    const names = (await bench.ask('describe select * exclude (_file, _line) from t')).map((each) =>
      String(each[0]),
    )
    const first = await bench.ask(
      'select _line, columns(* exclude (_file, _line))::varchar from t order by _line',
    )
    const rows = first.map((each) => ({
      line: Number(each[0]),
      cells: each.slice(1).map((cell) => (typeof cell === 'string' ? cell : null)),
    }))
    const cells = rows.map((each) => each.cells)
    const columns = names.map((name, index) =>
      lookAt(
        name,
        cells.map((each) => each[index] ?? null),
        country,
      ),
    )
    return { file, bytes, read, columns, guess: guess(columns, cells, file), rows: rows.slice(0, 20) }
  })
}

/** Recipes that fit the files of an upload by their names, or take any file at all. */
export async function fittingRecipes(
  store: Store,
  upload: string,
): Promise<{ name: string; title: string; description: string; exact: boolean }[]> {
  await assertUpload(store, upload)
  const present = await readdir(join(uploadFolder(store, upload), 'files'))
  if (present.length === 0) return []
  return shippedRecipes()
    .filter(({ recipe }) =>
      Object.entries(recipe.sources).every(([table, source]) => {
        try {
          return matchFiles(source, table, present).length > 0 || source.optional
        } catch {
          return false
        }
      }),
    )
    .map(({ name, recipe }) => ({
      name,
      title: recipe.title ?? name,
      description: recipe.description?.trim() ?? '',
      exact: Object.values(recipe.sources).every((source) => source.file !== '*'),
    }))
}

/** Runs work on a workbench of its own that is gone afterwards. */
export async function withWorkbench<Result>(
  store: Store,
  upload: string,
  work: (bench: Workbench) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(uploadFolder(store, upload), 'look-'))
  const bench = await Workbench.open(folder, { fresh: true, memoryMb: 256 })
  try {
    return await work(bench)
  } finally {
    bench.close()
    await rm(folder, { recursive: true, force: true })
  }
}

export async function countryOf(db: Db): Promise<string> {
  return (await row(db, sql<{ country: string }>`select country from workspace`))?.country ?? 'DE'
}

/** The text of a recipe by its name: one that came with Troth. */
export function shippedText(name: string): string | undefined {
  return shippedRecipes().find((recipe) => recipe.name === name)?.text
}

import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import cliProgress from 'cli-progress'
import { type Command, InvalidArgumentError } from 'commander'
import { matchFiles, parseRecipe, shippedRecipes } from '../imports/imports.ts'
import { Invalid, TrothError } from '../lib/errors.ts'
import { type Connection, type ConnectionOptions, connect, withConnectionOptions } from './connection.ts'
import { lively } from './print.ts'

interface ImportOptions extends ConnectionOptions {
  json?: boolean
  detach?: boolean
  resume?: number
  undo?: number
}

interface ImportLine {
  id: number
  name: string
  state: string
  step: string
  done: number
  total: number
  counts: { read: number; created: number; updated: number; unchanged: number; rejected: number }
  kinds: {
    kind: string
    read: number
    created: number
    updated: number
    unchanged: number
    rejected: number
  }[]
  error: string | null
}

export function importCommand(program: Command): void {
  withConnectionOptions(
    program
      .command('import')
      .description('bring in files by a recipe, or one file by what its columns are called')
      .argument(
        '[recipe]',
        'a recipe file (.yaml), the name of one that comes with Troth, or a table to import',
      )
      .argument('[files...]', "the recipe's folder or its files; default: the folder the recipe lies in")
      .option('--json', 'print one JSON object at the end')
      .option('--detach', 'start it and return at once')
      .option('--resume <number>', 'go on with an import that was stopped or failed', importNumber)
      .option('--undo <number>', 'take back everything an import brought in', importNumber)
      .addHelpText(
        'after',
        `
Recipes that come with Troth: ${shippedRecipes()
          .map(({ name }) => name)
          .join(', ')}

  troth import olist ~/Downloads/olist
  troth import my-recipe.yaml orders.csv customers.csv
  troth import orders.csv

Ctrl-C stops the import: what it has brought in by then stays, until you go on or take it back.

Exit codes beyond the usual: 0 also when some rows were rejected (their number is printed); 2 when the
import failed; 5 when it was stopped.`,
      ),
  ).action(async (recipe: string | undefined, files: string[], options: ImportOptions) => {
    const again = options.resume ?? options.undo
    if (again === undefined && !recipe) {
      for (const each of shippedRecipes()) console.log(`${each.name.padEnd(18)}${each.recipe.title ?? ''}`)
      return
    }
    const plan = again === undefined && recipe ? planOf(recipe, files) : undefined
    const connection = await connect(options)
    const quiet = options.json === true || !lively
    const started = plan
      ? await start(connection, plan, quiet)
      : await connection.send<ImportLine>(
          'POST',
          `/api/imports/${again}/${options.undo === undefined ? 'resumption' : 'undoing'}`,
        )
    const ended = options.detach ? started : await follow(connection, started.id, quiet)
    report(ended, connection, options)
    if (ended.state === 'failed') process.exitCode = 2
    if (ended.state === 'cancelled') process.exitCode = 5
  })
}

async function start(connection: Connection, plan: Plan, quiet: boolean): Promise<ImportLine> {
  const upload = await sendFiles(connection, plan.files, quiet)
  return connection.send<ImportLine>('POST', '/api/imports', {
    upload,
    ...(plan.recipe === undefined
      ? { mapping: await mappingOf(connection, upload, plan.files) }
      : { recipe: plan.recipe }),
  })
}

interface Plan {
  /** The recipe's text; undefined: what a single table's columns mean is guessed. */
  recipe: string | undefined
  files: string[]
}

/** What to send, by what was named. @throws Invalid */
function planOf(named: string, given: string[]): Plan {
  const shipped = shippedRecipes().find(({ name }) => name === named)
  if (shipped && !existsSync(named)) {
    if (given.length === 0)
      throw new Invalid(`Say where the files of "${named}" are: troth import ${named} FOLDER`)
    return { recipe: shipped.text, files: filesOf(shipped.text, given) }
  }
  if (!existsSync(named))
    throw new Invalid(
      `There is no file ${named}, and no recipe of that name comes with Troth (${shippedRecipes()
        .map(({ name }) => name)
        .join(', ')}).`,
    )
  if (/\.ya?ml$/i.test(named)) {
    const text = readFileSync(named, 'utf8')
    return { recipe: text, files: filesOf(text, given.length > 0 ? given : [dirname(resolve(named))]) }
  }
  if (statSync(named).isDirectory())
    throw new Invalid(`${named} is a folder. Name a recipe first: troth import RECIPE ${named}`)
  if (given.length > 0)
    throw new Invalid('Without a recipe one file can be imported at a time. Name a recipe first.')
  return { recipe: undefined, files: [named] }
}

/** The files that the recipe reads, out of the folders and files named. */
function filesOf(text: string, given: string[]): string[] {
  const recipe = parseRecipe(text)
  const all = given.flatMap((path) => {
    if (!existsSync(path)) throw new Invalid(`There is no file or folder ${path}.`)
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !/\.ya?ml$/i.test(entry.name))
      .map((entry) => join(path, entry.name))
  })
  const names = all.map((path) => basename(path))
  const wanted = new Set(
    Object.entries(recipe.sources).flatMap(([table, source]) => matchFiles(source, table, names)),
  )
  return all.filter((path) => wanted.has(basename(path)))
}

async function sendFiles(connection: Connection, files: string[], quiet: boolean): Promise<string> {
  const { id } = await connection.send<{ id: string }>('POST', '/api/imports/uploads')
  for (const path of files) {
    if (!quiet) process.stdout.write(`Sending ${basename(path)} … `)
    await connection.request(`/api/imports/uploads/${id}/files/${encodeURIComponent(basename(path))}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: Readable.toWeb(createReadStream(path)) as ReadableStream,
      duplex: 'half',
    } as RequestInit)
    if (!quiet) console.log(`${(statSync(path).size / 1e6).toFixed(1)} MB`)
  }
  return id
}

/** The mapping that the columns' names and cells suggest; refused where a person has to choose. */
async function mappingOf(connection: Connection, upload: string, files: string[]): Promise<unknown> {
  const file = basename(files[0] ?? '')
  const look = await connection.send<{
    guess: { dates: string; datesAmbiguous: boolean; numbers?: string; spread: boolean; columns: unknown[] }
  }>('POST', `/api/imports/uploads/${upload}/files/${encodeURIComponent(file)}/look`, {})
  if (look.guess.datesAmbiguous)
    throw new Invalid(
      `The dates in ${file} can be read day first or month first. Map the file in the browser (Bring data in), or write a recipe with "dates:".`,
    )
  const { dates, numbers, spread, columns } = look.guess
  return { title: file.replace(/\.\w+$/, ''), file, dates, ...(numbers ? { numbers } : {}), spread, columns }
}

const words: Record<string, string> = {
  waiting: 'Waiting',
  reading: 'Reading the files',
  arranging: 'Arranging the rows',
  recording: 'Bringing the rows in',
  finishing: 'Tying up the ends',
  undoing: 'Taking everything back',
}

async function follow(connection: Connection, id: number, quiet: boolean): Promise<ImportLine> {
  const bar = quiet
    ? undefined
    : new cliProgress.SingleBar(
        { format: '{step} |{bar}| {value} of {total}', hideCursor: true, clearOnComplete: true },
        cliProgress.Presets.shades_classic,
      )
  let started = false
  let asked = false
  const stop = () => {
    if (asked) process.exit(130)
    asked = true
    if (!quiet) console.log('\nStopping after the present rows. Ctrl-C again: only this watching ends.')
    // It may have ended meanwhile: then there is nothing to stop.
    connection.send('POST', `/api/imports/${id}/cancellation`).catch(() => {})
  }
  process.on('SIGINT', stop)
  try {
    for (;;) {
      const line = await connection.get<ImportLine>(`/api/imports/${id}`)
      if (bar) {
        const step = (words[line.step] ?? line.step).padEnd(22)
        const total = Math.max(line.total, line.done)
        if (!started) bar.start(total, line.done, { step })
        else {
          bar.setTotal(total)
          bar.update(line.done, { step })
        }
        started = true
      }
      if (!['waiting', 'running', 'undoing'].includes(line.state)) return line
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  } finally {
    if (started) bar?.stop()
    process.off('SIGINT', stop)
  }
}

function ending({ name, state, id }: ImportLine, connection: Connection): string {
  if (state === 'done') return `"${name}" is in. To take it back: troth import --undo ${id}`
  if (state === 'undone') return `"${name}" has been taken back.`
  if (state === 'cancelled')
    return `"${name}" was stopped. What had been brought in stays.\nGo on: troth import --resume ${id}   Take it back: troth import --undo ${id}`
  return `"${name}": ${state}. ${connection.url}/imports/${id}`
}

function importNumber(text: string): number {
  const id = Number(text)
  if (!Number.isInteger(id) || id < 1)
    throw new InvalidArgumentError('the number of an import, as it was told at its end')
  return id
}

function report(line: ImportLine, connection: Connection, options: ImportOptions): void {
  if (options.json) {
    console.log(JSON.stringify(line))
    return
  }
  const number = (value: number) => value.toLocaleString('en')
  if (line.state === 'failed') throw new TrothError('invalid', `The import failed: ${line.error ?? ''}`)
  console.log(ending(line, connection))
  if (line.state === 'undone') return
  if (line.kinds.length > 0)
    console.log(
      `\n${''.padEnd(14)}${['read', 'created', 'updated', 'unchanged', 'rejected'].map((title) => title.padStart(11)).join('')}`,
    )
  for (const tally of [...line.kinds, { kind: 'all', ...line.counts }])
    if (line.kinds.length > 0)
      console.log(
        `${tally.kind.padEnd(14)}${[tally.read, tally.created, tally.updated, tally.unchanged, tally.rejected].map((value) => number(value).padStart(11)).join('')}`,
      )
  if (line.counts.rejected > 0)
    console.log(
      `\n${number(line.counts.rejected)} rows were rejected. Why: ${connection.url}/imports/${line.id}, or as a file: ${connection.url}/api/imports/${line.id}/rejects.csv`,
    )
}

import { createWriteStream, renameSync, rmSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { type Command, Option } from 'commander'
import type { Answered, QuestionKind, Sheet } from '../insights/insights.ts'
import { questionKinds } from '../insights/insights.ts'
import { TrothError } from '../lib/errors.ts'
import { waited } from '../lib/phrases.ts'
import { type Connection, type ConnectionOptions, connect, withConnectionOptions } from './connection.ts'
import { bold, faint, lively, table, wrap } from './print.ts'

interface QuestionOptions extends ConnectionOptions {
  json?: boolean
  csv?: string | boolean
  [asked: string]: unknown
}

type Counted = Answered & { counted: { countedAt: string; tookMs: number } }

/** A command for every question of "learn": its options are what can be asked. */
export function questionCommands(program: Command): void {
  for (const kind of questionKinds) questionCommand(program, kind)
}

function questionCommand(program: Command, kind: QuestionKind): void {
  const command = program
    .command(kind.name)
    .description(kind.summary)
    .option('--json', 'print one JSON object')
    .option('--csv [table]', 'print a table as CSV (which one; without it the first)')
  for (const [name, schema] of Object.entries(kind.asked.shape))
    command.addOption(
      new Option(
        `--${dashed(name)} <value>`,
        (schema as { description?: string }).description ?? words[name] ?? '',
      ),
    )
  for (const file of kind.files ?? [])
    command.addOption(
      new Option(`--${file.option} <file>`, `write to a file: ${file.title} (-: to the terminal)`),
    )
  withConnectionOptions(command).action((options: QuestionOptions) => ask(kind, options))
}

/** What every question can be asked, where the schema says nothing. */
const words: Record<string, string> = {
  from: 'first day that counts (2026-01-31)',
  to: 'last day that counts',
  segment: 'only customers of this segment (its number)',
}

/** Asks the running system and prints the answer: sentences and tables, JSON, or CSV. */
export async function ask(kind: QuestionKind, options: QuestionOptions): Promise<void> {
  const troth = await connect(options)
  const asked = new URLSearchParams(
    Object.keys(kind.asked.shape).flatMap((name): [string, string][] =>
      typeof options[name] === 'string' ? [[name, options[name]]] : [],
    ),
  )
  const wanted = (kind.files ?? []).filter((file) => typeof options[file.option] === 'string')
  for (const file of wanted)
    await writeFile(troth, `/api/insights/${kind.name}.${file.ending}?${asked}`, String(options[file.option]))
  if (wanted.length > 0) return
  const stop = lively ? showProgress(troth, kind) : () => {}
  try {
    if (options.csv !== undefined) {
      if (typeof options.csv === 'string') asked.set('sheet', options.csv)
      const response = await troth.request(`/api/insights/${kind.name}.csv?${asked}`)
      const text = await response.text()
      stop()
      process.stdout.write(text)
      return
    }
    const answer = await troth.get<Counted>(`/api/insights/${kind.name}?${asked}`)
    stop()
    if (options.json) console.log(JSON.stringify(answer))
    else print(kind, answer)
  } finally {
    stop()
  }
}

/** As it comes, whatever its size; under its name only when all of it is there. */
async function writeFile(troth: Connection, path: string, name: string): Promise<void> {
  const response = await troth.request(path)
  if (!response.body) throw new Error(`${path} is empty`)
  const body = Readable.fromWeb(response.body as ReadableStream)
  if (name === '-') return pipeline(body, process.stdout, { end: false })
  const part = `${name}.part`
  try {
    await pipeline(body, createWriteStream(part))
    renameSync(part, name)
  } catch (error) {
    rmSync(part, { force: true })
    throw new TrothError(
      'unavailable',
      `${name} could not be written: ${error instanceof Error ? error.message : String(error)}. Nothing is left of it; try again.`,
    )
  }
  const size = statSync(name).size
  console.log(`Wrote ${name} (${(size / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 })} MB).`)
}

function print(kind: QuestionKind, answer: Counted): void {
  console.log(`\n  ${bold(kind.title)}\n`)
  for (const statement of answer.statements)
    console.log(`${wrap(`· ${statement.text} ${faint(`[${statement.claim}]`)}`, '  ')}`)
  for (const sheet of kind.sheets(answer)) {
    if (sheet.rows.length === 0) continue
    console.log(`\n  ${bold(sheet.title)}`)
    console.log(sheetTable(sheet).replaceAll(/^/gm, '  '))
  }
  console.log(
    faint(
      `\n  Counted in ${(answer.counted.tookMs / 1000).toFixed(1)} s; --json and --csv give all of it.\n`,
    ),
  )
}

/** At most this many lines of a table are printed; all are in --csv. */
const mostLines = 40

function sheetTable(sheet: Sheet): string {
  const shown = table(
    sheet.columns.map(({ title, unit }, index) => ({
      title,
      value: (row: Sheet['rows'][number]) => cell(row[index] ?? null, unit),
      align: unit === undefined ? ('left' as const) : ('right' as const),
    })),
    sheet.rows.slice(0, mostLines),
  )
  const hidden = sheet.rows.length - mostLines
  return hidden > 0 ? `${shown}\n${faint(`${hidden} more lines: --csv ${sheet.name}`)}` : shown
}

function cell(value: string | number | null, unit: Sheet['columns'][number]['unit']): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  switch (unit) {
    case 'share':
      return `${(100 * value).toFixed(Math.abs(value) < 0.1 ? 1 : 0)} %`
    case 'minor':
      return Math.round(value / 100).toLocaleString('en')
    case 'count':
      return value.toLocaleString('en')
    case 'days':
      return Math.round(value).toLocaleString('en')
    case 'seconds':
      return waited(value)
    case 'number':
    case undefined:
      return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 })
  }
}

/** After a second, a line that says how far the count is; gone when the answer comes. */
function showProgress(troth: Connection, kind: QuestionKind): () => void {
  let shown = false
  const timer = setInterval(() => {
    troth
      .get<{ runs: { question: string; done: number; words: string }[] }>('/api/insights/runs')
      .then(({ runs }) => {
        const run = runs.find((each) => each.question === kind.name)
        if (!run || stopped) return
        shown = true
        process.stderr.write(`\r\u001b[K  ${Math.round(100 * run.done)} % ${run.words} …`)
      })
      .catch(() => {})
  }, 1_000)
  timer.unref()
  let stopped = false
  return () => {
    if (stopped) return
    stopped = true
    clearInterval(timer)
    if (shown) process.stderr.write('\r\u001b[K')
  }
}

/** companyName → company-name */
function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

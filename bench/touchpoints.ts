// The whole question of touchpoints as the page asks it, intervals among it: 1 million buyers, 60 touchpoints, 10
// million interactions; also at a tenth and a hundredth. The peer is a plain NumPy program that is given the
// columns of all interactions in files; where there is no NumPy, the time to read the columns. Processor time stands
// beside the time that passed, because other work on the machine makes the latter longer.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Asking } from '../src/insights/asking/asking.ts'
import { type Question, readScope } from '../src/insights/question.ts'
import type { Touchpoints } from '../src/insights/touchpoints/schema.ts'
import { touchpoints } from '../src/insights/touchpoints/touchpoints.ts'
import type { Thinker } from '../src/lib/thinking.ts'
import type { Projection } from '../src/store/projection.ts'
import type { Column, Columns, Kinds } from '../src/store/projection-columns.ts'
import type { Store } from '../src/store/store.ts'
import { withStore } from './company-store.ts'
import { benchCompany } from './journey-company.ts'
import type { BenchOptions } from './main.ts'
import { canImport, python, writeColumns } from './python.ts'
import { quantile, type Report } from './report.ts'

const bar = 3
const rounds = 3

export async function run(report: Report, { size }: BenchOptions): Promise<void> {
  for (const millions of [0.1, 1, 10]) await atSize(report, (millions / 10) * size, millions === 10)
}

async function atSize(report: Report, size: number, whole: boolean): Promise<void> {
  const dataFolder = await benchCompany(report, size, 'buyers')
  await withStore(dataFolder, async (store, projection) => {
    await projection.catchUp()
    await measure(report, store, projection, size, whole)
  })
}

async function measure(
  report: Report,
  store: Store,
  projection: Projection,
  size: number,
  whole: boolean,
): Promise<void> {
  const name = `${(10 * size).toLocaleString('en')} million interactions`
  const asked: Taken[] = []
  let split: Split | undefined
  let answer: Touchpoints | undefined
  for (let round = 0; round < rounds; round++) {
    const asking = new Measured(store)
    asked.push(
      await taken(async () => {
        answer = (await touchpoints.answering(asking, touchpoints.asked.parse({}))) as Touchpoints
      }),
    )
    split = asking.split
  }
  if (!answer || !split) return
  const seconds = quantile(
    asked.map((each) => each.passed),
    0.5,
  )
  const busy = quantile(
    asked.map((each) => each.busy),
    0.5,
  )
  const counting = await sqlAlone(projection, split.questions)
  const reading = Math.max(0, split.columns.busy - counting.busy)
  const peer = whole ? await numpy(report, store, projection, answer) : null
  report.add({
    figure: `the whole question, ${name}`,
    value: seconds,
    unit: 's',
    ...(whole && { bar: `< ${bar} s`, met: seconds < bar }),
    ...(whole &&
      (peer === null
        ? { against: 'reading the columns', ratio: seconds / split.columns.passed }
        : { against: 'NumPy', ratio: seconds / peer.passed })),
  })
  report.add({
    figure: `… processor time, ${name}`,
    value: busy,
    unit: 's',
    ...(peer && { against: 'NumPy', ratio: busy / peer.busy }),
  })
  for (const [part, value] of [
    ['in SQL', counting.busy + split.rows.busy],
    ['reading columns', reading],
    ['arithmetic', split.thinking.busy],
  ] as const)
    report.add({ figure: `… of that ${part}, ${name}`, value, unit: 's' })
}

/** Seconds that passed, and seconds of processors at work. */
interface Taken {
  passed: number
  busy: number
}

interface Split {
  rows: Taken
  columns: Taken
  thinking: Taken
  questions: { question: Question; names: readonly string[] }[]
}

async function taken(work: () => Promise<unknown>): Promise<Taken> {
  const began = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { passed: (performance.now() - began) / 1_000, busy: (user + system) / 1e6 }
}

/** How many of each are on their way, and how the measuring of them ends. */
type Running = Record<'rows' | 'columns' | 'thinking', ReturnType<typeof idle>>

/** Asks as everybody does, and keeps how long each part took. */
class Measured extends Asking {
  readonly split: Split = { rows: none(), columns: none(), thinking: none(), questions: [] }
  private readonly running: Running = { rows: idle(), columns: idle(), thinking: idle() }

  override rows<Row>(about: string, question: Question): Promise<Row[]> {
    return this.added('rows', () => super.rows<Row>(about, question))
  }

  override columns(about: string, question: Question, names: readonly string[]): Promise<Columns>
  override columns(
    about: string,
    question: Question,
    names: readonly string[],
    kinds: Kinds,
  ): Promise<Columns<Column>>
  override columns(
    about: string,
    question: Question,
    names: readonly string[],
    kinds: Kinds = {},
  ): Promise<Columns<Column>> {
    this.split.questions.push({ question, names })
    return this.added('columns', () => super.columns(about, question, names, kinds))
  }

  override thinker(module: URL): Thinker {
    const { think, stop } = super.thinker(module)
    return { think: (name, input, moved) => this.added('thinking', () => think(name, input, moved)), stop }
  }

  /** What runs side by side is counted once. */
  private async added<Result>(part: keyof Running, work: () => Promise<Result>): Promise<Result> {
    const running = this.running[part]
    if (running.n++ === 0) running.done = this.timed(part, running)
    try {
      return await work()
    } finally {
      if (--running.n === 0) {
        running.end()
        await running.done
      }
    }
  }

  private async timed(part: keyof Running, running: Running['rows']): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    running.end = resolve
    const { passed, busy } = await taken(() => promise)
    this.split[part].passed += passed
    this.split[part].busy += busy
  }
}

function none(): Taken {
  return { passed: 0, busy: 0 }
}

function idle() {
  return { n: 0, end: () => {}, done: Promise.resolve() }
}

/** The same queries with every column added up where it is counted: nothing is read. */
async function sqlAlone(projection: Projection, questions: Split['questions']): Promise<Taken> {
  return taken(async () => {
    for (const { question, names } of questions) {
      const sums = names.map((name) => `sum(cast(q.${name} as double))`).join(', ')
      await projection.rows(`select ${sums} from (${question.text}) q`, question.values)
    }
  })
}

/** The peer's time for the same company and lengths; null where there is no NumPy. */
async function numpy(
  report: Report,
  store: Store,
  projection: Projection,
  { spans, n, touchpoints: named }: Touchpoints,
): Promise<Taken | null> {
  if (!canImport('numpy')) {
    report.say('there is no NumPy here: compared with reading the columns')
    return null
  }
  const folder = mkdtempSync(join(tmpdir(), 'troth-bench-peer-'))
  try {
    const { asOf } = await readScope(store, {})
    await writeColumns(folder, 'steps', projection, steps)
    await writeColumns(folder, 'sales', projection, sales)
    const sizes = { ...spans, asOf, touchpoints: Math.max(...named.map(({ id }) => id)) }
    writeFileSync(join(folder, 'sizes.json'), JSON.stringify(sizes))
    const program = join(import.meta.dirname, 'touchpoints-peer.py')
    // One thread: with more its small products wait for each other, and on a busy machine it took ten times as long.
    const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' }
    const { stdout, stderr, status } = spawnSync(python, ['-c', timedRun, program, folder], {
      encoding: 'utf8',
      env,
    })
    if (status !== 0) throw new Error(`the peer failed: ${stderr}`)
    const [own = '{}', used = '0'] = stdout.trim().split('\n')
    const found = JSON.parse(own) as { whole: number; customers: number; first: number[] }
    report.say(`NumPy: ${own}`)
    if (found.customers !== n)
      throw new Error(`the peer counted ${found.customers} buyers, the question ${n}`)
    return { passed: found.whole, busy: Number(used) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs a program and says how much processor time it took. */
const timedRun = `
import resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)`

const steps = `
  select s.customer_id, s.touchpoint_id, s.happened,
    case when s.evidence in (1, 2) then s.experience end as felt, t.side
  from steps s
  join touchpoints t on t.id = s.touchpoint_id
  where t.purpose <> 2
    and (not s.judgement or s.evidence = 2)`
const sales = `
  select s.customer_id, s.happened, p.value_minor as minor
  from sales s
  left join purchases p on p.customer_id = s.customer_id and p.id = s.purchase_id`

// The whole question of flows as the page asks it (graph, ways, conversion, passing by): 10 million interactions of
// a million customers at 60 touchpoints, and a tenth and a hundredth of them; against a straightforward program
// over sorted typed arrays, with and without the time to read them. Then the event logs for process-mining tools:
// how many steps a second, and how much the process grows while it writes them.
// Where Python has pm4py, its discovery of the same steps stands beside: what comes next, the waits, and the ways.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Asking } from '../src/insights/asking/asking.ts'
import { flowsFiles } from '../src/insights/flows/files.ts'
import { flows } from '../src/insights/flows/flows.ts'
import { type Flows, flowsQuery } from '../src/insights/flows/schema.ts'
import { dayMicros } from '../src/insights/question.ts'
import type { Projection } from '../src/store/projection.ts'
import type { Store } from '../src/store/store.ts'
import { withStore } from './company-store.ts'
import { onePass, peerSales, peerSteps } from './flows-peer.ts'
import { benchCompany } from './journey-company.ts'
import type { BenchOptions } from './main.ts'
import { canImport, python, writeColumns } from './python.ts'
import { quantile, type Report } from './report.ts'

const rounds = 3

export async function run(report: Report, { size }: BenchOptions): Promise<void> {
  for (const millions of [0.1, 1, 10]) await atSize(report, (millions / 10) * size)
}

async function atSize(report: Report, size: number): Promise<void> {
  const dataFolder = await benchCompany(report, size)
  await withStore(dataFolder, async (store, projection) => {
    await projection.catchUp()
    const name = `${(10 * size).toLocaleString('en')} million interactions`
    await question(report, store, projection, name)
    for (const each of flowsFiles) await written(report, store, each, name)
  })
}

async function question(report: Report, store: Store, projection: Projection, name: string): Promise<void> {
  const asked = flowsQuery.parse({ coverage: 1 })
  let answer: Flows | undefined
  const times: { our: number; read: number; pass: number }[] = []
  for (let round = -1; round < rounds; round++) {
    const our = await seconds(async () => {
      answer = (await flows.answering(new Asking(store), asked)) as Flows
    })
    const input = { steps: {}, sales: {} }
    const read = await seconds(async () => {
      input.steps = await projection.columns(peerSteps)
      input.sales = await projection.columns(peerSales)
    })
    const within = 90 * dayMicros
    const landmark = (answer?.passing?.landmarkDays ?? 10) * dayMicros
    const pass = await seconds(async () => {
      const found = onePass(input, {
        start: answer?.conversion?.start ?? 1,
        within,
        landmark,
        asOf: Number.MAX_SAFE_INTEGER,
      })
      if (answer && (found.transitions !== answer.transitions || found.ways !== answer.ways?.different))
        throw new Error(
          `the two count differently: ${JSON.stringify(found)}, ${answer.transitions} steps, ${answer.ways?.different} ways`,
        )
    })
    if (round >= 0) times.push({ our, read, pass })
  }
  const middle = (of: 'our' | 'read' | 'pass') =>
    quantile(
      times.map((each) => each[of]),
      0.5,
    )
  report.add({
    figure: `the whole question, ${name}`,
    value: middle('our'),
    unit: 's',
    against: 'one pass over sorted arrays, reading them included',
    ratio: middle('our') / (middle('read') + middle('pass')),
  })
  report.add({ figure: `reading the sorted columns, ${name}`, value: middle('read'), unit: 's' })
  report.add({ figure: `the one pass alone, ${name}`, value: middle('pass'), unit: 's' })
  if (answer) {
    await pm4py(report, projection, answer, { name, our: middle('our') })
    await parts(report, store, name)
  }
}

async function pm4py(
  report: Report,
  projection: Projection,
  { transitions, ways }: Flows,
  { name, our }: { name: string; our: number },
): Promise<void> {
  if (!canImport('pm4py')) {
    report.say('there is no pm4py here (PYTHON and PYTHONPATH say where it is)')
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'troth-bench-pm4py-'))
  try {
    await writeColumns(folder, 'steps', projection, peerSteps)
    const program = join(import.meta.dirname, 'flows-pm4py.py')
    const { stdout, stderr, status } = spawnSync(python, [program, folder], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`pm4py failed: ${stderr}`)
    const found = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Discovered
    report.say(`pm4py: ${JSON.stringify(found)}`)
    if (found.transitions !== transitions || found.ways !== ways?.different)
      throw new Error(`pm4py counts differently: we have ${transitions} steps, ${ways?.different} ways`)
    const took = found.follows + found.waits + found.variants
    report.add({
      figure: `pm4py’s discovery, ${name}`,
      value: took,
      unit: 's',
      against: 'the whole question',
      ratio: took / our,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As the Python program prints it; times in seconds. */
interface Discovered {
  transitions: number
  ways: number
  follows: number
  waits: number
  variants: number
}

/** Which statement of the question takes how long. */
async function parts(report: Report, store: Store, name: string): Promise<void> {
  const times = new Map<string, number>()
  const asking = new Asking(store)
  const counted = asking.rows.bind(asking)
  asking.rows = async (about, asked) => {
    const began = performance.now()
    const found = await counted<never>(about, asked)
    times.set(about, (times.get(about) ?? 0) + performance.now() - began)
    return found
  }
  await flows.answering(asking, flowsQuery.parse({ coverage: 1 }))
  for (const [about, took] of times) report.say(`${name}: ${about}: ${Math.round(took)} ms`)
}

async function written(
  report: Report,
  store: Store,
  { title, write }: (typeof flowsFiles)[number],
  name: string,
): Promise<void> {
  const before = process.memoryUsage().rss
  let [bytes, most] = [0, before]
  const took = await seconds(async () => {
    for await (const text of write(store, { case: 'customer' } as never)) {
      bytes += text.length
      most = Math.max(most, process.memoryUsage.rss())
    }
  })
  report.add({ figure: `${title}, ${name}`, value: bytes / 1e6 / took, unit: 'MB/s' })
  report.say(`${Math.round(bytes / 1e6)} MB in ${took.toFixed(1)} s`)
  report.add({ figure: `… how much the process grew meanwhile`, value: (most - before) / 1e6, unit: 'MB' })
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

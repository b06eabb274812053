// How fast events come in over HTTP while the heaviest questions are asked over and over, against how fast without,
// in turns in the same run; and how long a question takes in that flood. The company has 100,000 customers and a
// million interactions; the questions are asked for another time each, so that none is answered from memory.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { withDatabase } from '../src/store/database.ts'
import { startPostgres } from '../src/store/postgres.ts'
import { temporaryFolder } from '../src/store/testing.ts'
import { generate, sendBatches } from './ingest-events.ts'
import { benchCompany } from './journey-company.ts'
import type { BenchOptions } from './main.ts'
import { quantile, type Report } from './report.ts'
import { type BenchSystem, startSystem } from './system.ts'

const leastShare = 0.8
const turns = 3
const questions = ['flows', 'touchpoints']

export async function run(report: Report, { size }: BenchOptions): Promise<void> {
  // a copy, for what comes in must not stay in the company of other benches
  const folder = temporaryFolder('bench')
  const made = await benchCompany(report, 0.1 * size, 'buyers')
  spawnSync('cp', ['-a', `${made}/.`, folder])
  const system = await startSystem({ dataFolder: folder, keep: true })
  try {
    await numberOn(system)
    await ask(system, 'flows', 0)
    const events = Math.round(20_000 * size)
    await sendBatches(system, generate(events, 1), 8)
    let day = 0
    let seed = 10
    for (const question of questions) {
      const quiet: number[] = []
      for (let round = 0; round < 3; round++) quiet.push(await ask(system, question, ++day))
      const without: number[] = []
      const during: number[] = []
      const took: number[] = []
      for (let turn = 0; turn < turns; turn++) {
        without.push((await sendBatches(system, generate(events, ++seed), 8)).rate)
        const flood = { over: false }
        const asking = (async () => {
          while (!flood.over) {
            const seconds = await ask(system, question, ++day)
            if (!flood.over || took.length === 0) took.push(seconds)
          }
        })()
        await sleep(200)
        during.push((await sendBatches(system, generate(events * 2, ++seed), 8)).rate)
        flood.over = true
        await asking
      }
      const share = quantile(during, 0.5) / quantile(without, 0.5)
      report.add({ figure: 'events while nothing is asked', value: quantile(without, 0.5), unit: 'events/s' })
      report.add({
        figure: `events while ${question} is asked over and over`,
        value: quantile(during, 0.5),
        unit: 'events/s',
        against: 'without',
        ratio: share,
        bar: `ratio ≥ ${leastShare}`,
        met: share >= leastShare,
      })
      report.add({ figure: `${question} while nothing comes in`, value: quantile(quiet, 0.5), unit: 's' })
      report.add({
        figure: `${question} in the flood`,
        value: quantile(took, 0.5),
        unit: 's',
        against: 'without',
        ratio: quantile(took, 0.5) / quantile(quiet, 0.5),
      })
    }
  } finally {
    await system.stop()
    rmSync(join(folder), { recursive: true, force: true })
  }
}

/** Customers of the company were numbered by hand; new ones go on from there. */
async function numberOn(system: BenchSystem): Promise<void> {
  const { url } = await startPostgres(system.dataFolder)
  const client = new pg.Client({ connectionString: withDatabase(url, 'troth') })
  await client.connect()
  for (const table of ['customers', 'interactions', 'stages', 'touchpoints', 'segments', 'purchases'])
    await client.query(
      `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
    )
  await client.end()
}

/** Seconds until the answer. */
async function ask(system: BenchSystem, question: string, day: number): Promise<number> {
  const from = new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10)
  const began = performance.now()
  for (;;) {
    const answer = await fetch(`${system.url}/api/insights/${question}?from=${from}`, {
      headers: { authorization: `Bearer ${system.token}` },
    })
    const text = await answer.text()
    if (answer.ok) return (performance.now() - began) / 1000
    // still counting what happened so far
    if (answer.status !== 503) throw new Error(`${question}: ${answer.status} ${text.slice(0, 300)}`)
    await sleep(500)
  }
}

// One customer's timeline at full size: the query by itself, and by HTTP from a running Troth.
import { readConfig } from '../src/config.ts'
import { readTimeline } from '../src/interactions/queries.ts'
import { openStore } from '../src/system.ts'
import { benchCompany } from './journey-company.ts'
import { quantile, type Report, seeded } from './report.ts'
import { startSystem, untilReady } from './system.ts'

const asked = 2_000

export async function run(report: Report, { size }: { size: number }): Promise<void> {
  const dataFolder = await benchCompany(report, size)
  const random = seeded(5)
  const customers = Array.from({ length: asked }, () => 1 + Math.floor(random() * 1_000_000 * size))

  const database = await openStore(readConfig({ data: dataFolder }), { migrate: true })
  try {
    const reader = { id: 'bench', role: 'owner' } as const
    const read = (customer: number) => readTimeline(database.db, customer, reader, {}, undefined, 'older', 51)
    const times = await timed(customers, read)
    add(report, 'the query', times, 10)
  } finally {
    await database.close()
  }

  const system = await startSystem({ dataFolder, keep: true })
  try {
    await untilReady(system)
    const headers = { authorization: `Bearer ${system.token}` }
    const times = await timed(customers, async (customer) => {
      const response = await fetch(`${system.url}/api/customers/${customer}/timeline`, { headers })
      if (!response.ok) throw new Error(`the timeline of ${customer} was answered with ${response.status}`)
      await response.json()
    })
    add(report, 'by HTTP', times, 25)
  } finally {
    await system.stop()
  }
}

async function timed(customers: number[], read: (customer: number) => Promise<unknown>): Promise<number[]> {
  for (const customer of customers.slice(0, 200)) await read(customer)
  const times: number[] = []
  for (const customer of customers.slice(200)) {
    const began = performance.now()
    await read(customer)
    times.push(performance.now() - began)
  }
  return times
}

function add(report: Report, figure: string, times: number[], bar: number): void {
  const p99 = quantile(times, 0.99)
  report.add({ figure: `${figure}, p50`, value: quantile(times, 0.5), unit: 'ms' })
  report.add({ figure: `${figure}, p99`, value: p99, unit: 'ms', bar: `≤ ${bar} ms`, met: p99 <= bar })
}

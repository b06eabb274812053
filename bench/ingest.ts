// Events acknowledged after commit through HTTP, against raw multi-row inserts of the same rows into the same table
// through one `pg` connection (and, for information, four). Client and server share the machine, and the running
// system follows raw rows as it follows events; each begins when what came before has been followed.
import pg from 'pg'
import { withDatabase } from '../src/store/database.ts'
import { startPostgres } from '../src/store/postgres.ts'
import { applyDefaultMap, type Event, generate, sendBatches, sendSingles } from './ingest-events.ts'
import { quantile, type Report } from './report.ts'
import { type BenchSystem, startSystem, untilFollowed } from './system.ts'

const rowsPerStatement = 100

export async function run(report: Report, { size }: { size: number }): Promise<void> {
  const system = await startSystem()
  try {
    await applyDefaultMap(system)
    const total = Math.round(180_000 * size)
    const events = generate(total * 2, 7)
    // Customers exist and caches are warm in the life of a real system.
    await sendBatches(system, generate(Math.round(20_000 * size), 3), 8)

    const { raw1, batched } = await inTurns(system, events.slice(0, total))
    report.add({ figure: 'raw inserts, 100 rows a statement, 1 connection', value: raw1, unit: 'rows/s' })
    report.add({
      figure: 'batches of 100 over HTTP, 8 connections',
      value: batched.rate,
      unit: 'events/s',
      against: 'raw, 1 connection',
      ratio: batched.rate / raw1,
      bar: 'ratio ≥ 0.5',
      met: batched.rate / raw1 >= 0.5,
    })
    report.add({ figure: 'batches of 100: p99', value: quantile(batched.latencies, 0.99), unit: 'ms' })
    await untilFollowed(system)
    const raw4 = await rawInserts(system, events.slice(0, total), 4)
    report.add({ figure: 'raw inserts, 100 rows a statement, 4 connections', value: raw4, unit: 'rows/s' })

    await untilFollowed(system)
    const singles = await sendSingles(system, events.slice(total, total + Math.round(30_000 * size)), 64)
    report.add({
      figure: 'single events over HTTP, 64 connections',
      value: singles.rate,
      unit: 'events/s',
      against: 'raw, 1 connection',
      ratio: singles.rate / raw1,
    })
    report.add({ figure: 'single events: p99', value: quantile(singles.latencies, 0.99), unit: 'ms' })
  } finally {
    await system.stop()
  }
}

/** So many pieces are written raw and sent in turns: the machine's moods, and files that grow, meet both. */
const pieces = 3

async function inTurns(system: BenchSystem, events: Event[]) {
  const size = Math.ceil(events.length / pieces)
  const seconds = { raw: 0, sent: 0 }
  const latencies: number[] = []
  for (let start = 0; start < events.length; start += size) {
    const piece = events.slice(start, start + size)
    await untilFollowed(system)
    seconds.raw += piece.length / (await rawInserts(system, piece, 1))
    await untilFollowed(system)
    const sent = await sendBatches(system, piece, 8)
    seconds.sent += piece.length / sent.rate
    latencies.push(...sent.latencies)
  }
  return { raw1: events.length / seconds.raw, batched: { rate: events.length / seconds.sent, latencies } }
}

async function rawInserts(system: BenchSystem, events: Event[], connections: number): Promise<number> {
  // The server is running: this only finds its address.
  const { url } = await startPostgres(system.dataFolder)
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: withDatabase(url, 'troth') })
      await client.connect()
      return client
    }),
  )
  const statement = `
    insert into interactions (customer_id, at, received_at, name, channel, touchpoint_id, experience, evidence,
      words, properties, source)
    select *, 'bench' from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[],
      $6::integer[], $7::smallint[], $8::smallint[], $9::text[], $10::jsonb[])`
  let next = 0
  const began = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      while (next < events.length) {
        const rows = events.slice(next, next + rowsPerStatement)
        next += rowsPerStatement
        const now = new Date()
        const rated = (event: Event) => event.event === 'Product Reviewed'
        await client.query(statement, [
          rows.map((event) => Number(event.userId.slice(9)) + 1_000_000),
          rows.map((event) => event.timestamp),
          rows.map(() => now),
          rows.map((event) => event.event),
          rows.map(() => 'web'),
          rows.map(() => 3),
          rows.map((event) => (rated(event) ? 50 : null)),
          rows.map((event) => (rated(event) ? 1 : null)),
          rows.map((event) => (rated(event) ? event.properties['review'] : null)),
          rows.map((event) => JSON.stringify(event.properties)),
        ])
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  // The rows stay: into the room that deleted ones leave, the next go half as fast again.
  await Promise.all(clients.map((client) => client.end()))
  return events.length / seconds
}

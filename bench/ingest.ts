// Events acknowledged after commit through HTTP, against raw multi-row inserts of the same rows into the
// same table through one `pg` connection (and, for information, four). Client and server share the machine.
import { Agent, request } from 'node:http'
import pg from 'pg'
import { withDatabase } from '../src/store/database.ts'
import { startPostgres } from '../src/store/postgres.ts'
import { quantile, type Report, seeded } from './report.ts'
import { type BenchSystem, startSystem } from './system.ts'

const rowsPerStatement = 100

interface Event {
  type: 'track'
  messageId: string
  userId: string
  event: string
  timestamp: string
  properties: Record<string, unknown>
}

export async function run(report: Report, { size }: { size: number }): Promise<void> {
  const system = await startSystem()
  try {
    await applyDefaultMap(system)
    const total = Math.round(120_000 * size)
    const events = generate(total * 2, 7)
    // Customers exist and caches are warm in the life of a real system.
    await sendBatches(system, generate(Math.round(20_000 * size), 3), 8)

    const raw1 = await rawInserts(system, events.slice(0, total), 1)
    report.add({ figure: 'raw inserts, 100 rows a statement, 1 connection', value: raw1, unit: 'rows/s' })
    const raw4 = await rawInserts(system, events.slice(0, total), 4)
    report.add({ figure: 'raw inserts, 100 rows a statement, 4 connections', value: raw4, unit: 'rows/s' })

    const singles = await sendSingles(system, events.slice(total, total + Math.round(30_000 * size)), 64)
    report.add({
      figure: 'single events over HTTP, 64 connections',
      value: singles.rate,
      unit: 'events/s',
      against: 'raw, 1 connection',
      ratio: singles.rate / raw1,
    })
    report.add({ figure: 'single events: p99', value: quantile(singles.latencies, 0.99), unit: 'ms' })

    const batched = await sendBatches(system, events.slice(0, total), 8)
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
  } finally {
    await system.stop()
  }
}

function generate(count: number, seed: number): Event[] {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const names = [
    'Product Viewed',
    'Product Added',
    'Order Completed',
    'Order Shipped',
    'Order Delivered',
    'Product Reviewed',
    'Newsletter Sent',
    'Support Contacted',
    'Invoice Sent',
    'Care Call Made',
  ] as const
  const start = Date.UTC(2026, 0, 1)
  return Array.from({ length: count }, (_, i) => {
    const event = pick(names)
    const order = event.startsWith('Order')
      ? { order_id: `o${Math.floor(random() * 1e9)}`, total: 49.9, currency: 'EUR' }
      : {}
    return {
      type: 'track',
      messageId: `bench-${seed}-${i}`,
      userId: `customer-${Math.floor(random() * 20_000)}`,
      event,
      timestamp: new Date(start + Math.floor(random() * 2.5e10)).toISOString(),
      properties: {
        ...order,
        ...(event === 'Product Reviewed'
          ? { rating: 1 + Math.floor(random() * 5), review: 'Came on the day, thank you.' }
          : {}),
        sku: `sku-${Math.floor(random() * 5_000)}`,
        category: pick(['tables', 'chairs', 'shelves']),
        source: pick(['search', 'mail', 'direct', 'partner']),
      },
    }
  })
}

async function applyDefaultMap(system: BenchSystem): Promise<void> {
  const answer = await fetch(`${system.url}/api/journey/templates/commerce/applying`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.token}` },
  })
  if (!answer.ok) throw new Error(`the default map could not be applied: ${await answer.text()}`)
}

interface Sent {
  rate: number
  latencies: number[]
}

function sendBatches(system: BenchSystem, events: Event[], connections: number): Promise<Sent> {
  const bodies: string[] = []
  for (let i = 0; i < events.length; i += 100)
    bodies.push(JSON.stringify({ batch: events.slice(i, i + 100) }))
  return post(system, '/v1/batch', bodies, connections, events.length)
}

function sendSingles(system: BenchSystem, events: Event[], connections: number): Promise<Sent> {
  const bodies = events.map((event) => JSON.stringify(event))
  return post(system, '/v1/track', bodies, connections, events.length)
}

async function post(
  system: BenchSystem,
  path: string,
  bodies: string[],
  connections: number,
  events: number,
): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(system.url)
  const latencies: number[] = []
  let next = 0
  const one = (body: string) =>
    new Promise<void>((resolve, reject) => {
      const began = performance.now()
      const headers = {
        authorization: `Bearer ${system.token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }
      const sent = request({ agent, hostname, port, path, method: 'POST', headers }, (answer) => {
        answer.resume()
        answer.on('end', () => {
          latencies.push(performance.now() - began)
          if (answer.statusCode === 200) resolve()
          else reject(new Error(`the server answered ${answer.statusCode}`))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  const began = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < bodies.length) await one(bodies[next++] ?? '')
    }),
  )
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  return { rate: events / seconds, latencies }
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
  await clients[0]?.query(`delete from interactions where source = 'bench'`)
  await clients[0]?.query('vacuum interactions')
  await Promise.all(clients.map((client) => client.end()))
  return events.length / seconds
}

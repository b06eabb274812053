// Events as they come in, made with a seed, and their sending over HTTP.
import { Agent, request } from 'node:http'
import { seeded } from './report.ts'
import type { BenchSystem } from './system.ts'

export interface Event {
  type: 'track'
  messageId: string
  userId: string
  event: string
  timestamp: string
  properties: Record<string, unknown>
}

/** Events of twenty thousand customers, the same for the same seed. */
export function generate(count: number, seed: number): Event[] {
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

export async function applyDefaultMap(system: BenchSystem): Promise<void> {
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

export function sendBatches(system: BenchSystem, events: Event[], connections: number): Promise<Sent> {
  const bodies: string[] = []
  for (let i = 0; i < events.length; i += 100)
    bodies.push(JSON.stringify({ batch: events.slice(i, i + 100) }))
  return post(system, '/v1/batch', bodies, connections, events.length)
}

export function sendSingles(system: BenchSystem, events: Event[], connections: number): Promise<Sent> {
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

// Rows a second of an import shaped like Olist's (orders with customers, items, payments and reviews in five
// files, by the recipe that is shipped), from the upload to the last row recorded; at two sizes, to show that
// memory does not grow with the rows. What grows a little and then stands still: the database's buffers (to 128 MB),
// and what the counting engine keeps of its file.
import { setTimeout as sleep } from 'node:timers/promises'
import { shippedRecipes } from '../src/imports/imports.ts'
import type { BenchOptions } from './main.ts'
import type { Report } from './report.ts'
import { type BenchSystem, memoryOf, memoryOfTree, startSystem } from './system.ts'

/** A quarter of it already fills what is filled once: the database's buffers, the heap that is never given back. */
const fullOrders = 80_000

export async function run(report: Report, { size }: BenchOptions): Promise<void> {
  const large = Math.max(1_000, Math.round(fullOrders * size))
  const small = Math.round(large / 4)
  const first = await measure(report, small)
  const second = await measure(report, large)
  report.add({ figure: `rows a second, ${small} orders`, value: first.rate, unit: 'rows/s' })
  report.add({ figure: `rows a second, ${large} orders`, value: second.rate, unit: 'rows/s' })
  report.add({ figure: `peak memory, ${small} orders`, value: first.peak, unit: 'MB' })
  report.add({ figure: `of it the process, ${small} orders`, value: first.ownPeak, unit: 'MB' })
  report.add({ figure: `of it the process, ${large} orders`, value: second.ownPeak, unit: 'MB' })
  report.add({
    figure: `peak memory, ${large} orders`,
    value: second.peak,
    unit: 'MB',
    against: 'peak with a quarter of the rows',
    ratio: second.peak / first.peak,
    bar: 'ratio ≤ 1.5',
    met: second.peak / first.peak <= 1.5,
  })
}

async function measure(
  report: Report,
  orders: number,
): Promise<{ rate: number; peak: number; ownPeak: number }> {
  const system = await startSystem()
  try {
    const { id } = await call<{ id: string }>(system, 'POST', '/api/imports/uploads')
    report.say(`sending ${orders.toLocaleString('en')} orders`)
    for (const [name, lines] of Object.entries(files(orders)))
      await call(system, 'PUT', `/api/imports/uploads/${id}/files/${name}`, lines())
    const recipe = shippedRecipes().find(({ name }) => name === 'olist')?.text
    const began = performance.now()
    const started = await call<{ id: number }>(
      system,
      'POST',
      '/api/imports',
      JSON.stringify({ upload: id, recipe }),
    )
    let peak = 0
    let ownPeak = 0
    for (;;) {
      peak = Math.max(peak, memoryOfTree(system.pid, system.dataFolder))
      ownPeak = Math.max(ownPeak, memoryOf(system.pid))
      const line = await call<{
        state: string
        error: string | null
        counts: { read: number; rejected: number }
      }>(system, 'GET', `/api/imports/${started.id}`)
      if (line.state === 'done') {
        const seconds = (performance.now() - began) / 1_000
        if (line.counts.rejected > 0) throw new Error(`${line.counts.rejected} rows were rejected`)
        return { rate: line.counts.read / seconds, peak, ownPeak }
      }
      if (line.state === 'failed') throw new Error(line.error ?? 'the import failed')
      await sleep(150)
    }
  } finally {
    await system.stop()
  }
}

async function call<Answer>(
  system: BenchSystem,
  method: string,
  path: string,
  body?: string,
): Promise<Answer> {
  const response = await fetch(system.url + path, {
    method,
    headers: {
      authorization: `Bearer ${system.token}`,
      'content-type': method === 'PUT' ? 'application/octet-stream' : 'application/json',
    },
    ...(body === undefined ? {} : { body }),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Answer
}

/** Numbers that look random and are the same every time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The files by their names, each made when it is sent. */
function files(orders: number): Record<string, () => string> {
  const text =
    (header: string, line: (index: number, random: () => number) => string | undefined, seed: number) =>
    () => {
      const random = seeded(seed)
      const lines = [header]
      for (let index = 0; index < orders; index++) {
        const made = line(index, random)
        if (made !== undefined) lines.push(made)
      }
      return `${lines.join('\n')}\n`
    }
  const day = (index: number, after: number) =>
    new Date(Date.UTC(2017, 0, 1) + (index % 600) * 86_400_000 + after * 3_600_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ')
  const late = (index: number) => index % 14 === 0
  return {
    'olist_customers_dataset.csv': text(
      'customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state',
      (index) => `c${index},u${Math.floor(index * 0.97)},0${1000 + (index % 9000)},sao paulo,SP`,
      1,
    ),
    'olist_orders_dataset.csv': text(
      'order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date',
      (index) =>
        `o${index},c${index},delivered,${day(index, 10)},${day(index, 11)},${day(index, 48)},${day(index, late(index) ? 600 : 240)},${day(index, 480).slice(0, 10)} 00:00:00`,
      2,
    ),
    'olist_order_items_dataset.csv': text(
      'order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value',
      (index, random) =>
        `o${index},1,p${index % 3_000},s${index % 900},${day(index, 40)},${(10 + random() * 300).toFixed(2)},${(5 + random() * 30).toFixed(2)}`,
      3,
    ),
    'olist_order_payments_dataset.csv': text(
      'order_id,payment_sequential,payment_type,payment_installments,payment_value',
      (index, random) => `o${index},1,credit_card,${1 + (index % 10)},${(15 + random() * 330).toFixed(2)}`,
      4,
    ),
    'olist_order_reviews_dataset.csv': text(
      'review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp',
      (index, random) =>
        `r${index},o${index},${late(index) ? 1 + Math.floor(random() * 3) : 3 + Math.floor(random() * 3)},,${random() < 0.4 ? '"Chegou antes do prazo,\nmuito bom"' : ''},${day(index, 250).slice(0, 10)} 00:00:00,${day(index, 270)}`,
      5,
    ),
  }
}

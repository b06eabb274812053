import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { sql } from 'kysely'
import { row, rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { receiveFile, startImport, startUpload } from './imports.ts'
import type { Counts, Progress } from './progress.ts'

export interface Seen {
  id: number
  state: string
  error: string | null
  counts: Counts
  progress: Progress
  rejects: { file: string; line: number; reason: string; row: unknown }[]
}

/** Brings in files under the names given, with a recipe, and starts the import. */
export async function bringIn(
  store: Store,
  recipe: string,
  files: Record<string, string | Buffer> | string[],
): Promise<number> {
  const upload = await startUpload(store)
  const all = Array.isArray(files)
    ? files.map((path) => [basename(path), readFileSync(path)] as const)
    : Object.entries(files)
  for (const [name, content] of all)
    await receiveFile(
      store,
      upload,
      name,
      (async function* () {
        yield Buffer.from(content)
      })(),
    )
  return startImport(store, { recipe, upload, actor: 'test' })
}

export async function see(store: Store, id: number): Promise<Seen> {
  const found = await row(
    store.db,
    sql<Omit<Seen, 'rejects'>>`
      select id, state, error, counts, progress
      from imports
      where id = ${id}`,
  )
  if (!found) throw new Error(`no import ${id}`)
  const rejects = await rows(
    store.db,
    sql<Seen['rejects'][number]>`
      select file, line, reason, row
      from import_rejects
      where import_id = ${id}
      order by file, line, id`,
  )
  return { ...found, rejects }
}

/** Everything that imports write, without the numbers that differ from run to run: for comparing two states. */
export async function everything(store: Store): Promise<Record<string, unknown[]>> {
  const read = async (query: ReturnType<typeof sql>) => rows(store.db, query)
  return {
    interactions: await read(sql`
      select i.name, i.at::text, i.channel, i.words, i.experience, i.evidence, i.properties, i.source, p.key as purchase,
        (select string_agg(n.kind || ':' || n.value, ',' order by n.kind, n.value)
         from identities n join customers m on m.id = n.customer_id
         where m.canonical_id = c.canonical_id) as who
      from interactions i
      join customers c on c.id = i.customer_id
      left join purchases p on p.id = i.purchase_id
      order by 1, 2, 4, 7, 9, 10`),
    customers: await read(sql`
      select c.kind, c.name, c.traits, c.canonical_id = c.id as canonical,
        (select string_agg(n.kind || ':' || n.value, ',' order by n.kind, n.value)
         from identities n where n.customer_id = c.id) as who
      from customers c
      order by 5, 2`),
    purchases: await read(sql`
      select kind, key, name, state, value_minor, currency, sold_at::text, delivered_at::text, renews_at::text, renewals
      from purchases
      order by kind, key`),
    voices: await read(
      sql`select at::text, author, source, words, experience, properties from voices order by words`,
    ),
    receipts: await read(sql`select key, content::text from receipts order by key`),
  }
}

/** A shop's orders, and the recipe that reads them: two rows come in, two are refused. */
export const recipe = `
name: shop
time_zone: Europe/Berlin
currency: EUR
sources:
  orders: orders.csv
customers: select distinct Email as email, Name as name, _file, _line from orders
interactions:
  - >
    select Ordered as at, 'Order Completed' as event, "Order" as key, "Order" as order_id, Email as email,
      Total as value, Promised as promised_delivery_date, _file, _line from orders
  - >
    select Delivered as at, 'Order Delivered' as event, "Order" as key, "Order" as order_id, Email as email,
      _file, _line from orders where Delivered <> ''
`
export const orders = `Order,Email,Name,Ordered,Promised,Delivered,Total
A1,ann@x.org,Ann,03.05.2024 10:15,24.05.2024,20.05.2024,"1.299,50"
A2,bo@x.org,Bo,04.05.2024,,,80
A3,not an address,Cy,05.05.2024,,,90
A4,di@x.org,Di,yesterday,,,70
`

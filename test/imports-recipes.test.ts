// What recipes turn files into: Parquet with its types, an export in Segment's names, promises row by row.
import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { sql } from 'kysely'
import { registerExpectations } from '#src/expectations/expectations.ts'
import { bringIn, everything, see } from '#src/imports/imports.testing.ts'
import { registerImports, shippedRecipes } from '#src/imports/imports.ts'
import { row, rows } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { temporaryFolder, testStore } from '#src/store/testing.ts'

const register = (store: Store) => {
  registerImports(store)
  registerExpectations(store)
}

test('Parquet comes in with its types: times, money, lists, and files that lack a column', async (t) => {
  await using store = await testStore(register)
  const first = await parquet(
    t,
    `select 'A-1' as "no", 'ann@example.org' as mail, timestamp '2024-03-01 09:30:00' as ordered,
      date '2024-04-12' as promised, 1299.50::decimal(10, 2) as total, [{'name': 'Table', 'quantity': 1}, {'name': 'Chair', 'quantity': 4}] as products,
      true as gift, 9007199254740993::bigint as counter
    union all
    select 'A-2', 'bo@example.org', timestamp '2024-03-02 10:00:00', null, 80, [], false, 7`,
  )
  const later = await parquet(
    t,
    `select 'cy@example.org' as mail, 'A-3' as "no", timestamptz '2024-03-03 10:00:00+05' as ordered, 12.25::double as total, 'paid in cash' as note`,
  )
  const id = await bringIn(
    store,
    `
name: warehouse
time_zone: Europe/Berlin
currency: EUR
sources:
  orders:
    file: orders-*.parquet
    columns: { "promised?": [promised], "products?": [products], "gift?": [gift], "counter?": [counter] }
interactions: >
  select ordered as at, 'Order Completed' as event, no as key, no as order_id, mail as email, total as value,
    promised as promised_delivery_date, products, gift, counter::varchar as counter, note, _file, _line from orders
`,
    { 'orders-1.parquet': first, 'orders-2.parquet': later },
  )
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.equal(seen.error, null)
  assert.deepEqual([seen.counts.created, seen.counts.rejected], [3, 0])
  assert.deepEqual(
    seen.progress.files.map(({ file, format, rows: read }) => [file, format, read]),
    [
      ['orders-1.parquet', 'parquet', 2],
      ['orders-2.parquet', 'parquet', 1],
    ],
  )
  const found = await rows(
    store.db,
    sql<{ key: string; at: string; value: number; properties: Record<string, unknown> }>`
      select p.key, i.at::text, p.value_minor as value, i.properties
      from interactions i
      join purchases p on p.id = i.purchase_id
      where not i.judgement
      order by p.key`,
  )
  assert.deepEqual(
    found.map(({ key, at, value }) => [key, at, value]),
    [
      // A time without a zone is the company's; one with a zone is what it is.
      ['A-1', '2024-03-01 08:30:00+00', 129_950],
      ['A-2', '2024-03-02 09:00:00+00', 8_000],
      ['A-3', '2024-03-03 05:00:00+00', 1_225],
    ],
  )
  assert.deepEqual(found[0]?.properties['products'], [
    { name: 'Table', quantity: 1 },
    { name: 'Chair', quantity: 4 },
  ])
  assert.equal(found[0]?.properties['promised_delivery_date'], '2024-04-12')
  assert.equal(found[0]?.properties['gift'], true)
  assert.equal(found[0]?.properties['counter'], '9007199254740993')
  assert.equal(found[2]?.properties['note'], 'paid in cash')
})

test('a Parquet file that is cut off is refused with its name, and nothing is recorded', async (t) => {
  await using store = await testStore(register)
  const whole = await parquet(t, `select range as n, 'a@example.org' as mail from range(5000)`)
  const id = await bringIn(
    store,
    `name: cut\nsources: { t: t.parquet }\ncustomers: select mail as email from t`,
    { 't.parquet': Buffer.concat([whole.subarray(0, 200), Buffer.from('PAR1')]) },
  )
  await store.jobs.drain()
  assert.match((await see(store, id)).error ?? '', /t\.parquet is not readable as Parquet/)
})

const calls = [
  {
    type: 'identify',
    messageId: 'i1',
    userId: 'u1',
    anonymousId: 'b1',
    traits: { email: 'ann@example.org', name: 'Ann Arbor', plan: 'home' },
    originalTimestamp: '2024-05-01T09:00:00.000Z',
  },
  {
    type: 'page',
    messageId: 'p1',
    anonymousId: 'b1',
    name: 'Tables',
    properties: { path: '/tables', url: 'https://shop.example/tables' },
    originalTimestamp: '2024-05-01T08:55:00.000Z',
  },
  {
    type: 'track',
    event: 'Order Completed',
    messageId: 't1',
    userId: 'u1',
    properties: {
      order_id: '50314b8e',
      total: 27.5,
      currency: 'USD',
      products: [{ product_id: 'p-1', name: 'Monopoly', price: 19, quantity: 1 }],
    },
    context: { ip: '8.8.8.8', library: { name: 'analytics.js', version: '2.11.1' } },
    originalTimestamp: '2024-05-01T09:10:00.000Z',
  },
  {
    type: 'track',
    event: 'Order Refunded',
    messageId: 't2',
    userId: 'u1',
    properties: { order_id: '50314b8e', total: 27.5, currency: 'USD' },
    originalTimestamp: '2024-05-09T09:10:00.000Z',
  },
  {
    type: 'track',
    event: 'Product Reviewed',
    messageId: 't3',
    userId: 'u1',
    properties: { product_id: 'p-1', review_id: 'r1', review_body: 'Tipped over', rating: 2 },
    originalTimestamp: '2024-05-10T09:10:00.000Z',
  },
  { type: 'track', event: 'Nobody Did It', messageId: 't4', originalTimestamp: '2024-05-10T09:10:00.000Z' },
]

test("calls under Segment's names come in by the shipped recipe: who they are, what they bought, what they said", async () => {
  await using store = await testStore(register)
  const id = await bringIn(store, shipped('segment-orders'), {
    'calls.jsonl': calls.map((call) => JSON.stringify(call)).join('\n'),
  })
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.equal(seen.error, null)
  assert.deepEqual([seen.counts.kinds.customers?.created, seen.counts.kinds.interactions?.created], [1, 4])
  assert.match(seen.rejects.map(({ reason }) => reason).join(), /nobody is named/)
  const people = await rows(
    store.db,
    sql<{ name: string; traits: Record<string, unknown>; known: string }>`
      select c.name, c.traits,
        (select string_agg(i.kind, ',' order by i.kind) from identities i where i.customer_id = c.id) as known
      from customers c`,
  )
  assert.equal(people.length, 1)
  assert.equal(people[0]?.name, 'Ann Arbor')
  assert.equal(people[0]?.traits['plan'], 'home')
  // The page seen before Ann was known is hers.
  assert.equal(people[0]?.known, 'anonymous_id,email,user_id')
  const happened = await rows(
    store.db,
    sql<{ name: string; placed: boolean; experience: number | null; words: string | null; total: string }>`
      select i.name, i.touchpoint_id is not null as placed, i.experience, i.words, i.properties ->> 'total' as total
      from interactions i
      order by i.at`,
  )
  assert.deepEqual(happened, [
    { name: 'Viewed Tables', placed: true, experience: null, words: null, total: null },
    { name: 'Order Completed', placed: true, experience: null, words: null, total: '27.5' },
    { name: 'Order Refunded', placed: true, experience: happened[2]?.experience, words: null, total: '27.5' },
    { name: 'Product Reviewed', placed: true, experience: -50, words: 'Tipped over', total: null },
  ])
  const bought = await row(store.db, sql`select key, value_minor as value, currency, name from purchases`)
  assert.deepEqual(bought, { key: '50314b8e', value: 2_750, currency: 'USD', name: 'Monopoly' })
})

test("a warehouse's table of the same events, one column per property, as CSV and as Parquet, says the same", async (t) => {
  const table = (named: string) => `
    select * exclude (event, event_text), ${named}
    from (
      select 't1' as id, 'u1' as user_id, 'order_completed' as event, 'Order Completed' as event_text,
        timestamp '2024-05-01 09:10:00' as original_timestamp, timestamp '2024-05-01 09:10:02' as received_at,
        '50314b8e' as order_id, 27.5 as total, 'USD' as currency, '8.8.8.8' as context_ip
      union all
      select 't2', 'u1', 'order_refunded', 'Order Refunded', timestamp '2024-05-09 09:10:00',
        timestamp '2024-05-09 09:10:01', '50314b8e', 27.5, 'USD', '8.8.8.8'
    )`
  const said: unknown[] = []
  for (const [named, format] of [
    ['event, event_text', 'parquet'],
    ['event, event_text', 'csv'],
    ['event', 'csv'],
  ] as const) {
    await using store = await testStore(register)
    const id = await bringIn(store, `${shipped('segment-orders')}\ntime_zone: UTC\n`, {
      [`events.${format}`]: await written(t, table(named), format),
    })
    await store.jobs.drain()
    const seen = await see(store, id)
    assert.equal(seen.error, null)
    assert.deepEqual([seen.counts.created, seen.counts.rejected], [2, 0])
    const { interactions, purchases } = await everything(store)
    said.push({ interactions, purchases })
    const [first, second] = interactions as { name: string; properties: object; at: string }[]
    assert.deepEqual([first?.name, second?.name], ['Order Completed', 'Order Refunded'])
    assert.equal(first?.at, '2024-05-01 09:10:00+00')
    assert.deepEqual(first?.properties, { order_id: '50314b8e', total: 27.5, currency: 'USD' })
  }
  assert.deepEqual(said[0], said[1])
  assert.deepEqual(said[1], said[2])
})

test('the recipe that the documentation shows for an order over several rows makes one purchase of it', async () => {
  await using store = await testStore(register)
  const page = readFileSync(join(import.meta.dirname, '../docs/recipes.md'), 'utf8')
  const shown = /## An order over several rows.*?```yaml\n(.*?)```/s.exec(page)?.[1] ?? ''
  const id = await bringIn(store, `name: shown\ncurrency: EUR\n${shown}`, {
    'orders.csv': `no;mail;ordered;item;quantity;price
1001;ann@example.org;2024-05-02;Chair;4;100.50
;;;Table;1;900
1002;bo@example.org;2024-05-03;Lamp;2;40
`,
  })
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.deepEqual([seen.error, seen.counts.created, seen.counts.rejected], [null, 2, 0])
  const bought = await rows(store.db, sql`select key, value_minor as value, name from purchases order by key`)
  assert.deepEqual(bought, [
    { key: '1001', value: 130_200, name: 'Chair' },
    { key: '1002', value: 8_000, name: 'Lamp' },
  ])
})

function shipped(name: string): string {
  const found = shippedRecipes().find((recipe) => recipe.name === name)
  assert.ok(found, `no recipe ${name} is shipped`)
  return found.text
}

async function parquet(t: { after(work: () => void): void }, query: string): Promise<Buffer> {
  return written(t, query, 'parquet')
}

/** The rows of a query as a file, the way other tools write it. */
async function written(
  t: { after(work: () => void): void },
  query: string,
  format: 'parquet' | 'csv',
): Promise<Buffer> {
  const folder = temporaryFolder('export')
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, `export.${format}`)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`copy (${query}) to '${path}' (format ${format})`)
  connection.closeSync()
  instance.closeSync()
  return readFileSync(path)
}

// Order exports with a row per line item: each order is one, with its items and what they cost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { rows } from '#src/store/database.ts'
import { startTroth } from './troth.ts'
import { bring, json, register, send } from './wizard.ts'

test('an order export with a row per line item becomes one order with its items', async () => {
  await using troth = await startTroth({ register })
  const { look, upload } = await bring(
    troth,
    'orders_export.csv',
    `Name,Email,Paid at,Created at,Total,Currency,Lineitem name,Lineitem quantity
#1001,ann@example.com,2024-05-02 10:00:00 +0200,2024-05-02 09:58:00 +0200,150.00,EUR,Chair,2
#1001,,,,,,Table,1
#1002,bo@example.com,2024-05-03 10:00:00 +0200,2024-05-03 09:58:00 +0200,80.00,EUR,Lamp,1
#1003,cy@example.com,2024-05-04 10:00:00 +0200,2024-05-04 09:58:00 +0200,20.00,EUR,Rug,1
#1003,,,,,,Mat,1
`,
  )
  const columns = look.guess.columns.map((column: { column: string; role: string; event?: string }) =>
    column.column === 'Name'
      ? { column: 'Name', role: 'order_id' }
      : column.column === 'Created at'
        ? { ...column, event: 'Order Completed' }
        : column,
  )
  const mapping = { title: 'Shop', file: 'orders_export.csv', spread: true, columns }
  const manager = troth.as('manager')
  const started = await json(manager('/api/imports', send({ upload, mapping })), 201)
  await troth.store.jobs.drain()
  const done = await json(manager(`/api/imports/${started.id}`))
  assert.equal(done.error, null)
  assert.equal(done.counts.rejected, 0)
  const orders = await rows(
    troth.store.db,
    sql<{ key: string; value: number; items: number }>`
      select p.key, p.value_minor as value, jsonb_array_length(i.properties -> 'products') as items
      from purchases p
      join interactions i on i.purchase_id = p.id and i.name = 'Order Completed'
      order by p.key`,
  )
  assert.deepEqual(orders, [
    { key: '#1001', value: 15_000, items: 2 },
    { key: '#1002', value: 8_000, items: 1 },
    { key: '#1003', value: 2_000, items: 2 },
  ])
})

const exports: { name: string; content: string; roles: string[]; values: number[]; items: object[] }[] = [
  {
    // As Shopify writes it: a total on the first line, the price of one item on each.
    name: 'shopify.csv',
    content: `Name,Email,Created at,Total,Currency,Lineitem quantity,Lineitem name,Lineitem price
#1001,ann@example.com,2024-05-02 09:58:00 +0200,154.90,EUR,2,Chair,50.00
#1001,,,,,1,Table,50.00
#1002,bo@example.com,2024-05-03 09:58:00 +0200,84.90,EUR,1,Lamp,80.00
`,
    roles: ['order_id', 'email', 'moment', 'amount', 'currency', 'quantity', 'item', 'unit_price'],
    values: [15_490, 8_490],
    items: [
      { name: 'Chair', quantity: 2, price: 50 },
      { name: 'Table', quantity: 1, price: 50 },
    ],
  },
  {
    // No total anywhere: what the lines cost, added up; German numbers, a blank line amount adds nothing.
    name: 'positionen.csv',
    content: `Bestellnummer;E-Mail;Bestelldatum;Artikel;Betrag
1001;ann@example.com;02.05.2024;Stuhl;1.200,50 €
;;;Tisch;99,50 €
;;;Beratung;
1002;bo@example.com;03.05.2024;Lampe;80,00 €
`,
    roles: ['order_id', 'email', 'moment', 'item', 'line_amount'],
    values: [130_000, 8_000],
    items: [
      { name: 'Stuhl', amount: 1200.5 },
      { name: 'Tisch', amount: 99.5 },
      { name: 'Beratung', amount: null },
    ],
  },
  {
    // Prices of one item and how many, and no total.
    name: 'lines.csv',
    content: `Order No,Email,Order Date,Item,Qty,Unit Price
1001,ann@example.com,2024-05-02,Chair,4,100.00
1001,ann@example.com,2024-05-02,Table,1,900.00
1002,bo@example.com,2024-05-03,Lamp,2,40.00
`,
    roles: ['order_id', 'email', 'moment', 'item', 'quantity', 'unit_price'],
    values: [130_000, 8_000],
    items: [
      { name: 'Chair', quantity: 4, price: 100 },
      { name: 'Table', quantity: 1, price: 900 },
    ],
  },
  {
    // The order's total repeated on every line is still one total.
    name: 'repeated.csv',
    content: `Order No,Email,Order Date,Item,Order Total
1001,ann@example.com,2024-05-02,Chair,1300.00
1001,ann@example.com,2024-05-02,Table,1300.00
1002,bo@example.com,2024-05-03,Lamp,80.00
`,
    roles: ['order_id', 'email', 'moment', 'item', 'amount'],
    values: [130_000, 8_000],
    items: [{ name: 'Chair' }, { name: 'Table' }],
  },
]

for (const { name, content, roles, values, items } of exports)
  test(`a row per item, ${name}: one purchase an order, worth its total or else its lines added up`, async () => {
    await using troth = await startTroth({ register })
    const { look, upload } = await bring(troth, name, content)
    assert.equal(look.guess.spread, true)
    assert.deepEqual(
      look.guess.columns.map(({ role }: { role: string }) => role),
      roles,
    )
    const { numbers, dates } = look.guess
    const mapping = {
      title: 'Shop',
      file: name,
      dates,
      ...(numbers ? { numbers } : {}),
      spread: true,
      columns: look.guess.columns,
    }
    const manager = troth.as('manager')
    const started = await json(manager('/api/imports', send({ upload, mapping })), 201)
    await troth.store.jobs.drain()
    const done = await json(manager(`/api/imports/${started.id}`))
    assert.equal(done.error, null)
    assert.equal(done.counts.rejected, 0)
    const orders = await rows(
      troth.store.db,
      sql<{ value: number; products: object[] }>`
        select p.value_minor as value, i.properties -> 'products' as products
        from purchases p
        join interactions i on i.purchase_id = p.id and i.name = 'Order Completed'
        order by p.key`,
    )
    assert.deepEqual(
      orders.map(({ value }) => value),
      values,
    )
    assert.deepEqual(orders[0]?.products, items)
  })

test('an order with a line whose amount is no number is refused with that line, never brought in too small', async () => {
  await using troth = await startTroth({ register })
  const { upload } = await bring(
    troth,
    'lines.csv',
    'no,mail,day,item,amount\n1,a@example.com,2024-05-02,Chair,10\n1,,,Table,on request\n2,b@example.com,2024-05-02,Lamp,7\n',
  )
  const mapping = {
    title: 'Lines',
    file: 'lines.csv',
    spread: true,
    columns: [
      { column: 'no', role: 'order_id' },
      { column: 'mail', role: 'email' },
      { column: 'day', role: 'moment', event: 'Order Completed' },
      { column: 'item', role: 'item' },
      { column: 'amount', role: 'line_amount' },
    ],
  }
  const manager = troth.as('manager')
  const started = await json(manager('/api/imports', send({ upload, mapping })), 201)
  await troth.store.jobs.drain()
  const { counts } = await json(manager(`/api/imports/${started.id}`))
  assert.deepEqual([counts.created, counts.rejected], [1, 1])
  const { items } = await json(manager(`/api/imports/${started.id}/rejects`))
  assert.match(items[0].reason, /value: "on request" is not a number/)
})

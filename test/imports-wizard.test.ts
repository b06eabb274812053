import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { registerExpectations } from '#src/expectations/expectations.ts'
import { registerImports } from '#src/imports/imports.ts'
import { row, rows } from '#src/store/database.ts'
import { startTroth, type TestTroth } from './troth.ts'

const register: NonNullable<Parameters<typeof startTroth>[0]>['register'] = (store) => {
  registerImports(store)
  registerExpectations(store)
}

const projects = `Projektnr;Kunde;E-Mail;Anfrage;Auftrag;Zugesagter Liefertermin;Geliefert am;Montage;Auftragswert;Bewertung;Kommentar
P-1;Jörg Maß;joerg@example.com;02.01.2024;15.01.2024;01.03.2024;05.03.2024;07.03.2024;12.500,00;2;Zu spät, aber schön
P-2;Ute Lang;ute@example.com;03.01.2024;20.01.2024;15.03.2024;14.03.2024;;8.990,50;5;
P-3;Kim Roth;kim@example.com;04.01.2024;;;;;;;
`

test('a spreadsheet of projects, one row each, becomes customers, purchases, promises and what happened', async () => {
  await using troth = await startTroth({ register })
  const { look, upload } = await bring(troth, 'Projekte.csv', Buffer.from(projects, 'latin1'))
  assert.equal(look.read.encoding, 'windows-1252')
  assert.equal(look.read.delimiter, ';')
  assert.deepEqual(
    look.guess.columns.map(({ role, event }: { role: string; event?: string }) =>
      event ? `${role}: ${event}` : role,
    ),
    [
      'project_id',
      'name',
      'email',
      'moment: Enquiry Received',
      'moment: Order Completed',
      'promised: Order Delivered',
      'moment: Order Delivered',
      'moment: Assembly Completed',
      'amount',
      'rating',
      'words',
    ],
  )
  const mapping = {
    title: 'Projekte 2024',
    file: 'Projekte.csv',
    dates: look.guess.dates,
    numbers: look.guess.numbers,
    currency: 'EUR',
    columns: look.guess.columns,
  }
  const manager = troth.as('manager')
  const preview = await json(manager('/api/imports/previews', send({ upload, mapping })))
  const [first] = preview.cards
  assert.equal(first.customer.name, 'Jörg Maß')
  assert.deepEqual(
    first.interactions.map(({ event }: { event: string }) => event),
    ['Enquiry Received', 'Order Completed', 'Order Delivered', 'Assembly Completed'],
  )
  assert.deepEqual(first.promises, [{ statement: 'Order Delivered by the promised day', due: '2024-03-01' }])
  assert.deepEqual(
    first.purchases.map(({ kind, key, value }: { kind: string; key: string; value: number }) => [
      kind,
      key,
      value,
    ]),
    [['project', 'P-1', 1_250_000]],
  )
  const started = await json(manager('/api/imports', send({ upload, mapping })), 201)
  await troth.store.jobs.drain()
  const done = await json(manager(`/api/imports/${started.id}`))
  assert.equal(done.error, null)
  assert.equal(done.state, 'done')
  assert.equal(done.counts.rejected, 0)
  const states = await rows(
    troth.store.db,
    sql<{ state: string; gap: number }>`select state, gap from expectations order by opened_at`,
  )
  assert.deepEqual(
    states.map(({ state }) => state),
    ['broken', 'kept'],
  )
  const said = await row(
    troth.store.db,
    sql<{ name: string; words: string; experience: number }>`
      select name, words, experience from interactions where words is not null`,
  )
  assert.deepEqual(said, { name: 'Assembly Completed', words: 'Zu spät, aber schön', experience: -50 })

  const rated = await rows(
    troth.store.db,
    sql<{ name: string; rating: number }>`
      select name, (properties ->> 'rating')::integer as rating
      from interactions
      where properties ? 'rating'
      order by rating`,
  )
  assert.deepEqual(rated, [
    { name: 'Assembly Completed', rating: 2 },
    { name: 'Order Delivered', rating: 5 },
  ])

  const recipe = await (await manager(`/api/imports/${started.id}/recipe`)).text()
  assert.match(recipe, /^name: projekte-2024$/m)
  const again = await bring(troth, 'Projekte.csv', Buffer.from(projects, 'latin1'))
  const second = await json(manager('/api/imports', send({ upload: again.upload, recipe })), 201)
  await troth.store.jobs.drain()
  const counts = (await json(manager(`/api/imports/${second.id}`))).counts
  assert.deepEqual([counts.created, counts.updated], [0, 0])
})

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

test('dates that can be read both ways are asked about, others are not', async () => {
  await using troth = await startTroth({ register })
  const both = await bring(troth, 'a.csv', 'email,date\na@example.com,03/04/2024\nb@example.com,05/06/2024\n')
  assert.equal(both.look.guess.datesAmbiguous, true)
  const american = await bring(
    troth,
    'a.csv',
    'email,date\na@example.com,03/04/2024\nb@example.com,05/26/2024\n',
  )
  assert.deepEqual([american.look.guess.datesAmbiguous, american.look.guess.dates], [false, 'month-first'])
})

test('reviews by people we do not know become voices', async () => {
  await using troth = await startTroth({ register })
  const { look, upload } = await bring(
    troth,
    'reviews.csv',
    'Date,Author,Stars,Review\n2024-05-01,Kim,5,"Lovely table, well made and kindly delivered by two friendly people"\n2024-05-02,Lee,1,Never again would I order a wardrobe from these people\n',
  )
  const manager = troth.as('manager')
  const mapping = { title: 'Portal', file: 'reviews.csv', columns: look.guess.columns }
  const preview = await json(manager('/api/imports/previews', send({ upload, mapping })))
  assert.equal(preview.cards[0].voice.author, 'Kim')
  await json(manager('/api/imports', send({ upload, mapping })), 201)
  await troth.store.jobs.drain()
  const voices = await rows(troth.store.db, sql`select author, experience from voices order by at`)
  assert.deepEqual(voices, [
    { author: 'Kim', experience: 100 },
    { author: 'Lee', experience: -100 },
  ])
})

test('rejected rows can be downloaded, with formulas disarmed', async () => {
  await using troth = await startTroth({ register })
  const { look, upload } = await bring(
    troth,
    'visits.csv',
    'email,visited at,note\na@example.com,2024-01-01,fine\n=cmd|calc,2024-01-02,"=HYPERLINK(""x"")"\n',
  )
  const manager = troth.as('manager')
  const mapping = { title: 'Visits', file: 'visits.csv', columns: look.guess.columns }
  const started = await json(manager('/api/imports', send({ upload, mapping })), 201)
  await troth.store.jobs.drain()
  const csv = await (await manager(`/api/imports/${started.id}/rejects.csv`)).text()
  assert.match(csv, /^file,line,reason/)
  assert.match(csv, /visits.csv,3,/)
  assert.match(csv, /'=cmd\|calc/)
  assert.doesNotMatch(csv, /(^|,)"?=/m)
})

test('names that try to be more than a name are refused, and nothing lands outside the upload', async () => {
  await using troth = await startTroth({ register })
  const manager = troth.as('manager')
  const { id } = await json(manager('/api/imports/uploads', { method: 'POST' }), 201)
  for (const name of [
    '..%2f..%2fevil.csv',
    '%2e%2e%2fevil.csv',
    '..%5cevil.csv',
    '.hidden',
    'a%3Ab.csv',
    '%E2%80%AEgpj.csv',
    'x'.repeat(250),
  ]) {
    const response = await manager(`/api/imports/uploads/${id}/files/${name}`, {
      method: 'PUT',
      body: 'a,b\n1,2\n',
      headers: { 'content-type': 'application/octet-stream' },
    })
    assert.ok(
      response.status === 400 || response.status === 404 || response.status === 422,
      `${name}: ${response.status}`,
    )
  }
  const look = await manager(`/api/imports/uploads/${id}/files/..%2f..%2frunning.json/look`, send({}))
  assert.ok(look.status === 400 || look.status === 404 || look.status === 422)
})

async function bring(troth: TestTroth, name: string, content: string | Buffer) {
  const manager = troth.as('manager')
  const { id } = await json(manager('/api/imports/uploads', { method: 'POST' }), 201)
  await json(
    manager(`/api/imports/uploads/${id}/files/${name}`, {
      method: 'PUT',
      body: new Uint8Array(Buffer.from(content)),
      headers: { 'content-type': 'application/octet-stream' },
    }),
  )
  const look = await json(manager(`/api/imports/uploads/${id}/files/${name}/look`, send({})))
  return { upload: id as string, look }
}

function send(value: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(value), headers: { 'content-type': 'application/json' } }
}

// biome-ignore lint/suspicious/noExplicitAny: answers are read field by field
async function json(sent: Promise<Response>, status = 200): Promise<any> {
  const response = await sent
  const text = await response.text()
  assert.equal(response.status, status, text)
  return JSON.parse(text)
}

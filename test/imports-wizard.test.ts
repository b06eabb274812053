import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { row, rows } from '#src/store/database.ts'
import { startTroth } from './troth.ts'
import { bring, json, register, send } from './wizard.ts'

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

test('a row that names nobody, or has no time, is refused with its line, never passed over', async () => {
  await using troth = await startTroth({ register })
  const manager = troth.as('manager')
  const refused = async (name: string, text: string) => {
    const { look, upload } = await bring(troth, name, text)
    const mapping = { title: name, file: name, columns: look.guess.columns }
    const { id } = await json(manager('/api/imports', send({ upload, mapping })), 201)
    await troth.store.jobs.drain()
    const { state, counts } = await json(manager(`/api/imports/${id}`))
    assert.equal(state, 'done')
    const csv = await (await manager(`/api/imports/${id}/rejects.csv`)).text()
    const lines = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[1]))
      .sort((a, b) => a - b)
    assert.equal(counts.rejected, lines.length)
    return lines
  }
  assert.deepEqual(
    await refused(
      'customers.csv',
      'email,name,city\nann@example.org,Ann,Ulm\n,Bo,Bonn\n,,\n,,Köln\ncy@example.org,,\n',
    ),
    [3, 5],
  )
  // Without a date a customer is still a customer; without anybody too it says nothing that can be kept.
  assert.deepEqual(
    await refused(
      'visits.csv',
      'email,name,visited at\nann@example.org,Ann,2024-01-01\nbo@example.org,Bo,\n,Cy,\n,Di,2024-01-02\n',
    ),
    [4, 5],
  )
  assert.deepEqual(
    await refused(
      'events.csv',
      'user_id,event,timestamp\nu1,Signed Up,2024-01-01\nu2,Signed Up,\nu3,Left,2024-01-03\n',
    ),
    [3],
  )
})

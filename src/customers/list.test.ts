import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { textStream } from '../lib/text-stream.ts'
import { testStore } from '../store/testing.ts'
import { csvOfCustomers } from './export.ts'
import {
  type CustomerQuestion,
  countCustomers,
  customerSorts,
  listCustomers,
  searchCustomers,
} from './list.ts'
import { person } from './people.testing.ts'

const everybody: CustomerQuestion = { rule: { all: [] }, sort: 'new', limit: 50 }

test('pages of any size hold everybody once, in the order of the list', async () => {
  await using store = await testStore()
  for (let i = 0; i < 23; i++)
    await person(store.db, {
      ...(i % 4 === 0 ? {} : { name: ['Äda', 'bo', 'Bo', 'Cem'][i % 4] ?? '' }),
      sales: i % 3,
      valueMinor: (i % 5) * 100,
      score: (i * 31) % 6,
      lastSeen: `2026-03-0${1 + (i % 7)}T10:00:00.123456Z`,
    })
  for (const sort of customerSorts) {
    const whole = await listCustomers(store.db, { ...everybody, sort })
    assert.equal(whole.items.length, 23)
    const paged: number[] = []
    let cursor: string | undefined
    do {
      const page = await listCustomers(store.db, { ...everybody, sort, limit: 4, cursor })
      paged.push(...page.items.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor)
    assert.deepEqual(
      paged,
      whole.items.map(({ id }) => id),
      sort,
    )
  }
})

test('sorted by score the lowest stand first, and who has none is left out', async () => {
  await using store = await testStore()
  const high = await person(store.db, { score: 71 })
  await person(store.db, {})
  const low = await person(store.db, { score: 0 })
  const { items } = await listCustomers(store.db, { ...everybody, sort: 'score' })
  assert.deepEqual(
    items.map(({ id, score }) => [id, score]),
    [
      [low, 0],
      [high, 71],
    ],
  )
})

test('a customer is found by a word of the name, email, phone, id and order', async () => {
  await using store = await testStore()
  const miriam = await person(store.db, {
    name: 'Miriam Castellanos-Ruiz',
    identities: { email: 'miriam@castellanos.test', phone: '+4930123456', user_id: 'U_77' },
  })
  const other = await person(store.db, { name: 'Pavel Horák', identities: { user_id: 'UX77' } })
  await sql`insert into purchases (customer_id, key) values (${other}, 'HO-1009')`.execute(store.db)
  for (const search of [
    'miri',
    'castell',
    'cast miriam',
    'RUIZ',
    'miriam@c',
    '030 1234',
    '+49 (30) 123456',
    'U_7',
    String(miriam),
  ])
    assert.deepEqual(await searchCustomers(store.db, search), [miriam], search)
  for (const search of ['horák', 'HO-1009', 'ux7'])
    assert.deepEqual(await searchCustomers(store.db, search), [other], search)
  for (const search of ['nobody', "'; drop table customers --", '%', '!', '\u0001:*&'])
    assert.deepEqual(await searchCustomers(store.db, search), [], search)
})

test('what a joined customer was known by finds the one it is now', async () => {
  await using store = await testStore()
  const kept = await person(store.db, { identities: { email: 'a@example.org' } })
  const absorbed = await person(store.db, { name: 'Ines Adler', identities: { email: 'b@example.org' } })
  await sql`update customers set canonical_id = ${kept} where id = ${absorbed}`.execute(store.db)
  for (const search of ['ines', 'b@example.org', String(absorbed)])
    assert.deepEqual(await searchCustomers(store.db, search), [kept], search)
  const page = await listCustomers(store.db, { ...everybody, search: 'ines' })
  assert.deepEqual(
    page.items.map(({ id, label }) => ({ id, label })),
    [{ id: kept, label: 'Ines Adler' }],
  )
  assert.deepEqual(await countCustomers(store.db, everybody), {
    customers: 1,
    exact: true,
    states: { courting: 1 },
  })
})

test('the whole list leaves as CSV that no spreadsheet runs', async () => {
  await using store = await testStore()
  await person(store.db, { name: '=cmd|"/c calc"!A1', identities: { phone: '+4930123456' } })
  await person(store.db, { name: 'Adler, Ines' })
  const text = await new Response(await textStream(csvOfCustomers(store.db, everybody))).text()
  const lines = text.trim().split('\r\n')
  assert.equal(lines.length, 3)
  assert.match(lines[1] ?? '', /,"Adler, Ines",/)
  assert.match(lines[2] ?? '', /,"'=cmd\|""\/c calc""!A1",,\+4930123456,/)
})

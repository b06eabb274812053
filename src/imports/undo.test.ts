import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { registerExpectations } from '../expectations/expectations.ts'
import { recordInteractions } from '../interactions/interactions.ts'
import { rows } from '../store/database.ts'
import { testStore } from '../store/testing.ts'
import { bringIn, everything, orders, recipe, see } from './imports.testing.ts'
import { registerImports, startUndo } from './imports.ts'

test('undoing an import leaves nothing of it, and doing it again brings all back', async () => {
  await using store = await testStore(registerImports)
  const empty = await everything(store)
  const id = await bringIn(store, recipe, { 'orders.csv': orders })
  await store.jobs.drain()
  const full = await everything(store)
  await startUndo(store, id)
  await store.jobs.drain()
  assert.equal((await see(store, id)).state, 'undone')
  assert.deepEqual(await everything(store), empty)
  await bringIn(store, recipe, { 'orders.csv': orders })
  await store.jobs.drain()
  assert.deepEqual(await everything(store), full)
})

test('undo puts back what the import replaced and keeps what others have added since', async () => {
  await using store = await testStore(registerImports)
  const first = await bringIn(store, recipe, { 'orders.csv': orders })
  await store.jobs.drain()
  const before = await everything(store)
  const second = await bringIn(store, recipe, {
    'orders.csv': `${orders.replace('"1.299,50"', '5').replace(',Ann,', ',Ann Arbor,')}A9,eve@x.org,Eve,06.05.2024,,,10\nA10,flo@x.org,Flo,06.05.2024,,,10\n`,
  })
  await store.jobs.drain()
  assert.notDeepEqual(await everything(store), before)
  await recordInteractions(
    store,
    [
      {
        messageId: 'call',
        at: new Date('2024-06-01T10:00:00Z'),
        receivedAt: new Date(),
        identities: [{ kind: 'email', source: '', value: 'eve@x.org' }],
        name: 'Support Contacted',
      },
    ],
    { source: 'api:1', again: 'keep' },
  )
  await startUndo(store, second)
  await store.jobs.drain()
  const names = await rows(store.db, sql<{ name: string }>`select name from customers order by name`)
  assert.deepEqual(
    names.map(({ name }) => name),
    ['Ann', 'Bo', 'Di', 'Eve'],
  )
  const after = await everything(store)
  assert.deepEqual(after['purchases'], before['purchases'])
  assert.equal(after['interactions']?.length, (before['interactions']?.length ?? 0) + 1)

  await startUndo(store, first)
  await store.jobs.drain()
  const left = await rows(store.db, sql<{ name: string }>`select name from customers`)
  assert.deepEqual(
    left.map(({ name }) => name),
    ['Eve'],
  )
})

test('undo puts back promises and voices that a later file said otherwise', async () => {
  await using store = await testStore((each) => {
    registerImports(each)
    registerExpectations(each)
  })
  const said = `
name: said
time_zone: UTC
sources: { promises: promises.csv, reviews: reviews.csv }
expectations: >
  select ordered as at, 'Your kitchen is fitted' as statement, promised as due, no as key, mail as email,
    nullif(fitted, '') as kept_at from promises
voices: select day as at, who as author, stars as rating, text as words, id as key from reviews
`
  const first = {
    'promises.csv':
      'no,mail,ordered,promised,fitted\n1,ann@x.org,2024-01-10,2024-03-01,2024-03-05\n2,bo@x.org,2024-01-10,2024-03-01,2024-02-20\n',
    'reviews.csv': 'id,day,who,stars,text\n1,2024-04-01,Kim,5,Lovely\n2,2024-04-02,Lee,2,Late\n',
  }
  const second = {
    'promises.csv': first['promises.csv'].replace('2024-03-01,2024-03-05', '2024-03-20,2024-03-05'),
    'reviews.csv': first['reviews.csv'].replace('5,Lovely', '1,Not lovely any more'),
  }
  const state = async () => ({
    promises: await rows(
      store.db,
      sql`
        select opening, statement, state, gap, first_due_at::text, due_at::text, settled
        from expectations
        order by opening`,
    ),
    voices: await rows(store.db, sql`select words, experience, properties from voices order by key`),
    judged: await rows(
      store.db,
      sql`select name, at::text, properties - 'expectation' as p from interactions order by 2, 1`,
    ),
  })
  await bringIn(store, said, first)
  await store.jobs.drain()
  const before = await state()
  assert.deepEqual(
    before.promises.map((each) => (each as { state: string }).state),
    ['broken', 'kept'],
  )
  const later = await bringIn(store, said, second)
  await store.jobs.drain()
  const { updated, unchanged } = (await see(store, later)).counts
  assert.deepEqual([updated, unchanged], [2, 2])
  assert.notDeepEqual(await state(), before)
  await startUndo(store, later)
  await store.jobs.drain()
  assert.deepEqual(await state(), before)
})

test('customers that only the import joined are two again after its undo', async () => {
  await using store = await testStore(registerImports)
  const say = (messageId: string, kind: 'email' | 'user_id', value: string) =>
    recordInteractions(
      store,
      [
        {
          messageId,
          at: new Date('2024-01-01T10:00:00Z'),
          receivedAt: new Date(),
          identities: [{ kind, source: '', value }],
          name: 'Signed In',
        },
      ],
      { source: 'api:1', again: 'keep' },
    )
  await say('1', 'email', 'ann@x.org')
  await say('2', 'user_id', 'u1')
  const people = () => rows(store.db, sql<{ id: number }>`select distinct canonical_id as id from customers`)
  assert.equal((await people()).length, 2)
  const id = await bringIn(
    store,
    'name: join\nsources: { t: t.csv }\ncustomers: select mail as email, id as user_id from t',
    { 't.csv': 'id,mail\nu1,ann@x.org\n' },
  )
  await store.jobs.drain()
  assert.equal((await people()).length, 1)
  await startUndo(store, id)
  await store.jobs.drain()
  assert.equal((await people()).length, 2)
})

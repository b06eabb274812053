import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { row, rows } from '../store/database.ts'
import { testStore } from '../store/testing.ts'
import { bringIn, everything, orders, recipe, see } from './imports.testing.ts'
import { cancelImport, registerImports, resumeImport, resumeImports } from './imports.ts'

test('an import ends with counts that add up, and every refused row has its reason, file and line', async () => {
  await using store = await testStore(registerImports)
  const id = await bringIn(store, recipe, { 'orders.csv': orders })
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.equal(seen.error, null)
  assert.equal(seen.state, 'done')
  const { read, created, updated, unchanged, rejected } = seen.counts
  assert.deepEqual(
    { read, created, updated, unchanged, rejected },
    { read: 9, created: 6, updated: 0, unchanged: 0, rejected: 3 },
  )
  assert.deepEqual(
    seen.rejects.map(({ file, line }) => [file, line]),
    [
      ['orders.csv', 4],
      ['orders.csv', 4],
      ['orders.csv', 5],
    ],
  )
  assert.match(seen.rejects[0]?.reason ?? '', /not an email address/)
  assert.match(seen.rejects[2]?.reason ?? '', /"yesterday" is not readable as a date/)
  const ordered = await row(
    store.db,
    sql<{ at: string; properties: Record<string, unknown>; value: number }>`
      select i.at::text, i.properties, p.value_minor as value
      from interactions i
      join purchases p on p.key = 'A1'
      where i.name = 'Order Completed' and i.properties ->> 'order_id' = 'A1'`,
  )
  assert.equal(ordered?.at, '2024-05-03 08:15:00+00')
  assert.equal(ordered?.properties['promised_delivery_date'], '2024-05-24')
  assert.equal(ordered?.value, 129950)
})

test('running the same file again changes nothing; a corrected file changes only what it corrects', async () => {
  await using store = await testStore(registerImports)
  await bringIn(store, recipe, { 'orders.csv': orders })
  await store.jobs.drain()
  const before = await everything(store)

  const again = await bringIn(store, recipe, { 'orders.csv': orders })
  await store.jobs.drain()
  const same = (await see(store, again)).counts
  assert.deepEqual([same.created, same.updated, same.unchanged, same.rejected], [0, 0, 6, 3])
  assert.deepEqual(await everything(store), before)

  const corrected = await bringIn(store, recipe, {
    'orders.csv': orders.replace('"1.299,50"', '"1.399,50"').replace(',Bo,', ',Bo Berg,'),
  })
  await store.jobs.drain()
  const counts = (await see(store, corrected)).counts
  assert.deepEqual([counts.created, counts.updated, counts.unchanged], [0, 2, 4])
  const total = await row(
    store.db,
    sql<{ value: number }>`select value_minor as value from purchases where key = 'A1'`,
  )
  assert.equal(total?.value, 139950)
})

test('a cancelled import stops, keeps what it has, and can go on', async () => {
  await using store = await testStore(registerImports)
  const id = await bringIn(store, recipe, { 'orders.csv': orders })
  await cancelImport(store, id)
  await store.jobs.drain()
  assert.equal((await see(store, id)).state, 'cancelled')
  await resumeImport(store, id)
  await store.jobs.drain()
  assert.equal((await see(store, id)).counts.created, 6)
})

test('two runs of one import at once do its work once', async () => {
  await using store = await testStore(registerImports)
  const id = await bringIn(store, recipe, { 'orders.csv': orders })
  await resumeImports(store)
  await Promise.all([store.jobs.drain(), store.jobs.drain()])
  assert.equal((await see(store, id)).counts.created, 6)
})

test('a recipe that asks for a missing file, or whose SELECT is wrong, says so and records nothing', async () => {
  await using store = await testStore(registerImports)
  const missing = await bringIn(store, recipe, { 'other.csv': orders })
  const wrong = await bringIn(store, recipe.replace('Ordered as at', 'Orderd as at'), {
    'orders.csv': orders,
  })
  await store.jobs.drain()
  assert.match((await see(store, missing)).error ?? '', /wants the file orders.csv/)
  assert.match((await see(store, wrong)).error ?? '', /interactions, SELECT 1: .*Orderd/s)
  assert.equal((await everything(store))['interactions']?.length, 0)
})

test('two rows with one key: the first counts, the second is refused', async () => {
  await using store = await testStore(registerImports)
  const id = await bringIn(
    store,
    `name: twice\nsources: { t: t.csv }\ninteractions: select day as at, 'Visit Logged' as event, no as key, mail as email, _file, _line from t`,
    { 't.csv': 'no,day,mail\n1,2024-01-01,a@x.org\n1,2024-01-02,a@x.org\n2,2024-01-02,a@x.org\n' },
  )
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.equal(seen.counts.created, 2)
  assert.match(seen.rejects[0]?.reason ?? '', /same key "1"/)
  assert.equal(seen.rejects[0]?.line, 3)
})

test('reviews by nobody we know become voices, once', async () => {
  await using store = await testStore(registerImports)
  const voices = `name: portal\nsources: { t: t.csv }\nvoices: select day as at, who as author, stars as rating, text as words from t`
  const file = {
    't.csv': 'day,who,stars,text\n2024-01-01,Kim,5,Lovely\n2024-01-02,Lee,2,Late\n2024-01-02,Lee,9,Odd\n',
  }
  const first = await bringIn(store, voices, file)
  await store.jobs.drain()
  const second = await bringIn(store, voices, file)
  await store.jobs.drain()
  assert.deepEqual(
    [(await see(store, first)).counts.created, (await see(store, second)).counts.unchanged],
    [2, 2],
  )
  assert.match((await see(store, first)).rejects[0]?.reason ?? '', /rating: 9 lies outside 1 to 5/)
  const said = await rows(store.db, sql`select author, experience from voices order by at`)
  assert.deepEqual(said, [
    { author: 'Kim', experience: 100 },
    { author: 'Lee', experience: -50 },
  ])
})

test('values that the database refuses cost only their own row', async () => {
  await using store = await testStore(registerImports)
  const id = await bringIn(
    store,
    `name: odd\nsources: { t: t.jsonl }\ninteractions: select "when" as at, 'Note Added' as event, id as key, mail as email, try_cast(p as json) as properties, _line from t`,
    {
      't.jsonl': [
        { id: 1, when: '2024-01-01', mail: 'a@x.org', p: { x: 'a\u0000b' } },
        { id: 2, when: '2024-01-01', mail: 'a@x.org', p: { x: '\ud800' } },
        { id: 3, when: '2024-01-01', mail: 'a@x.org', p: { x: 'x'.repeat(300) } },
        { id: 4, when: '2999-01-01', mail: 'a@x.org' },
        { id: 5, when: '1024-01-01', mail: 'a@x.org' },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    },
  )
  await store.jobs.drain()
  const seen = await see(store, id)
  assert.equal(seen.state, 'done')
  assert.deepEqual([seen.counts.created, seen.counts.rejected], [3, 2])
  assert.match(seen.rejects.map((reject) => reject.reason).join(), /future.*before 1970/)
})

test('the files of a finished import do not stay behind', async () => {
  await using store = await testStore(registerImports)
  const id = await bringIn(store, recipe, { 'orders.csv': orders })
  await store.jobs.drain()
  const { folder } = (await row(
    store.db,
    sql<{ folder: string }>`select folder from imports where id = ${id}`,
  )) ?? {
    folder: '',
  }
  assert.equal(existsSync(join(store.dataFolder, 'imports', folder)), false)
  assert.deepEqual(readdirSync(join(store.dataFolder, 'uploads')), [])
})

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { backUp, readManifest, restore } from './backup.ts'
import { rows } from './database.ts'
import { testStore } from './testing.ts'

test('a backup restores every row, odd texts included, and new rows get new ids', async () => {
  await using from = await testStore()
  await using to = await testStore()
  await sql`
    insert into customers (id, canonical_id, name, traits, first_seen_at, last_seen_at)
    values (7, 7, ${'Tab\t, newline\n, \\N and "quotes" 😀'}, '{"a": [1, null]}', now(), now())`.execute(
    from.db,
  )
  await sql`insert into identities (kind, value, customer_id) values ('email', 'm@x.de', 7)`.execute(from.db)
  await sql`
    insert into interactions (customer_id, at, name, source)
    select 7, now(), 'Event ' || n, 'test' from generate_series(1, 1000) as s(n)`.execute(from.db)

  const file = join(from.dataFolder, 'backup.tar.gz')
  const manifest = await backUp(from.pool, file, { keepDays: 30 })
  assert.equal(manifest.tables.find(({ name }) => name === 'interactions')?.rows, 1000)
  await restore(to.pool, file, { replace: false })

  const everything = (store: typeof from) =>
    Promise.all([
      rows(store.db, sql`select id, canonical_id, name, traits, first_seen_at from customers`),
      rows(store.db, sql`select kind, value, customer_id from identities`),
      rows(store.db, sql`select id, customer_id, at, name from interactions order by id`),
    ])
  assert.deepEqual(await everything(to), await everything(from))
  const [fresh] = await rows(
    to.db,
    sql<{ id: number }>`
    insert into customers (canonical_id, first_seen_at, last_seen_at) values (8, now(), now()) returning id`,
  )
  assert.equal(fresh?.id, 8)
})

test('a damaged or foreign file is refused, and what is there stays', async () => {
  await using store = await testStore()
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (1, 1, now(), now())`.execute(
    store.db,
  )
  const file = join(store.dataFolder, 'backup.tar.gz')
  await backUp(store.pool, file, { keepDays: 1 })
  await assert.rejects(restore(store.pool, file, { replace: false }), /already holds customers/)
  const foreign = join(store.dataFolder, 'foreign.tar.gz')
  writeFileSync(foreign, 'not a tar')
  await assert.rejects(readManifest(foreign), /not a backup/)
  await assert.rejects(restore(store.pool, foreign, { replace: true }), /not a backup/)
  assert.equal((await rows(store.db, sql`select id from customers`)).length, 1)
})

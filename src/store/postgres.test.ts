import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase, row } from './database.ts'
import { startPostgres } from './postgres.ts'
import { temporaryFolder } from './testing.ts'

test('the bundled server starts, is reused by a second start, and starts again after kill -9', async (t) => {
  const folder = temporaryFolder('pg')
  const first = await startPostgres(folder)
  t.after(async () => {
    await (await startPostgres(folder)).stop()
    rmSync(folder, { recursive: true, force: true })
  })
  assert.equal(first.reused, false)

  const database = openDatabase(first.url)
  await sql`create table kept (value integer)`.execute(database.db)
  await sql`insert into kept values (42)`.execute(database.db)
  await database.close()

  const second = await startPostgres(folder)
  assert.equal(second.reused, true)
  assert.equal(second.pid, first.pid)

  process.kill(first.pid, 'SIGKILL')
  const third = await startPostgres(folder)
  assert.notEqual(third.pid, first.pid)
  const again = openDatabase(third.url)
  assert.deepEqual(await row(again.db, sql<{ value: number }>`select value from kept`), { value: 42 })
  await again.close()
})

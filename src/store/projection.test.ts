import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { until } from '../lib/testing.ts'
import { rows } from './database.ts'
import { Projection } from './projection.ts'
import { apply, begin, change } from './projection-changes.testing.ts'
import { type TestStore, testStore } from './testing.ts'

const tables = [
  'touchpoints',
  'segment_members',
  'purchases',
  'moves',
  'sales',
  'customers',
  'expectations',
  'steps',
]

test('the projection holds what the views say, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 14 }), async (changes) => {
      await using store = await testStore()
      await begin(store)
      for (const one of changes) {
        if (one.kind === 'look') await look(store)
        else await apply(store, one)
      }
      await assertSame(store)
    }),
    { numRuns: 12 },
  )
})

test('customers who are read again in several pieces are all there afterwards', async () => {
  await using store = await testStore()
  await begin(store)
  await store.projection?.close()
  const file = join(store.dataFolder, 'projection.duckdb')
  const projection = await Projection.open({
    file,
    pool: store.pool,
    log: store.log,
    memoryMb: 512,
    piece: 2,
  })
  try {
    await sql`
      insert into customers (id, canonical_id, first_seen_at, last_seen_at)
      select id, id, '2026-01-01', '2026-01-01'
      from generate_series(1001, 1040) as t(id)`.execute(store.db)
    await projection.catchUp()
    await sql`
      insert into interactions (customer_id, at, name, source)
      select id, '2026-02-01', 'X', 't'
      from generate_series(1001, 1007) as t(id)`.execute(store.db)
    await projection.catchUp()
    assert.deepEqual(
      await projection.rows('select count(*) as n from steps where customer_id between 1001 and 1007'),
      [{ n: 7 }],
    )
    assert.deepEqual(
      await projection.rows('select count(*) as n from customers where customer_id between 1001 and 1040'),
      [{ n: 40 }],
    )
  } finally {
    await projection.close()
  }
})

test('a slow transaction that commits after a later one was read is not lost', async () => {
  await using store = await testStore()
  await begin(store)
  await look(store)
  const slow = await store.pool.connect()
  await slow.query('begin')
  await slow.query(
    `insert into interactions (customer_id, at, name, source) values (1, '2026-02-01', 'Slow', 'test')`,
  )
  await sql`insert into interactions (customer_id, at, name, source) values (2, '2026-02-02', 'Fast', 'test')`.execute(
    store.db,
  )
  const reading = look(store)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await slow.query('commit')
  slow.release()
  await reading
  await assertSame(store)
})

test('a missing file is built, and so is a damaged one, one of an older layout and one of another database', async () => {
  await using store = await testStore()
  await begin(store)
  await sql`insert into interactions (customer_id, at, name, source, touchpoint_id) values (1, '2026-02-01', 'X', 't', 1)`.execute(
    store.db,
  )
  await store.projection?.close()
  const file = join(store.dataFolder, 'projection.duckdb')
  const again = async (spoil: () => void | Promise<void>) => {
    await spoil()
    const projection = await Projection.open({ file, pool: store.pool, log: store.log, memoryMb: 512 })
    try {
      await projection.catchUp()
      assert.deepEqual(await projection.rows('select count(*) as n from steps'), [{ n: 1 }])
      assert.ok(existsSync(file))
    } finally {
      await projection.close()
    }
  }
  await again(() => rmSync(file, { force: true }))
  await again(() => writeFileSync(file, 'not a database'))
  await again(() => {
    const bytes = readFileSync(file)
    bytes.fill(7, 4096, 12_000)
    writeFileSync(file, bytes)
  })
  await again(() => changeMeta(file, 'layout = 0'))
  await again(() => changeMeta(file, 'system = 5'))
  await again(() => changeMeta(file, 'watermark = 9000000000000000'))
})

test('many who were touched are read in one go by building anew', async () => {
  await using store = await testStore()
  await begin(store)
  await look(store)
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(100, 1400) g`.execute(store.db)
  await sql`insert into interactions (customer_id, at, name, source, touchpoint_id)
    select g, timestamptz '2026-01-01' + g * interval '1 hour', 'Many', 't', 1 + g % 3 from generate_series(100, 1400) g`.execute(
    store.db,
  )
  await look(store)
  await assertSame(store)
})

test('following the database by itself, it says that it is current, and a wake-up spares the wait', async () => {
  await using store = await testStore()
  await begin(store)
  const projection = store.projection
  assert.ok(projection)
  assert.equal(projection.state.current, false)
  projection.start()
  await until('a projection that is current', () => projection.state.current)
  await sql`insert into interactions (customer_id, at, name, source) values (1, '2026-02-02', 'Now', 'test')`.execute(
    store.db,
  )
  projection.wake()
  await until(
    'the step in the projection',
    async () => (await projection.rows<{ n: number }>('select count(*) as n from steps'))[0]?.n === 1,
  )
  await projection.stop()
})

async function changeMeta(file: string, set: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(`update meta set ${set}`)
  connection.closeSync()
  instance.closeSync()
}

async function look(store: TestStore): Promise<void> {
  await store.projection?.catchUp()
}

async function assertSame(store: TestStore): Promise<void> {
  await look(store)
  for (const table of tables) {
    const there = await rows(store.db, sql.raw<Record<string, unknown>>(`select * from projection.${table}`))
    const here = await store.projection?.rows<Record<string, unknown>>(`select * from ${table}`)
    assert.deepEqual(sorted(here ?? []), sorted(there), table)
  }
}

function sorted(found: Record<string, unknown>[]): string[] {
  return found
    .map((row) =>
      JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => a.localeCompare(b)))),
    )
    .sort()
}

import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { rows } from './database.ts'
import { Projection } from './projection.ts'
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
  await until(() => projection.state.current)
  await sql`insert into interactions (customer_id, at, name, source) values (1, '2026-02-02', 'Now', 'test')`.execute(
    store.db,
  )
  projection.wake()
  await until(
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

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail('it did not come')
}

type Change =
  | { kind: 'look' }
  | { kind: 'step'; customer: number; day: number; touchpoint: number | null; experience: number | null }
  | { kind: 'judgement'; customer: number; day: number; touchpoint: number }
  | { kind: 'purchase'; customer: number; day: number }
  | { kind: 'promise'; customer: number; day: number; state: string }
  | { kind: 'merge' | 'part'; customer: number; into: number }
  | { kind: 'erase'; customer: number }
  | { kind: 'move'; customer: number; touchpoint: number }
  | { kind: 'stage'; touchpoint: number; stage: number }
  | { kind: 'segment'; customer: number }

const customer = fc.integer({ min: 1, max: 6 })
const day = fc.integer({ min: 0, max: 9 })
const touchpoint = fc.integer({ min: 1, max: 4 })
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      customer,
      day,
      touchpoint: fc.option(touchpoint, { nil: null }),
      experience: fc.option(fc.integer({ min: -100, max: 100 }), { nil: null }),
    }),
  },
  fc.record({ kind: fc.constant('judgement' as const), customer, day, touchpoint }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('purchase' as const), customer, day }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('promise' as const),
      customer,
      day,
      state: fc.constantFrom('open', 'kept', 'broken'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge' as const), customer, into: customer }) },
  fc.record({ kind: fc.constant('part' as const), customer, into: customer }),
  fc.record({ kind: fc.constant('erase' as const), customer }),
  fc.record({ kind: fc.constant('move' as const), customer, touchpoint }),
  fc.record({ kind: fc.constant('stage' as const), touchpoint, stage: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant('segment' as const), customer }),
)

async function begin(store: TestStore): Promise<void> {
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1), (2, 'Use', 'after', 2)`.execute(
    store.db,
  )
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 1, 'Advert', 1, 'us', 'sell'), (2, 1, 'Order', 2, 'customer', 'sale'),
    (3, 2, 'Delivery', 3, 'us', 'use'), (4, 2, 'Call', 4, 'us', 'care')`.execute(store.db)
  await sql`insert into segments (id, name, rule) values (1, 'some', '{}')`.execute(store.db)
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 6) g`.execute(store.db)
}

const atDay = (days: number) => new Date(Date.UTC(2026, 0, 1 + days))

async function apply(store: TestStore, one: Change): Promise<void> {
  const { db } = store
  switch (one.kind) {
    case 'look':
      return
    case 'step':
      await sql`insert into interactions (customer_id, at, name, source, touchpoint_id, experience, evidence, channel)
        values (${one.customer}, ${atDay(one.day)}, 'Step', 't', ${one.touchpoint}, ${one.experience}, ${one.experience === null ? null : 1}, 'mail')`.execute(
        db,
      )
      return
    case 'judgement':
      await sql`insert into interactions (customer_id, at, name, source, touchpoint_id, experience, evidence, judgement)
        values (${one.customer}, ${atDay(one.day)}, 'Expectation Broken', 'troth', ${one.touchpoint}, -50, 2, true)`.execute(
        db,
      )
      return
    case 'purchase':
      await sql`insert into purchases (customer_id, key, sold_at) values (${one.customer}, gen_random_uuid()::text, ${atDay(one.day)})`.execute(
        db,
      )
      return
    case 'promise':
      await sql`with made as (
        insert into expectations (customer_id, opening, statement, stated_by, dimension, state, opened_at, due_at, came_at, decided_by)
        values (${one.customer}, gen_random_uuid()::text, 'by then', 'us', 'days', ${one.state}, ${atDay(one.day)}, ${atDay(one.day + 1)},
          ${one.state === 'kept' ? atDay(one.day + 1) : null}, (select max(id) from interactions where customer_id = ${one.customer}))
        returning customer_id, id
      )
      insert into expectation_moves (customer_id, expectation_id, at, due_at, moved_by, counted)
      select customer_id, id, ${atDay(one.day)}, ${atDay(one.day + 1)}, 'us', ${one.day % 2 === 0} from made`.execute(
        db,
      )
      return
    case 'merge':
      await sql`update customers set canonical_id = (select canonical_id from customers where id = ${one.into}), tx = pg_current_xact_id()
        where canonical_id = ${one.customer} and (select canonical_id from customers where id = ${one.into}) <> ${one.customer}`.execute(
        db,
      )
      return
    case 'part':
      await sql`update customers set canonical_id = id, tx = pg_current_xact_id()
        where id = ${one.customer} and canonical_id <> id`.execute(db)
      return
    case 'erase':
      await db.transaction().execute(async (tx) => {
        await sql`insert into projection_dirty (customer_id) values (${one.customer})`.execute(tx)
        await sql`delete from interactions where customer_id = ${one.customer}`.execute(tx)
      })
      return
    case 'move':
      await sql`update interactions set touchpoint_id = ${one.touchpoint}, tx = pg_current_xact_id() where customer_id = ${one.customer}`.execute(
        db,
      )
      return
    case 'stage':
      await sql`update touchpoints set stage_id = ${one.stage}, by = 'us' where id = ${one.touchpoint}`.execute(
        db,
      )
      return
    case 'segment':
      await sql`insert into segment_members values (1, ${one.customer}) on conflict do nothing`.execute(db)
      await sql`update segments set refreshed_at = clock_timestamp() where id = 1`.execute(db)
  }
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

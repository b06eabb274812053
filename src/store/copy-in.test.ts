import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import {
  bigint,
  boolean,
  copyIn,
  integer,
  jsonb,
  rowsFor,
  smallint,
  text,
  timestamp,
  uuid,
} from './copy-in.ts'
import { row, rows, transaction } from './database.ts'
import { keepStatements } from './kept-statements.ts'
import { testStore } from './testing.ts'

test('whatever is copied in comes back from the database as it was', async () => {
  await using store = await testStore()
  await sql`
    create table copied (n integer, big bigint, whole integer, small smallint, yes boolean, words text, bag jsonb,
      key uuid, at timestamptz)`.execute(store.db)
  const words = fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter((each) => !each.includes('\u0000') && each.isWellFormed())
  const item = fc.record({
    big: fc.option(fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))),
    whole: fc.option(fc.integer()),
    small: fc.option(fc.integer({ min: -32_768, max: 32_767 })),
    yes: fc.boolean(),
    words: fc.option(fc.oneof(words, fc.constant('x'.repeat(9_000)))),
    bag: fc.dictionary(words, fc.oneof(words, fc.integer(), fc.constant(null)), { maxKeys: 3 }),
    key: fc.uuid(),
    at: fc.option(
      fc.date({ noInvalidDate: true, min: new Date('-004000-01-01'), max: new Date('+020000-01-01') }),
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 8 }), async (items) => {
      await transaction(store.db, async (tx) => {
        await sql`delete from copied`.execute(tx)
        const copied = rowsFor('copied', [...items.entries()], {
          n: integer(([n]) => n),
          big: bigint(([, { big }]) => big),
          whole: integer(([, { whole }]) => whole),
          small: smallint(([, { small }]) => small),
          yes: boolean(([, { yes }]) => yes),
          words: text(([, each]) => each.words),
          bag: jsonb(([, { bag }]) => JSON.stringify(bag)),
          key: uuid(([, { key }]) => key.replaceAll('-', '')),
          at: timestamp(([, { at }]) => at),
        })
        await copyIn(tx, copied)
      })
      const found = await rows(
        store.db,
        sql<Record<string, unknown>>`
          select big::text as big, whole, small, yes, words, bag, key,
            (extract(epoch from at) * 1000)::bigint as at
          from copied
          order by n`,
      )
      assert.deepEqual(
        found,
        items.map((each) => ({
          ...each,
          big: each.big?.toString() ?? null,
          bag: JSON.parse(JSON.stringify(each.bag)),
          at: each.at?.getTime() ?? null,
        })),
      )
    }),
    { numRuns: 60, endOnFailure: true },
  )
})

test('what the table refuses is said, and the connection can be used again', async () => {
  await using store = await testStore()
  await sql`create table copied (n integer primary key)`.execute(store.db)
  const copy = (numbers: number[]) =>
    transaction(store.db, (tx) => copyIn(tx, rowsFor('copied', numbers, { n: integer((n) => n) })))
  await copy([1, 2])
  await assert.rejects(copy([3, 2]), { code: '23505', constraint: 'copied_pkey' })
  await copy([4])
  assert.deepEqual(
    (await rows(store.db, sql<{ n: number }>`select n from copied order by n`)).map(({ n }) => n),
    [1, 2, 4],
  )
})

test('a kept statement is planned once a connection, another each time', async () => {
  await using store = await testStore()
  const kept = await transaction(store.db, async (tx) => {
    const keeping = tx.withPlugin(keepStatements)
    for (const n of [1, 2, 3]) {
      assert.equal((await row(keeping, sql<{ n: number }>`select ${n}::integer + 40 as n`))?.n, n + 40)
      assert.equal((await row(tx, sql<{ n: number }>`select ${n}::integer + 50 as n`))?.n, n + 50)
    }
    return rows(
      tx,
      sql<{ runs: number }>`
        select (generic_plans + custom_plans)::integer as runs
        from pg_prepared_statements
        where statement like '%+ 40 as n' or statement like '%+ 50 as n'`,
    )
  })
  assert.deepEqual(kept, [{ runs: 3 }])
})

test('rows of several tables go together; when one refuses, nothing is in any', async () => {
  await using store = await testStore()
  await sql`create table one (n integer primary key); create table two (n integer primary key)`.execute(
    store.db,
  )
  const copy = (first: number[], second: number[]) =>
    transaction(store.db, (tx) =>
      copyIn(
        tx,
        rowsFor('one', first, { n: integer((n) => n) }),
        rowsFor('two', second, { n: integer((n) => n) }),
      ),
    )
  const many = Array.from({ length: 50_000 }, (_, n) => n)
  await copy(many, [1])
  // refused while all that follows is under way
  await assert.rejects(copy([-1, 0, ...many], many), { constraint: 'one_pkey' })
  await assert.rejects(copy([-1], [2, 1]), { constraint: 'two_pkey' })
  await copy([], [2])
  const found = await row(
    store.db,
    sql`select (select count(*) from one) as one, (select count(*) from two) as two`,
  )
  assert.deepEqual(found, { one: 50_000, two: 2 })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { rows } from '../store/database.ts'
import { type TestStore, testStore } from '../store/testing.ts'
import { defaultModel } from './score.ts'
import { scoresToCopy } from './score-columns.ts'
import { writeEverybody } from './score-writing.ts'

const now = Date.parse('2026-06-01T00:00:00Z')

test('a night in which most scores move leaves the same table behind as one in which few do', async () => {
  await using store = await testStore()
  await people(store)
  await writeEverybody(store, scored(1), { many: 1_000 })
  const few = await told(store)
  assert.deepEqual(few.companies, [{ customer_id: 90, score: 50 }], 'a company’s score stays')
  assert.equal(few.scores.length, 41, 'who has none any more, and who is gone, has no row')
  const definition = await defined(store)

  await writeEverybody(store, scored(-1), { many: 1 })
  assert.notDeepEqual((await told(store)).scores, few.scores)
  await sql`insert into scores values (80, 20, 2), (99, 20, 2)`.execute(store.db)
  await writeEverybody(store, scored(1), { many: 1 })
  assert.deepEqual(await told(store), few)
  assert.deepEqual(await defined(store), definition, 'with its indexes and limits, under their names')
})

test('scores are written though somebody reads the old ones for long', async () => {
  await using store = await testStore()
  await people(store)
  await writeEverybody(store, scored(-1), { many: 1 })
  const reader = await store.pool.connect()
  try {
    await reader.query('begin isolation level repeatable read')
    const { rows: before } = await reader.query('select * from scores order by customer_id')
    await writeEverybody(store, scored(1), { many: 1 })
    const { rows: after } = await reader.query('select * from scores order by customer_id')
    assert.deepEqual(after, before, 'the reader sees what there was')
    assert.notDeepEqual((await told(store)).scores.slice(0, 40), before.slice(0, 40))
  } finally {
    await reader.query('rollback')
    reader.release()
  }
})

/** Forty customers, and a company with one of them. */
async function people(store: TestStore): Promise<void> {
  await sql`
    insert into customers (id, canonical_id, kind, first_seen_at, last_seen_at)
    select g, g, case g when 90 then 'company' else 'person' end, now(), now()
    from generate_series(1, 90) g
    where g <= 40 or g >= 80`.execute(store.db)
  await sql`insert into memberships (company_id, customer_id, since) values (90, 1, now())`.execute(store.db)
  await sql`insert into scores values (80, 20, 2), (90, 50, 2), (99, 20, 2)`.execute(store.db)
}

/** Three experiences of each of 41 customers, one of whom was erased meanwhile. */
function scored(sign: 1 | -1): Uint8Array {
  const ids = [...Array.from({ length: 40 }, (_, index) => index + 1), 99]
  return scoresToCopy({
    customer: Float64Array.from(ids.flatMap((id) => [id, id, id])),
    at: Float64Array.from(ids.flatMap(() => [now - 3e9, now - 2e9, now - 1e9])),
    value: Float64Array.from(ids.flatMap((id) => [sign, (sign * id) / 100, sign])),
    companies: Float64Array.from([90]),
    model: defaultModel,
    now,
  })
}

async function told(store: TestStore) {
  return {
    scores: await rows(store.db, sql`select customer_id, score, pieces from scores order by customer_id`),
    companies: await rows(store.db, sql`select customer_id, score from scores where customer_id >= 80`),
  }
}

async function defined(store: TestStore) {
  return {
    indexes: await rows(
      store.db,
      sql`select indexname, indexdef from pg_indexes where tablename = 'scores' order by indexname`,
    ),
    limits: await rows(
      store.db,
      sql`
        select conname, pg_get_constraintdef(oid) as text
        from pg_constraint
        where conrelid = 'scores'::regclass
        order by conname`,
    ),
  }
}

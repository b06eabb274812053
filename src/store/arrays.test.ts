import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { numbers, texts, times } from './arrays.ts'
import { row } from './database.ts'
import { testStore } from './testing.ts'

test('whatever is in an array comes back from the database as it was', async () => {
  await using store = await testStore()
  const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('\u0000') && each.isWellFormed())
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.oneof(text, fc.constantFrom('null', '', '{}', '"', '\\', 'a,b', ' a '))), {
        maxLength: 6,
      }),
      fc.array(fc.option(fc.maxSafeInteger()), { maxLength: 6 }),
      fc.array(
        fc.option(
          fc.date({ noInvalidDate: true, min: new Date('-004000-01-01'), max: new Date('+020000-01-01') }),
        ),
        { maxLength: 6 },
      ),
      async (words, whole, instants) => {
        const found = await row(
          store.db,
          sql<{ words: unknown; whole: unknown; instants: unknown }>`
            select to_jsonb(${texts(words)}::text[]) as words, to_jsonb(${numbers(whole)}::bigint[]) as whole,
              (select coalesce(jsonb_agg(extract(epoch from t) * 1000 order by n), '[]')
               from unnest(${times(instants)}::timestamptz[]) with ordinality as s(t, n)) as instants`,
        )
        assert.deepEqual(found?.words, words)
        assert.deepEqual(found?.whole, whole)
        assert.deepEqual(
          found?.instants,
          instants.map((each) => each?.getTime() ?? null),
        )
      },
    ),
    { numRuns: 60 },
  )
})

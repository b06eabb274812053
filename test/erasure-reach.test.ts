import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { tablesOfCustomers } from '#src/customers/customers.ts'
import { rows } from '#src/store/database.ts'
import { testStore } from '#src/store/testing.ts'

test('an erasure knows every table that holds rows of a customer', async () => {
  await using store = await testStore()
  const found = await rows(
    store.db,
    sql<{ name: string }>`
      select distinct c.table_name as name
      from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
        and c.column_name in ('customer_id', 'canonical_id', 'matched_customer_id', 'company_id')
      order by 1`,
  )
  const known = new Set([...tablesOfCustomers, 'projection_dirty'])
  assert.deepEqual(
    found.map(({ name }) => name).filter((name) => !known.has(name)),
    [],
  )
})

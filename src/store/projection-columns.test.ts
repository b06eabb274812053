import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { readColumns } from './projection-columns.ts'

const kinds = ['smallint', 'integer', 'bigint', 'double', 'boolean', 'decimal(12, 2)', 'hugeint'] as const

for (const kind of kinds)
  test(`columns of ${kind} are read as numbers: nulls, negative and large ones, over several chunks`, async () => {
    const instance = await DuckDBInstance.create()
    const connection = await instance.connect()
    try {
      const text = `
        select case when i % 7 = 0 then null else cast(${valuesOf(kind)} as ${kind}) end as value, cast(${valuesOf(kind)} as ${kind}) as whole
        from range(5000) r(i)
        order by i`
      const columns = await readColumns(await connection.run(text))
      const rows = (await connection.runAndReadAll(text)).getRowsJS()
      for (const [index, name] of ['value', 'whole'].entries())
        assert.deepEqual(
          Array.from(columns[name] ?? []),
          rows.map((row) => (row[index] === null ? Number.NaN : Number(row[index]))),
        )
      assert.equal(rows.length, 5000)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  })

test('columns that need less are kept in less: null is no number where there is such a thing, else 0', async () => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  try {
    const text = `
      select cast(case when i % 2 = 1 then i - 100 end as smallint) as felt, cast(i * 100_000 as integer) as id, case when i % 3 = 1 then i % 2 = 0 end as said
      from range(3000) r(i)
      order by i`
    const kinds = { felt: Float32Array, id: Int32Array, said: Uint8Array }
    const columns = await readColumns(await connection.run(text), kinds)
    for (const [name, kind] of Object.entries(kinds)) assert.ok(columns[name] instanceof kind)
    const rows = Array.from({ length: 3000 }, (_, i) => i)
    assert.deepEqual(
      Array.from(columns['felt'] ?? []),
      rows.map((i) => (i % 2 === 1 ? i - 100 : Number.NaN)),
    )
    assert.deepEqual(
      Array.from(columns['id'] ?? []),
      rows.map((i) => i * 100_000),
    )
    assert.deepEqual(
      Array.from(columns['said'] ?? []),
      rows.map((i) => (i % 3 === 1 && i % 2 === 0 ? 1 : 0)),
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
})

function valuesOf(kind: (typeof kinds)[number]): string {
  switch (kind) {
    case 'boolean':
      return 'i % 3 = 0'
    case 'bigint':
    case 'hugeint':
      return '(i - 2500) * 1_234_567_890_123'
    case 'double':
      return '(i - 2500) / 7.0'
    case 'smallint':
      return 'i - 2500'
    case 'integer':
      return '(i - 2500) * 100_000'
    case 'decimal(12, 2)':
      return '(i - 2500) / 4.0'
    default:
      return kind satisfies never
  }
}

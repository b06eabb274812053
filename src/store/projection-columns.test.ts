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

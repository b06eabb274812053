import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estimateColumns, figures } from './columns.ts'
import { signed } from './estimate.ts'

test('the table behind a figure writes its figures with a format that can also be told how many digits', () => {
  const row = { value: 0.314, low: 0.25, high: null, n: 1200 }
  const cells = estimateColumns('Experience', (each: typeof row) => each, signed).map((column) =>
    column.cell?.(row),
  )
  assert.deepEqual(cells, ['+0.31', '+0.25', '–', '1,200'])
  assert.equal(figures('value', 'Value', (each: typeof row) => each.value, signed).cell?.(row), '+0.31')
})

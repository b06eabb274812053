import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvField, csvLine } from './csv.ts'

test('a field is quoted where needed, and no spreadsheet runs it', () => {
  assert.equal(csvLine(['a', 1.00000001, null, 'say "yes", twice']), 'a,1,,"say ""yes"", twice"\r\n')
  for (const harmless of ['-12.50', '-3,5', '+49 (30) 123-456']) assert.ok(!csvField(harmless).includes("'"))
  for (const formula of ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1'])
    assert.ok(csvField(formula).startsWith("'"))
})

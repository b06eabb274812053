import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

test('no class is styled as a whole by two sheets: which one wins would hang on what was visited before', () => {
  const web = join(import.meta.dirname, '..')
  const sheets = globSync('**/*.css', { cwd: web })
  assert.ok(sheets.length > 10)
  const owner = new Map<string, string>()
  for (const sheet of sheets)
    for (const [, name = ''] of readFileSync(join(web, sheet), 'utf8').matchAll(
      /^\s*\.([\w-]+)(?:,$| \{)/gm,
    )) {
      const first = owner.get(name) ?? sheet
      assert.equal(sheet, first, `.${name} is styled by ${first} and by ${sheet}`)
      owner.set(name, sheet)
    }
})

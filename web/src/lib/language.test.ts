import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf } from './language.ts'

test('a browser that names no language, or none that there is, breaks no page', () => {
  assert.equal(languageOf('de-at'), 'de-AT')
  for (const odd of ['en-US@posix', 'C', '', undefined]) assert.equal(languageOf(odd), 'en-GB')
})

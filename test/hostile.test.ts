// What people with bad intentions or broken software send, through the real app: answered in words, never
// a fault, and nothing of it is run or believed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { Operations } from '#src/server/operations.ts'
import { row } from '#src/store/database.ts'
import { sending, startTroth } from './troth.ts'

const json = { 'content-type': 'application/json' }

test('NUL characters, broken UTF-8, and deep JSON are refused in words, on every call that takes JSON', async () => {
  await using troth = await startTroth()
  const owner = troth.as('owner')
  const calls = new Operations(troth.app).all.filter(
    (operation) => operation.bodies.includes('application/json') && !operation.path.startsWith('/v1/'),
  )
  const bodies: [string, string | Uint8Array<ArrayBuffer>, RegExp][] = [
    ['NUL', JSON.stringify({ name: 'a\0b' }), /NUL/],
    ['NUL behind a backslash', '{"name":"a\\\\\\u0000"}', /NUL/],
    ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]), /UTF-8/],
    ['deep lists', '['.repeat(100_000) + ']'.repeat(100_000), /deeper/],
    ['deep objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, /deeper/],
    ['not JSON', '{{{{', /\w/],
  ]
  for (const { method, path } of calls)
    for (const [name, body, words] of bodies) {
      const response = await owner(path.replace(/\{[^}]+\}/g, '1'), { method, body, headers: json })
      const text = await response.text()
      assert.equal(response.status, 400, `${name} to ${method} ${path}: ${response.status} ${text}`)
      assert.match((JSON.parse(text) as { detail: string }).detail, words, `${method} ${path}`)
    }
})

test('an escaped backslash before u0000 is text like any other', async () => {
  await using troth = await startTroth()
  const response = await troth.as('owner')('/api/workspace', {
    method: 'PATCH',
    headers: json,
    body: '{"name":"a\\\\u0000"}',
  })
  assert.equal(response.status, 200)
  assert.equal(((await response.json()) as { name: string }).name, 'a\\u0000')
})

test('addresses with broken encodings, NUL characters and tricks in the path are refused', async () => {
  await using troth = await startTroth()
  const owner = troth.as('owner')
  for (const path of [
    '/api/audit?actor=%ff%fe',
    '/api/audit?actor=a%00b',
    '/api/members/%00',
    '/api/members/%E0%A4%A',
  ]) {
    const response = await owner(path)
    assert.equal(response.status, 400, path)
  }
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/.sources',
    '//etc/passwd',
  ]) {
    const response = await owner(path)
    const text = await response.text()
    assert.doesNotMatch(text, /"dependencies"|root:/, path)
    assert.ok([200, 400, 404, 503].includes(response.status), path)
  }
})

const sqlTricks = [
  "'; drop table customers; --",
  "' or '1'='1",
  '1); delete from audit; --',
  '%',
  '_',
  '\\',
  '$1',
  "'||pg_sleep(9)||'",
]

test('SQL in any query parameter and any address is only text', async () => {
  await using troth = await startTroth({ counting: true })
  const document = (await (await troth.app.request('/openapi.json')).json()) as {
    paths: Record<string, { get?: { parameters?: { name: string; in: string }[] } }>
  }
  const reads = Object.entries(document.paths).flatMap(([path, { get }]) => (get ? [{ path, get }] : []))
  const manager = troth.as('manager')
  const began = Date.now()
  for (const { path, get } of reads)
    for (const trick of sqlTricks) {
      const address = path.replace(/\{[^}]+\}/g, encodeURIComponent(trick))
      for (const query of [
        '',
        ...(get.parameters ?? [])
          .filter((each) => each.in === 'query')
          .map((each) => `?${each.name}=${encodeURIComponent(trick)}`),
      ]) {
        if (query === '' && !path.includes('{')) continue
        const response = await manager(address + query)
        await response.body?.cancel()
        assert.ok(response.status < 500, `${address}${query}: ${response.status}`)
      }
    }
  assert.ok(Date.now() - began < 120_000)
  const left = await row(troth.store.db, sql<{ n: number }>`select count(*)::int as n from customers`)
  assert.equal(left?.n, 0)
})

test('SQL and HTML in any field is kept as it was said, and nothing more', async () => {
  await using troth = await startTroth()
  const owner = troth.as('owner')
  for (const text of [
    ...sqlTricks,
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '{{7*7}}',
    '#{7*7}',
    '\u202Egnp.exe',
    '𝕬\u0301',
  ]) {
    const changed = await owner('/api/workspace', sending('PATCH', { name: text }))
    assert.equal(changed.status, 200, text)
    assert.equal(((await changed.json()) as { name: string }).name, text)
    assert.match(changed.headers.get('content-type') ?? '', /^application\/json/)
    const made = await owner('/api/keys', sending('POST', { name: text, scopes: ['read'] }))
    assert.equal(((await made.json()) as { name: string }).name, text)
  }
})

test('whatever is sent to whatever call, the answer is never a fault', async () => {
  await using troth = await startTroth({ counting: true })
  const calls = new Operations(troth.app).all.filter(
    (operation) =>
      !['/api/session', '/api/first-run', '/api/sample'].includes(operation.path) &&
      operation.path !== '/api/members/{id}',
  )
  const faults: string[] = []
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...calls),
      fc.oneof(
        fc.integer(),
        fc.constantFrom('-1', '0', '1e99', '9223372036854775808', 'NaN', 'null', 'a b', '☃'),
      ),
      fc.oneof(
        fc.jsonValue(),
        fc.dictionary(
          fc.constantFrom('name', 'id', 'rule', 'at', 'value', 'email', 'scopes', 'reason'),
          fc.jsonValue(),
        ),
      ),
      async ({ method, path, bodies }, id, body) => {
        const address = path.replace(/\{[^}]+\}/g, encodeURIComponent(String(id)))
        const init = bodies.includes('application/json') ? sending(method, body) : { method }
        const response = await troth.as('owner')(address, init)
        await response.body?.cancel()
        if (response.status >= 500 && path !== '/readyz')
          faults.push(`${method} ${address} ${JSON.stringify(body)}: ${response.status}`)
      },
    ),
    { numRuns: 400 },
  )
  assert.deepEqual(faults, [])
})

// What is the same for every call: problems, headers, limits, health, figures, the API document.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Validator } from '@seriousme/openapi-schema-validator'
import { sql } from 'kysely'
import { until } from '#src/lib/testing.ts'
import { createApp } from '#src/server/server.ts'
import { row } from '#src/store/database.ts'
import { localToken, sending, startTroth } from './troth.ts'

interface Problem {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  errors?: { field: string; reason: string }[]
}

async function problem(response: Response, status: number): Promise<Problem> {
  assert.equal(response.status, status, await response.clone().text())
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const body = (await response.json()) as Problem
  assert.equal(body.status, status)
  assert.ok(body.title && body.detail && body.type && body.instance)
  return body
}

test('the API document is valid OpenAPI 3.1, and every call in it can fail in words', async () => {
  await using troth = await startTroth({ team: false })
  const document = (await (await troth.app.request('/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, Record<string, { operationId: string; responses: Record<string, object> }>>
  }
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  assert.ok(valid, JSON.stringify(errors))
  assert.equal(document.openapi, '3.1.0')
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
  const ids = operations.map((operation) => operation.operationId)
  assert.equal(new Set(ids).size, ids.length)
  for (const { operationId, responses } of operations) {
    assert.ok(responses['default'], operationId)
    assert.ok(
      Object.keys(responses).some((status) => /^[23]/.test(status)),
      operationId,
    )
  }
})

test('every error is a problem: not there, not done this way, not JSON, not that type, too large', async () => {
  await using troth = await startTroth()
  const owner = troth.as('owner')
  await problem(await owner('/api/nothing'), 404)
  await problem(await owner('/v1'), 404)
  await problem(await owner('/assets/none.js'), 404)
  const wrongWay = await owner('/api/members', { method: 'PUT' })
  assert.equal(wrongWay.headers.get('allow'), 'GET')
  await problem(wrongWay, 405)
  await problem(await troth.app.request('/healthz', { method: 'POST' }), 405)
  const json = { 'content-type': 'application/json' }
  await problem(await owner('/api/keys', { method: 'POST', body: '{"name": ', headers: json }), 400)
  await problem(
    await owner('/api/keys', {
      method: 'POST',
      body: 'name=x',
      headers: { 'content-type': 'text/plain', 'content-length': '6' },
    }),
    415,
  )
  await problem(await owner('/api/keys', { method: 'POST' }), 400)
  await problem(
    await owner('/api/keys', {
      method: 'POST',
      body: 'x'.repeat(1_000_001),
      headers: { ...json, 'content-length': '1000001' },
    }),
    413,
  )
  const { errors } = await problem(await owner('/api/keys', sending('POST', { name: '', scopes: [] })), 400)
  assert.deepEqual(
    errors?.map(({ field }) => field),
    ['name', 'scopes'],
  )
  await problem(await owner('/api/audit?limit=many'), 400)
  await problem(await owner('/api/audit?cursor=garbage'), 400)
})

test('a body without a length is counted while it comes', async () => {
  await using troth = await startTroth({ listen: true })
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(100_000).fill(32))
    },
  })
  const response = await fetch(`${troth.url}/api/keys`, {
    method: 'POST',
    body: endless,
    duplex: 'half',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${localToken}` },
  } as RequestInit)
  assert.equal(response.status, 413)
})

test('a fault of ours leaks nothing but the number it is logged under', async () => {
  await using troth = await startTroth()
  await sql`alter table api_keys rename to hidden_keys`.execute(troth.store.db)
  const response = await troth.as('owner')('/api/keys')
  const { detail } = await problem(response.clone(), 500)
  assert.match(detail, new RegExp(response.headers.get('x-request-id') ?? 'no id'))
  assert.doesNotMatch(await response.text(), /api_keys|select|relation|postgres/i)
})

test('answers carry headers that keep browsers in their place', async () => {
  await using troth = await startTroth({ team: false })
  const api = await troth.app.request('/api/me')
  assert.equal(api.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
  assert.equal(api.headers.get('cache-control'), 'no-store')
  for (const response of [api, await troth.app.request('/'), await troth.app.request('/api/nothing')]) {
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(response.headers.get('x-frame-options'), 'DENY')
    assert.equal(response.headers.get('referrer-policy'), 'same-origin')
    assert.equal(response.headers.get('strict-transport-security'), null)
  }
  const page = await troth.app.request('/')
  const policy = page.headers.get('content-security-policy') ?? ''
  assert.doesNotMatch(policy, /unsafe|https?:|\*/)
  const again = await troth.app.request('/')
  assert.notEqual(again.headers.get('content-security-policy'), policy)

  const behindTls = createApp(troth.store, { publicUrl: 'https://troth.example.com' })
  const secure = await behindTls.request('/api/me')
  assert.match(secure.headers.get('strict-transport-security') ?? '', /max-age/)
})

test('large answers are compressed', async () => {
  await using troth = await startTroth({ team: false })
  const response = await troth.app.request('/openapi.json', { headers: { 'accept-encoding': 'gzip' } })
  assert.equal(response.headers.get('content-encoding'), 'gzip')
  const text = gunzipSync(Buffer.from(await response.arrayBuffer())).toString()
  assert.equal((JSON.parse(text) as { openapi: string }).openapi, '3.1.0')
})

test('a cookie counts only for calls from our own pages', async () => {
  await using troth = await startTroth()
  const owner = troth.as('owner')
  const rename = (headers: Record<string, string>) =>
    owner('/api/me', {
      ...sending('PATCH', { name: 'Mallory' }),
      headers: { 'content-type': 'application/json', ...headers },
    })
  await problem(await rename({ origin: 'https://evil.example' }), 403)
  await problem(await rename({ origin: 'null' }), 403)
  await problem(await rename({ origin: 'http://localhost:1' }), 403)
  assert.equal((await rename({ origin: 'http://localhost' })).status, 204)
  const signIn = sending('POST', { email: 'owner@example.com', password: 'correct horse battery' })
  const elsewhere = { 'content-type': 'application/json', origin: 'https://evil.example', host: 'localhost' }
  await problem(await troth.app.request('/api/session', { ...signIn, headers: elsewhere }), 403)
  // Events from another site's page, without a key: nobody's, whoever is signed in here.
  const event = sending('POST', { event: 'Order Completed', userId: 'x' })
  await problem(
    await owner('/v1/track', {
      ...event,
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
    }),
    401,
  )
})

test('the same call with the same key is done once and answered the same', async () => {
  await using troth = await startTroth()
  const owner = troth.as('owner')
  const change = (key: string, body: object) =>
    owner('/api/workspace', {
      ...sending('PATCH', body),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
    })
  const first = await change('one', { name: 'Oak & Ash' })
  assert.equal(first.status, 200)
  await change('two', { name: 'Elm' })
  const replayed = await change('one', { name: 'Oak & Ash' })
  assert.equal(replayed.headers.get('idempotency-replayed'), 'true')
  assert.deepEqual(await replayed.json(), await first.json())
  const now = await row(troth.store.db, sql<{ name: string }>`select name from workspace`)
  assert.equal(now?.name, 'Elm')
  await problem(await change('one', { name: 'Another' }), 422)
  await problem(await change('not a key', { name: 'Another' }), 400)

  const together = await Promise.all([1, 2, 3, 4].map(() => change('three', { name: 'Birch' })))
  const done = together.filter((each) => each.status === 200)
  assert.ok(done.length >= 1 && together.every((each) => [200, 409].includes(each.status)))
  const audits = await row(
    troth.store.db,
    sql<{ n: number }>`select count(*)::int as n from audit where details::text like '%Birch%'`,
  )
  assert.equal(audits?.n, 1)

  const makeKey = () =>
    owner('/api/keys', {
      ...sending('POST', { name: 'k', scopes: ['read'] }),
      headers: { 'content-type': 'application/json', 'idempotency-key': 'four' },
    })
  const { key } = (await (await makeKey()).json()) as { key: string }
  await problem(await makeKey(), 409)
  const kept = await row(
    troth.store.db,
    sql<{ text: string }>`select json_agg(k)::text as text from idempotency_keys k`,
  )
  assert.ok(!kept?.text.includes(key))
})

test('readiness says what is not ready; health only that the process answers', async () => {
  await using troth = await startTroth({ team: false })
  assert.deepEqual(await (await troth.app.request('/healthz')).json(), { up: true })
  const before = await troth.app.request('/readyz')
  assert.equal(before.status, 503)
  const { checks } = (await before.json()) as { checks: { name: string; ready: boolean; detail: string }[] }
  assert.deepEqual(
    checks.map(({ name, ready }) => `${name} ${ready}`),
    ['database true', 'projection false', 'jobs true'],
  )
  troth.store.projection?.start()
  await until('readiness', async () => (await troth.app.request('/readyz')).status === 200)
})

test('figures are for keys and for this machine', async () => {
  await using troth = await startTroth({ listen: true, counting: true })
  await problem(await troth.app.request('/metrics'), 401)
  assert.equal((await troth.as('ingest')('/metrics')).status, 403)
  const batch = [
    { type: 'track', userId: 'u1', event: 'Product Viewed', messageId: 'm1' },
    { type: 'track', userId: 'u1', event: 'Product Viewed', messageId: 'm1' },
    { type: 'track', event: 'Nobody', messageId: 'm2' },
  ]
  assert.equal((await troth.as('ingest')('/v1/batch', sending('POST', { batch }))).status, 200)
  const figures = await (await troth.as('read')('/metrics')).text()
  assert.match(figures, /troth_http_request_seconds_count\{method="GET",route="\/metrics",status="401"\} 1/)
  assert.match(figures, /^troth_events_total\{outcome="created"\} 1$/m)
  assert.match(figures, /^troth_events_total\{outcome="duplicate"\} 1$/m)
  assert.match(figures, /^troth_events_total\{outcome="rejected"\} 1$/m)
  assert.match(figures, /^troth_jobs\{queue="expectations.judge",state="waiting"\} 1$/m)
  assert.match(figures, /^troth_jobs\{queue="imports.run",state="running"\} 0$/m)
  assert.match(figures, /^troth_projection_lag_seconds \d/m)
  await troth.store.jobs.drain()
  const later = await (await troth.as('read')('/metrics')).text()
  assert.match(later, /^troth_jobs\{queue="expectations.judge",state="waiting"\} 0$/m)
  assert.equal((await fetch(`${troth.url}/metrics`)).status, 200)
  // Behind a proxy on this machine the caller is somebody else.
  assert.equal(
    (await fetch(`${troth.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status,
    401,
  )
})

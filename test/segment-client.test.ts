import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Analytics } from '@segment/analytics-node'
import { sql } from 'kysely'
import type { Actor } from '../src/lib/http.ts'
import { startServer } from '../src/server/server.ts'
import { rows } from '../src/store/database.ts'
import { testStore } from '../src/store/testing.ts'
import { createKey } from '../src/team/team.ts'

async function started() {
  const store = await testStore()
  const actor: Actor = { kind: 'local', id: 'test', name: 'Test', role: 'owner', scopes: [] }
  const { key } = await createKey(store, actor, { name: 'shop', scopes: ['ingest'] })
  const server = await startServer(store, { host: '127.0.0.1', port: 0 })
  const stored = () =>
    rows(
      store.db,
      sql<{ name: string; customer: number; channel: string }>`
        select i.name, c.canonical_id as customer, i.channel
        from interactions i
        join customers c on c.id = i.customer_id
        order by i.at, i.id`,
    )
  return {
    key,
    store,
    server,
    stored,
    post: (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
      fetch(server.url + path, { method: 'POST', body: body as string, headers }),
    async [Symbol.asyncDispose]() {
      await server.close()
      await store[Symbol.asyncDispose]()
    },
  }
}

test("Segment's own Node client delivers everything, and closes without an error", async () => {
  await using troth = await started()
  const errors: unknown[] = []
  const analytics = new Analytics({ writeKey: troth.key, host: troth.server.url, flushAt: 3, maxRetries: 0 })
  analytics.on('error', (error) => errors.push(error))
  analytics.page({ anonymousId: 'visitor', name: 'Home', properties: { path: '/' } })
  analytics.identify({ userId: 'u1', anonymousId: 'visitor', traits: { email: 'mia@shop.de', name: 'Mia' } })
  analytics.group({ userId: 'u1', groupId: 'studio', traits: { name: 'Studio Brandt' } })
  analytics.track({ userId: 'u1', event: 'Order Completed', properties: { order_id: 'o1', total: 10 } })
  analytics.screen({ userId: 'u1', name: 'Order' })
  analytics.track({ userId: 'u1', event: 'Earlier', timestamp: new Date('2020-01-01') })
  await analytics.closeAndFlush({ timeout: 120_000 })
  assert.deepEqual(errors, [])
  const stored = await troth.stored()
  assert.deepEqual(stored.map(({ name }) => name).sort(), [
    'Earlier',
    'Order Completed',
    'Viewed Home',
    'Viewed Order',
  ])
  assert.equal(new Set(stored.map(({ customer }) => customer)).size, 1)
  assert.equal(stored[0]?.name, 'Earlier')
})

test("the browser library's short paths, text/plain bodies, gzip and beacons are taken", async () => {
  await using troth = await started()
  const message = (event: string) =>
    JSON.stringify({ writeKey: troth.key, anonymousId: 'a', event, messageId: event, sentAt: new Date() })
  assert.equal((await troth.post('/v1/t', message('Plain'), { 'content-type': 'text/plain' })).status, 200)
  const packed = gzipSync(
    JSON.stringify({ writeKey: troth.key, batch: [{ type: 'track', anonymousId: 'a', event: 'Packed' }] }),
  )
  const batch = await troth.post('/v1/b?results=items', packed, { 'content-encoding': 'gzip' })
  assert.deepEqual(await batch.json(), {
    success: true,
    accepted: 1,
    duplicates: 0,
    rejected: 0,
    results: [{ status: 'created' }],
  })
  const preflight = await fetch(`${troth.server.url}/v1/t`, { method: 'OPTIONS' })
  assert.equal(preflight.headers.get('access-control-allow-origin'), '*')
  assert.deepEqual((await troth.stored()).map(({ name }) => name).sort(), ['Packed', 'Plain'])
})

test('a message sent again after a lost answer is one interaction', async () => {
  await using troth = await started()
  const body = JSON.stringify({
    writeKey: troth.key,
    batch: [{ type: 'track', userId: 'u', event: 'A', messageId: 'm1' }],
  })
  await Promise.all([
    troth.post('/v1/batch', body),
    troth.post('/v1/batch', body),
    troth.post('/v1/batch', body),
  ])
  assert.equal((await troth.stored()).length, 1)
})

test('limits and mistakes answer with a problem that names the field', async () => {
  await using troth = await started()
  const bearer = { authorization: `Bearer ${troth.key}` }
  const problem = async (path: string, body: string | Buffer, headers: Record<string, string> = bearer) => {
    const answer = await troth.post(path, body, headers)
    assert.match(answer.headers.get('content-type') ?? '', /application\/problem\+json/)
    return {
      status: answer.status,
      ...((await answer.json()) as { detail: string; errors?: { field: string }[] }),
    }
  }
  assert.equal((await problem('/v1/track', '{}', {})).status, 401)
  assert.equal((await problem('/v1/track', '{}', { authorization: 'Bearer wrong' })).status, 401)
  assert.equal((await problem('/v1/track', '{"userId":"u"}')).errors?.[0]?.field, 'event')
  assert.match((await problem('/v1/track', '{"userId":')).detail, /not JSON/)
  assert.match((await problem('/v1/track', Buffer.from([0x7b, 0xff, 0x7d]))).detail, /UTF-8/)
  assert.match((await problem('/v1/batch', '{"batch":5}')).detail, /list of messages/)
  const huge = JSON.stringify({
    batch: Array.from({ length: 30 }, () => ({
      type: 'track',
      userId: 'u',
      event: 'A',
      properties: { x: 'y'.repeat(20_000) },
    })),
  })
  assert.equal((await problem('/v1/batch', huge)).status, 400)
  const bomb = gzipSync(Buffer.alloc(20_000_000, 32))
  assert.equal((await problem('/v1/batch', bomb, { ...bearer, 'content-encoding': 'gzip' })).status, 400)
  const one = {
    batch: [
      { type: 'track', userId: 'u', event: 'A', properties: { x: 'y'.repeat(40_000) } },
      { type: 'track', userId: 'u', event: 'B' },
    ],
  }
  const mixed = (await (await troth.post('/v1/batch?results=items', JSON.stringify(one), bearer)).json()) as {
    rejected: number
    results: { status: string }[]
  }
  assert.deepEqual(
    mixed.results.map(({ status }) => status),
    ['rejected', 'created'],
  )
  assert.deepEqual(
    (await troth.stored()).map(({ name }) => name),
    ['B'],
  )
})

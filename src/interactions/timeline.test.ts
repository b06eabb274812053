import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { joinCustomers } from '../customers/customers.ts'
import type { Role } from '../lib/http.ts'
import { routesAs } from '../lib/http-testing.ts'
import { row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { recordInteractions } from './interactions.ts'
import { timelineRoutes } from './routes.ts'
import type { Incoming, TimelineItem } from './schema.ts'

const origin = { source: 'api:1', again: 'keep' } as const
const start = Date.UTC(2026, 0, 1)
const hour = 3_600_000

function visit(user: string, hours: number, more: Partial<Incoming> = {}): Incoming {
  const at = new Date(start + hours * hour)
  return {
    messageId: `${user}/${hours}`,
    at,
    receivedAt: at,
    identities: [{ kind: 'user_id', source: '', value: user }],
    name: `Viewed ${hours}`,
    channel: hours % 2 ? 'web' : 'app',
    ...more,
  }
}

async function customerOf(store: Store, user: string): Promise<number> {
  const found = await row(
    store.db,
    sql<{ id: number }>`
      select c.canonical_id as id
      from identities i
      join customers c on c.id = i.customer_id
      where i.value = ${user}`,
  )
  return found?.id ?? 0
}

interface Page {
  customerId: number
  items: TimelineItem[]
  older: string | null
  newer: string | null
}

async function get(store: Store, path: string, role: Role = 'viewer', id?: string): Promise<Page> {
  const answer = await routesAs(timelineRoutes(store), role, id ? { id } : {}).request(path)
  assert.equal(answer.status, 200, await answer.clone().text())
  return (await answer.json()) as Page
}

async function send(store: Store, method: string, path: string, body: object, role: Role, id = 'anna') {
  return routesAs(timelineRoutes(store), role, { id }).request(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function withMember(store: Store, id: string) {
  await sql`
    insert into auth.member (id, name, email, role)
    values (${id}, ${id}, ${`${id}@x.de`}, 'member')`.execute(store.db)
}

test('a timeline is read page by page in both directions, each interaction once', async () => {
  await using store = await testStore()
  await recordInteractions(
    store,
    // Three at every hour: pages break between interactions of the same time.
    Array.from({ length: 120 }, (_, i) => visit('u', Math.floor(i / 3), { messageId: `m${i}` })),
    origin,
  )
  const id = await customerOf(store, 'u')
  const all: number[] = []
  let cursor: string | null = ''
  let last = ''
  while (cursor !== null) {
    const page = await get(store, `/api/customers/${id}/timeline?limit=25&cursor=${cursor}`)
    all.push(...page.items.map((item) => item.id))
    last = page.newer ?? last
    cursor = page.older
  }
  assert.equal(new Set(all).size, 120)
  const back: number[] = []
  for (cursor = last; cursor !== null; ) {
    const page: Page = await get(
      store,
      `/api/customers/${id}/timeline?limit=25&direction=newer&cursor=${cursor}`,
    )
    back.unshift(...page.items.map((item) => item.id))
    cursor = page.newer
  }
  assert.deepEqual(back, all.slice(0, back.length))
  assert.equal(back.length, 100)
})

test('a timeline can begin at a date and be filtered', async () => {
  await using store = await testStore()
  await recordInteractions(
    store,
    Array.from({ length: 40 }, (_, i) => visit('u', i)),
    origin,
  )
  const id = await customerOf(store, 'u')
  const from = await get(store, `/api/customers/${id}/timeline?until=2026-01-01T10:30:00Z&limit=2`)
  assert.deepEqual(
    from.items.map((item) => item.name),
    ['Viewed 10', 'Viewed 9'],
  )
  const web = await get(store, `/api/customers/${id}/timeline?channel=web`)
  assert.equal(web.items.length, 20)
  assert.equal((await get(store, `/api/customers/${id}/timeline?kind=words`)).items.length, 0)
  const months = await routesAs(timelineRoutes(store), 'viewer').request(
    `/api/customers/${id}/timeline/months`,
  )
  assert.deepEqual(await months.json(), {
    months: [{ month: '2026-01', interactions: 40, good: 0, bad: 0, sales: 0 }],
    channels: [
      { channel: 'app', interactions: 20 },
      { channel: 'web', interactions: 20 },
    ],
    touchpoints: [],
  })
})

test('an absorbed customer’s address leads to the whole life', async () => {
  await using store = await testStore()
  await recordInteractions(store, [visit('one', 1), visit('two', 2)], origin)
  const [one, two] = [await customerOf(store, 'one'), await customerOf(store, 'two')]
  await transaction(store.db, (tx) =>
    joinCustomers(tx, { survivor: one, absorbed: two, rule: 'by hand', evidence: {}, actor: 'me' }),
  )
  const page = await get(store, `/api/customers/${two}/timeline`)
  assert.equal(page.customerId, one)
  assert.equal(page.items.length, 2)
})

test('a company’s timeline names whom of its people it happened to', async () => {
  await using store = await testStore()
  await recordInteractions(
    store,
    [visit('firm', 1, { customerKind: 'company' }), visit('buyer', 2, { traits: { name: 'Ida' } })],
    origin,
  )
  const [firm, buyer] = [await customerOf(store, 'firm'), await customerOf(store, 'buyer')]
  await sql`insert into memberships (company_id, customer_id, since) values (${firm}, ${buyer}, now())`.execute(
    store.db,
  )
  const page = await get(store, `/api/customers/${firm}/timeline`)
  assert.deepEqual(
    page.items.map((item) => item.person?.id ?? null),
    [buyer, null],
  )
})

test('a restricted note keeps its words and properties from lower roles, and from filters', async () => {
  await using store = await testStore()
  await recordInteractions(store, [visit('u', 1)], origin)
  await withMember(store, 'anna')
  const id = await customerOf(store, 'u')
  const sent = await send(
    store,
    'POST',
    `/api/customers/${id}/interactions`,
    { kind: 'note', words: 'secret illness', impression: -1, restrictedTo: 'manager' },
    'member',
  )
  assert.equal(sent.status, 201)
  for (const role of ['viewer', 'member'] as const) {
    const answer = await routesAs(timelineRoutes(store), role).request(`/api/customers/${id}/timeline`)
    const text = await answer.text()
    assert.doesNotMatch(text, /secret|logged_by/)
    assert.match(text, /"hidden":true/)
    assert.equal((await get(store, `/api/customers/${id}/timeline?kind=words`, role)).items.length, 0)
  }
  assert.equal(
    (await get(store, `/api/customers/${id}/timeline`, 'manager')).items[0]?.words,
    'secret illness',
  )
  const author = await get(store, `/api/customers/${id}/timeline`, 'member', 'anna')
  assert.equal(author.items[0]?.words, 'secret illness')
})

test('what is logged is our impression, can be put right by who logged it, and taken back', async () => {
  await using store = await testStore()
  await recordInteractions(store, [visit('u', 1)], origin)
  await withMember(store, 'anna')
  const id = await customerOf(store, 'u')
  const path = `/api/customers/${id}/interactions`
  const logged = await send(store, 'POST', path, { kind: 'call', words: 'All well', impression: 1 }, 'member')
  const { id: interaction } = (await logged.json()) as { id: number }
  const stored = await rows(
    store.db,
    sql<object>`select name, channel, experience, evidence, member_id as member from interactions where id = ${interaction}`,
  )
  assert.deepEqual(stored, [
    { name: 'Call Logged', channel: 'phone', experience: 75, evidence: 3, member: 'anna' },
  ])
  const change = { words: 'Not so well', impression: -1 }
  assert.equal((await send(store, 'PATCH', `${path}/${interaction}`, change, 'member', 'ben')).status, 403)
  assert.equal((await send(store, 'PATCH', `${path}/${interaction}`, change, 'member')).status, 204)
  const item = (await get(store, `/api/customers/${id}/timeline`, 'member')).items[0]
  assert.deepEqual([item?.words, item?.experience, item?.member?.name], ['Not so well', -75, 'anna'])
  assert.equal((await send(store, 'DELETE', `${path}/${interaction}`, {}, 'member')).status, 204)
  assert.equal((await get(store, `/api/customers/${id}/timeline`)).items.length, 1)
  const audited = await rows(
    store.db,
    sql<{ action: string; details: string }>`select action, details::text from audit order by id`,
  )
  assert.deepEqual(
    audited.map(({ action }) => action),
    ['logged', 'changed', 'deleted'],
  )
  assert.ok(audited.every(({ details }) => !details.includes('well')))
})

test('what another system sent is not changed by hand, and a viewer logs nothing', async () => {
  await using store = await testStore()
  await recordInteractions(store, [visit('u', 1)], origin)
  const id = await customerOf(store, 'u')
  const [sentIn] = await rows(store.db, sql<{ id: number }>`select id from interactions`)
  const path = `/api/customers/${id}/interactions`
  assert.equal((await send(store, 'DELETE', `${path}/${sentIn?.id}`, {}, 'owner')).status, 403)
  assert.equal((await send(store, 'POST', path, { kind: 'call' }, 'viewer')).status, 403)
  assert.equal(
    (await send(store, 'POST', '/api/customers/999/interactions', { kind: 'call' }, 'owner')).status,
    404,
  )
  const late = { kind: 'call', at: '2999-01-01T00:00:00Z' }
  assert.equal((await send(store, 'POST', path, late, 'owner')).status, 400)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { routesAs } from '../../lib/http-testing.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import { improvements } from './improvements.ts'
import { improvementRoutes } from './routes.ts'
import type { Improvement, Improvements } from './schema.ts'

const firstDay = Date.UTC(2025, 0, 6)

test('what was changed is shown before against after, with what is left beyond the way it was on', async () => {
  await using store = await company()
  // 40 weeks at about −.2, then a change, then 30 weeks at about +.3
  await answers(store, 40, 0, -20)
  await answers(store, 30, 40, 30)
  await store.projection?.catchUp()
  const logged = await log(store, { what: 'Two drivers', madeOn: dayOf(40), touchpointId: 1 })
  assert.equal(logged.about, 'Delivery')
  const answer = await ask(store)
  const [shown] = answer.improvements
  assert.equal(shown?.evidence, 'said')
  assert.ok(Math.abs((shown?.experience?.before.value ?? 0) + 0.2) < 0.05)
  assert.ok(Math.abs((shown?.experience?.after.value ?? 0) - 0.3) < 0.05)
  assert.equal(shown?.experience?.change?.tells, true)
  assert.ok((shown?.lined?.byNow.low ?? -1) > 0)
  const sentence = answer.statements.find((each) => each.text.includes('Two drivers'))
  assert.equal(sentence?.claim, 'goes along with')
  assert.match(sentence?.text ?? '', /Whatever else happened then is in it too/)

  // and the watch saw the turn by itself, within some weeks of it
  const [watched] = answer.watched
  assert.equal(watched?.turns.length, 1)
  assert.equal(watched?.turns[0]?.good, true)
  const since = Math.round((Date.parse(watched?.turns[0]?.since ?? '') - firstDay) / (7 * 86_400_000))
  assert.ok(Math.abs(since - 40) <= 2, `turned in week ${since}`)
})

test('where nothing turns the watch is quiet, and an idle change is told as maybe chance', async () => {
  await using store = await company()
  await answers(store, 60, 0, 10)
  await store.projection?.catchUp()
  await log(store, { what: 'A new logo', madeOn: dayOf(30), touchpointId: 1 })
  const answer = await ask(store)
  assert.deepEqual(
    answer.watched.map((each) => each.turns),
    [[]],
  )
  assert.match(answer.statements[0]?.text ?? '', /^Nothing has turned\./)
  assert.ok(answer.statements.some((each) => /A new logo.*may be chance/.test(each.text)))
})

test('a change without answers, one to come, and one at a promise that is gone say why nothing is told', async () => {
  await using store = await company()
  await answers(store, 2, 0, 10)
  await store.projection?.catchUp()
  await log(store, { what: 'Early', madeOn: '2024-01-01', touchpointId: 1 })
  await log(store, { what: 'Later', madeOn: '2031-01-01', touchpointId: 1 })
  const answer = await ask(store)
  assert.match(answer.improvements.find((each) => each.what === 'Later')?.cannotTell ?? '', /not begun/)
  assert.match(
    answer.improvements.find((each) => each.what === 'Early')?.cannotTell ?? '',
    /There are no answers before/,
  )
  assert.ok(answer.statements.every((each) => !/NaN|undefined|null|Infinity/.test(each.text)))
})

test('a change is logged by members, corrected, and removed; nonsense is refused', async () => {
  await using store = await company()
  const member = request(store, 'member')
  const { id } = await log(store, { what: 'A call first', madeOn: '2026-01-01', touchpointId: 1 })
  assert.equal(
    (
      await member('PUT', `/api/improvements/${id}`, {
        what: 'A call before',
        madeOn: '2026-01-02',
        touchpointId: 1,
      })
    ).status,
    200,
  )
  for (const wrong of [
    { what: 'x', madeOn: '2026-02-31', touchpointId: 1 },
    { what: 'x', madeOn: 'soon', touchpointId: 1 },
    { what: 'x', madeOn: '2026-01-01' },
    { what: 'x', madeOn: '2026-01-01', touchpointId: 1, promiseId: 1 },
    { what: 'x', madeOn: '2026-01-01', touchpointId: 99 },
    { what: ' ', madeOn: '2026-01-01', touchpointId: 1 },
  ])
    assert.equal((await member('POST', '/api/improvements', wrong)).status, 400, JSON.stringify(wrong))
  assert.equal((await request(store, 'viewer')('DELETE', `/api/improvements/${id}`)).status, 403)
  assert.equal((await member('DELETE', `/api/improvements/${id}`)).status, 204)
  assert.equal((await member('DELETE', `/api/improvements/${id}`)).status, 404)
})

function dayOf(week: number): string {
  return new Date(firstDay + week * 7 * 86_400_000).toISOString().slice(0, 10)
}

/** Four answers a week around `level` (hundredths), the same every time. */
async function answers(store: TestStore, weeks: number, from: number, level: number): Promise<void> {
  await sql`
    insert into interactions (customer_id, at, name, source, channel, touchpoint_id, experience, evidence)
    select 1, ${new Date(firstDay).toISOString()}::timestamptz + (${from}::integer + w) * interval '7 days' + n * interval '1 day',
      'Delivery', 't', 'web', 1, ${level}::integer + (abs(hashtext(n::text || 'noise' || w::text)) % 29 - 14), 1
    from generate_series(0, ${weeks}::integer - 1) w, generate_series(1, 4) n`.execute(store.db)
}

async function ask(store: TestStore): Promise<Improvements> {
  return (await improvements.answering(new Asking(store), { days: 180 })) as Improvements
}

async function log(store: TestStore, body: object): Promise<Improvement> {
  const answer = await request(store, 'member')('POST', '/api/improvements', body)
  assert.equal(answer.status, 201, await answer.clone().text())
  return (await answer.json()) as Improvement
}

function request(store: TestStore, role: 'viewer' | 'member') {
  const routes = routesAs(improvementRoutes(store), role)
  return async (method: string, path: string, body?: object): Promise<Response> =>
    routes.request(path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
}

async function company(): Promise<TestStore> {
  const store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'Use', 'after', 1)`.execute(store.db)
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values (1, 1, 'Delivery', 1, 'us', 'use')`.execute(
    store.db,
  )
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (1, 1, now(), now())`.execute(
    store.db,
  )
  return store
}

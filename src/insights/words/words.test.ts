import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { routesAs } from '../../lib/http-testing.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import { labelRoutes } from './routes.ts'
import type { WordsAnswer } from './schema.ts'
import { words } from './words.ts'

const good = ['Lovely table, came in time', 'Sehr schöne Stühle, pünktlich', 'Friendly driver, lovely wood']
const bad = ['Came late and nobody rang', 'Zu spät geliefert', 'Scratched leg, and came late again']

test('the words that separate good from bad are found at each touchpoint, in any language, with examples', async () => {
  await using store = await company()
  for (let n = 0; n < 90; n++) {
    await say(store, good[n % 3] ?? '', 80)
    await say(store, bad[n % 3] ?? '', -80)
  }
  const answer = await ask(store)
  assert.deepEqual(
    answer.themes.map((each) => each.name),
    ['Everywhere', 'Review'],
  )
  const [everywhere] = answer.themes
  const terms = (side: 'good' | 'bad') => everywhere?.[side].map((each) => each.term).join(' | ')
  assert.match(terms('bad') ?? '', /late/)
  assert.match(terms('bad') ?? '', /spät/)
  assert.match(terms('good') ?? '', /lovely/)
  const late = everywhere?.bad.find((each) => each.term.includes('late'))
  assert.deepEqual([late?.good, late?.bad], [0, 60])
  assert.match(late?.examples[0]?.text ?? '', /late/)
  assert.equal(answer.statements[0]?.claim, 'goes along with')
})

test('what is restricted, our own impression, and few texts are not spoken of', async () => {
  await using store = await company()
  await say(store, 'Between us: difficult', -80, { restricted: true })
  await say(store, 'He seemed angry', -80, { evidence: 3 })
  await say(store, 'Fine', 50)
  const answer = await ask(store)
  assert.equal(answer.texts, 1)
  assert.equal(answer.statements[0]?.claim, 'not enough to tell')
  assert.ok(answer.statements.every((each) => !/NaN|undefined|null|Infinity/.test(each.text)))
})

test('topics are learned from labels, measured, and leave the rest unsure', async () => {
  await using store = await company()
  const about = { delivery: 'The driver came late with the van', wood: 'The wood of the table is smooth oak' }
  for (const [topic, text] of Object.entries(about))
    for (let n = 0; n < 25; n++) {
      const id = await say(store, `${text}, number ${n}`, 10)
      if (n < 20) await label(store, id, topic, 204)
    }
  const answer = await ask(store)
  assert.equal(answer.topics.labelled, 40)
  assert.ok((answer.topics.measured?.always.value ?? 0) > 0.9)
  const delivery = answer.topics.topics.find((each) => each.topic === 'delivery')
  assert.deepEqual([delivery?.labelled, delivery?.texts], [20, 25])
  assert.ok(answer.topics.toLabel.length > 0)
})

test('labels want a text that is there; they can be taken back, and go with the customer', async () => {
  await using store = await company()
  const id = await say(store, 'The driver came late', -50)
  await label(store, id + 99, 'delivery', 404)
  await label(store, id, ' ', 400)
  await label(store, id, 'delivery', 204)
  await label(store, id, 'driver', 204)
  assert.equal((await ask(store)).topics.topics[0]?.topic, 'driver')
  const routes = routesAs(labelRoutes(store), 'member')
  assert.equal((await routes.request(`/api/topic-labels/${id}`, { method: 'DELETE' })).status, 204)
  assert.equal((await routes.request(`/api/topic-labels/${id}`, { method: 'DELETE' })).status, 404)
  await label(store, id, 'delivery', 204)
  await sql`delete from interactions`.execute(store.db)
  const left = await sql`select 1 from topic_labels`.execute(store.db)
  assert.equal(left.rows.length, 0)
})

async function ask(store: TestStore): Promise<WordsAnswer> {
  await store.projection?.catchUp()
  return (await words.answering(new Asking(store), {})) as WordsAnswer
}

async function label(store: TestStore, interactionId: number, topic: string, status: number): Promise<void> {
  const answer = await routesAs(labelRoutes(store), 'member').request('/api/topic-labels', {
    method: 'POST',
    body: JSON.stringify({ customerId: 1, interactionId, topic }),
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(answer.status, status)
}

async function say(
  store: TestStore,
  text: string,
  experience: number,
  { restricted = false, evidence = 1 }: { restricted?: boolean; evidence?: number } = {},
): Promise<number> {
  const found = await sql<{ id: number }>`
    insert into interactions (customer_id, at, name, source, channel, touchpoint_id, experience, evidence, words, restricted_to)
    values (1, '2026-03-01T12:00:00Z', 'Review', 't', 'web', 1, ${experience}, ${evidence}, ${text}, ${restricted ? 'manager' : null})
    returning id`.execute(store.db)
  return found.rows[0]?.id ?? 0
}

async function company(): Promise<TestStore> {
  const store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'Use', 'after', 1)`.execute(store.db)
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values (1, 1, 'Review', 1, 'customer', 'say')`.execute(
    store.db,
  )
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (1, 1, now(), now())`.execute(
    store.db,
  )
  return store
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { routesAs } from '../lib/http-testing.ts'
import { type TestStore, testStore } from '../store/testing.ts'
import { balance, care, journeyMap, readScope, silence } from './insights.ts'
import { readCompared } from './question.ts'
import { insightsRoutes } from './routes.ts'

const all = (store: TestStore) => readScope(store, {})

test('the map tells said from inferred from our impression, and keeps silent under ten answers', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 12; customer++)
    await step(store, customer, '2026-03-05', 'Delivery', {
      experience: customer <= 6 ? -60 : -20,
      evidence: 1,
    })
  await step(store, 1, '2026-03-06', 'Delivery', { experience: 90, evidence: 2 })
  await step(store, 1, '2026-03-06', 'Delivery', { experience: 40, evidence: 3 })
  await step(store, 1, '2026-01-02', 'Advert')
  await step(store, 2, '2026-01-02', null)
  await store.projection?.catchUp()
  const map = await journeyMap(store, await all(store))
  const delivery = map.touchpoints.find((each) => each.name === 'Delivery')
  assert.ok(delivery)
  assert.deepEqual([delivery.customers, delivery.volume], [12, 14])
  assert.equal(delivery.said.n, 12)
  assert.ok(Math.abs((delivery.said.value ?? 0) + 0.4) < 1e-9)
  // mean −0.4, s = 0.20889, n = 12, t(.975; 11) = 2.20099 → ± 0.13272
  assert.ok(Math.abs((delivery.said.low ?? 0) + 0.53272) < 1e-4)
  assert.deepEqual(delivery.badShare.hits, 12)
  assert.deepEqual(delivery.inferred, { n: 1, value: null, low: null, high: null, good: 1, bad: 0 })
  assert.equal(delivery.impression.n, 1)
  assert.deepEqual(map.unplaced, { n: 1, share: 1 / 16 })
  assert.match(map.sentence.parts.map((part) => part.text).join(''), /let down at “Delivery” ▼ 0\.40/)
})

test('reach counts customers once, in any time asked for', async () => {
  await using store = await company()
  for (const day of ['2026-01-01', '2026-01-02', '2026-02-01', '2026-02-02'])
    await step(store, 1, day, 'Advert')
  await step(store, 2, '2026-02-03', 'Advert')
  await step(store, 2, '2026-02-04', 'Order')
  await store.projection?.catchUp()
  const february = await readScope(store, { from: '2026-02-01', to: '2026-02-28' })
  const map = await journeyMap(
    store,
    february,
    await readCompared(store, { from: '2026-02-01', to: '2026-02-28' }, 'previous'),
  )
  const advert = map.touchpoints.find((each) => each.name === 'Advert')
  const decide = map.stages.find((each) => each.name === 'Decide')
  assert.deepEqual([advert?.customers, advert?.volume, map.customers, decide?.customers], [2, 3, 2, 2])
  assert.deepEqual(map.comparedWith, { from: '2026-01-04', to: '2026-01-31', segment: null })
  assert.equal(advert?.compared?.customers, 0)
  assert.equal(advert?.compared?.saidChange, null)
})

test('a comparison says that it can’t tell when the interval of the difference includes none', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 12; customer++) {
    await step(store, customer, '2026-01-05', 'Delivery', {
      experience: customer % 2 ? 50 : -50,
      evidence: 1,
    })
    await step(store, customer, '2026-02-05', 'Delivery', {
      experience: customer % 3 ? 50 : -50,
      evidence: 1,
    })
    await step(store, customer, '2026-01-05', 'Care call', { experience: -80, evidence: 1 })
    await step(store, customer, '2026-02-05', 'Care call', { experience: 60 + customer, evidence: 1 })
  }
  await store.projection?.catchUp()
  const asked = { from: '2026-02-01', to: '2026-02-28' }
  const map = await journeyMap(
    store,
    await readScope(store, asked),
    await readCompared(store, asked, 'previous'),
  )
  const change = (name: string) => map.touchpoints.find((each) => each.name === name)?.compared?.saidChange
  assert.equal(change('Delivery')?.tells, false)
  assert.equal(change('Care call')?.tells, true)
  assert.ok((change('Care call')?.value ?? 0) > 1.4)
})

test('promises count where they were decided, and one that ran out where its kind usually is', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 11; customer++) {
    await step(store, customer, '2026-02-01', 'Delivery')
    await promise(store, customer, customer === 1 ? 'broken' : 'kept', true)
  }
  await promise(store, 12, 'broken', false)
  await store.projection?.catchUp()
  const map = await journeyMap(store, await all(store))
  const kept = map.touchpoints.find((each) => each.name === 'Delivery')?.kept
  assert.deepEqual([kept?.hits, kept?.n], [10, 12])
})

test('silence counts buyers whom nobody cared for, and says through which channels that was seen', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 20; customer++) {
    await step(store, customer, '2026-01-10', 'Order')
    // invoices and mass mail don't end a silence
    await step(store, customer, '2026-01-20', 'Invoice')
  }
  await store.projection?.catchUp()
  const unseen = await silence(store, await all(store))
  assert.equal(unseen.visible, false)
  assert.deepEqual(unseen.spans, [])
  assert.match(unseen.words, /can’t be told/)

  for (let customer = 1; customer <= 5; customer++)
    await step(store, customer, '2026-02-01', 'Care call', { channel: 'phone' })
  await step(store, 6, '2026-03-25', 'Care call', { channel: 'phone' })
  await step(store, 20, '2026-05-01', 'Advert')
  await store.projection?.catchUp()
  const seen = await silence(store, await all(store))
  assert.equal(seen.visible, true)
  assert.deepEqual(seen.channels.map((each) => each.name).sort(), ['mail', 'phone'])
  assert.deepEqual(
    seen.spans.map((each) => [each.days, each.sinceSale.hits, each.sinceSale.n, each.now.hits]),
    [
      [30, 15, 20, 20],
      [60, 15, 20, 19],
      [90, 14, 20, 14],
    ],
  )
})

test('the care standard tells who got it, who got it late, who did not and who is not due', async () => {
  await using store = await company()
  for (const [customer, sold, called] of [
    [1, '2026-01-01', '2026-01-05'],
    [2, '2026-01-01', '2026-01-20'],
    [3, '2026-01-01', null],
    [4, '2026-03-01', null],
  ] as const) {
    await step(store, customer, sold, 'Order')
    if (called) await step(store, customer, called, 'Care call')
  }
  await step(store, 5, '2026-03-03', 'Advert')
  await store.projection?.catchUp()
  const [standard] = (await care(store, await all(store))).standards
  assert.ok(standard)
  assert.deepEqual([standard.got, standard.late, standard.missed, standard.notDueYet], [1, 1, 1, 1])
  assert.deepEqual(standard.share, { hits: 1, n: 3, value: null, low: null, high: null })
})

test('a care standard can count its days from another touchpoint than the sale', async () => {
  await using store = await company()
  await sql`update care_standards set counts_from = 3`.execute(store.db)
  for (const customer of [1, 2]) {
    await step(store, customer, '2026-01-01', 'Order')
    await step(store, customer, '2026-02-01', 'Delivery')
  }
  await step(store, 1, '2026-02-05', 'Care call')
  await step(store, 3, '2026-03-03', 'Advert')
  await store.projection?.catchUp()
  const [standard] = (await care(store, await all(store))).standards
  assert.deepEqual([standard?.got, standard?.missed, standard?.countsFrom], [1, 1, 'Delivery'])
})

test('balance weighs what we did before a customer bought against what we did after', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 10; customer++) {
    for (const day of ['2026-01-01', '2026-01-02', '2026-01-03']) await step(store, customer, day, 'Advert')
    await step(store, customer, '2026-01-10', 'Order', { experience: 50, evidence: 1 })
    await step(store, customer, '2026-01-20', 'Invoice', { experience: -50 - customer, evidence: 1 })
  }
  await sql`insert into budgets (touchpoint_id, starts_on, ends_on, amount_minor, currency) values (1, '2026-01-01', '2026-01-31', 8300, 'EUR'), (6, '2026-01-01', '2026-01-31', 1700, 'EUR')`.execute(
    store.db,
  )
  await store.projection?.catchUp()
  const answer = await balance(store, await all(store))
  assert.deepEqual([answer.touches.before, answer.touches.after], [30, 10])
  assert.equal(answer.touches.words, '75 % before, 25 % after')
  assert.match(answer.money?.words ?? '', /^83 % of €.100 is spent before the sale$/)
  assert.equal(answer.experience.change?.tells, true)
  assert.equal(answer.experience.words, 'People are let down after the sale.')
  assert.equal(answer.levelWords, 'What customers said last is lower than what they said first.')
})

test('anything can be opened: the route gives the customers and interactions, page by page', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 5; customer++)
    await step(store, customer, `2026-01-0${customer}`, 'Delivery', {
      experience: -40,
      evidence: 1,
      words: `Late, ${customer}`,
    })
  await store.projection?.catchUp()
  const app = routesAs(insightsRoutes(store), 'viewer')
  const open = async (path: string) =>
    (await (await app.request(path)).json()) as {
      total: number
      customers: number
      next: string | null
      items: { interaction: { words: string } }[]
    }
  const first = await open('/api/insights/behind?figure=bad&touchpoint=3&limit=3')
  assert.deepEqual([first.total, first.customers, first.items.length], [5, 5, 3])
  assert.equal(first.items[0]?.interaction.words, 'Late, 5')
  const second = await open(`/api/insights/behind?figure=bad&touchpoint=3&limit=3&cursor=${first.next}`)
  assert.deepEqual(
    second.items.map((item) => item.interaction.words),
    ['Late, 2', 'Late, 1'],
  )
  assert.equal(second.next, null)

  assert.equal((await app.request('/api/insights/behind?figure=touchpoint')).status, 400)
  assert.equal((await app.request('/api/insights/map?from=2026-02-01&to=2026-01-01')).status, 400)
  assert.equal((await app.request('/api/insights/map?from=2026-02-31')).status, 400)
  assert.equal((await app.request('/api/insights/map?segment=77')).status, 404)
  assert.equal((await app.request('/api/insights/map?compare=yesterday')).status, 400)
  assert.equal((await routesAs(insightsRoutes(store), null).request('/api/insights/map')).status, 401)
  const csv = await (await app.request('/api/insights/map.csv')).text()
  assert.match(csv, /Use,after,Delivery,5,5,5,,,,0,5,/)
})

test('restricted words and our own notes are not shown as customers’ words', async () => {
  await using store = await company()
  await step(store, 1, '2026-01-01', 'Delivery', {
    experience: -40,
    evidence: 1,
    words: 'The box stood in the rain for a day.',
  })
  await step(store, 2, '2026-01-02', 'Delivery', {
    experience: -40,
    evidence: 3,
    words: 'Seemed unhappy with us on the phone.',
  })
  await sql`insert into interactions (customer_id, at, name, source, touchpoint_id, experience, evidence, words, restricted_to)
    values (3, '2026-01-03', 'Step', 't', 3, -90, 1, 'Something for managers only, quite long.', 'manager')`.execute(
    store.db,
  )
  await store.projection?.catchUp()
  const map = await journeyMap(store, await all(store))
  const delivery = map.touchpoints.find((each) => each.name === 'Delivery')
  assert.deepEqual(
    delivery?.words.map((each) => each.text),
    ['The box stood in the rain for a day.'],
  )
})

test('with nothing recorded every answer says so, and none makes up a figure', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const scope = await all(store)
  const map = await journeyMap(store, scope)
  assert.deepEqual([map.customers, map.interactions, map.unplaced.share, map.touchpoints], [0, 0, null, []])
  assert.match(map.sentence.parts[0]?.text ?? '', /Nothing is recorded/)
  assert.equal((await balance(store, scope)).touches.words, 'Nothing that you did is recorded yet.')
  assert.match((await silence(store, scope)).words, /Nobody has bought yet/)
  assert.deepEqual((await care(store, scope)).standards, [])
})

const places = ['Advert', 'Order', 'Delivery', 'Care call', 'Question', 'Invoice']

async function company(): Promise<TestStore> {
  const store = await testStore()
  const { db } = store
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1), (2, 'Use', 'after', 1)`.execute(
    db,
  )
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 1, 'Advert', 1, 'us', 'sell'), (2, 1, 'Order', 2, 'customer', 'sale'), (3, 2, 'Delivery', 3, 'us', 'use'),
    (4, 2, 'Care call', 4, 'us', 'care'), (5, 2, 'Question', 5, 'us', 'ask'), (6, 2, 'Invoice', 6, 'us', 'bill')`.execute(
    db,
  )
  await sql`insert into care_standards (name, touchpoint_id, within_days) values ('A call within a week', 4, 7)`.execute(
    db,
  )
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 20) g`.execute(db)
  return store
}

async function step(
  store: TestStore,
  customer: number,
  day: string,
  place: string | null,
  more: { experience?: number; evidence?: number; words?: string; channel?: string } = {},
): Promise<void> {
  await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id, experience, evidence, words)
    values (${customer}, ${new Date(`${day}T12:00:00Z`)}, 'Step', 't', ${more.channel ?? 'mail'}, ${place === null ? null : places.indexOf(place) + 1},
      ${more.experience ?? null}, ${more.evidence ?? null}, ${more.words ?? null})`.execute(store.db)
}

async function promise(store: TestStore, customer: number, state: string, decided: boolean): Promise<void> {
  await sql`insert into expectations (customer_id, rule_id, opening, statement, stated_by, dimension, state, opened_at, due_at, decided_at, decided_by)
    values (${customer}, 1, 'o', 'by then', 'us', 'days', ${state}, '2026-01-01', '2026-02-01',
      ${decided ? new Date('2026-02-01') : null},
      case when ${decided} then (select max(id) from interactions where customer_id = ${customer}) end)`.execute(
    store.db,
  )
}

// Placing history again, seen from the door through which everything comes in.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { createRule, judgeCustomers, registerExpectations } from '#src/expectations/expectations.ts'
import { expectationRuleSchema } from '#src/expectations/schema.ts'
import { recordInteractions } from '#src/interactions/interactions.ts'
import type { Incoming } from '#src/interactions/schema.ts'
import { applyMapTemplate, readJourney, registerJourney, saveMap } from '#src/journey/journey.ts'
import type { MapStage } from '#src/journey/schema.ts'
import type { Actor } from '#src/lib/http.ts'
import { rows } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { testStore } from '#src/store/testing.ts'
import { firstRun } from '#src/team/team.ts'

const anna: Actor = { kind: 'member', id: '1', name: 'Anna', role: 'manager', scopes: [] }
const names = [
  'Ad Clicked',
  'Order Completed',
  'parcel_delivered',
  'Order Delivered',
  'Odd Thing',
  'Invoice Sent',
]

function happenings(count: number): Incoming[] {
  return Array.from({ length: count }, (_, index) => ({
    messageId: `m${index}`,
    at: new Date(Date.now() - index * 60_000),
    receivedAt: new Date(),
    identities: [{ kind: 'user_id' as const, source: '', value: `user-${index % 13}` }],
    name: names[index % names.length] ?? '',
    channel: ['web', 'email', ''][index % 3] ?? '',
    properties: { path: index % 4 === 0 ? '/help' : '/sofas', total: index % 50 },
  }))
}

async function places(store: Store): Promise<Record<string, string | null>> {
  const found = await rows(
    store.db,
    sql<{ name: string; at: Date; place: string | null }>`
      select i.name, i.at, t.name as place
      from interactions i
      left join touchpoints t on t.id = i.touchpoint_id
      where not judgement`,
  )
  return Object.fromEntries(found.map((each) => [`${each.at.toISOString()} ${each.name}`, each.place]))
}

function withRules(stages: MapStage[]): MapStage[] {
  return stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.map((each) =>
      each.name === 'Delivery'
        ? { ...each, rules: [...each.rules, { event: 'parcel*' }, { event: 'Odd Thing', channel: 'email' }] }
        : each.name === 'Help pages'
          ? { ...each, rules: [{ path: '/help/*' }] }
          : each,
    ),
  }))
}

test('history placed again stands where a new company with the same map would have placed it on arrival', async () => {
  await using old = await testStore(registerJourney)
  await using fresh = await testStore(registerJourney)
  const events = happenings(300)
  const { journey } = await applyMapTemplate(old, 'commerce', anna)
  await recordInteractions(old, events, { source: 'test', again: 'keep' })
  await saveMap(old, { version: journey.version, stages: withRules(journey.stages) }, anna)
  await old.jobs.drain()

  const { journey: other } = await applyMapTemplate(fresh, 'commerce', anna)
  await saveMap(fresh, { version: other.version, stages: withRules(other.stages) }, anna)
  await recordInteractions(fresh, events, { source: 'test', again: 'keep' })
  assert.deepEqual(await places(old), await places(fresh))
})

test('what is recorded while the map is saved and history placed is never left at its old place', async () => {
  await using store = await testStore(registerJourney)
  await applyMapTemplate(store, 'commerce', anna)
  const events = happenings(600)
  const writing = (async () => {
    for (let start = 0; start < events.length; start += 20)
      await recordInteractions(store, events.slice(start, start + 20), { source: 'test', again: 'keep' })
  })()
  const editing = (async () => {
    for (let time = 0; time < 6; time++) {
      const { version, stages } = await readJourney(store.db)
      const changed = stages.map((stage) => ({
        ...stage,
        touchpoints: stage.touchpoints.map((each) =>
          each.name === 'Delivery'
            ? { ...each, rules: time % 2 === 0 ? [{ event: 'parcel*' }] : [{ event: 'Odd*' }] }
            : each,
        ),
      }))
      await saveMap(store, { version, stages: changed }, anna)
      await store.jobs.drain()
    }
  })()
  await Promise.all([writing, editing])
  await store.jobs.drain()
  const wrong = Object.entries(await places(store)).filter(
    ([key, place]) =>
      (place === 'Delivery') !== key.includes('Odd Thing') && !key.includes('Order Delivered'),
  )
  assert.deepEqual(wrong, [])
})

test('a judgement goes along when what it is about goes to another touchpoint', async () => {
  await using store = await testStore((registered) => {
    registerJourney(registered)
    registerExpectations(registered)
  })
  const { journey } = await applyMapTemplate(store, 'commerce', anna)
  await createRule(
    store,
    {
      name: 'Delivered on the day',
      statement: 'Delivered by the day we name',
      rule: expectationRuleSchema.parse({
        opened: { event: 'Order Completed' },
        due: [{ property: 'promised_delivery_date' }],
        kept: { event: 'Order Delivered' },
      }),
    },
    anna,
  )
  const identities = [{ kind: 'user_id' as const, source: '', value: 'ada' }]
  const at = (day: number) => new Date(Date.UTC(2026, 0, day, 10))
  const event = (name: string, day: number, properties: Record<string, unknown>): Incoming => ({
    messageId: name,
    at: at(day),
    receivedAt: at(day),
    identities,
    name,
    properties: { order_id: '1', ...properties },
  })
  await recordInteractions(
    store,
    [event('Order Completed', 2, { promised_delivery_date: '2026-01-10' }), event('Order Delivered', 20, {})],
    { source: 'test', again: 'keep' },
  )
  await judgeCustomers(store, [1])
  const placeOf = async (name: string) =>
    (
      await rows(
        store.db,
        sql<{ place: string | null }>`
          select t.name as place
          from interactions i
          left join touchpoints t on t.id = i.touchpoint_id
          where i.name = ${name}`,
      )
    )[0]?.place
  assert.equal(await placeOf('Expectation Broken'), 'Delivery')
  const stages = journey.stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints
      .filter((each) => each.name !== 'Delivery')
      .map((each) =>
        each.name === 'Assembly and fitting'
          ? { ...each, rules: [...each.rules, { event: 'Order Delivered' }] }
          : each,
      ),
  }))
  await saveMap(store, { version: journey.version, stages }, anna)
  await store.jobs.drain()
  assert.equal(await placeOf('Order Delivered'), 'Assembly and fitting')
  assert.equal(await placeOf('Expectation Broken'), 'Assembly and fitting')
  assert.equal(await placeOf('Expectation Opened'), 'Order')
})

test('the first run gives a company the map that suits how its customers buy, unless it has one', async () => {
  await using store = await testStore(registerJourney)
  await firstRun(
    store,
    { name: 'Jonas', email: 'jonas@example.com', password: 'a table for eight' },
    { name: 'Harbour & Oak', buying: 'renew' },
  )
  await store.jobs.drain()
  const { stages } = await readJourney(store.db)
  assert.equal(stages.at(-1)?.name, 'Renew and recommend')
})

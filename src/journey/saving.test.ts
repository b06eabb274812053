import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Actor } from '../lib/http.ts'
import { row, rows } from '../store/database.ts'
import { testStore } from '../store/testing.ts'
import { removeTouchpoint, touchpointsOf } from './arrangement.ts'
import { listBudgets, saveBudget } from './budgets.ts'
import { listCareStandards, saveCareStandard } from './care-standards.ts'
import { registerJourney } from './journey.ts'
import { readJourney } from './queries.ts'
import { applyMapTemplate, lastEdit, saveMap, undoLastEdit } from './saving.ts'
import type { MapStage } from './schema.ts'

const anna: Actor = { kind: 'member', id: '1', name: 'Anna', role: 'manager', scopes: [] }
const ben: Actor = { ...anna, id: '2', name: 'Ben' }

const small: MapStage[] = [
  {
    id: -1,
    name: 'Decide',
    side: 'before',
    touchpoints: [
      {
        id: -2,
        name: 'Order',
        by: 'customer',
        purpose: 'sale',
        channel: null,
        rules: [{ event: 'Order Completed' }],
      },
    ],
  },
  {
    id: -3,
    name: 'Receive',
    side: 'after',
    touchpoints: [
      {
        id: -4,
        name: 'Delivery',
        by: 'us',
        purpose: 'use',
        channel: null,
        rules: [{ event: 'Order Delivered' }],
      },
      { id: -5, name: 'Fitting', by: 'us', purpose: 'use', channel: null, rules: [{ event: 'Fitting*' }] },
    ],
  },
]

test('both default maps can be applied to an empty workspace, and one over the other keeps what has the same name', async () => {
  await using store = await testStore(registerJourney)
  const { journey } = await applyMapTemplate(store, 'commerce', anna)
  assert.ok(touchpointsOf(journey.stages).length > 40)
  assert.equal(touchpointsOf(journey.stages).filter((each) => each.purpose === 'sale').length, 1)
  const orderId = touchpointsOf(journey.stages).find((each) => each.name === 'Advert')?.id
  const { journey: other } = await applyMapTemplate(store, 'services', anna)
  assert.equal(touchpointsOf(other.stages).find((each) => each.name === 'Advert')?.id, orderId)
  assert.ok(touchpointsOf(other.stages).every((each) => each.id > 0))
})

test('of two people who edit the same map, the second is told who was first and loses nothing silently', async () => {
  await using store = await testStore(registerJourney)
  const { journey } = await saveMap(store, { stages: small }, anna)
  const renamed = journey.stages.map((stage) => ({ ...stage, name: `${stage.name}!` }))
  const both = await Promise.allSettled([
    saveMap(store, { version: journey.version, stages: renamed }, anna),
    saveMap(store, { version: journey.version, stages: renamed }, ben),
  ])
  assert.deepEqual(both.map((each) => each.status).sort(), ['fulfilled', 'rejected'])
  const refused = both.find((each) => each.status === 'rejected')
  assert.match(String(refused?.reason), /The map was changed by (Anna|Ben) at .* Load the new map/)
})

test('undoing the last edit brings a removed touchpoint back with its id, its budget and its care standard', async () => {
  await using store = await testStore(registerJourney)
  const { journey } = await saveMap(store, { stages: small }, anna)
  const [, delivery, fitting] = touchpointsOf(journey.stages)
  assert.ok(delivery && fitting)
  await saveBudget(
    store,
    { touchpointId: fitting.id, startsOn: '2026-01-01', endsOn: '2026-12-31', amountMinor: 90_000 },
    anna,
  )
  await saveCareStandard(
    store,
    { name: 'Fitted', touchpointId: fitting.id, withinDays: 7, countsFrom: delivery.id },
    anna,
  )
  const budgets = await listBudgets(store.db)
  const standards = await listCareStandards(store.db)

  const stages = removeTouchpoint(journey.stages, fitting.id, null)
  const removed = await saveMap(store, { version: journey.version, stages }, anna)
  assert.deepEqual(await listBudgets(store.db), [])
  assert.equal((await lastEdit(store.db))?.summary, 'Removed Fitting')
  const undone = await undoLastEdit(store, removed.journey.version, ben)
  assert.deepEqual(undone.journey.stages, journey.stages)
  assert.deepEqual(await listBudgets(store.db), budgets)
  assert.deepEqual(await listCareStandards(store.db), standards)
  assert.equal(await lastEdit(store.db), null)
  await assert.rejects(undoLastEdit(store, undone.journey.version, ben), /no edit of the map left to undo/)
  const entries = await rows(
    store.db,
    sql<{ who: string; action: string }>`
      select actor_name as who, action
      from audit
      where subject = 'journey'
      order by id`,
  )
  assert.deepEqual(
    entries.map((each) => `${each.who} ${each.action}`),
    ['Anna edited', 'Anna edited', 'Ben undid'],
  )
})

test('a touchpoint that is removed hands its rules, money and standards to the one that takes its place', async () => {
  await using store = await testStore(registerJourney)
  const { journey } = await saveMap(store, { stages: small }, anna)
  const [, delivery, fitting] = touchpointsOf(journey.stages)
  assert.ok(delivery && fitting)
  await saveBudget(
    store,
    { touchpointId: fitting.id, startsOn: '2026-01-01', endsOn: '2026-12-31', amountMinor: 90_000 },
    anna,
  )
  const stages = journey.stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.filter((each) => each.id !== fitting.id),
  }))
  const saved = await saveMap(
    store,
    { version: journey.version, stages, gone: [{ id: fitting.id, to: delivery.id }] },
    anna,
  )
  assert.deepEqual(touchpointsOf(saved.journey.stages)[1]?.rules, [
    { event: 'Order Delivered' },
    { event: 'Fitting*' },
  ])
  assert.equal((await listBudgets(store.db))[0]?.touchpointId, delivery.id)
})

test('a draft that is no map is refused with every reason, and nothing of it is saved', async () => {
  await using store = await testStore(registerJourney)
  const [decide, receive] = small
  assert.ok(decide && receive)
  const wrong: MapStage[] = [
    receive,
    decide,
    {
      id: 99,
      name: 'receive',
      side: 'after',
      touchpoints: [
        { id: -4, name: 'delivery', by: 'us', purpose: 'use', channel: null, rules: [{}] },
        {
          id: -7,
          name: 'Cheap',
          by: 'us',
          purpose: 'use',
          channel: null,
          rules: [{ where: [{ property: 'total', is: 'below', value: 'ten' }] }],
        },
      ],
    },
  ]
  await assert.rejects(saveMap(store, { stages: wrong }, anna), (error: { errors: { reason: string }[] }) => {
    assert.deepEqual(
      error.errors.map((each) => each.reason),
      [
        '“Decide” is before the sale and must stand before all that are after it',
        'there is no stage 99',
        'two stages are called “receive”: rename one',
        'the touchpoint -4 is in it twice',
        '“delivery” is on the map twice: rename one',
        'a rule of “delivery” has no condition: it would match everything',
        'a rule of “Cheap” needs a number to compare “total” with',
      ],
    )
    return true
  })
  assert.deepEqual((await readJourney(store.db)).stages, [])
  assert.equal((await row(store.db, sql<{ n: number }>`select count(*) as n from audit`))?.n, 0)
})

test('days of a touchpoint are paid for once, in the currency of the workspace', async () => {
  await using store = await testStore(registerJourney)
  const { created } = await saveMap(store, { stages: small }, anna)
  const touchpointId = created['-4'] ?? 0
  const year = { touchpointId, startsOn: '2026-01-01', endsOn: '2026-12-31', amountMinor: 100 }
  const saved = await saveBudget(store, year, anna)
  await assert.rejects(
    saveBudget(store, { ...year, startsOn: '2026-12-31', endsOn: '2027-01-31' }, anna),
    /already have an amount/,
  )
  await saveBudget(store, { ...year, amountMinor: 200 }, anna, saved.id)
  await assert.rejects(saveBudget(store, { ...year, currency: 'USD' }, anna, saved.id), /kept in EUR/)
  await assert.rejects(saveBudget(store, { ...year, endsOn: '2025-01-01' }, anna), /ends before it begins/)
  assert.equal((await listBudgets(store.db))[0]?.amountMinor, 200)
})

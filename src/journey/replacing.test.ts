import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { sql } from 'kysely'
import { rows } from '../store/database.ts'
import { testStore } from '../store/testing.ts'
import { newId, touchpointsOf } from './arrangement.ts'
import { anna, edited, fromScratch, happen, places } from './placed.testing.ts'
import { previewMap } from './preview.ts'
import { readJourney } from './queries.ts'
import { cancelReplacing, currentReplacing, registerReplacing, replaceAll } from './replacing.ts'
import { workOnReplacing } from './replacing-work.ts'
import { applyMapTemplate, saveMap, undoLastEdit } from './saving.ts'
import type { MapStage, PlacingRule } from './schema.ts'

test('after any edits, history stands where placing it from scratch puts it, and the preview said how much moves', async () => {
  await using store = await testStore(registerReplacing)
  await applyMapTemplate(store, 'commerce', anna)
  await happen(store, 1_500)
  await store.jobs.drain()
  const editArbitrary = fc.record({ kind: fc.nat(3), pick: fc.nat(999), rule: fc.nat(999) })
  await fc.assert(
    fc.asyncProperty(fc.array(editArbitrary, { minLength: 1, maxLength: 4 }), async (edits) => {
      const { version, stages } = await readJourney(store.db)
      if (touchpointsOf(stages).length < 8) return
      const draft = edits.reduce(edited, stages)
      const preview = await previewMap(store, { stages: draft })
      const before = await places(store)
      const saved = await saveMap(store, { version, stages: draft }, anna)
      await store.jobs.drain()
      const now = await places(store)
      assert.deepEqual(now, await fromScratch(store, saved.journey.stages))
      const moved = now.filter((place, index) => place !== before[index]).length
      assert.equal(preview.sample, false)
      assert.equal(
        preview.moves.reduce((sum, move) => sum + move.count, 0),
        moved,
      )
      assert.equal(saved.replacing === null ? 0 : (await currentReplacing(store.db))?.changed, moved)
    }),
    { numRuns: 25 },
  )
})

test('the preview of one touchpoint tells apart what comes from nowhere, from elsewhere, stays and goes', async () => {
  await using store = await testStore(registerReplacing)
  const { journey } = await applyMapTemplate(store, 'commerce', anna)
  await happen(store, 1_200)
  const delivery = touchpointsOf(journey.stages).find((each) => each.name === 'Delivery')
  const order = touchpointsOf(journey.stages).find((each) => each.name === 'Order')
  assert.ok(delivery && order)
  const draft = journey.stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.map((each) =>
      each.id === delivery.id
        ? {
            ...each,
            rules: [
              { event: 'parcel_delivered' },
              { event: 'Order*', channel: 'web' },
              { event: 'Invoice*' },
            ],
          }
        : each,
    ),
  }))
  const preview = await previewMap(store, { stages: draft, touchpointId: delivery.id })
  const count = (from: number | null, to: number | null) =>
    preview.moves.find((move) => move.from === from && move.to === to)?.count
  assert.equal(count(null, delivery.id), 100)
  assert.equal(count(order.id, delivery.id), 100)
  assert.equal(count(delivery.id, delivery.id), undefined)
  assert.equal(count(delivery.id, null), 100)
  assert.equal(preview.taken[0]?.count, 100)
  const example = preview.moves.find((move) => move.from === order.id)?.examples[0]
  assert.equal(example?.channel, 'web')
})

test('a name is matched by a preview in any case, and by an unfinished rule not at all', async () => {
  await using store = await testStore(registerReplacing)
  await happen(store, 120)
  const id = newId([])
  const stages = (rules: PlacingRule[]): MapStage[] => [
    {
      id: id - 1,
      name: 'Decide',
      side: 'before',
      touchpoints: [{ id, name: 'Order', by: 'customer', purpose: 'sale', channel: null, rules }],
    },
  ]
  const both = await previewMap(store, { stages: stages([{ event: 'ORDER COMPLETED' }]), touchpointId: id })
  assert.deepEqual(
    both.moves.map(({ from, to, count }) => ({ from, to, count })),
    [{ from: null, to: id, count: 20 }],
  )
  const none = await previewMap(store, {
    stages: stages([{}, { event: ' ' }, { where: [{ property: 'total', is: 'above' }] }]),
    touchpointId: id,
  })
  assert.deepEqual(none.moves, [])
})

test('only customers whose history moves are told to be worked out anew, and rows that stay are not written', async () => {
  const told: number[][] = []
  await using store = await testStore((registered) => {
    registerReplacing(registered)
    registered.jobs.on<{ customers: number[] }>('interactions.recorded', 'test.told', async (payloads) => {
      told.push(...payloads.map((each) => each.customers))
    })
  })
  const { journey } = await applyMapTemplate(store, 'commerce', anna)
  await happen(store, 600)
  await store.jobs.drain()
  told.length = 0
  await sql`delete from interactions where name = 'Odd Thing' and customer_id > 5`.execute(store.db)
  const [{ before } = { before: '' }] = await rows(
    store.db,
    sql<{ before: string }>`select pg_current_xact_id()::text as before`,
  )
  const thanks = touchpointsOf(journey.stages).find((each) => each.name === 'Thanks')
  const draft = journey.stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.map((each) =>
      each === thanks ? { ...each, rules: [...each.rules, { event: 'odd thing' }] } : each,
    ),
  }))
  await saveMap(store, { version: journey.version, stages: draft }, anna)
  await store.jobs.drain()
  const written = await rows(
    store.db,
    sql<{ customerId: number; touchpointId: number }>`
      select customer_id as "customerId", touchpoint_id as "touchpointId"
      from interactions
      where tx > ${before}::xid8`,
  )
  assert.ok(written.length > 0)
  assert.ok(written.every((each) => each.touchpointId === thanks?.id && each.customerId <= 5))
  assert.deepEqual(
    [...new Set(told.flat())].toSorted(),
    [...new Set(written.map((each) => each.customerId))].toSorted(),
  )
})

test('an edit while history is being placed again takes over what was not finished', async () => {
  await using store = await testStore(registerReplacing)
  const { journey } = await applyMapTemplate(store, 'commerce', anna)
  await happen(store, 2_000)
  await store.jobs.drain()
  const first = await saveMap(
    store,
    { version: journey.version, stages: edited(journey.stages, { kind: 0, pick: 3, rule: 0 }) },
    anna,
  )
  const second = await saveMap(
    store,
    { version: first.journey.version, stages: edited(first.journey.stages, { kind: 0, pick: 8, rule: 8 }) },
    anna,
  )
  await store.jobs.drain()
  assert.deepEqual(await places(store), await fromScratch(store, second.journey.stages))
  const undone = await undoLastEdit(store, second.journey.version, anna)
  await store.jobs.drain()
  assert.deepEqual(await places(store), await fromScratch(store, undone.journey.stages))
})

test('a stopped run leaves the rest as it was, and everything can be placed again later', async () => {
  await using store = await testStore(registerReplacing)
  const { journey } = await applyMapTemplate(store, 'commerce', anna)
  await happen(store, 2_000)
  await store.jobs.drain()
  const { journey: now } = await saveMap(
    store,
    { version: journey.version, stages: edited(journey.stages, { kind: 0, pick: 3, rule: 4 }) },
    anna,
  )
  const stopped = await cancelReplacing(store, anna)
  assert.equal(stopped.state, 'cancelled')
  await store.jobs.drain()
  assert.notDeepEqual(await places(store), await fromScratch(store, now.stages))
  await assert.rejects(cancelReplacing(store, anna), /nothing to stop/)
  await replaceAll(store, anna)
  await store.jobs.drain()
  assert.deepEqual(await places(store), await fromScratch(store, now.stages))
})

test('killed at any moment, re-placing goes on where it was and ends as if nothing had happened', async () => {
  await using store = await testStore(registerReplacing)
  const { journey } = await applyMapTemplate(store, 'commerce', anna)
  await happen(store, 6_000)
  const { journey: now } = await saveMap(
    store,
    { version: journey.version, stages: edited(journey.stages, { kind: 0, pick: 3, rule: 4 }) },
    anna,
  )
  const at = (file: string) => pathToFileURL(new URL(file, import.meta.url).pathname).href
  const program = `
    const { openDatabase } = await import('${at('../store/database.ts')}')
    const { workOnReplacing } = await import('${at('./replacing-work.ts')}')
    const { db } = openDatabase(process.argv[1])
    const store = { db, jobs: { enqueue: async () => {}, publish: async () => {} } }
    console.log('ready')
    for (;;) await workOnReplacing(store, 40)`
  const stops = new Set<number>()
  for (let run = 0; run < 4; run++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, store.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const lookedAt = async () => (await currentReplacing(store.db))?.lookedAt ?? 0
    const before = await lookedAt()
    while ((await lookedAt()) === before) await wait(2)
    await wait(run * 5)
    child.kill('SIGKILL')
    await once(child, 'exit')
    stops.add(await lookedAt())
  }
  assert.equal(stops.size, 4, 'the kills came at different places')
  // The server lets go of what the killed one held when it notices; until then there is nothing to take up.
  while ((await currentReplacing(store.db))?.state === 'running') await workOnReplacing(store, 500)
  const done = await currentReplacing(store.db)
  assert.equal(done?.state, 'done')
  assert.equal(done.lookedAt, 6_000)
  assert.deepEqual(await places(store), await fromScratch(store, now.stages))
})

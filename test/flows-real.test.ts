// The event logs that process mining is taught with, through the import, the map and the question, against
// what pm4py counts on the same files.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { bringIn, see } from '#src/imports/imports.testing.ts'
import { registerImports, shippedRecipes } from '#src/imports/imports.ts'
import { Asking } from '#src/insights/asking/asking.ts'
import { flows } from '#src/insights/flows/flows.ts'
import { type Flows, flowsQuery } from '#src/insights/flows/schema.ts'
import { readXes } from '#src/insights/flows/xes.testing.ts'
import { insightsRoutes } from '#src/insights/routes.ts'
import { registerJourney, saveMap } from '#src/journey/journey.ts'
import { routesAs } from '#src/lib/http-testing.ts'
import { rows } from '#src/store/database.ts'
import type { Store } from '#src/store/store.ts'
import { type TestStore, testStore } from '#src/store/testing.ts'
import { sharedData } from './shared-data.ts'

test('of pm4py’s running example the question tells the same as pm4py', async (t) => {
  const file = sharedData('running-example', 'running-example.csv')
  if (!file) return t.skip('the running example is not on this machine')
  await using store = await withLog(file)
  const answer = await ask(store)
  assert.equal(answer.cases, 6)
  assert.equal(
    answer.touchpoints.reduce((sum, each) => sum + each.n, 0),
    42,
  )
  assert.equal(answer.touchpoints.length, 8)
  assert.equal(answer.edges.length, 16)
  assert.equal(answer.ways?.different, 6)
  const id = (name: string) => answer.touchpoints.find((each) => each.name === name)?.id
  assert.equal(answer.edges.find(({ from, to }) => from === id('check ticket') && to === id('decide'))?.n, 6)
  const ending = answer.touchpoints.filter((each) => each.ends > 0).map(({ name, ends }) => [name, ends])
  assert.deepEqual(ending.toSorted(), [
    ['pay compensation', 3],
    ['reject request', 3],
  ])
})

test('of the help desk’s log it tells the same as pm4py', async (t) => {
  const file = sharedData('helpdesk', 'helpdesk.csv')
  if (!file) return t.skip('the help desk’s log is not on this machine')
  await using store = await withLog(file)
  const answer = await ask(store)
  assert.equal(answer.cases, 4_580)
  assert.equal(
    answer.touchpoints.reduce((sum, each) => sum + each.n, 0),
    21_348,
  )
  assert.equal(answer.touchpoints.length, 14)
  assert.equal(answer.edges.length, 55)
  assert.equal(answer.ways?.different, 226)
  assert.equal(answer.ways?.commonest[0]?.n, 2_366)
})

test('the help desk’s log, written as event log, tells whoever reads it the same', async (t) => {
  const file = sharedData('helpdesk', 'helpdesk.csv')
  if (!file) return t.skip('the help desk’s log is not on this machine')
  await using store = await withLog(file)
  const reply = await routesAs(insightsRoutes(store), 'viewer').request('/api/insights/flows.xes')
  const { traces } = readXes(await reply.text())
  const ways = new Map<string, number>()
  const edges = new Set<string>()
  for (const { events } of traces) {
    const names = events.map((event) => event['concept:name'])
    ways.set(names.join(), (ways.get(names.join()) ?? 0) + 1)
    for (const [index, name] of names.entries()) if (index > 0) edges.add(`${names[index - 1]} > ${name}`)
  }
  assert.equal(traces.length, 4_580)
  assert.equal(ways.size, 226)
  assert.equal(edges.size, 55)
  assert.equal(Math.max(...ways.values()), 2_366)
})

/** The log brought in by its recipe, and every activity put on the map under its name. */
async function withLog(file: string): Promise<TestStore> {
  const store = await testStore((each: Store) => {
    registerImports(each)
    registerJourney(each)
  })
  const recipe = shippedRecipes().find((each) => each.name === 'event-log')?.text ?? ''
  const id = await bringIn(store, recipe, [file])
  await store.jobs.drain()
  assert.equal((await see(store, id)).error, null)
  const names = await rows(
    store.db,
    sql<{ name: string }>`select distinct name from interactions order by name`,
  )
  await saveMap(
    store,
    {
      stages: [
        {
          id: -1,
          name: 'Case',
          side: 'after',
          touchpoints: names.map(({ name }, index) => ({
            id: -2 - index,
            name,
            by: 'us',
            purpose: 'use',
            channel: '',
            rules: [{ event: name }],
          })),
        },
      ],
    },
    { kind: 'local', id: 'test', name: 'Test', role: 'owner', scopes: [] },
  )
  await store.jobs.drain()
  await store.projection?.catchUp()
  return store
}

async function ask(store: Store): Promise<Flows> {
  return (await flows.answering(new Asking(store), flowsQuery.parse({ coverage: 1 }))) as Flows
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { behind } from '../map/behind.ts'
import { figureQuery } from '../map/behind-question.ts'
import { readScope } from '../question.ts'
import { ask, company, life, step } from './flows.testing.ts'
import { graphOf } from './graph.ts'

test('flows show what usually comes next, about how long after, and tell the share they hide', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 9; customer++)
    await life(store, customer, [
      ['2026-01-01', 'Advert'],
      ['2026-01-09', 'Order'],
    ])
  await life(store, 10, [
    ['2026-01-01', 'Advert'],
    ['2026-01-03', 'Delivery'],
  ])
  const answer = await ask(store)
  assert.equal(answer.transitions, 10)
  assert.deepEqual(
    answer.edges.map(({ from, to, n, cases, share }) => [from, to, n, cases, share]),
    [[1, 2, 9, 9, 0.9]],
  )
  const days = (answer.edges[0]?.medianSeconds ?? 0) / 86_400
  assert.ok(days > 7.2 && days < 8.8, `${days} is not within a tenth of eight days`)
  assert.ok(Math.abs((answer.hiddenShare ?? 0) - 0.1) < 1e-9)
  assert.equal(answer.hiddenEdges, 1)
  assert.deepEqual(
    answer.touchpoints.map(({ name, n, cases, starts, ends }) => [name, n, cases, starts, ends]),
    [
      ['Advert', 10, 10, 10, 0],
      ['Order', 9, 9, 0, 9],
      ['Delivery', 1, 1, 0, 1],
    ],
  )
  assert.equal(graphOf({ edges: [], places: [] }, [], 0.8).hiddenShare, null)
})

test('journeys that took the same way are counted together, the commonest first, and the others told', async () => {
  await using store = await company()
  const ways = ['Advert Order', 'Advert Order', 'Order Advert', 'Advert Advert Order', 'Delivery']
  for (const [index, way] of ways.entries())
    await life(
      store,
      index + 1,
      way.split(' ').map((where, day): [string, string] => [`2026-01-0${day + 1}`, where]),
    )
  // what has no place, and what was judged, are no steps
  await life(store, 1, [['2026-01-01', null]])
  const answer = await ask(store, { ways: 2 })
  assert.equal(answer.cases, 5)
  assert.deepEqual(answer.ways, {
    commonest: [
      { steps: [1, 2], length: 2, n: 2, share: 0.4 },
      { steps: [3], length: 1, n: 1, share: 0.2 },
    ],
    different: 4,
    others: 2,
    othersShare: 0.4,
    toldUpTo: null,
  })
})

test('a way of three hundred steps is told by its beginning and its length', async () => {
  await using store = await company()
  for (const [customer, last] of [
    [1, 'Order'],
    [2, 'Order'],
    [3, 'Delivery'],
  ] as const)
    await life(store, customer, [
      ...Array.from({ length: 300 }, (_, index): [string, string] => [
        `2026-01-01T00:00:00.${String(index).padStart(3, '0')}Z`,
        index % 2 === 0 ? 'Advert' : 'Order',
      ]),
      ['2026-01-02', last],
    ])
  const { ways } = await ask(store)
  const [first] = ways?.commonest ?? []
  assert.ok(ways?.toldUpTo && ways.toldUpTo < 300)
  assert.equal(first?.n, 3)
  assert.equal(first.length, 301)
  assert.deepEqual(
    first.steps,
    Array.from({ length: ways.toldUpTo }, (_, index) => 1 + (index % 2)),
  )
})

test('steps of one moment keep the order in which they were recorded', async () => {
  await using store = await company()
  await life(store, 1, [
    ['2026-01-01', 'Order'],
    ['2026-01-01', 'Advert'],
    ['2026-01-01', 'Delivery'],
  ])
  const answer = await ask(store)
  assert.deepEqual(answer.ways?.commonest[0]?.steps, [2, 1, 3])
})

test('in a time, journeys are cut to it: what came before it leads to nothing', async () => {
  await using store = await company()
  await life(store, 1, [
    ['2026-01-01', 'Advert'],
    ['2026-02-02', 'Order'],
    ['2026-02-03', 'Delivery'],
    ['2026-03-03', 'Advert'],
  ])
  const answer = await ask(store, { from: '2026-02-01', to: '2026-02-28' })
  assert.deepEqual(
    answer.edges.map(({ from, to, n }) => [from, to, n]),
    [[2, 3, 1]],
  )
  assert.deepEqual(answer.ways?.commonest[0]?.steps, [2, 3])
  assert.deepEqual(
    answer.touchpoints.map(({ name, starts, ends }) => [name, starts, ends]),
    [
      ['Order', 1, 0],
      ['Delivery', 0, 1],
    ],
  )
})

test('of each purchase its own journey, however they overlap in the life of a customer', async () => {
  await using store = await company()
  for (const purchase of [1, 2])
    await sql`insert into purchases (id, customer_id, key, state, sold_at) values (${purchase}, 1, ${String(purchase)}, 'sold', now())`.execute(
      store.db,
    )
  for (const [day, where, purchase] of [
    ['2026-01-01', 'Advert', null],
    ['2026-01-02', 'Order', 1],
    ['2026-01-03', 'Order', 2],
    ['2026-01-04', 'Delivery', 1],
    ['2026-01-09', 'Delivery', 2],
  ] as const)
    await step(store, 1, day, where, purchase)
  const answer = await ask(store, { case: 'purchase' })
  assert.equal(answer.cases, 2)
  assert.deepEqual(
    answer.edges.map(({ from, to, n, cases }) => [from, to, n, cases]),
    [[2, 3, 2, 2]],
  )
  assert.deepEqual(answer.ways?.commonest, [{ steps: [2, 3], length: 2, n: 2, share: 1 }])
})

test('a point of the curve opens to those who had got there by its day, a life or a purchase each', async () => {
  await using store = await company()
  for (const [customer, days] of [
    [1, 2],
    [2, 8],
    [3, 20],
    [4, null],
  ] as const) {
    await sql`insert into purchases (id, customer_id, key, state, sold_at)
      values (${customer}, ${customer}, ${`p${customer}`}, 'sold', '2026-01-01T12:00:00Z')`.execute(store.db)
    await step(store, customer, '2026-01-01', 'Order', customer)
    if (days !== null)
      await step(store, customer, `2026-01-${String(1 + days).padStart(2, '0')}`, 'Delivery', customer)
  }
  await store.projection?.catchUp()
  const opened = async (asked: object) => {
    const figure = figureQuery.parse({ figure: 'arrived', ...asked })
    const found = await behind(store, await readScope(store, {}), figure, { limit: 50 })
    assert.ok(found.items.every(({ interaction }) => interaction?.name === 'Step'))
    return found.items.map(({ customer }) => customer.id).toSorted((a, b) => a - b)
  }
  for (const kind of ['customer', 'purchase']) {
    const asked = { touchpoint: 2, goal: 3, case: kind }
    assert.deepEqual(await opened({ ...asked, within: 8 }), [1, 2])
    assert.deepEqual(await opened({ ...asked, within: 7.9 }), [1])
    assert.deepEqual(await opened({ ...asked, within: 365 }), [1, 2, 3])
  }
  // the sale at that very moment is not the one an order leads to
  assert.deepEqual(await opened({ touchpoint: 2, goal: 'sale', within: 90 }), [])
  await assert.rejects(opened({ touchpoint: 2, goal: 3 }), /needs within/)
})

test('without anything, and with one touchpoint only, it says so in words', async () => {
  await using store = await company()
  const nothing = await ask(store)
  assert.match(nothing.statements[0]?.text ?? '', /^Nobody was met/)
  await life(store, 1, [['2026-01-01', 'Advert']])
  const single = await ask(store)
  assert.match(single.statements[0]?.text ?? '', /nothing follows on anything yet/)
  const graph = await ask(store, { show: 'graph' })
  assert.equal(graph.ways, null)
  for (const answer of [nothing, single, graph])
    assert.ok(answer.statements.every((each) => !/NaN|null|undefined|Infinity/.test(each.text)))
})

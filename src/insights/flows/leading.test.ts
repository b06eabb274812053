import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { TestStore } from '../../store/testing.ts'
import { curveOf } from './conversion.ts'
import { ask, company, life } from './flows.testing.ts'
import { comparisons } from './passing.ts'

const day = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString()

test('how many get there counts who is still on the way for as long as they are followed', async () => {
  await using store = await company()
  // from the advert to the delivery: four get there, three have not yet when the record ends, four never in time
  const arrive = [5, 10, 15, 20]
  for (const [index, after] of arrive.entries())
    await life(store, 1 + index, [
      [day(0), 'Advert'],
      [day(after), 'Delivery'],
    ])
  for (const customer of [5, 6, 7]) await life(store, customer, [[day(48), 'Advert']])
  for (const customer of [8, 9, 10, 11]) await life(store, customer, [[day(0), 'Advert']])
  await life(store, 12, [[day(60), 'Order']])
  const { conversion } = await ask(store, { start: 1, goal: 3, within: 30 })
  assert.equal(conversion?.n, 11)
  assert.equal(conversion.arrived, 4)
  // Kaplan–Meier by hand: 10/11 · 9/10, then the three drop out at 12 days: · 5/6 · 4/5
  const expected = 1 - (10 / 11) * (9 / 10) * (5 / 6) * (4 / 5)
  assert.ok(Math.abs((conversion.share?.value ?? 0) - expected) < 1e-9)
  assert.equal(conversion.share?.atRisk, 4)
  assert.deepEqual(
    conversion.curve.map((point) => Math.round(point.days)),
    [5, 10, 15, 20],
  )
  assert.equal(conversion.between.n, 4)
  assert.equal(conversion.between.medianSeconds, 10 * 86_400)
  assert.equal(conversion.half, null)
})

test('without another wish it leads from where most begin to the sale, also one that no touchpoint shows', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 20; customer++) {
    await life(store, customer, [[day(customer), 'Advert']])
    if (customer <= 10)
      await sql`insert into purchases (customer_id, key, state, sold_at) values (${customer}, ${String(customer)}, 'sold', ${day(customer + 3)})`.execute(
        store.db,
      )
  }
  await life(store, 21, [[day(300), 'Delivery']])
  const { conversion, statements } = await ask(store)
  assert.deepEqual([conversion?.start, conversion?.goal, conversion?.arrived], [1, 'sale', 10])
  assert.ok(Math.abs((conversion?.share?.value ?? 0) - 0.5) < 1e-9)
  assert.match(
    statements.map((each) => each.text).join(' '),
    /From “Advert”, 50 in 100 \(.*\) get to a sale within 90 days\. Half of those who get there take at most 3 days/,
  )
})

test('the sale at which it starts is not the one it leads to', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 12; customer++) {
    await life(store, customer, [[day(0), 'Order']])
    if (customer <= 6) await life(store, customer, [[day(9), 'Order']])
  }
  await life(store, 13, [[day(200), 'Advert']])
  const { conversion } = await ask(store, { start: 2, goal: 'sale' })
  assert.equal(conversion?.arrived, 6)
})

test('passing by is compared among those still open at one moment, and having had the time to pass is no effect', async () => {
  await using store = await company()
  await immortal(store)
  const { passing, statements } = await ask(store, {
    start: 1,
    goal: 3,
    within: 60,
    landmark: 10,
    through: 2,
  })
  assert.deepEqual(
    [passing?.entered, passing?.recent, passing?.there, passing?.open, passing?.got],
    [321, 1, 40, 280, 140],
  )
  const [order] = passing?.steps ?? []
  assert.equal(order?.touchpoint, 2)
  // of those open at day 10, half of who had passed and half of who had not
  assert.ok(Math.abs(order.difference?.value ?? 1) < 0.08)
  assert.equal(order.amongEquals?.tells, false)
  assert.ok(statements.some((each) => each.claim === 'not enough to tell' && /can’t be told/.test(each.text)))
})

test('a step that goes along with getting there is told, with what it was compared to', async () => {
  await using store = await company()
  for (let customer = 1; customer <= 200; customer++) {
    const passes = customer % 2 === 0
    await life(store, customer, [
      [day(0), 'Advert'],
      ...(passes ? [[day(3), 'Order'] as [string, string]] : []),
      ...((passes ? customer % 10 < 8 : customer % 10 < 3)
        ? [[day(30), 'Delivery'] as [string, string]]
        : []),
    ])
  }
  await life(store, 201, [[day(300), 'Order']])
  const { passing, statements } = await ask(store, { start: 1, goal: 3, within: 60, landmark: 10 })
  const [order] = passing?.steps ?? []
  assert.equal(order?.passed.value, 0.8)
  assert.ok(Math.abs((order.difference?.value ?? 0) - 0.6) < 1e-9)
  // nobody else was met as often: there is no equal to compare with but those met as often else
  assert.equal(order.amongEquals?.tells, true)
  assert.ok(
    statements.some(
      (each) =>
        each.claim === 'goes along with' &&
        /who had passed “Order” got to “Delivery” more often/.test(each.text),
    ),
  )
})

test('what only the busy do is nothing among those met equally often', () => {
  const rows = [
    // met only here, or not at all: few pass, few get there
    { touchpoint_id: null, others: 0, layer: 0, n: 180, hits: 36 },
    { touchpoint_id: null, others: 1, layer: 1, n: 20, hits: 4 },
    { touchpoint_id: 9, others: 0, layer: 1, n: 20, hits: 4 },
    // met often: most pass, most get there
    { touchpoint_id: null, others: 4, layer: 4, n: 200, hits: 160 },
    { touchpoint_id: 9, others: 4, layer: 4, n: 180, hits: 144 },
  ]
  const [step] = comparisons(rows).steps
  assert.ok((step?.difference?.low ?? 0) > 0.3)
  assert.ok(Math.abs(step?.amongEquals?.value ?? 1) < 1e-9)
  assert.equal(step?.amongEquals?.tells, false)
})

test('two segments side by side: what differs is told, of how many looked at, and for whom', async () => {
  await using store = await company()
  await sql`insert into segments (id, name, rule) values (1, 'mail', '{}'), (2, 'shop', '{}')`.execute(
    store.db,
  )
  for (let customer = 1; customer <= 120; customer++) {
    const mail = customer <= 60
    await sql`insert into segment_members values (${mail ? 1 : 2}, ${customer})`.execute(store.db)
    await life(store, customer, [
      [day(0), 'Advert'],
      [day(1), (mail ? customer % 10 < 8 : customer % 10 < 2) ? 'Order' : 'Delivery'],
    ])
  }
  for (const compare of ['segment:2', 'everyone']) {
    const { compared, statements } = await ask(store, { segment: 1, compare, start: 1, goal: 2 })
    assert.equal(compared?.cases, 60)
    assert.equal(compared.others, compare === 'everyone')
    const [first] = compared.edges
    assert.deepEqual([first?.from, first?.here.value, first?.there.value, first?.tells], [1, 0.8, 0.2, true])
    assert.ok(Math.abs((compared.conversionDifference?.value ?? 0) - 0.6) < 1e-6)
    assert.ok(statements.some((each) => /80 in 100 here go on to “Order”, 20 of/.test(each.text)))
  }
  const same = await ask(store, { segment: 1, compare: 'segment:1', start: 1, goal: 2 })
  assert.ok(same.compared?.edges.every((edge) => !edge.tells))
  const nobody = await ask(store, { compare: 'everyone' })
  assert.ok(nobody.statements.some((each) => /nobody to compare with/.test(each.text)))
})

test('thin data are answered in words, whatever is asked', async () => {
  await using store = await company()
  await life(store, 1, [['0001-06-01T12:00:00Z', 'Advert']])
  await life(store, 2, [['9998-06-01T12:00:00Z', 'Order']])
  for (const asked of [
    {},
    { start: 1, goal: 3, through: 2, compare: 'everyone' },
    { start: 3, goal: 'sale' },
    { case: 'purchase', goal: 3, start: 1 },
    { start: 1, goal: 1, landmark: 3650, within: 1 },
  ]) {
    const answer = await ask(store, asked)
    assert.ok(answer.statements.length > 0)
    assert.ok(answer.statements.every((each) => !/NaN|null|undefined|Infinity/.test(each.text)))
    assert.doesNotMatch(JSON.stringify(answer), /NaN|Infinity/)
  }
  await assert.rejects(ask(store, { start: 99 }), /touchpoint 99/)
})

test('nobody, and everybody at once, have a curve', () => {
  const stretch = { start: 1, goal: 2, startsAtSale: false, withinDays: 10 }
  assert.deepEqual(curveOf([], stretch).curve, [])
  const all = curveOf([{ bin: 0, got: true, n: 12 }], stretch)
  assert.equal(all.share?.value, 1)
  assert.ok((all.share?.low ?? 1) < 1)
})

/** 40 get there within days; of the rest half, whether or not they ordered, early or late. */
async function immortal(store: TestStore): Promise<void> {
  const rows: [number, number, number][] = []
  for (let customer = 1; customer <= 320; customer++) {
    rows.push([customer, 0, 1])
    if (customer <= 40) {
      rows.push([customer, 4, 3])
      continue
    }
    const gets = customer % 2 === 0
    // ordering early is by chance; who gets there late has had longer to order once more
    if (customer % 3 === 0) rows.push([customer, 5, 2])
    if (gets) rows.push([customer, 40, 2], [customer, 50, 3])
  }
  rows.push([321, 290, 1], [322, 300, 2])
  for (const [customer, after, touchpoint] of rows)
    await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id)
      values (${customer}, ${day(after)}, 'Step', 't', 'web', ${touchpoint})`.execute(store.db)
}

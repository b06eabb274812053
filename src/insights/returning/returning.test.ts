import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sql } from 'kysely'
import { sharedData } from '../../../test/shared-data.ts'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import { askPostgres, ask as askProjection, readScope } from '../question.ts'
import { companyClock, dayAt } from './clock.ts'
import { estimate } from './estimate.ts'
import { salesByCustomer } from './questions.ts'
import { returning } from './returning.ts'
import type { ReturnAnswer } from './schema.ts'

test('who came back is followed from sale to sale; who has not yet counts for the time since', async () => {
  await using store = await testStore()
  for (let customer = 1; customer <= 40; customer++) {
    await sql`insert into customers (id, canonical_id, name, first_seen_at, last_seen_at)
      values (${customer}, ${customer}, ${`Customer ${customer}`}, now(), now())`.execute(store.db)
    await buy(store, customer, '2024-01-01')
    // every second comes back, after 100 days; two sales on one day are one decision
    if (customer % 2 === 0) {
      await buy(store, customer, '2024-04-10')
      await buy(store, customer, '2024-04-10')
    }
  }
  await buy(store, 2, '2025-06-01')
  const answer = await ask(store)
  assert.equal(answer.customers, 40)
  const [all] = answer.first
  assert.deepEqual([all?.n, all?.happened, all?.withinYear.value], [40, 20, 0.5])
  assert.deepEqual(
    all?.curve.map((step) => [step.time, step.share]),
    [[100, 0.5]],
  )
  assert.equal(answer.later[0]?.n, 20)
  assert.deepEqual(
    answer.cohorts.map((cohort) => [cohort.name, cohort.n]),
    [['2024 Q1', 40]],
  )
  assert.deepEqual(
    answer.cohorts[0]?.cells.map((cell) => cell?.value ?? null).slice(0, 5),
    [0, 0, 0, 0.5, 0.5],
  )
  assert.ok(answer.statements.every((each) => !/NaN|undefined|null|Infinity/.test(each.text)))
})

test('days are those of the company, whatever the season', async () => {
  await using store = await testStore()
  await sql`update workspace set time_zone = 'Pacific/Auckland'`.execute(store.db)
  // the first hours of the year and of July there, while it is still December and June in London
  for (const [customer, at] of [
    [1, '2023-12-31T20:00:00Z'],
    [2, '2024-06-30T12:00:00Z'],
    [3, '2023-12-31T07:00:00Z'],
  ] as const) {
    await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
      values (${customer}, ${customer}, now(), now())`.execute(store.db)
    await sql`insert into purchases (customer_id, key, state, sold_at, value_minor)
      values (${customer}, ${`p${customer}`}, 'sold', ${at}, 5000)`.execute(store.db)
  }
  const cohorts = async (query: object) => (await ask(store, query)).cohorts.map(({ name, n }) => [name, n])
  const [last, first, third] = [
    ['2023 Q4', 1],
    ['2024 Q1', 1],
    ['2024 Q3', 1],
  ]
  assert.deepEqual(await cohorts({}), [last, first, third])
  assert.deepEqual(await cohorts({ from: '2024-01-01' }), [first, third])
})

test('the last hour of a day belongs to that day, in winter as in summer, on both engines', async () => {
  const zones = [
    // half past eleven at night by the clock of the season, then half past midnight
    ['Europe/Berlin', '2023-12-31T22:30:00Z', '2023-12-31T23:30:00Z'],
    ['Europe/Berlin', '2024-06-30T21:30:00Z', '2024-06-30T22:30:00Z'],
    ['America/New_York', '2024-01-01T04:30:00Z', '2024-01-01T05:30:00Z'],
    ['America/New_York', '2024-07-01T03:30:00Z', '2024-07-01T04:30:00Z'],
    ['Australia/Lord_Howe', '2024-06-30T13:15:00Z', '2024-06-30T13:45:00Z'],
    // the night in which the clock is set
    ['Europe/Berlin', '2024-03-30T22:59:59Z', '2024-03-30T23:00:00Z'],
    ['Europe/Berlin', '2024-10-26T21:59:59Z', '2024-10-26T22:00:00Z'],
    ['Europe/Berlin', '2024-10-27T22:59:59Z', '2024-10-27T23:00:00Z'],
    ['Asia/Kolkata', '2024-01-01T18:29:00Z', '2024-01-01T18:30:00Z'],
  ] as const
  await using store = await testStore()
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (1, 1, now(), now())`.execute(
    store.db,
  )
  await buy(store, 1, '2019-05-05')
  for (const [index, [, ...moments]] of zones.entries())
    for (const [place, at] of moments.entries())
      await sql`insert into purchases (customer_id, key, state, sold_at, value_minor)
        values (1, ${`z${index}-${place}`}, 'sold', ${at}, 5000)`.execute(store.db)
  await store.projection?.catchUp()
  for (const [zone, late, early] of zones) {
    await sql`update workspace set time_zone = ${zone}`.execute(store.db)
    const clock = await companyClock(store, Date.now() * 1000)
    const [evening, morning] = [late, early].map((at) => dayAt(Date.parse(at) * 1000, clock))
    assert.equal((morning ?? 0) - (evening ?? 0), 1, `${zone} ${late}`)
    const calendar = await sql<{ day: number }>`
      select distinct (sold_at at time zone ${zone})::date - date '1970-01-01' as day
      from purchases
      order by day`.execute(store.db)
    const question = salesByCustomer(await readScope(store, {}), clock)
    for (const found of [await askProjection(store, question), await askPostgres(store, question)])
      assert.deepEqual(
        (found as { day: number }[]).map(({ day }) => Number(day)),
        calendar.rows.map(({ day }) => day),
        zone,
      )
  }
})

test('nobody, one customer, and nobody who came back are answered in words', async () => {
  await using store = await testStore()
  assert.match((await ask(store)).statements[0]?.text ?? '', /Nobody has bought/)
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (1, 1, now(), now())`.execute(
    store.db,
  )
  await buy(store, 1, '2024-01-01')
  const answer = await ask(store)
  assert.equal(answer.model, null)
  assert.ok(answer.statements.some((each) => /nobody has come back/.test(each.text)))
  await assert.rejects(ask(store, { compare: 'previous' }), /everyone or segment/)
  await assert.rejects(ask(store, { compare: 'segment:9' }), /no segment 9/)
})

test('two groups stand side by side, with whether they differ', async () => {
  await using store = await testStore()
  await sql`insert into segments (id, name, rule) values (1, 'Called', '{}')`.execute(store.db)
  for (let customer = 1; customer <= 120; customer++) {
    await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) values (${customer}, ${customer}, now(), now())`.execute(
      store.db,
    )
    await buy(store, customer, '2024-01-01')
    if (customer <= 60) await sql`insert into segment_members values (1, ${customer})`.execute(store.db)
    if (customer <= 45 || customer > 105) await buy(store, customer, '2024-03-01')
  }
  const answer = await ask(store, { segment: 1, compare: 'everyone' })
  assert.deepEqual(
    answer.first.map((curve) => [curve.name, curve.n]),
    [
      ['Called', 60],
      ['Everyone', 120],
    ],
  )
  assert.ok((answer.difference?.p ?? 1) < 0.05)
})

test('the CD buyers come out as published', (t) => {
  const file = sharedData('cdnow', 'cdnow_customers_summary.csv')
  const rows = file && read(file)
  if (!rows) return t.skip('the shared data is not here')
  // x, t_x and T in weeks, as sales on days: the first on day 0 of each customer's own clock
  const until = 100_000
  const sales: number[][] = []
  rows.forEach(([x = 0, last = 0, observed = 0], customer) => {
    const first = until - observed * 7
    const days = [
      first,
      ...Array.from({ length: x }, (_, n) => first + (x === 1 ? last : (last * (n + 1)) / x) * 7),
    ]
    for (const day of days) sales.push([customer + 1, 0, day, 0])
  })
  const column = (index: number) => Float64Array.from(sales, (row) => row[index] ?? 0)
  const found = estimate(
    {
      sales: { customer_id: column(0), number: column(1), day: column(2), minor: column(3) },
      beside: null,
      name: 'Everyone',
      until,
      span: 273,
    },
    () => {},
  )
  const { r = 0, alpha = 0, a = 0, b = 0 } = found.model?.parameters ?? {}
  assert.equal(found.customers, 2_357)
  for (const [ours, published] of [
    [r, 0.5248],
    [alpha, 6.1831],
    [a, 0.8914],
    [b, 1.614],
  ] as const)
    assert.ok(Math.abs(ours - published) < 0.002 * Math.max(1, published), `${ours} for ${published}`)
  assert.ok(Math.abs((found.model?.logLikelihood ?? 0) + 9582.14) < 0.05)
  return undefined
})

/** x, t_x, T of each customer. */
function read(file: string): number[][] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  return lines.map((line) => line.split(',').slice(1).map(Number))
}

async function ask(store: TestStore, asked: object = {}): Promise<ReturnAnswer> {
  await store.projection?.catchUp()
  return (await returning.answering(new Asking(store), { span: 365, ...asked })) as ReturnAnswer
}

async function buy(store: TestStore, customer: number, day: string): Promise<void> {
  await sql`insert into purchases (customer_id, key, state, sold_at, value_minor)
    values (${customer}, gen_random_uuid()::text, 'sold', ${`${day}T12:00:00Z`}, 5000)`.execute(store.db)
}

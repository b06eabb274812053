import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { row, rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { testStore } from '../store/testing.ts'
import { anna, happened, person } from './people.testing.ts'
import { countRule } from './segment-count.ts'
import { type SegmentRule, segmentRuleSchema } from './segment-rule.ts'
import { segmentSql } from './segment-sql.ts'
import { sayRule } from './segment-words.ts'
import { changeSegment, createSegment, listSegments, refreshSegments, registerSegments } from './segments.ts'

const now = new Date('2026-03-10T00:00:00Z')

async function picked(store: Store, rule: SegmentRule): Promise<number[]> {
  const found = await rows(
    store.db,
    sql<{ id: number }>`
      select c.id
      from customers c
      left join standings s on s.customer_id = c.id
      where c.canonical_id = c.id and ${segmentSql(segmentRuleSchema.parse(rule), now)}
      order by c.id`,
  )
  return found.map(({ id }) => id)
}

test('each condition picks those it describes', async () => {
  await using store = await testStore()
  const ines = await person(store.db, {
    name: 'Ines',
    traits: { city: 'Bremen', age: '41', address: { zip: 28195 } },
    state: 'doubting',
    sales: 2,
    valueMinor: 250_000,
    score: 38,
    lastSeen: '2026-03-09T00:00:00Z',
    identities: { email: 'ines@example.org' },
  })
  const bo = await person(store.db, {
    name: 'Bo',
    traits: { city: 'Köln', age: 'unknown' },
    lastSeen: '2025-01-01T00:00:00Z',
  })
  const studio = await person(store.db, {
    name: 'Studio Brandt',
    kind: 'company',
    lastSeen: '2026-03-01T00:00:00Z',
  })
  const guest = await person(store.db, { lastSeen: '2026-03-01T00:00:00Z' })
  // What happened to Ines on another device came in before the two were joined.
  await sql`update customers set canonical_id = ${ines} where id = ${guest}`.execute(store.db)
  await happened(store.db, ines, 'Order Completed', { at: '2026-02-01T00:00:00Z', touchpointId: 7 })
  await happened(store.db, guest, 'Order Completed', {
    at: '2026-03-05T00:00:00Z',
    touchpointId: 7,
    experience: -50,
  })
  await happened(store.db, bo, 'Viewed Home')
  await sql`insert into memberships (company_id, customer_id, since) values (${studio}, ${bo}, now())`.execute(
    store.db,
  )
  await sql`
    insert into purchases (customer_id, kind, key, state, sold_at, renews_at)
    values (${ines}, 'contract', 'c1', 'sold', '2026-02-01', '2026-03-20')`.execute(store.db)
  await sql`
    insert into expectation_rules (id, name, rule)
    values (51, 'Delivered by the day we named', '{}'), (52, 'Called back in a day', '{}')`.execute(store.db)
  await sql`
    insert into expectations (
      customer_id, rule_id, opening, statement, stated_by, dimension, state, opened_at, decided_at
    )
    values (${bo}, 51, '1', 'Delivered by Friday', 'us', 'days', 'broken', '2026-02-01', '2026-02-20')`.execute(
    store.db,
  )

  const all = [ines, bo, studio]
  const cases: [SegmentRule, number[]][] = [
    [{ all: [] }, all],
    [{ any: [] }, []],
    [{ about: 'trait', trait: 'city', is: 'equals', value: 'bremen' }, [ines]],
    [{ about: 'trait', trait: 'city', is: 'not', value: 'Bremen' }, [bo, studio]],
    [{ about: 'trait', trait: 'city', is: 'contains', value: 'ÖL' }, [bo]],
    [{ about: 'trait', trait: 'city', is: 'starts', value: 'bre' }, [ines]],
    [{ about: 'trait', trait: 'age', is: 'above', value: 40 }, [ines]],
    [{ about: 'trait', trait: 'age', is: 'below', value: 99 }, [ines]],
    [{ about: 'trait', trait: 'address.zip', is: 'equals', value: 28195 }, [ines]],
    [{ about: 'trait', trait: 'age', is: 'present' }, [ines, bo]],
    [{ about: 'trait', trait: 'age', is: 'absent' }, [studio]],
    [{ about: 'kind', is: 'company' }, [studio]],
    [{ about: 'identity', kind: 'email', known: true }, [ines]],
    [{ about: 'identity', kind: 'email', known: false }, [bo, studio]],
    [{ about: 'seen', which: 'last', withinDays: 5 }, [ines]],
    [{ about: 'seen', which: 'last', notWithinDays: 100 }, [bo]],
    [{ about: 'interaction', touchpointId: 7 }, [ines]],
    [{ about: 'interaction', event: 'Order Completed', atLeast: 2 }, [ines]],
    [{ about: 'interaction', event: 'Order Completed', atLeast: 3 }, []],
    [{ about: 'interaction', event: 'Order Completed', atMost: 1 }, [bo, studio]],
    [{ about: 'interaction', event: 'Order Completed', atMost: 0 }, [bo, studio]],
    [{ about: 'interaction', event: 'Order Completed', withinDays: 10, atLeast: 1, atMost: 1 }, [ines]],
    [{ about: 'interaction', experience: 'bad' }, [ines]],
    [{ about: 'interaction', experience: 'good' }, []],
    [{ about: 'expectation', states: ['broken'] }, [bo]],
    [{ about: 'expectation', unmended: true }, [bo]],
    [{ about: 'expectation', atMost: 0 }, [ines, studio]],
    [{ about: 'expectation', ruleId: 51 }, [bo]],
    [{ about: 'expectation', ruleId: 52 }, []],
    [{ about: 'expectation', ruleId: 51, states: ['kept'] }, []],
    [{ about: 'expectation', ruleId: 52, states: ['broken'], atMost: 0 }, all],
    [{ about: 'standing', states: ['doubting', 'lost'] }, [ines]],
    [{ about: 'standing', states: ['courting'] }, [bo, studio]],
    [{ about: 'purchase', kinds: ['contract'] }, [ines]],
    [{ about: 'purchase', renewsWithinDays: 30 }, [ines]],
    [{ about: 'purchase', renewsWithinDays: 5 }, []],
    [{ about: 'value', from: 250_000 }, [ines]],
    [{ about: 'sales', to: 0 }, [bo, studio]],
    [{ about: 'score', to: 40 }, [ines]],
    [{ about: 'score', from: 39 }, []],
    [{ not: { about: 'score', from: 39, to: 100 } }, all],
    [{ about: 'company', companyId: studio }, [bo]],
    [{ not: { about: 'kind', is: 'company' } }, [ines, bo]],
    [{ not: { about: 'interaction', touchpointId: 7 } }, [bo, studio]],
    [
      {
        any: [
          { about: 'kind', is: 'company' },
          { about: 'interaction', touchpointId: 7 },
        ],
      },
      [ines, studio],
    ],
    [{ all: [{ not: { any: [{ about: 'kind', is: 'company' }] } }, { about: 'sales', from: 1 }] }, [ines]],
  ]
  for (const [rule, expected] of cases)
    assert.deepEqual(await picked(store, rule), expected, JSON.stringify(rule))
})

test('a rule and its opposite share everybody between them, however rules are put together', async () => {
  await using store = await testStore()
  for (let i = 0; i < 12; i++) {
    const id = await person(store.db, {
      ...(i % 2 ? { traits: { city: i % 3 ? 'Köln' : 7, level: String(i) } } : {}),
      kind: i % 5 ? 'person' : 'company',
      sales: i % 3,
      ...(i % 4 ? { state: 'doubting' } : {}),
    })
    if (i % 3 === 0) await sql`delete from standings where customer_id = ${id}`.execute(store.db)
    for (let n = 0; n < i % 4; n++) await happened(store.db, id, 'Viewed Home', { touchpointId: n })
  }
  const leaf = fc.constantFrom<SegmentRule>(
    { about: 'trait', trait: 'city', is: 'equals', value: 'köln' },
    { about: 'trait', trait: 'level', is: 'above', value: 5 },
    { about: 'kind', is: 'company' },
    { about: 'standing', states: ['doubting'] },
    { about: 'standing', states: ['courting', 'lost'] },
    { about: 'sales', from: 1 },
    { about: 'interaction', atLeast: 2 },
    { about: 'interaction', touchpointId: 1 },
    { about: 'seen', which: 'last', withinDays: 3 },
  )
  const { rule } = fc.letrec<{ rule: SegmentRule }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.record({ all: fc.array(tie('rule'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('rule'), { maxLength: 3 }) }),
      fc.record({ not: tie('rule') }),
    ),
  }))
  const everybody = await picked(store, { all: [] })
  await fc.assert(
    fc.asyncProperty(rule, async (any) => {
      const these = await rows(
        store.db,
        sql<{
          id: number
        }>`select c.id from customers c left join standings s on s.customer_id = c.id where ${segmentSql(any, now)}`,
      )
      const those = await rows(
        store.db,
        sql<{
          id: number
        }>`select c.id from customers c left join standings s on s.customer_id = c.id where ${segmentSql({ not: any }, now)}`,
      )
      assert.deepEqual(
        [...these, ...those].map(({ id }) => id).sort((a, b) => a - b),
        everybody,
      )
    }),
    { numRuns: 60 },
  )
})

test('a saved segment holds its customers, and follows them when refreshed', async () => {
  await using store = await testStore(registerSegments)
  const bo = await person(store.db, { sales: 1 })
  const ines = await person(store.db, { sales: 2 })
  const buyers = await createSegment(store, { name: 'Came back', rule: { about: 'sales', from: 2 } }, anna)
  const outer = await createSegment(
    store,
    { name: 'Others', rule: { not: { about: 'segment', segmentId: buyers } } },
    anna,
  )
  await store.jobs.drain()
  const members = async (id: number) =>
    (
      await rows(
        store.db,
        sql<{
          id: number
        }>`select customer_id as id from segment_members where segment_id = ${id} order by 1`,
      )
    ).map((each) => each.id)
  assert.deepEqual(await members(buyers), [ines])
  await sql`update standings set sales = 2`.execute(store.db)
  await refreshSegments(store)
  assert.deepEqual(await members(buyers), [bo, ines])
  assert.deepEqual(await members(outer), [])
  const [first] = await listSegments(store.db)
  assert.equal(first?.customers, 2)
  assert.equal(first?.words, 'bought at least 2 times')
  await assert.rejects(
    changeSegment(store, buyers, { name: 'Came back', rule: { about: 'segment', segmentId: outer } }, anna),
    /picked by itself/,
  )
  await assert.rejects(createSegment(store, { name: 'Others', rule: { all: [] } }, anna), /already/)
  assert.equal(
    (await row(store.db, sql<{ n: number }>`select count(*) as n from audit where subject = 'segment'`))?.n,
    2,
  )
})

test('a rule being written is counted', async () => {
  await using store = await testStore()
  for (let i = 0; i < 10; i++) await person(store.db, { sales: i })
  assert.deepEqual(await countRule(store.db, { about: 'sales', from: 7 }, now), {
    customers: 3,
    exact: true,
    low: 3,
    high: 3,
    of: 10,
  })
})

test('rules are said in words', () => {
  const names = {
    currency: 'EUR',
    touchpoints: new Map([[7, 'Delivery']]),
    promises: new Map([[1, 'Delivered by the day we named']]),
    segments: new Map<number, string>(),
    companies: new Map<number, string>(),
  }
  const cases: [SegmentRule, string][] = [
    [{ all: [] }, 'everybody'],
    [{ about: 'value', from: 150_000 }, 'bought for at least €\u00a01,500'],
    [
      {
        all: [
          { about: 'standing', states: ['doubting', 'lost'] },
          {
            any: [
              { about: 'interaction', touchpointId: 7, atLeast: 2, withinDays: 90 },
              { about: 'expectation', states: ['broken'], unmended: true },
            ],
          },
        ],
      },
      'is doubting the choice or lost and (had “Delivery” at least twice in the last 90 days or has a broken promise that was broken and is not made good yet)',
    ],
    [{ not: { about: 'interaction', event: 'Care Call Made' } }, 'not: had “Care Call Made”'],
    [
      { about: 'expectation', ruleId: 1, states: ['broken'], atLeast: 2 },
      'has a broken promise “Delivered by the day we named” at least twice',
    ],
    [{ about: 'expectation', ruleId: 9, atMost: 0 }, 'has no promise “one that was deleted”'],
  ]
  for (const [rule, words] of cases) assert.equal(sayRule(rule, names), words)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { customersChanged, joinCustomers } from '../customers/customers.ts'
import { recordInteractions } from '../interactions/interactions.ts'
import type { Actor } from '../lib/http.ts'
import { row, rows, transaction } from '../store/database.ts'
import { testStore } from '../store/testing.ts'
import { defaultRules } from './schema.ts'
import { as, bought, happened, origin, standings } from './standings.testing.ts'
import { ageStandings, changeRules, readRun, registerValidation, updateStandings } from './validation.ts'

const manager: Actor = { kind: 'member', id: '1', name: 'Manager', role: 'manager', scopes: [] }

test('a standing follows what is recorded, with its counts', async () => {
  await using store = await testStore(registerValidation)
  await recordInteractions(
    store,
    [
      happened('Design Meeting Held', -3, { rating: 5 }),
      bought(0, 'o1'),
      happened('Product Reviewed', 9, { rating: 1, review: 'It came broken.' }),
    ],
    origin,
  )
  await store.jobs.drain()
  const [one] = await standings(store)
  assert.deepEqual(one && { ...one, id: 0 }, {
    id: 0,
    state: 'doubting',
    kinds: ['rating', 'sale'],
    sales: 1,
    value: 10000,
    words: 'It came broken.',
    before: 1,
    after: -1,
  })
})

test('what one of us wrote down about a customer is not taken for the customer’s own words', async () => {
  await using store = await testStore(registerValidation)
  await recordInteractions(
    store,
    [bought(0, 'o1'), happened('Product Reviewed', 3, { rating: 4, review: 'A fine table' })],
    origin,
  )
  const call = happened('Call Logged', 5, {}, { words: 'Seemed in a hurry' })
  await recordInteractions(store, [call], { source: 'member', again: 'keep' })
  await store.jobs.drain()
  assert.equal((await standings(store))[0]?.words, 'A fine table')
})

test('what changes nothing is not written again', async () => {
  await using store = await testStore(registerValidation)
  await recordInteractions(store, [bought(0, 'o1')], origin)
  await store.jobs.drain()
  const before = await row(
    store.db,
    sql<{ tx: string; id: number }>`select tx, customer_id as id from standings`,
  )
  await updateStandings(store, [before?.id ?? 0])
  assert.deepEqual(
    await row(store.db, sql<{ tx: string; id: number }>`select tx, customer_id as id from standings`),
    before,
  )
})

test('a broken promise that is made good no longer weighs, and its words are the promise’s own', async () => {
  await using store = await testStore(registerValidation)
  await recordInteractions(store, [bought(0, 'o1')], origin)
  const [customer] = await rows(store.db, sql<{ id: number }>`select id from customers`)
  const id = customer?.id ?? 0
  await sql`
    insert into expectations (customer_id, opening, statement, stated_by, dimension, state, gap, opened_at, decided_at)
    values (${id}, 'o1', 'Delivery on Thursday', 'us', 'days', 'broken', 4, '2026-01-01', '2026-01-09')`.execute(
    store.db,
  )
  await updateStandings(store, [id])
  assert.deepEqual(
    (await standings(store)).map(({ state, kinds }) => [state, kinds]),
    [['doubting', ['broken', 'sale']]],
  )
  await sql`update expectations set mended_at = '2026-01-12', tx = pg_current_xact_id()`.execute(store.db)
  await updateStandings(store, [id])
  assert.equal((await standings(store))[0]?.state, 'unproven')
})

test('a cancelled order that was all they bought loses the customer; a refund of a tenth is a doubt', async () => {
  await using store = await testStore(registerValidation)
  await recordInteractions(
    store,
    [
      bought(0, 'a', as('one')),
      happened('Order Cancelled', 2, { order_id: 'a' }, as('one')),
      bought(0, 'b', as('two')),
      happened('Order Refunded', 2, { order_id: 'b', total: 10 }, as('two')),
      bought(0, 'c', as('three')),
      happened('Order Refunded', 2, { order_id: 'c', total: 100 }, as('three')),
    ],
    origin,
  )
  await store.jobs.drain()
  assert.deepEqual(
    (await standings(store)).map(({ state }) => state),
    ['lost', 'doubting', 'lost'],
  )
})

test('a renewal that did not come is missed when its grace has passed, by time alone', async () => {
  await using store = await testStore(registerValidation)
  const signed = happened('Contract Signed', 0, { contract_id: 'c', renews_at: '2026-12-31T00:00:00Z' })
  await recordInteractions(store, [signed, happened('Survey Answered', 5, { rating: 5 })], origin)
  await sql`update standings set changes_at = null`.execute(store.db)
  await store.jobs.drain()
  const renews = await row(
    store.db,
    sql<{ at: Date | null; state: string }>`select changes_at as at, state from standings`,
  )
  assert.equal(renews?.at?.toISOString(), '2027-01-14T00:00:00.000Z')
  assert.equal(renews?.state, 'validated')
  await ageStandings(store, new Date('2027-01-15T00:00:00Z'))
  assert.equal((await standings(store))[0]?.state, 'lost')
})

test('what happens to people happens to their company', async () => {
  await using store = await testStore(registerValidation)
  await recordInteractions(
    store,
    [
      happened('Proposal Sent', 0, {}, { ...as('firm'), customerKind: 'company' }),
      bought(1, 'o1', as('buyer')),
      happened('Complaint Received', 9, {}, as('user')),
    ],
    origin,
  )
  await sql`
    insert into memberships (company_id, customer_id, since)
    select firm.customer_id, people.customer_id, now()
    from identities firm, identities people
    where firm.value = 'firm' and people.value in ('buyer', 'user')`.execute(store.db)
  await store.jobs.drain()
  assert.deepEqual(
    (await standings(store)).map(({ state }) => state),
    ['doubting', 'unproven', 'courting'],
  )
})

test('joining two customers gives one standing from both lives', async () => {
  await using store = await testStore(registerValidation)
  await recordInteractions(
    store,
    [bought(0, 'o1', as('one')), happened('Product Reviewed', 9, { rating: 5 }, as('two'))],
    origin,
  )
  await store.jobs.drain()
  const [one, two] = await standings(store)
  assert.deepEqual([one?.state, two?.state], ['unproven', 'courting'])
  await transaction(store.db, async (tx) => {
    await joinCustomers(tx, {
      survivor: one?.id ?? 0,
      absorbed: two?.id ?? 0,
      rule: 'by hand',
      evidence: {},
      actor: 'me',
    })
    await customersChanged(store, tx, [one?.id ?? 0, two?.id ?? 0])
  })
  await store.jobs.drain()
  assert.deepEqual(
    (await standings(store)).map(({ id, state }) => [id, state]),
    [[one?.id, 'validated']],
  )
})

test('new rules are applied to everybody, with a count of what changed', async () => {
  await using store = await testStore(registerValidation)
  const users = Array.from({ length: 12 }, (_, i) => `u${i}`)
  await recordInteractions(
    store,
    users.flatMap((user, i) => [
      bought(0, `o${i}`, as(user)),
      happened('Product Reviewed', 9, { rating: i < 5 ? 4 : 5 }, as(user)),
    ]),
    origin,
  )
  await store.jobs.drain()
  await changeRules(store, { ...defaultRules, good: 100 }, manager)
  await store.jobs.drain()
  const run = await readRun(store)
  assert.deepEqual(run && [run.total, run.done, run.changed, run.finishedAt !== null], [12, 12, 5, true])
  assert.equal((await standings(store)).filter(({ state }) => state === 'unproven').length, 5)
})

test('the same interactions in any order and any batches give the same standing', async () => {
  await using store = await testStore(registerValidation)
  let round = 0
  const kinds = [
    'Product Reviewed',
    'Complaint Received',
    'Referral Made',
    'Support Contacted',
    'Call Logged',
  ]
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(
          fc.record({
            name: fc.constantFrom(...kinds),
            days: fc.integer({ min: 0, max: 20 }),
            rating: fc.constantFrom(1, 3, 5),
          }),
          { minLength: 2, maxLength: 8 },
        )
        .chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
      fc.boolean(),
      async ([events, shuffled], buysLast) => {
        const found = []
        for (const order of [events, shuffled]) {
          const user = `order${round++}`
          const list = order.map(({ name, days, rating }) =>
            happened(
              name,
              days,
              name === 'Product Reviewed' ? { rating, review: `R${rating}` } : {},
              as(user),
            ),
          )
          const sale = bought(3, user, as(user))
          if (order === shuffled && buysLast) list.push(sale)
          else list.unshift(sale)
          for (let at = 0; at < list.length; at += 3)
            await recordInteractions(store, list.slice(at, at + 3), origin)
          await store.jobs.drain()
          found.push(
            await row(
              store.db,
              sql<object>`
                select to_jsonb(s) - 'customer_id' - 'judged_at' - 'tx' as standing
                from standings s
                join identities i on i.customer_id = s.customer_id
                where i.value = ${user}`,
            ),
          )
        }
        assert.ok(found[0])
        assert.deepEqual(found[1], found[0])
      },
    ),
    { numRuns: 12 },
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { rows, transaction } from '../store/database.ts'
import { columnsOfViews } from '../store/projection-views.ts'
import { type TestStore, testStore } from '../store/testing.ts'
import { scoreEverybody } from './everybody.ts'
import { refit, refitWhenGrown } from './refit.ts'
import { defaultModel } from './score.ts'
import { readModel } from './score-queries.ts'
import {
  contractsOfAll,
  experiencesSinceSale,
  lastRecorded,
  referralsOfAll,
  salesOfAll,
} from './score-questions.ts'
import { scoreChunk } from './scores.ts'

const now = new Date('2026-06-01T00:00:00Z')

/** What may be wrong or odd about one customer's rows. */
const life = fc.record({
  joinedTo: fc.constantFrom(null, null, null, 0),
  company: fc.constantFrom(null, null, 0),
  purchases: fc.array(
    fc.record({
      day: fc.integer({ min: 0, max: 900 }),
      state: fc.constantFrom('proposed', 'sold', 'delivered', 'renewed', 'ended', 'cancelled'),
      kind: fc.constantFrom('order', 'contract'),
      dated: fc.constantFrom('sold_at', 'delivered_at', 'neither'),
      renews: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  steps: fc.array(
    fc.record({
      day: fc.constantFrom(-700_000, 0, 1, 100, 400, 800, 880, 1000),
      touchpoint: fc.constantFrom(1, 2, 3, null),
      experience: fc.constantFrom(null, -100, -30, 0, 40, 100),
      evidence: fc.constantFrom(1, 2, 3),
      judgement: fc.boolean(),
      purchase: fc.constantFrom(null, 0, 1),
    }),
    { maxLength: 8 },
  ),
})
type Company = (typeof life extends fc.Arbitrary<infer One> ? One : never)[]

test('scores of everybody at once are those of each by itself, on either engine', async () => {
  await using store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'All', 'after', 1)`.execute(store.db)
  await sql`
    insert into touchpoints (id, stage_id, name, position, by, purpose)
    values (1, 1, 'Sale', 1, 'customer', 'sale'), (2, 1, 'Use', 2, 'customer', 'use'), (3, 1, 'Bring', 3, 'customer', 'refer')`.execute(
    store.db,
  )
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 60, size: 'max' }), async (company) => {
      await write(store, company)
      await store.projection?.rebuild()
      for (const question of [
        experiencesSinceSale(now.getTime() * 1000),
        salesOfAll(),
        referralsOfAll(),
        contractsOfAll(14),
        lastRecorded(now.getTime() * 1000),
      ])
        assert.deepEqual(
          await store.projection?.columns(question.text, question.values),
          await columnsOfViews(store.pool, question),
        )
      const ids = company.map((_, index) => index + 1)
      await transaction(store.db, (tx) => scoreChunk(tx, ids, defaultModel, now))
      const single = await scores(store)
      await sql`insert into scores values (999, 50, 2)`.execute(store.db)
      await scoreEverybody(store, now)
      assert.deepEqual(await scores(store), single)
      await sql`update scores set score = 100 - score`.execute(store.db)
      await scoreEverybody({ ...store, projection: undefined }, now)
      assert.deepEqual(await scores(store), single)
    }),
    { numRuns: 4, endOnFailure: true },
  )
})

test('with nothing recorded a fit says so, and nobody has a score', async () => {
  await using store = await testStore()
  await refit(store)
  assert.equal(await readModel(store.db), undefined, 'a projection that is not built yet knows nothing')
  await store.projection?.catchUp()
  await refit(store)
  assert.equal((await readModel(store.db))?.claim, 'descriptive')
  assert.deepEqual(await scores(store), [])
})

test('it is fitted anew in the day when there are many more scores', async () => {
  await using store = await testStore()
  await store.projection?.catchUp()
  const fits = async () => (await sql`select from score_models`.execute(store.db)).rows.length
  await refitWhenGrown(store)
  assert.equal(await fits(), 0)
  await sql`insert into scores select g, 50, 2 from generate_series(1, 60) g`.execute(store.db)
  await refitWhenGrown(store)
  assert.equal(await fits(), 1)
})

async function scores(store: TestStore) {
  return rows(store.db, sql`select customer_id, score, pieces from scores order by customer_id`)
}

async function write(store: TestStore, company: Company): Promise<void> {
  await sql`truncate customers, interactions, topic_labels, purchases, memberships, standings, scores`.execute(
    store.db,
  )
  for (const [index, one] of company.entries()) {
    const id = index + 1
    await sql`
      insert into customers (id, canonical_id, kind, first_seen_at, last_seen_at)
      values (${id}, ${one.joinedTo === null || index === 0 ? id : one.joinedTo + 1}, 'person', now(), now())`.execute(
      store.db,
    )
    if (one.company !== null && index > 0)
      await sql`insert into memberships (company_id, customer_id, since) values (${one.company + 1}, ${id}, now())`.execute(
        store.db,
      )
    for (const [number, bought] of one.purchases.entries()) {
      const at = new Date(now.getTime() - bought.day * 86_400_000)
      await sql`
        insert into purchases (customer_id, id, kind, key, state, sold_at, delivered_at, renews_at, value_minor)
        values (${id}, ${id * 10 + number}, ${bought.kind}, ${`${id}/${number}`}, ${bought.state},
          ${bought.dated === 'sold_at' ? at : null}, ${bought.dated === 'delivered_at' ? at : null},
          ${bought.renews ? new Date(at.getTime() + 365 * 86_400_000) : null}, 100)`.execute(store.db)
    }
    for (const step of one.steps)
      await sql`
        insert into interactions (customer_id, at, name, source, touchpoint_id, purchase_id, experience, evidence, judgement)
        values (${id}, ${now}::timestamptz - ${step.day} * interval '1 day', 'Step', 't', ${step.touchpoint},
          ${step.purchase !== null && one.purchases[step.purchase] ? id * 10 + step.purchase : null},
          ${step.experience}, ${step.experience === null ? null : step.evidence}, ${step.judgement})`.execute(
        store.db,
      )
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type TestStore, testStore } from '../../store/testing.ts'
import { refit } from '../../validation/validation.ts'
import { Asking } from '../asking/asking.ts'
import type { ScoreAnswer } from './schema.ts'
import { score } from './score.ts'

const ask = (store: TestStore) => score.answering(new Asking(store), { silent: 60 }) as Promise<ScoreAnswer>

test('before the first night nothing is judged, and an empty company is told so', async () => {
  await using store = await testStore()
  const answer = await ask(store)
  assert.equal(answer.fittedAt, null)
  assert.deepEqual(
    answer.statements.map(({ claim }) => claim),
    ['not enough to tell', 'counted', 'counted'],
  )
  assert.match(answer.statements.at(-1)?.text ?? '', /^Nobody has bought yet/)
  await store.projection?.catchUp()
  await refit(store)
  const fitted = await ask(store)
  assert.notEqual(fitted.fittedAt, null)
  assert.match(fitted.statements[0]?.text ?? '', /can’t be told: nothing was bought\.$/)
})

test('buyers are told by where they stand, those left alone apart', async () => {
  await using store = await testStore()
  await sql`
    insert into standings (customer_id, state, sales, last_sale_at, last_cared_at)
    values (1, 'unproven', 1, now() - interval '90 days', null),
      (2, 'unproven', 1, now() - interval '90 days', now() - interval '9 days'),
      (3, 'doubting', 1, now() - interval '9 days', null),
      (4, 'courting', 0, null, null)`.execute(store.db)
  await sql`insert into scores (customer_id, score, pieces) values (2, 70, 3), (3, 12, 2)`.execute(store.db)
  const { groups, statements } = await ask(store)
  assert.deepEqual(
    groups.map(({ group, customers, scored, median }) => [group, customers, scored, median]),
    [
      ['doubting', 1, 1, 12],
      ['silent', 1, 0, null],
      ['unproven', 1, 1, 70],
    ],
  )
  assert.match(statements.at(-1)?.text ?? '', /^2 of 3 buyers have a score/)
})

test('a company whose customers come back by what they experienced is told that the score is predictive', async () => {
  await using store = await testStore()
  await sql`update workspace set buying = 'again'`.execute(store.db)
  // After each purchase it goes well or badly by chance; who it went well for buys again nine times in ten, the
  // others once. Nobody rated anything.
  await sql
    .raw(`
    create function luck(a integer, b integer) returns integer return abs(hashint4(a * 31 + b) % 10);
    insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 1200) g;
    insert into purchases (customer_id, key, state, value_minor, currency, sold_at)
    select g, g || '/' || k, 'sold', 100, 'EUR', now() - interval '1500 days' + k * interval '300 days' + g * interval '1 hour'
    from generate_series(1, 1200) g
    cross join generate_series(0, 4) k
    where k = 0 or (luck(g, k - 1) < 5) = (luck(g, 100 + k) < 9);
    insert into interactions (customer_id, at, name, source, experience, evidence)
    select g, now() - interval '1490 days' + k * interval '300 days' + g * interval '1 hour' + twice * interval '1 day',
      'Step', 't', case when luck(g, k) < 5 then 40 else -60 end, 2
    from generate_series(1, 1200) g
    cross join generate_series(0, 4) k
    cross join generate_series(0, 1) twice`)
    .execute(store.db)
  await store.projection?.catchUp()
  await refit(store)
  const { judgement, statements } = await ask(store)
  assert.equal(judgement?.claim, 'predictive', JSON.stringify(judgement))
  assert.match(statements[0]?.text ?? '', /^Predictive: /)
  assert.ok(statements.every(({ text }) => !/NaN|undefined|null|Infinity/.test(text)))
  const sheets = score.sheets(await ask(store))
  assert.ok(sheets.every(({ name, rows }) => rows.length > 0 || name === 'groups'))
})

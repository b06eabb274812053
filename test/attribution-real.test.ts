// ChannelAttribution's paths as a company's own: each conversion and each null a customer, each step a touch.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sql } from 'kysely'
import { Asking } from '#src/insights/asking/asking.ts'
import { attribution } from '#src/insights/attribution/attribution.ts'
import { type Attribution, attributionQuery } from '#src/insights/attribution/schema.ts'
import { type TestStore, testStore } from '#src/store/testing.ts'
import { sharedData } from './shared-data.ts'

const channels = [
  'alpha',
  'iota',
  'eta',
  'beta',
  'theta',
  'lambda',
  'kappa',
  'zeta',
  'epsilon',
  'gamma',
  'delta',
  'mi',
]

test('the paths of 88,387 customers are credited as the R package credits them', async (t) => {
  const file = sharedData('attribution', 'PathData.csv')
  if (!file) return t.skip('the channel paths are not on this machine')
  await using store = await testStore()
  await load(store, file)
  await store.projection?.catchUp()
  const answer = (await attribution.answering(
    new Asking(store),
    attributionQuery.parse({ quiet: 1 }),
  )) as Attribution
  assert.deepEqual([answer.won, answer.lost, answer.untouched], [19_785, 68_602, 0])
  const credited = (method: string) =>
    ['alpha', 'iota', 'eta', 'beta', 'theta', 'lambda'].map((name) =>
      answer.credited
        .find((each) => each.name === name)
        ?.by.find((each) => each.method === method)
        ?.sales?.toFixed(2),
    )
  assert.deepEqual(credited('last').map(Number), [8447, 3355, 4167, 989, 653, 1207])
  assert.deepEqual(credited('markov'), ['5344.95', '3884.61', '3340.85', '2527.35', '1971.91', '1282.85'])
  for (const each of answer.credited)
    for (const { share, low, high } of each.by)
      assert.ok(low !== null && high !== null && share !== null && low <= share && share <= high)
})

async function load(store: TestStore, file: string): Promise<void> {
  const paths = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  const names = new Set([...channels, ...paths.flatMap(([path = '']) => path.split(' > '))])
  const { db } = store
  await sql`insert into stages (id, name, side, position) values (1, 'Before', 'before', 1)`.execute(db)
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose)
    select n, 1, name, n, 'us', 'sell' from unnest(${[...names]}::text[]) with ordinality as t(name, n)`.execute(
    db,
  )
  await sql`create unlogged table path as
    select n, string_to_array(path, ' > ') as names, won, lost
    from unnest(${paths.map(([path = '']) => path)}::text[], ${paths.map((row) => Number(row[1]))}::integer[],
      ${paths.map((row) => Number(row[3]))}::integer[]) with ordinality as t(path, won, lost, n)`.execute(db)
  await sql`create unlogged table one as
    select row_number() over () as customer, names, bought
    from (
      select names, true as bought from path, generate_series(1, won)
      union all
      select names, false from path, generate_series(1, lost)
    ) each`.execute(db)
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at) select customer, customer, now(), now() from one`.execute(
    db,
  )
  await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id)
    select o.customer, timestamptz '2026-01-01' + m.n * interval '1 minute', 'Touch', 't', 'web', p.id
    from one o
    cross join lateral unnest(o.names) with ordinality as m(name, n)
    join touchpoints p on p.name = m.name`.execute(db)
  await sql`insert into purchases (customer_id, key, state, sold_at, value_minor)
    select customer, customer::text, 'sold', '2026-02-01', 100 from one where bought`.execute(db)
  // something happens long after, so that who has not bought by then will not
  await sql`insert into interactions (customer_id, at, name, source) values (1, '2026-06-01', 'Later', 't')`.execute(
    db,
  )
}

// A company for the journey and timeline benches, written by Postgres itself from hashes of row numbers: the
// same rows on every machine. At full size a million customers, ten million interactions, 60 touchpoints.
// Making it takes minutes, so its data folder is kept for the next run.
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { readConfig } from '../src/config.ts'
import type { SegmentRule } from '../src/customers/segment-rule.ts'
import { openStore } from '../src/system.ts'
import type { Report } from './report.ts'

/** Two in five buy, once; or everybody buys, and some come back. */
type Buying = 'journey' | 'buyers'

/** Makes the company, unless it is there from an earlier run, and gives its data folder. */
export async function benchCompany(
  report: Report,
  size: number,
  buying: Buying = 'journey',
): Promise<string> {
  const dataFolder = join(tmpdir(), `troth-bench-${buying}-${size}`)
  const done = join(dataFolder, 'made-3')
  if (existsSync(done)) {
    report.say(`taking the data in ${dataFolder} from an earlier run`)
    return dataFolder
  }
  rmSync(dataFolder, { recursive: true, force: true })
  const customers = Math.round(1_000_000 * size)
  report.say(
    `making ${customers} customers and ten times as many interactions in ${dataFolder}, kept for later runs`,
  )
  const database = await openStore(readConfig({ data: dataFolder }), { migrate: true })
  try {
    const run = (text: string) => sql.raw(text).execute(database.db)
    await run(stages)
    await run(people(customers))
    const indexes = await sql<{ name: string; definition: string }>`
      select indexname as name, indexdef as definition
      from pg_indexes
      where schemaname = 'public' and tablename = 'interactions' and indexname <> 'interactions_pkey'`.execute(
      database.db,
    )
    for (const { name } of indexes.rows) await run(`drop index ${name}`)
    await run(steps(customers))
    await run(
      "select setval(pg_get_serial_sequence('interactions', 'id'), (select max(id) from interactions))",
    )
    for (const { definition } of indexes.rows) await run(definition)
    await run(buying === 'buyers' ? returns(customers) : sales(customers))
    await run('analyze')
  } finally {
    await database.close()
  }
  writeFileSync(done, '')
  return dataFolder
}

/** Its members are written with the customers; a refresh of the running system picks the same ones. */
const oneInSeven: SegmentRule = { about: 'trait', trait: 'seventh', is: 'equals', value: true }

const stages = `
  insert into stages (id, name, side, position)
  select s, 'Stage ' || s, case when s <= 3 then 'before' else 'after' end, s from generate_series(1, 7) s;
  insert into touchpoints (id, stage_id, name, position, by, purpose)
  select t, 1 + (t - 1) / 9, 'Touchpoint ' || t, t,
    case when t % 2 = 0 then 'us' else 'customer' end,
    case when t = 27 then 'sale' when t % 10 = 4 then 'care' when t % 10 = 6 then 'ask' when t % 10 = 8 then 'bill' when t <= 27 then 'sell' else 'use' end
  from generate_series(1, 60) t;
  insert into segments (id, name, rule, refreshed_at) values (1, 'One in seven', '${JSON.stringify(oneInSeven)}', now());`

/** A pseudo-random number in [0, 1) for customer c, step k and a salt. */
const chance = (k: string, salt: number) =>
  `((hashint8extended(c * 64 + ${k}, ${salt}) & 2147483647) / 2147483648.0::double precision)`

const people = (n: number) => `
  insert into customers (id, canonical_id, first_seen_at, last_seen_at, traits)
  select c, c, timestamptz '2023-01-01' + ${chance('0', 1)} * interval '1000 days', timestamptz '2026-06-01',
    case when c % 7 = 0 then '{"seventh": true}'::jsonb else '{}' end
  from generate_series(1, ${n}) c;
  insert into segment_members (segment_id, customer_id) select 1, c from generate_series(7, ${n}, 7) c;`

const steps = (n: number) => `
  insert into interactions (id, customer_id, at, received_at, name, channel, touchpoint_id, experience, evidence, source, judgement)
  select c * 32 + k, c, at, at, 'Step', (array['mail', 'phone', 'web', 'visit'])[1 + (c + k) % 4],
    case when ${chance('k', 5)} >= 0.03 then 1 + least(59, greatest(0, floor((k - 1) * 60 / 19 + (${chance('k', 3)} - 0.5) * 24)))::integer end,
    case when feeling < 0.25 then (floor(${chance('k', 7)} * 5) * 50 - 100)::smallint end,
    case when feeling < 0.15 then 1 when feeling < 0.24 then 2 when feeling < 0.25 then 3 end,
    'bench', ${chance('k', 8)} < 0.02
  from generate_series(1, ${n}) c
  cross join lateral generate_series(1, 1 + abs(hashint8extended(c, 9) % 19)) k
  cross join lateral (
    select timestamptz '2023-01-01' + (${chance('0', 1)} * 1000 + k * 14 * (0.5 + ${chance('k', 2)})) * interval '1 day' as at, ${chance('k', 6)} as feeling
  ) drawn`

const sales = (n: number) => `
  insert into purchases (customer_id, key, state, value_minor, currency, sold_at)
  select c, 'p' || c, 'delivered', 10000, 'EUR', timestamptz '2023-01-01' + (${chance('0', 1)} * 1000 + 60) * interval '1 day'
  from generate_series(1, ${n}) c
  where c % 5 < 2;
  insert into expectations (customer_id, rule_id, opening, statement, stated_by, dimension, state, opened_at, due_at, decided_at, decided_by)
  select c, 1 + c % 5, 'b', 'by then', 'us', 'days', case when ${chance('1', 11)} < 0.7 then 'kept' else 'broken' end, at, at + interval '7 days', at + interval '6 days', c * 32 + 1
  from generate_series(2, ${n}, 2) c
  cross join lateral (select timestamptz '2023-02-01' + ${chance('0', 1)} * interval '1000 days' as at) drawn;`

/** Who is called (touchpoint 34) comes back more often, by 10 in 100. */
const returns = (n: number) => `
  insert into purchases (customer_id, key, state, value_minor, currency, sold_at)
  select c, 'p' || c || '/' || k, 'delivered', (5000 + ${chance('2', 13)} * 20000)::bigint, 'EUR',
    timestamptz '2023-01-01' + (${chance('0', 1)} * 1000 + 60 + k * (120 + ${chance('3', 13)} * 240)) * interval '1 day'
  from generate_series(1, ${n}) c
  left join (select distinct customer_id from interactions where touchpoint_id = 34) called on called.customer_id = c
  cross join lateral generate_series(0, case when ${chance('1', 13)} < 0.25 + case when called.customer_id is null then 0 else 0.1 end then 1 else 0 end) k;`

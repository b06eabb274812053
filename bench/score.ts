// Scoring everybody anew: 1 million buyers with 10 million interactions, as the nightly job does it. Measured are
// a night in which a day has passed, a night after new weights (every score is written), the fit itself, and
// the arithmetic alone at a tenth, once and ten times the size.
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { readConfig } from '../src/config.ts'
import type { Projection } from '../src/store/projection.ts'
import type { Store } from '../src/store/store.ts'
import { openStore } from '../src/system.ts'
import { scoreEverybody } from '../src/validation/everybody.ts'
import { refit } from '../src/validation/refit.ts'
import { defaultModel } from '../src/validation/score.ts'
import { scoresToCopy } from '../src/validation/score-columns.ts'
import { experiencesSinceSale } from '../src/validation/score-questions.ts'
import { withStore } from './company-store.ts'
import { type Report, seeded } from './report.ts'

const bar = 10
const night = new Date('2026-06-01T02:40:00Z')
const dayMs = 86_400_000

export async function run(report: Report, { size }: { size: number }): Promise<void> {
  for (const times of [0.1, 1, 10]) arithmetic(report, times * size)
  const dataFolder = await company(report, Math.round(1_000_000 * size))
  await withStore(dataFolder, async (store, projection) => {
    report.say('building the projection')
    await projection.catchUp()
    await nights(report, store, projection)
  })
}

async function nights(report: Report, store: Store, projection: Projection): Promise<void> {
  await sql`truncate scores, score_models`.execute(store.db)
  await timed(() => scoreEverybody(store, new Date(night.getTime() - dayMs)))
  await store.pool.query('vacuum analyze scores')
  const scores = await sql<{ n: number }>`select count(*) as n from scores`.execute(store.db)
  report.say(`${scores.rows[0]?.n} customers have a score`)
  const question = experiencesSinceSale(night.getTime() * 1000)
  const read = await timed(() => projection.columns(question.text, question.values))
  const add = (figure: string, seconds: number) =>
    report.add({
      figure,
      value: seconds,
      unit: 's',
      against: 'reading the columns',
      ratio: seconds / read,
      bar: `< ${bar} s`,
      met: seconds < bar,
    })
  report.add({ figure: 'reading the columns', value: read, unit: 's' })
  const before = await digest(store)
  add('a night: a day has passed', await timed(() => scoreEverybody(store, night)))
  report.say(`${await changed(store, before)} scores changed`)
  await sql`
    insert into score_models (model, judgement)
    values (${JSON.stringify({ ...defaultModel, start: -1, bad: 6 })}::jsonb, '{"claim": "descriptive"}')`.execute(
    store.db,
  )
  await store.pool.query('vacuum analyze scores')
  const old = await digest(store)
  add('new weights: nearly every score is written', await timed(() => scoreEverybody(store, night)))
  report.say(`${await changed(store, old)} scores changed`)
  report.add({
    figure: 'the fit, its judgement and everybody’s score',
    value: await timed(() => refit(store, night)),
    unit: 's',
  })
}

/** Keeps what the scores are now, to count afterwards how many are others. */
async function digest(store: Store): Promise<string> {
  const name = `scores_before_${Math.round(performance.now())}`
  await sql`create unlogged table ${sql.table(name)} as select * from scores`.execute(store.db)
  return name
}

async function changed(store: Store, before: string): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n
    from scores s
    join ${sql.table(before)} b on b.customer_id = s.customer_id
    where b.score <> s.score`.execute(store.db)
  await sql`drop table ${sql.table(before)}`.execute(store.db)
  return found.rows[0]?.n ?? 0
}

/** Five experiences a customer, from columns to what is copied. */
function arithmetic(report: Report, size: number): void {
  const customers = Math.round(1_000_000 * size)
  const random = seeded(3)
  const input = {
    customer: Float64Array.from({ length: customers * 5 }, (_, i) => Math.floor(i / 5) + 1),
    at: Float64Array.from({ length: customers * 5 }, (_, i) => night.getTime() - (6 - (i % 5)) * 40 * dayMs),
    value: Float64Array.from({ length: customers * 5 }, () => Math.round(random() * 200 - 100) / 100),
    companies: new Float64Array(),
    model: defaultModel,
    now: night.getTime(),
  }
  const began = performance.now()
  scoresToCopy(input)
  report.add({
    figure: `the arithmetic for ${customers.toLocaleString('en')} customers`,
    value: (performance.now() - began) / 1000,
    unit: 's',
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** Buyers with ten interactions each, a little under half of them with an experience; made by Postgres from hashes, and kept. */
async function company(report: Report, customers: number): Promise<string> {
  const dataFolder = join(tmpdir(), `troth-bench-score-${customers}`)
  const done = join(dataFolder, 'made-1')
  if (existsSync(done)) {
    report.say(`taking the data in ${dataFolder} from an earlier run`)
    return dataFolder
  }
  rmSync(dataFolder, { recursive: true, force: true })
  report.say(
    `making ${customers} buyers and ten times as many interactions in ${dataFolder}, kept for later runs`,
  )
  const database = await openStore(readConfig({ data: dataFolder }), { migrate: true })
  try {
    const run = (text: string) => sql.raw(text).execute(database.db)
    await run(`
      insert into stages (id, name, side, position) values (1, 'Before', 'before', 1), (2, 'After', 'after', 2);
      insert into touchpoints (id, stage_id, name, position, by, purpose)
      select t, 1 + t / 6, 'Touchpoint ' || t, t, 'customer', 'use' from generate_series(1, 10) t;
      insert into customers (id, canonical_id, first_seen_at, last_seen_at)
      select c, c, timestamptz '2023-01-01', timestamptz '2026-05-01' from generate_series(1, ${customers}) c;
      insert into purchases (customer_id, key, state, value_minor, currency, sold_at)
      select c, 'p' || c || '/' || k, 'delivered', 10000, 'EUR', ${start} + k * (300 + ${chance('k', 2)} * 200) * interval '1 day'
      from generate_series(1, ${customers}) c
      cross join lateral generate_series(0, case when ${chance('9', 1)} < 0.5 then 1 else 0 end) k;`)
    const indexes = await sql<{ name: string; definition: string }>`
      select indexname as name, indexdef as definition
      from pg_indexes
      where schemaname = 'public' and tablename = 'interactions' and indexname <> 'interactions_pkey'`.execute(
      database.db,
    )
    for (const { name } of indexes.rows) await run(`drop index ${name}`)
    await run(`
      insert into interactions (id, customer_id, at, received_at, name, touchpoint_id, experience, evidence, source)
      select c * 16 + k, c, at, at, 'Step', k,
        case when ${chance('k', 4)} < 0.45 then (floor(${chance('k', 5)} * 5) * 50 - 100)::smallint end,
        case when ${chance('k', 4)} < 0.45 then 1 + (k % 2) end, 'bench'
      from generate_series(1, ${customers}) c
      cross join lateral generate_series(1, 10) k
      cross join lateral (select ${start} + (k * 60 * (0.5 + ${chance('k', 3)}) - 60) * interval '1 day' as at) drawn`)
    await run(
      "select setval(pg_get_serial_sequence('interactions', 'id'), (select max(id) from interactions))",
    )
    for (const { definition } of indexes.rows) await run(definition)
    await run('analyze')
  } finally {
    await database.close()
  }
  writeFileSync(done, '')
  return dataFolder
}

/** A pseudo-random number in [0, 1) for customer c, step k and a salt. */
function chance(k: string, salt: number): string {
  return `((hashint8extended(c * 16 + ${k}, ${salt}) & 2147483647) / 2147483648.0::double precision)`
}
const start = `(timestamptz '2023-02-01' + ${chance('0', 1)} * interval '600 days')`

// Everybody's scores at once, every night: read as columns, worked out in a thread, written back where they
// differ. Whoever was touched since the columns were read is scored from the database afterwards.

import { sql } from 'kysely'
import { think } from '../lib/thinking.ts'
import { type Db, rows, transaction } from '../store/database.ts'
import type { Projection } from '../store/projection.ts'
import type { Store } from '../store/store.ts'
import { lockStandings, readNext } from './queries.ts'
import type { ScoreModel } from './score.ts'
import type { Everybody } from './score-columns.ts'
import { experiencesSinceSale } from './score-questions.ts'
import { writeEverybody } from './score-writing.ts'
import { modelInUse, scoreChunk } from './scores.ts'

const chunkSize = 500

export async function scoreEverybody(store: Store, now = new Date()): Promise<void> {
  const { model } = await modelInUse(store.db)
  if (store.projection) {
    // A projection that is being built for the first time knows nobody yet.
    if (store.projection.state.built) await scoreByColumns(store, store.projection, model, now)
    return
  }
  for (let after = 0; ; ) {
    const ids = await readNext(store.db, after, chunkSize)
    if (ids.length === 0) return
    after = ids.at(-1) ?? after
    await scoreCustomers(store, ids, model, now)
  }
}

async function scoreByColumns(
  store: Store,
  projection: Projection,
  model: ScoreModel,
  now: Date,
): Promise<void> {
  const { watermark } = projection.state
  const question = experiencesSinceSale(now.getTime() * 1000)
  const { customer, at, value } = await projection.columns(question.text, question.values)
  // What happens to people happens to their company, which the projection doesn't know.
  const companies = await companiesWithPeople(store.db)
  const input: Everybody = {
    customer: customer ?? new Float64Array(),
    at: at ?? new Float64Array(),
    value: value ?? new Float64Array(),
    companies: Float64Array.from(companies),
    model,
    now: now.getTime(),
  }
  const copied = await think<Uint8Array>(
    new URL('./score-columns.ts', import.meta.url),
    'scoresToCopy',
    input,
    {
      moved: [input.customer, input.at, input.value].map(({ buffer }) => buffer as ArrayBuffer),
      signal: new AbortController().signal,
      tell: () => {},
    },
  )
  await writeEverybody(store, copied)
  const rest = [...new Set([...companies, ...(await touchedSince(store.db, watermark))])]
  for (let start = 0; start < rest.length; start += chunkSize)
    await scoreCustomers(store, rest.slice(start, start + chunkSize), model, now)
}

async function scoreCustomers(store: Store, ids: number[], model: ScoreModel, now: Date): Promise<void> {
  const began = performance.now()
  await transaction(store.db, async (tx) => {
    await lockStandings(tx)
    await scoreChunk(tx, ids, model, now)
  })
  await store.load.giveWay(performance.now() - began)
}

async function companiesWithPeople(db: Db): Promise<number[]> {
  const found = await rows(
    db,
    sql<{ id: number }>`
      select distinct c.canonical_id as id
      from memberships m
      join customers c on c.id = m.company_id
      order by 1`,
  )
  return found.map(({ id }) => id)
}

/** Canonical customers touched by transactions from this one on. */
async function touchedSince(db: Db, watermark: string): Promise<number[]> {
  const found = await rows(
    db,
    sql<{ id: number }>`
      with touched as (
        select customer_id as id from interactions where tx >= ${watermark}::xid8
        union
        select customer_id from purchases where tx >= ${watermark}::xid8
        union
        select id from customers where tx >= ${watermark}::xid8
      )
      select distinct c.canonical_id as id
      from touched
      join customers c on c.id = touched.id
      order by 1`,
  )
  return found.map(({ id }) => id)
}

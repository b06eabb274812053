// The nightly fit: the company's past into a thread, the weights and their judgement kept, everybody scored anew.
import { sql } from 'kysely'
import { think } from '../lib/thinking.ts'
import { row } from '../store/database.ts'
import type { Columns } from '../store/projection-columns.ts'
import { columnsOfViews } from '../store/projection-views.ts'
import type { Store } from '../store/store.ts'
import { scoreEverybody } from './everybody.ts'
import type { Fitted } from './fit.ts'
import type { ComingBack, Past } from './landmarks.ts'
import { readRules } from './queries.ts'
import {
  contractsOfAll,
  experiencesSinceSale,
  lastRecorded,
  referralsOfAll,
  type ScoreQuestion,
  salesOfAll,
} from './score-questions.ts'
import { modelInUse } from './scores.ts'

/** Fits the score to what has come of experiences so far, judges it, and scores everybody with what was found. */
export async function refit(store: Store, now = new Date()): Promise<void> {
  if (store.projection?.state.built === false) return
  const before = await modelInUse(store.db)
  const past = await readPast(store, before.judgement?.fittedModelUsed ?? false, now)
  const fitted = await think<Fitted>(new URL('./fit.ts', import.meta.url), 'fitScore', past, {
    moved: [past.pieces, past.sales, past.returns].flatMap((columns) =>
      Object.values(columns).map(({ buffer }) => buffer as ArrayBuffer),
    ),
    signal: new AbortController().signal,
    tell: () => {},
  })
  await sql`
    insert into score_models (model, judgement, scored)
    select ${JSON.stringify(fitted.model)}::jsonb, ${JSON.stringify(fitted.judgement)}::jsonb, count(*)
    from scores`.execute(store.db)
  await sql`delete from score_models where made_at < now() - interval '2 years'`.execute(store.db)
  await scoreEverybody(store, now)
}

/** Fits anew before the night when there are many more scores than the last fit knew: after an import, on the first day. */
export async function refitWhenGrown(store: Store): Promise<void> {
  const found = await row(
    store.db,
    sql<{ scores: number; scored: number | null }>`
      select (select count(*) from scores) as scores,
        (select scored from score_models order by id desc limit 1) as scored`,
  )
  if ((found?.scores ?? 0) > (found?.scored ?? 0) * 1.25 + 50) await refit(store)
}

async function readPast(store: Store, usedBefore: boolean, now: Date): Promise<Past> {
  const found = await row(store.db, sql<{ buying: string | null }>`select buying from workspace`)
  const comingBack = ways[found?.buying ?? 'again'] ?? 'again'
  const until = now.getTime() * 1000
  const [last, pieces, sales, returns] = [
    await ask(store, lastRecorded(until)),
    await ask(store, experiencesSinceSale(until)),
    await ask(store, salesOfAll()),
    comingBack === 'referral'
      ? await ask(store, referralsOfAll())
      : comingBack === 'renew'
        ? await ask(store, contractsOfAll((await readRules(store.db)).renewalGraceDays))
        : {},
  ]
  const column = (columns: Columns, name: string) => columns[name] ?? new Float64Array()
  const at = column(last, 'at')[0]
  return {
    comingBack,
    usedBefore,
    asOf: at === undefined || Number.isNaN(at) ? now.getTime() : at,
    pieces: {
      customer: column(pieces, 'customer'),
      at: column(pieces, 'at'),
      value: column(pieces, 'value'),
      said: column(pieces, 'said'),
    },
    sales: {
      customer: column(sales, 'customer'),
      at: column(sales, 'at'),
      minor: column(sales, 'minor'),
    },
    returns: {
      customer: column(returns, 'customer'),
      at: column(returns, 'at'),
      until: column(returns, 'until'),
    },
  }
}

const ways: Record<string, ComingBack> = { again: 'again', renew: 'renew', once: 'referral' }

async function ask(store: Store, question: ScoreQuestion): Promise<Columns> {
  return store.projection
    ? store.projection.columns(question.text, question.values)
    : columnsOfViews(store.pool, question)
}

// One batch of an import's rows: recorded, its rejects kept, and the import's place moved on, in one
// transaction. After kill -9 a batch is there with its place, or neither is.
import { sql } from 'kysely'
import { erasedReason } from '../customers/customers.ts'
import { type GivenExpectation, recordExpectationsWithin } from '../expectations/expectations.ts'
import { recordBatch } from '../interactions/interactions.ts'
import type { Incoming, Outcome } from '../interactions/schema.ts'
import { type Db, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import type { IncomingVoice } from '../voices/schema.ts'
import { recordVoicesIn } from '../voices/voices.ts'
import { addTo, type Counts, noTally, type Progress, type Tally } from './progress.ts'
import type { MadeRow } from './rows.ts'
import type { Kind } from './schema.ts'

export interface BatchRow extends MadeRow {
  /** What is kept of it when it is rejected. */
  source: Record<string, string | null>
}

export interface Reject {
  file: string
  line: number
  reason: string
  row: unknown
}

/** What became of each row. */
type Fate = 'created' | 'updated' | 'unchanged' | { rejected: string }

export interface ImportOrigin {
  id: number
  source: string
}

/** Records the rows and saves the place after them. Gives the counts so far. */
export async function recordRows(
  store: Store,
  origin: ImportOrigin,
  kind: Kind,
  rows: BatchRow[],
  before: Counts,
  progress: Progress,
): Promise<Counts> {
  const counts = await transaction(store.db, async (tx) => {
    const fates = await recordOrSplit(store, tx, origin, kind, rows)
    const rejects: Reject[] = []
    const tally = noTally()
    for (const [index, fate] of fates.entries()) {
      tally.read += 1
      if (typeof fate === 'string') tally[fate] += 1
      else {
        tally.rejected += 1
        const row = rows[index]
        if (row) rejects.push({ file: row.file, line: row.line, reason: fate.rejected, row: row.source })
      }
    }
    await keepRejects(tx, origin.id, rejects)
    const after = addTo(before, kind, tally satisfies Tally)
    await saveProgress(tx, origin.id, progress, after)
    return after
  })
  store.projection?.wake()
  return counts
}

/** Keeps rejected rows with their reasons. */
export async function keepRejects(tx: Tx, importId: number, rejects: Reject[]): Promise<void> {
  if (rejects.length === 0) return
  await sql`
    insert into import_rejects (import_id, file, line, reason, row)
    select ${importId}::bigint, file, line, reason, row
    from unnest(
      ${rejects.map(({ file }) => file)}::text[],
      ${rejects.map(({ line }) => line)}::bigint[],
      ${rejects.map(({ reason }) => clean(reason))}::text[],
      ${rejects.map(({ reason, row }) =>
        // Of somebody erased nothing is kept, not even what was refused.
        reason === erasedReason ? '{}' : clean(JSON.stringify(row).replaceAll('\\u0000', '')),
      )}::jsonb[]
    ) as t(file, line, reason, row)`.execute(tx)
}

export async function saveProgress(tx: Db, id: number, progress: Progress, counts: Counts): Promise<void> {
  await sql`
    update imports
    set progress = ${JSON.stringify(progress)}::jsonb, counts = ${JSON.stringify(counts)}::jsonb
    where id = ${id}`.execute(tx)
}

function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/**
 * Records the rows; when the database refuses one of them (a value it can't hold), finds it by halving and
 * rejects it alone: one odd row never stops an import.
 */
async function recordOrSplit(
  store: Store,
  tx: Tx,
  origin: ImportOrigin,
  kind: Kind,
  rows: BatchRow[],
): Promise<Fate[]> {
  await sql`savepoint batch`.execute(tx)
  try {
    const fates = await record(store, tx, origin, kind, rows)
    await sql`release savepoint batch`.execute(tx)
    return fates
  } catch (error) {
    // 22: a value out of bounds; 54: too large. Anything else is not the row's fault.
    if (!/^(22|54)/.test((error as { code?: string }).code ?? '')) throw error
    await sql`rollback to savepoint batch`.execute(tx)
    if (rows.length === 1) return [{ rejected: `it can't be stored: ${(error as Error).message}` }]
    const middle = Math.ceil(rows.length / 2)
    return [
      ...(await recordOrSplit(store, tx, origin, kind, rows.slice(0, middle))),
      ...(await recordOrSplit(store, tx, origin, kind, rows.slice(middle))),
    ]
  }
}

async function record(
  store: Store,
  tx: Tx,
  origin: ImportOrigin,
  kind: Kind,
  rows: BatchRow[],
): Promise<Fate[]> {
  const fates: Fate[] = rows.map(({ made }) =>
    made.kind === 'rejected' ? { rejected: made.reason } : 'unchanged',
  )
  const incoming: { index: number; incoming: Incoming }[] = []
  const expectations: { index: number; row: GivenExpectation }[] = []
  const voices: { index: number; row: IncomingVoice }[] = []
  for (const [index, { made }] of rows.entries()) {
    if (made.kind === 'incoming') incoming.push({ index, incoming: made.incoming })
    else if (made.kind === 'expectation') expectations.push({ index, row: made.expectation })
    else if (made.kind === 'voice') voices.push({ index, row: made.voice })
  }
  if (incoming.length > 0) {
    const outcomes = await recordBatch(
      store,
      tx,
      incoming.map((each) => each.incoming),
      { source: origin.source, importId: origin.id, again: 'replace' },
    )
    const made = kind === 'customers' ? await madeByImport(tx, origin, outcomes) : undefined
    for (const [position, outcome] of outcomes.entries()) {
      const index = incoming[position]?.index ?? 0
      fates[index] = fateOf(outcome, made)
    }
  }
  const settle = (found: Fate[], of: { index: number }[]) => {
    for (const [position, fate] of found.entries()) fates[of[position]?.index ?? 0] = fate
  }
  if (expectations.length > 0) {
    const outcomes = await recordExpectationsWithin(
      store,
      tx,
      expectations.map(({ row }) => row),
      { source: origin.source, importId: origin.id },
    )
    settle(
      outcomes.map((outcome) =>
        outcome.status === 'rejected' ? { rejected: outcome.reason } : outcome.status,
      ),
      expectations,
    )
  }
  if (voices.length > 0) {
    const outcomes = await recordVoicesIn(
      tx,
      voices.map(({ row }) => row),
      { source: origin.source, importId: origin.id },
    )
    settle(
      outcomes.map(({ status }) => status),
      voices,
    )
  }
  return fates
}

function fateOf(outcome: Outcome, made: Set<number> | undefined): Fate {
  switch (outcome.status) {
    case 'rejected':
      return { rejected: outcome.reason }
    case 'duplicate':
      return 'unchanged'
    case 'created':
      // A row about a customer whom we know already tells something new of them.
      return made && !made.has(outcome.customerId) ? 'updated' : 'created'
    case 'updated':
    case 'unchanged':
      return outcome.status
    default:
      return outcome satisfies never
  }
}

async function madeByImport(tx: Tx, origin: ImportOrigin, outcomes: Outcome[]): Promise<Set<number>> {
  const ids = outcomes.flatMap((outcome) => (outcome.status === 'created' ? [outcome.customerId] : []))
  const found = await sql<{ id: number }>`
    select id
    from customers
    where id = any(${ids}::bigint[]) and import_id = ${origin.id}`.execute(tx)
  return new Set(found.rows.map(({ id }) => id))
}

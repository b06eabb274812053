// Expectations that a person, a file or another room states. They are judged like all others: by the events
// they watch for, by the calendar, and by what a person says (by-hand.ts).
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Identified, identify } from '../customers/customers.ts'
import type { Identity } from '../customers/schema.ts'
import { row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { readDue, type Span } from './due.ts'
import { readCalendar, type StoredSettlement } from './loading.ts'
import { judgeWithin } from './replay.ts'
import type { Dimension, Precision, SourceKind, Watch } from './schema.ts'

/** Something a customer was told or assumes. Whose it is: by `customerId`, or by identities. */
export interface GivenExpectation {
  /** Tells it apart from others of the customer: the same key again replaces it. */
  key?: string
  customerId?: number
  identities?: Identity[]
  purchaseId?: number
  purchase?: { kind: string; key: string }
  statement: string
  statedBy: 'us' | 'customer'
  sourceKind?: SourceKind
  sourceName?: string
  /** A day, a time, "2026-W34", "early September", "6 weeks", or the span itself. */
  due?: string | Span
  precision?: Precision
  dimension?: Dimension
  threshold?: number
  thresholdLimit?: 'at most' | 'at least'
  currency?: string
  openedAt: Date
  /** Events that decide it; without, a person does, or its time runs out. */
  watch?: Partial<Watch>
  /** It came then; whether that was in time is worked out. */
  cameAt?: Date
  actual?: number
}

export interface GivenOrigin {
  /** 'member', 'api:<id>', 'import:<recipe>' */
  source: string
  importId?: number
  memberId?: string
}

export type GivenOutcome =
  | { status: 'created' | 'updated' | 'unchanged'; customerId: number; id: number }
  | { status: 'rejected'; reason: string }

/** Records expectations and judges them at once; gives, in the same order, what became of each. */
export async function recordExpectations(
  store: Store,
  given: GivenExpectation[],
  origin: GivenOrigin,
): Promise<GivenOutcome[]> {
  const outcomes: GivenOutcome[] = []
  for (let start = 0; start < given.length; start += 200) {
    const some = given.slice(start, start + 200)
    outcomes.push(...(await transaction(store.db, (tx) => recordWithin(store, tx, some, origin))))
    store.projection?.wake()
  }
  return outcomes
}

export async function recordWithin(
  store: Store,
  tx: Tx,
  given: GivenExpectation[],
  origin: GivenOrigin,
): Promise<GivenOutcome[]> {
  const owners = await ownersOf(tx, given, origin)
  const workspace = await readCalendar(tx)
  const outcomes: GivenOutcome[] = []
  for (const [index, each] of given.entries()) {
    const owner = owners[index]
    if (owner === undefined || 'refused' in owner) {
      outcomes.push({ status: 'rejected', reason: owner?.refused ?? 'Nothing says whose it is.' })
      continue
    }
    const timeZone = owner.timeZone ?? workspace.timeZone
    const due =
      typeof each.due === 'string'
        ? readDue(each.due, { said: each.openedAt.getTime(), timeZone, precision: each.precision })
        : (each.due ?? null)
    if (typeof each.due === 'string' && !due) {
      outcomes.push({ status: 'rejected', reason: `“${each.due}” is no day, week or time that we can read.` })
      continue
    }
    outcomes.push(await writeOne(tx, each, due, owner.id, origin))
  }
  const touched = outcomes.flatMap((each) =>
    each.status === 'created' || each.status === 'updated' ? [each] : [],
  )
  if (touched.length > 0)
    await judgeWithin(store, tx, [...new Set(touched.map(({ customerId }) => customerId))], {
      announce: touched.map(({ id }) => id),
    })
  return outcomes
}

type Owner = { id: number; timeZone: string | null } | { refused: string }

async function ownersOf(
  tx: Tx,
  given: GivenExpectation[],
  origin: GivenOrigin,
): Promise<(Owner | undefined)[]> {
  const asked = given.filter((each) => each.customerId === undefined)
  const identified = await identify(
    tx,
    asked.map((each) => ({ identities: each.identities ?? [], at: each.openedAt })),
    { limits: {}, actor: origin.source, ...(origin.importId ? { importId: origin.importId } : {}) },
  )
  const ids = new Map<GivenExpectation, Identified | undefined>(
    asked.map((each, index) => [each, identified[index]]),
  )
  const known = given.map((each) => {
    const who = ids.get(each)
    if (who && 'refused' in who) return { refused: who.refused }
    return { id: each.customerId ?? who?.customerId ?? 0 }
  })
  const zones = await rows(
    tx,
    sql<{ id: number; timeZone: string | null }>`
      select m.id, c.time_zone as "timeZone"
      from customers m
      join customers c on c.id = m.canonical_id
      where m.id = any(${known.flatMap((each) => ('id' in each ? [each.id] : []))}::bigint[])`,
  )
  const zoneOf = new Map(zones.map((each) => [each.id, each.timeZone]))
  return known.map((each) =>
    'refused' in each
      ? { refused: each.refused }
      : zoneOf.has(each.id)
        ? { id: each.id, timeZone: zoneOf.get(each.id) ?? null }
        : { refused: `There is no customer ${each.id}.` },
  )
}

async function writeOne(
  tx: Tx,
  given: GivenExpectation,
  due: Span | null,
  customerId: number,
  origin: GivenOrigin,
): Promise<GivenOutcome> {
  const settled: StoredSettlement | null = given.cameAt
    ? {
        state: null,
        at: given.cameAt.getTime(),
        came: true,
        actual: given.actual ?? null,
        by: origin.source,
        note: null,
      }
    : null
  const purchaseId =
    given.purchaseId ??
    (given.purchase
      ? (
          await row(
            tx,
            sql<{ id: number }>`
              select id from purchases where kind = ${given.purchase.kind} and key = ${given.purchase.key}`,
          )
        )?.id
      : undefined)
  const opening = `${origin.source} ${given.key ?? randomUUID()}`
  const span = (at: number | undefined) => (at === undefined ? null : new Date(at))
  const written = await row(
    tx,
    sql<{ id: number; made: boolean }>`
      with before as (
        select b.id, b.customer_id, b.import_id, to_jsonb(b) - 'tx' as row
        from expectations b
        where b.customer_id = ${customerId} and b.rule_id is null and b.opening = ${opening}
      ), written as (
      insert into expectations as e (
        customer_id, purchase_id, opening, statement, stated_by, source_kind, source_name, dimension, precision,
        first_due_from, first_due_at, due_from, due_at, due_text, threshold, threshold_limit, currency, state,
        opened_at, member_id, import_id, watch, settled
      )
      values (
        ${customerId}, ${purchaseId ?? null}, ${opening},
        ${given.statement}, ${given.statedBy}, ${given.sourceKind ?? 'other'}, ${given.sourceName ?? null},
        ${given.dimension ?? 'days'}, ${due?.precision ?? null},
        ${span(due?.from)}::timestamptz, ${span(due?.at)}::timestamptz, ${span(due?.from)}::timestamptz,
        ${span(due?.at)}::timestamptz, ${due?.text ?? null}, ${given.threshold ?? null},
        ${given.threshold === undefined ? null : (given.thresholdLimit ?? 'at most')}, ${given.currency ?? null},
        'open', ${given.openedAt}, ${origin.memberId ?? null}, ${origin.importId ?? null}::bigint,
        ${given.watch ? JSON.stringify(given.watch) : null}::jsonb, ${settled ? JSON.stringify(settled) : null}::jsonb
      )
      on conflict (customer_id, opening) where rule_id is null do update
      set statement = excluded.statement, first_due_from = excluded.first_due_from,
        first_due_at = excluded.first_due_at, precision = excluded.precision, due_text = excluded.due_text,
        threshold = excluded.threshold, opened_at = excluded.opened_at, watch = excluded.watch,
        settled = coalesce(excluded.settled, e.settled), purchase_id = excluded.purchase_id,
        source_kind = excluded.source_kind, source_name = excluded.source_name, stated_by = excluded.stated_by,
        tx = pg_current_xact_id()
      where (e.statement, e.first_due_from, e.first_due_at, e.threshold, e.opened_at, e.watch, e.purchase_id,
          e.source_kind, e.source_name, e.stated_by)
        is distinct from (excluded.statement, excluded.first_due_from, excluded.first_due_at,
          excluded.threshold, excluded.opened_at, excluded.watch, excluded.purchase_id, excluded.source_kind,
          excluded.source_name, excluded.stated_by)
        or (excluded.settled is not null and e.settled is distinct from excluded.settled)
      returning id, (xmax = 0) as made
      ), kept as (
        -- as it was before this import: undoing the import puts it back
        insert into import_replaced (import_id, subject, subject_id, customer_id, before)
        select ${origin.importId ?? null}::bigint, 'expectation', before.id, before.customer_id, before.row
        from written
        join before on before.id = written.id
        where ${origin.importId ?? null}::bigint is not null
          and before.import_id is distinct from ${origin.importId ?? null}::bigint
        on conflict do nothing
      )
      select id, made
      from written`,
  )
  if (written) return { status: written.made ? 'created' : 'updated', customerId, id: written.id }
  const same = await row(
    tx,
    sql<{ id: number }>`
      select id
      from expectations
      where customer_id = ${customerId} and rule_id is null
        and opening = ${opening}`,
  )
  return { status: 'unchanged', customerId, id: same?.id ?? 0 }
}

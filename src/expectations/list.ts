// Single expectations, newest first: of everybody, of one customer, and as a file.
import { sql } from 'kysely'
import { type CustomerSummary, customerSummaries } from '../customers/customers.ts'
import { csvLine, utf8Mark } from '../lib/csv.ts'
import { decodeCursor, encodeCursor } from '../lib/http.ts'
import { type Db, rows } from '../store/database.ts'
import { type ExpectationFilter, picked } from './filter.ts'
import type { Dimension, Precision, SourceKind, State } from './schema.ts'

interface ExpectationMove {
  at: string
  dueAt: string
  dueText: string | null
  movedBy: 'us' | 'customer'
  toldAt: string | null
  counted: boolean
}

/** An expectation as it is shown. Days are worked out in the zone of whoever's calendar counts. */
export interface ShownExpectation {
  id: number
  customerId: number
  purchaseId: number | null
  purchase: string | null
  ruleId: number | null
  statement: string
  statedBy: 'us' | 'customer'
  sourceKind: SourceKind
  sourceName: string | null
  dimension: Dimension
  precision: Precision | null
  /** The last day (or hour) that was promised: the first word and the last. Null: no time was named. */
  firstDue: string | null
  due: string | null
  /** The first day of the last word's span, where it is longer than a day. */
  dueFrom: string | null
  dueText: string | null
  threshold: number | null
  thresholdLimit: 'at most' | 'at least' | null
  currency: string | null
  state: State
  awaited: boolean
  /** Against the last word and the first; while overdue, how far it is by now. */
  gap: number | null
  firstGap: number | null
  actual: number | null
  movedBy: 'us' | 'customer' | null
  toldAt: string | null
  toldBefore: boolean | null
  openedAt: string
  cameAt: string | null
  decidedAt: string | null
  settledBy: string | null
  note: string | null
  mendingBy: string | null
  mendingAt: string | null
  mendedBy: string | null
  mendedAt: string | null
  mendedNote: string | null
  moves: ExpectationMove[]
}

export interface ListQuestion extends ExpectationFilter {
  states?: State[] | undefined
  /** Only overdue ones that are still awaited. */
  awaited?: boolean | undefined
  sourceKind?: SourceKind | undefined
  /** Broken ones that somebody has, or nobody has yet, made good. */
  mended?: boolean | undefined
  limit: number
  cursor?: string | undefined
}

export interface ListedExpectation {
  expectation: ShownExpectation
  customer: CustomerSummary | null
}

export async function listExpectations(
  db: Db,
  question: ListQuestion,
): Promise<{ items: ListedExpectation[]; next: string | null }> {
  const { states, awaited, sourceKind, mended, limit } = question
  const after = decodeCursor(question.cursor)
  const found = await rows(
    db,
    sql<ShownExpectation & { canonicalId: number; sort: string }>`
      with e as (${picked(question)}),
      page as (
        select e.*, coalesce(e.decided_at, e.due_at, e.opened_at) as sort
        from e
        where (${states ?? null}::text[] is null or e.state = any(${states ?? null}::text[]))
          and (${awaited ?? null}::boolean is null or e.awaited = ${awaited ?? null}::boolean)
          and (${sourceKind ?? null}::text is null or e.source_kind = ${sourceKind ?? null}::text)
          and (
            ${mended ?? null}::boolean is null
            or (e.state = 'broken' and (e.mended_at is not null) = ${mended ?? null}::boolean)
          )
          and (
            ${after ? String(after[0]) : null}::timestamptz is null
            or (coalesce(e.decided_at, e.due_at, e.opened_at), e.id)
              < (${after ? String(after[0]) : null}::timestamptz, ${after ? Number(after[1]) : null}::bigint)
          )
        order by sort desc, e.id desc
        limit ${limit + 1}
      )
      select ${shown}, page.canonical_id as "canonicalId", page.sort::text as sort
      from page
      ${beside}
      order by page.sort desc, page.id desc`,
  )
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const customers = await customerSummaries(db, [...new Set(items.map(({ canonicalId }) => canonicalId))])
  const byId = new Map(customers.map((customer) => [customer.id, customer]))
  return {
    items: items.map(({ canonicalId, sort: _, ...expectation }) => ({
      expectation: { ...expectation, customerId: canonicalId },
      customer: byId.get(canonicalId) ?? null,
    })),
    next: found.length > limit && last ? encodeCursor([last.sort, last.id]) : null,
  }
}

/** What one customer (by canonical id) was told to expect: open ones first, then the latest decided. */
export async function expectationsOf(db: Db, canonicalId: number): Promise<ShownExpectation[]> {
  const found = await rows(
    db,
    sql<ShownExpectation>`
      with page as (
        select e.*, c.canonical_id
        from expectations e
        join customers c on c.id = e.customer_id
        where c.canonical_id = ${canonicalId}::bigint
      )
      select ${shown}
      from page
      ${beside}
      order by (page.state = 'open') desc, coalesce(page.decided_at, page.opened_at) desc, page.id desc`,
  )
  return found.map((each) => ({ ...each, customerId: canonicalId }))
}

/** The zone in which a row's days are counted. */
const zone = sql`coalesce(r.rule ->> 'timeZone', owner.time_zone, workspace.time_zone)`
const iso = (column: ReturnType<typeof sql>) =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
/** A day as a day; an hour as an instant. */
const spanStart = (column: ReturnType<typeof sql>) => sql`
  case when page.precision = 'hour' then ${iso(column)} else (${column} at time zone ${zone})::date::text end`
const spanEnd = (end: ReturnType<typeof sql>) => sql`
  case
    when page.precision = 'hour' then ${iso(end)}
    else ((${end} - interval '1 millisecond') at time zone ${zone})::date::text
  end`

const beside = sql`
  join customers owner on owner.id = page.canonical_id
  cross join workspace
  left join expectation_rules r on r.id = page.rule_id
  left join purchases p on p.id = page.purchase_id`

const shown = sql`
  page.id, page.customer_id as "customerId", page.purchase_id as "purchaseId",
  coalesce(p.name, p.key) as purchase, page.rule_id as "ruleId", page.statement, page.stated_by as "statedBy",
  page.source_kind as "sourceKind", page.source_name as "sourceName", page.dimension, page.precision,
  ${spanEnd(sql`page.first_due_at`)} as "firstDue", ${spanEnd(sql`page.due_at`)} as due,
  ${spanStart(sql`page.due_from`)} as "dueFrom", page.due_text as "dueText", page.threshold,
  page.threshold_limit as "thresholdLimit", page.currency, page.state, page.awaited,
  case
    when page.awaited and page.dimension = 'days' then
      case page.precision
        when 'hour' then extract(epoch from now() - page.due_at) / 86400.0
        else (now() at time zone ${zone})::date
          - ((page.due_at - interval '1 millisecond') at time zone ${zone})::date
      end
    else page.gap
  end::double precision as gap,
  page.first_gap as "firstGap", page.actual, page.moved_by as "movedBy",
  ${iso(sql`page.told_at`)} as "toldAt", page.told_before as "toldBefore",
  ${iso(sql`page.opened_at`)} as "openedAt", ${iso(sql`page.came_at`)} as "cameAt",
  ${iso(sql`page.decided_at`)} as "decidedAt", page.settled ->> 'by' as "settledBy",
  page.settled ->> 'note' as note, page.mending_by as "mendingBy", ${iso(sql`page.mending_at`)} as "mendingAt",
  page.mended_by as "mendedBy", ${iso(sql`page.mended_at`)} as "mendedAt", page.mended_note as "mendedNote",
  coalesce((
    select json_agg(json_build_object(
      'at', ${iso(sql`m.at`)}, 'dueAt', ${spanEnd(sql`m.due_at`)}, 'dueText', m.due_text,
      'movedBy', m.moved_by, 'toldAt', ${iso(sql`m.told_at`)}, 'counted', m.counted
    ) order by m.at)
    from expectation_moves m
    where m.customer_id = page.customer_id and m.expectation_id = page.id
  ), '[]'::json) as moves`

const columns: [string, (each: ListedExpectation) => string | number | null][] = [
  ['customer', ({ customer, expectation }) => customer?.label ?? String(expectation.customerId)],
  ['customer id', ({ expectation }) => expectation.customerId],
  ['promise', ({ expectation }) => expectation.statement],
  ['stated by', ({ expectation }) => expectation.statedBy],
  ['said where', ({ expectation }) => expectation.sourceKind],
  [
    'said by or on',
    ({ expectation }) => (expectation.sourceKind === 'person' ? null : expectation.sourceName),
  ],
  ['purchase', ({ expectation }) => expectation.purchase],
  ['said on', ({ expectation }) => expectation.openedAt],
  ['first word', ({ expectation }) => expectation.firstDue],
  ['last word', ({ expectation }) => expectation.due],
  ['moved by', ({ expectation }) => expectation.movedBy],
  ['told on', ({ expectation }) => expectation.toldAt],
  ['state', ({ expectation }) => (expectation.awaited ? 'overdue' : expectation.state)],
  ['came on', ({ expectation }) => expectation.cameAt],
  ['off by', ({ expectation }) => expectation.gap],
  ['off by, first word', ({ expectation }) => expectation.firstGap],
  [
    'measured in',
    ({ expectation }) =>
      expectation.dimension === 'money' ? `minor units of ${expectation.currency}` : expectation.dimension,
  ],
  ['made good by', ({ expectation }) => expectation.mendedBy],
  ['what was done', ({ expectation }) => expectation.mendedNote],
]

/** The whole list as CSV, read page by page as it is sent. */
export async function* csvOfExpectations(
  db: Db,
  question: Omit<ListQuestion, 'limit' | 'cursor'>,
): AsyncGenerator<string> {
  yield utf8Mark + csvLine(columns.map(([name]) => name))
  let cursor: string | undefined
  do {
    const page = await listExpectations(db, { ...question, limit: 1_000, cursor })
    if (page.items.length > 0)
      yield page.items.map((each) => csvLine(columns.map(([, read]) => read(each)))).join('')
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}

// How every insight is asked: parse what was asked for into a Scope → write its SQL text, one for both
// engines → run it where the counting is done → work the rows into an answer (pure).
import { sql } from 'kysely'
import { z } from 'zod'
import { Invalid, NotFound } from '../lib/errors.ts'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'

/** What is counted: a span of time (µs since 1970, the end not included) and whose. */
export interface Scope {
  from: number
  to: number
  segment: number | null
  /** Up to when anything is known: the end of the span, now, or the last thing recorded. */
  asOf: number
  /** As it was asked, for the answer and its links. */
  asked: { from: string | null; to: string | null; segment: { id: number; name: string } | null }
}

/** One SQL text with its values: runs on DuckDB and on Postgres alike. */
export interface Question {
  text: string
  values: (number | null)[]
}

const datePattern = /^\d{4}-\d{2}-\d{2}$/
export const scopeQuery = z.object({
  from: z.string().regex(datePattern, 'a day like 2026-01-31').optional(),
  to: z.string().regex(datePattern, 'a day like 2026-01-31').optional(),
  segment: z.coerce.number().int().positive().optional(),
})
export type ScopeQuery = z.infer<typeof scopeQuery>

const earliest = -62_135_596_800_000_000
const latest = 253_402_300_800_000_000
export const latestInstant = latest
export const dayMicros = 86_400_000_000

/** Runs a question on the projection; on Postgres in a process that has none. */
export async function ask<Row>(store: Store, question: Question): Promise<Row[]> {
  if (store.projection) return store.projection.rows<Row>(question.text, question.values)
  return askPostgres<Row>(store, question)
}

/** Runs a question on the views of the same names in Postgres. Aborting the signal stops the counting at once. */
export async function askPostgres<Row>(
  store: Store,
  question: Question,
  signal?: AbortSignal,
): Promise<Row[]> {
  signal?.throwIfAborted()
  const client = await store.pool.connect()
  const interrupt = () => {
    const { processID } = client as unknown as { processID: number }
    void store.pool.query('select pg_cancel_backend($1)', [processID]).catch(() => {})
  }
  signal?.addEventListener('abort', interrupt)
  try {
    await client.query('begin read only')
    await client.query('set local search_path = projection')
    const found = await client.query(question.text, question.values)
    return found.rows as Row[]
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', interrupt)
    await client.query('rollback').catch(() => {})
    client.release()
  }
}

/** From days in the workspace's time zone (both included) to a span of instants. @throws Invalid, NotFound */
export async function readScope(store: Store, asked: ScopeQuery): Promise<Scope> {
  if (asked.from && asked.to && asked.from > asked.to)
    throw new Invalid(`The time asked for ends (${asked.to}) before it begins (${asked.from}).`, [
      { field: 'to', reason: 'lies before from' },
    ])
  const [span] = await rows(
    store.db,
    sql<{ from: number | null; to: number | null }>`
      select cast(extract(epoch from ${asked.from ?? null}::date::timestamp at time zone time_zone) * 1000000 as bigint) as from,
        cast(extract(epoch from (${asked.to ?? null}::date + 1)::timestamp at time zone time_zone) * 1000000 as bigint) as to
      from workspace`,
  ).catch((error: unknown) => {
    if ((error as { code?: string }).code?.startsWith('22'))
      throw new Invalid('The time asked for is not in the calendar.', [
        { field: 'from', reason: 'not a day' },
      ])
    throw error
  })
  const segment = asked.segment === undefined ? null : await readSegment(store, asked.segment)
  const [extent] = await ask<{ last: number | null }>(store, {
    text: 'select max(happened) as last from steps',
    values: [],
  })
  const to = span?.to ?? latest
  return {
    from: span?.from ?? earliest,
    to,
    segment: segment?.id ?? null,
    asOf: Math.min(to, Date.now() * 1000, (extent?.last ?? Date.now() * 1000) + 1),
    asked: { from: asked.from ?? null, to: asked.to ?? null, segment },
  }
}

/** "previous", "year", "everyone", "segment:7" or "2025-01-01..2025-06-30": what a scope is compared with. */
export async function readCompared(store: Store, asked: ScopeQuery, compare: string): Promise<Scope> {
  const own = asked.segment === undefined ? {} : { segment: asked.segment }
  if (compare === 'everyone') return readScope(store, without(asked, 'segment'))
  const segment = /^segment:(\d+)$/.exec(compare)
  if (segment) return readScope(store, { ...asked, segment: Number(segment[1]) })
  const span = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(compare)
  if (span?.[1] && span[2]) return readScope(store, { ...own, from: span[1], to: span[2] })
  if (compare !== 'previous' && compare !== 'year')
    throw new Invalid(
      'compare is one of: previous, year, everyone, segment:ID, or two days like 2025-01-01..2025-06-30.',
      [{ field: 'compare', reason: 'not understood' }],
    )
  if (!asked.from)
    throw new Invalid('A comparison with the time before needs a beginning: say from when.', [
      { field: 'from', reason: 'is missing' },
    ])
  const from = day(asked.from)
  const to = asked.to ? day(asked.to) : Math.floor(Date.now() / 86_400_000)
  if (compare === 'year')
    return readScope(store, { ...own, from: yearBefore(asked.from), to: yearBefore(dayText(to)) })
  return readScope(store, { ...own, from: dayText(from - (to - from + 1)), to: dayText(from - 1) })
}

function without(asked: ScopeQuery, name: keyof ScopeQuery): ScopeQuery {
  return Object.fromEntries(Object.entries(asked).filter(([key]) => key !== name))
}

const day = (text: string) => Math.floor(Date.parse(text) / 86_400_000)
const dayText = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10)

function yearBefore(text: string): string {
  const year = String(Number(text.slice(0, 4)) - 1).padStart(4, '0')
  return text.endsWith('02-29') ? `${year}-02-28` : year + text.slice(4)
}

async function readSegment(store: Store, id: number): Promise<{ id: number; name: string }> {
  const [segment] = await rows(
    store.db,
    sql<{ id: number; name: string }>`select id, name from segments where id = ${id}`,
  )
  if (!segment) throw new NotFound('segment', id)
  return segment
}

/**
 * The condition that something lies in the scope's time: $1 and $2. For all time it is one that is settled
 * while planning, so that nothing is compared row by row.
 */
export function during(scope: Scope, column: string): string {
  return scope.from === earliest && scope.to === latest
    ? '$1::bigint < $2::bigint'
    : `${column} >= $1::bigint and ${column} < $2::bigint`
}

/** Whether everything counts from the beginning, so that nothing can lie before the time asked for. */
export function fromBeginning(scope: Scope): boolean {
  return scope.from === earliest
}

/** The condition that the step before lies outside the scope's time: this one is the first in it. */
export function firstSince(scope: Scope, previous: string): string {
  return fromBeginning(scope) ? `${previous} is null` : `(${previous} is null or ${previous} < $1::bigint)`
}

/** The condition that a row's customer is in the scope's segment; `$n` holds its id. */
export function inSegment(scope: Scope, parameter: string, column = 'customer_id'): string {
  return scope.segment === null
    ? ''
    : `and ${column} in (select m.customer_id from segment_members m where m.segment_id = ${parameter}::bigint)`
}

/** A query's values, $1 and on, and how to add one: gives the place that it got. */
export function growing(values: number[]): { values: number[]; place: (value: number) => string } {
  return {
    values,
    place: (value) => {
      values.push(value)
      return `$${values.length}`
    },
  }
}

/** The scope's values for $1 (from), $2 (to) and, when there is a segment, $3. */
export function scopeValues(scope: Scope): number[] {
  return scope.segment === null ? [scope.from, scope.to] : [scope.from, scope.to, scope.segment]
}

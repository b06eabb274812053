// The company's calendar days, with daylight saving: by how much its clock is ahead of UTC, and since when.
import { sql } from 'kysely'
import { row, rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { ask, dayMicros } from '../question.ts'

/** All in µs. Before the first change, and where there is none, the clock is ahead by `ahead`. */
export interface Clock {
  ahead: number
  /** Since `at` the clock is ahead by `by` more (or less) than before; in the order of time. */
  changes: { at: number; by: number }[]
}

export const utc: Clock = { ahead: 0, changes: [] }

/** Clocks were set otherwise before, by laws of towns; later ones aren't known. */
const earliest = Date.UTC(1970) * 1000
const latest = Date.UTC(2100) * 1000

/** The company's clock from its first sale up to `asOf` (µs): beyond that nothing is asked of it. */
export async function companyClock(store: Store, asOf: number): Promise<Clock> {
  const [sales] = await ask<{ first: number | null }>(store, {
    text: 'select min(happened) as first from sales',
    values: [],
  })
  const within = (at: number) => Math.min(latest, Math.max(earliest, at))
  const from = within(sales?.first ?? asOf)
  const to = Math.max(from, within(asOf))
  const ahead = sql`cast(extract(epoch from (at at time zone time_zone) - (at at time zone 'UTC')) * 1000000 as bigint)`
  const first = await row(
    store.db,
    sql<{ ahead: number }>`
      select ${ahead} as ahead
      from workspace
      cross join (values (to_timestamp(${from / 1_000_000}::double precision))) as moments (at)`,
  )
  // a clock is set at a minute of a day: days first, then the minutes of those few on which it was
  const changes = await rows(
    store.db,
    sql<{ at: number; by: number }>`
      with days as (
        select at, ${ahead} as ahead, lag(${ahead}) over (order by at) as before
        from workspace
        cross join generate_series(
          to_timestamp(${from / 1_000_000}::double precision),
          to_timestamp(${to / 1_000_000}::double precision) + interval '24 hours',
          interval '24 hours'
        ) as days (at)
      ), minutes as (
        select minutes.at, ${sql`cast(extract(epoch from (minutes.at at time zone time_zone) - (minutes.at at time zone 'UTC')) * 1000000 as bigint)`} as ahead
        from workspace
        cross join days
        cross join generate_series(date_trunc('minute', days.at) - interval '24 hours', days.at, interval '1 minute') as minutes (at)
        where days.ahead <> days.before
      ), steps as (
        select at, ahead, lag(ahead) over (order by at) as before
        from minutes
      )
      select cast(extract(epoch from at) * 1000000 as bigint) as at, ahead - before as by
      from steps
      where ahead <> before
      order by at`,
  )
  return { ahead: first?.ahead ?? 0, changes }
}

/** Days since 1970 by the clock. */
export function dayAt(at: number, clock: Clock): number {
  const ahead = clock.changes.reduce((sum, change) => (at >= change.at ? sum + change.by : sum), clock.ahead)
  return Math.floor((at + ahead) / dayMicros)
}

/** The same in SQL, and its values; `next` is the number of the first parameter that is free. */
export function dayColumn(column: string, { ahead, changes }: Clock, next: number): [string, number[]] {
  const steps = changes.map(
    (_, index) =>
      `+ case when ${column} >= $${next + 1 + 2 * index}::bigint then $${next + 2 + 2 * index}::bigint else 0 end`,
  )
  const text = `cast(floor(cast(${[`${column} + $${next}::bigint`, ...steps].join(' ')} as double precision) / ${dayMicros}) as integer)`
  return [text, [ahead, ...changes.flatMap(({ at, by }) => [at, by])]]
}

import { sql } from 'kysely'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import type { Scope } from '../question.ts'

export interface Told {
  about: 'reason' | 'went'
  words: string
  n: number
}

/**
 * Why people did not buy and where they went, as it was recorded on what happened before a sale: a property
 * `reason` (or `lost_reason`) and `competitor` (or `went_to`). Words live in Postgres alone.
 */
export async function reasonsForLosing(store: Store, scope: Scope): Promise<Told[]> {
  const until = Math.min(scope.to, 253_402_300_799_000_000) / 1_000_000
  return rows(
    store.db,
    sql<Told>`
      with said as (
        select c.canonical_id as customer_id,
          coalesce(i.properties ->> 'reason', i.properties ->> 'lost_reason') as reason,
          coalesce(i.properties ->> 'competitor', i.properties ->> 'went_to') as went
        from interactions i
        join customers c on c.id = i.customer_id
        join touchpoints t on t.id = i.touchpoint_id
        join stages s on s.id = t.stage_id
        where s.side = 'before'
          and not i.judgement
          and i.properties ?| array['reason', 'lost_reason', 'competitor', 'went_to']
          and i.at >= to_timestamp(${Math.max(scope.from, -62_135_596_800_000_000) / 1_000_000})
          and i.at < to_timestamp(${until})
          ${scope.segment === null ? sql`` : sql`and c.canonical_id in (select customer_id from projection.segment_members where segment_id = ${scope.segment})`}
      ), told as (
        select customer_id, 'reason' as about, left(btrim(reason), 120) as words from said
        union all
        select customer_id, 'went', left(btrim(went), 120) from said
      )
      select about, min(words) as words, count(distinct customer_id)::integer as n
      from told
      where words <> ''
      group by about, lower(words)
      order by about, n desc, words
      limit 60`,
  )
}

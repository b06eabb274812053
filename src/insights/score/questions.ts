import { sql } from 'kysely'
import { type Db, rows } from '../../store/database.ts'
import type { StandingState } from '../../validation/schema.ts'
import type { scoreGroups } from './schema.ts'

export interface GroupRow {
  group: (typeof scoreGroups)[number]
  state: StandingState
  customers: number
  scored: number
  low: number | null
  median: number | null
  high: number | null
}

/** Who bought, by where they stand, with the quarters of their scores. Scores lie in Postgres alone. */
export async function groupsOfBuyers(db: Db, silentDays: number, now: Date): Promise<GroupRow[]> {
  const since = new Date(now.getTime() - silentDays * 86_400_000)
  return rows(
    db,
    sql<GroupRow>`
      with placed as (
        select
          case
            when s.state = 'unproven' and s.last_sale_at < ${since} and coalesce(s.last_cared_at < ${since}, true)
              then 'silent'
            else s.state
          end as "group",
          s.state, v.score
        from standings s
        left join scores v on v.customer_id = s.customer_id
        where s.state <> 'courting'
      )
      select "group", state, count(*)::integer as customers, count(score)::integer as scored,
        percentile_cont(0.25) within group (order by score) as low,
        percentile_cont(0.5) within group (order by score) as median,
        percentile_cont(0.75) within group (order by score) as high
      from placed
      group by "group", state`,
  )
}

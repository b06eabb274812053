// What insights need beside their counts: names, words and money, from Postgres.
import { sql } from 'kysely'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { latestInstant, type Scope } from '../question.ts'
import type { Words } from '../schema.ts'

export interface Spent {
  touchpointId: number
  minor: number
}

/** Budgets in the workspace's currency, each by the share of its days that lies in the scope. */
export async function moneySpent(store: Store, scope: Scope): Promise<{ currency: string; spent: Spent[] }> {
  const [workspace] = await rows(store.db, sql<{ currency: string }>`select currency from workspace`)
  const spent = await rows(
    store.db,
    sql<Spent>`
      with span as (
        select greatest(coalesce(${scope.asked.from}::date, starts_on), starts_on) as first_day,
          least(coalesce(${scope.asked.to}::date, ends_on), ends_on) as last_day,
          b.*
        from budgets b
        join workspace w on w.currency = b.currency
      )
      select touchpoint_id as "touchpointId",
        cast(round(sum(amount_minor * (last_day - first_day + 1)::numeric / nullif(ends_on - starts_on + 1, 0))) as bigint) as minor
      from span
      where last_day >= first_day
      group by touchpoint_id`,
  )
  return { currency: workspace?.currency ?? 'EUR', spent }
}

/**
 * Words of customers to show beside each touchpoint, most telling first: a whole thought rather than one
 * word or an essay, then the stronger feeling, then the newer. At most `each` a touchpoint, of its last 200.
 */
export async function tellingWords(
  store: Store,
  scope: Scope,
  touchpoints: number[],
  each: number,
): Promise<Map<number, Words[]>> {
  const found = await rows(
    store.db,
    sql<Words & { touchpointId: number }>`
      with latest as (
        select t.id as touchpoint_id, i.*
        from unnest(${touchpoints}::integer[]) as t(id)
        cross join lateral (
          select i.id as interaction_id, c.canonical_id, i.words, i.experience, i.at
          from interactions i
          join customers c on c.id = i.customer_id
          where i.touchpoint_id = t.id
            and i.words is not null
            and i.evidence = 1
            and i.restricted_to is null
            and i.at >= to_timestamp(${instantSeconds(scope.from)})
            and i.at < to_timestamp(${instantSeconds(scope.to)})
            ${scope.segment === null ? sql`` : sql`and c.canonical_id in (select customer_id from projection.segment_members where segment_id = ${scope.segment})`}
          order by i.at desc
          limit 200
        ) i
      ), ranked as (
        select *, row_number() over (
          partition by touchpoint_id
          order by length(words) not between 24 and 180, abs(coalesce(experience, 0)) desc, at desc, interaction_id
        ) as place
        from latest
      )
      select touchpoint_id as "touchpointId",
        case when length(words) > 280 then left(words, 277) || '…' else words end as text,
        experience::double precision / 100 as experience,
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
        canonical_id as "customerId",
        interaction_id as "interactionId"
      from ranked
      where place <= ${each}
      order by touchpoint_id, place`,
  )
  const byTouchpoint = new Map<number, Words[]>()
  for (const { touchpointId, ...words } of found)
    byTouchpoint.set(touchpointId, [...(byTouchpoint.get(touchpointId) ?? []), words])
  return byTouchpoint
}

function instantSeconds(micros: number): number {
  return Math.max(-62_135_596_800, Math.min(latestInstant, micros) / 1_000_000)
}

/** The words behind codes of channels. */
export async function channelNames(store: Store): Promise<Map<number, string>> {
  const found = await rows(
    store.db,
    sql<{ code: number; name: string }>`select code, name from projection.channel_names`,
  )
  return new Map(found.map(({ code, name }) => [code, name]))
}

export interface CareStandard {
  id: number
  name: string
  touchpointId: number
  touchpointName: string
  withinDays: number
  /** The touchpoint from which the days are counted; null: the sale. */
  countsFrom: number | null
  countsFromName: string | null
}

export async function careStandards(store: Store): Promise<CareStandard[]> {
  return rows(
    store.db,
    sql<CareStandard>`
      select s.id, s.name, s.touchpoint_id as "touchpointId", t.name as "touchpointName", s.within_days as "withinDays",
        f.id as "countsFrom", f.name as "countsFromName"
      from care_standards s
      join touchpoints t on t.id = s.touchpoint_id
      left join touchpoints f on f.id = s.counts_from
      order by s.id`,
  )
}

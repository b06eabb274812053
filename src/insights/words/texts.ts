import { sql } from 'kysely'
import { row, rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import type { Scope } from '../question.ts'

/** Something a customer said. */
export interface Said {
  interactionId: number
  /** The row it came with; labels hang on it. */
  ownerId: number
  customerId: number
  touchpointId: number | null
  at: string
  text: string
  /** −100 to 100; null without one. */
  experience: number | null
  /** What somebody said it is about. */
  topic: string | null
}

/** Texts that are read at once, the newest first. */
export const mostTexts = 50_000

/** What customers said in their own words, the newest first; not what is restricted, nor our own impressions. */
export async function readTexts(
  store: Store,
  scope: Scope,
  touchpoint: number | undefined,
): Promise<{ texts: Said[]; all: number }> {
  const within = sql`
    i.words is not null
    and btrim(i.words) <> ''
    and i.restricted_to is null
    and not i.judgement
    and i.evidence is distinct from 3
    and i.at >= to_timestamp(${Math.max(scope.from, -62_135_596_800_000_000) / 1_000_000})
    and i.at < to_timestamp(${Math.min(scope.to, 253_402_300_799_000_000) / 1_000_000})
    and (${touchpoint ?? null}::integer is null or i.touchpoint_id = ${touchpoint ?? null}::integer)
    ${scope.segment === null ? sql`` : sql`and c.canonical_id in (select customer_id from projection.segment_members where segment_id = ${scope.segment})`}`
  const texts = await rows(
    store.db,
    sql<Said>`
      select i.id as "interactionId", i.customer_id as "ownerId", c.canonical_id as "customerId",
        i.touchpoint_id as "touchpointId", to_char(i.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
        left(i.words, 5000) as text, i.experience, l.topic
      from interactions i
      join customers c on c.id = i.customer_id
      left join topic_labels l on l.customer_id = i.customer_id and l.interaction_id = i.id
      where ${within}
      order by i.at desc, i.id desc
      limit ${mostTexts}`,
  )
  if (texts.length < mostTexts) return { texts, all: texts.length }
  const counted = await row(
    store.db,
    sql<{ n: number }>`
      select count(*)::integer as n
      from interactions i
      join customers c on c.id = i.customer_id
      where ${within}`,
  )
  return { texts, all: counted?.n ?? texts.length }
}

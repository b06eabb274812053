import { type RawBuilder, sql } from 'kysely'
import { customerSummaries, iso } from '../customers/customers.ts'
import { NotFound } from '../lib/errors.ts'
import { type Db, row, rows } from '../store/database.ts'
import type { Voice, VoiceState } from './schema.ts'

interface VoiceRow extends Omit<Voice, 'customer' | 'touchpoint'> {
  touchpointId: number | null
  touchpointName: string | null
  canonical: number | null
}

export async function listVoices(
  db: Db,
  question: { state: VoiceState; before?: number | undefined; limit: number },
): Promise<Voice[]> {
  const state = {
    open: sql`v.matched_customer_id is null and v.dismissed_at is null`,
    matched: sql`v.matched_customer_id is not null`,
    dismissed: sql`v.matched_customer_id is null and v.dismissed_at is not null`,
  }[question.state]
  const before = question.before ?? null
  return complete(
    db,
    await rows(
      db,
      voiceRows(sql`${state} and (${before}::bigint is null or v.id < ${before}::bigint)`, question.limit),
    ),
  )
}

/** @throws NotFound */
export async function readVoice(db: Db, id: number): Promise<Voice> {
  const found = await row(db, voiceRows(sql`v.id = ${id}::bigint`, 1))
  if (!found) throw new NotFound('voice', id)
  const [voice] = await complete(db, [found])
  if (!voice) throw new NotFound('voice', id)
  return voice
}

function voiceRows(condition: RawBuilder<unknown>, limit: number): RawBuilder<VoiceRow> {
  return sql<VoiceRow>`
    select v.id, ${iso(sql`v.at`)} as at, v.author, v.source, v.words, v.experience,
      coalesce(v.properties ->> 'order_id', v.properties ->> 'orderId', v.properties ->> 'order') as "orderId",
      t.id as "touchpointId", t.name as "touchpointName", c.canonical_id as canonical,
      v.matched_by as "matchedBy", ${iso(sql`v.matched_at`)} as "matchedAt",
      ${iso(sql`v.dismissed_at`)} as "dismissedAt"
    from voices v
    left join touchpoints t on t.id = v.touchpoint_id
    left join customers c on c.id = v.matched_customer_id
    where ${condition}
    order by v.id desc
    limit ${limit}`
}

async function complete(db: Db, found: VoiceRow[]): Promise<Voice[]> {
  const ids = [...new Set(found.flatMap(({ canonical }) => (canonical === null ? [] : [canonical])))]
  const labels = new Map((await customerSummaries(db, ids)).map(({ id, label }) => [id, label]))
  return found.map(({ touchpointId, touchpointName, canonical, ...voice }) => ({
    ...voice,
    touchpoint: touchpointId === null ? null : { id: touchpointId, name: touchpointName ?? '' },
    customer: canonical === null ? null : { id: canonical, label: labels.get(canonical) ?? '' },
  }))
}

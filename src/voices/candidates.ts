// Whose words might these be? Candidates with the reasons, the strongest first. Nothing is ever matched by
// itself: the same name and a delivery the week before is a good reason and no proof.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { customerSummaries, customerSummarySchema } from '../customers/customers.ts'
import { NotFound } from '../lib/errors.ts'
import { type Db, row, rows } from '../store/database.ts'
import { orderOf } from './voices.ts'

export const candidateSchema = z
  .object({
    customer: customerSummarySchema,
    reasons: z.array(z.string()),
    strength: z.enum(['strong', 'fair', 'weak']),
  })
  .openapi('VoiceCandidate')
export type VoiceCandidate = z.infer<typeof candidateSchema>

const mostShown = 10
/** A review is written about something that happened not longer ago than this. */
const daysBefore = 120

interface Asked {
  at: Date
  author: string | null
  properties: Record<string, unknown>
}

/** @throws NotFound */
export async function voiceCandidates(db: Db, id: number): Promise<VoiceCandidate[]> {
  const voice = await row(db, sql<Asked>`select at, author, properties from voices where id = ${id}::bigint`)
  if (!voice) throw new NotFound('voice', id)
  const points = new Map<number, { score: number; reasons: string[] }>()
  const add = (customer: number, score: number, reason: string) => {
    const entry = points.get(customer) ?? { score: 0, reasons: [] }
    entry.score += score
    entry.reasons.push(reason)
    points.set(customer, entry)
  }
  for (const found of await byOrder(db, voice))
    add(found.id, 100, `Bought under the order id it names, ${found.key}.`)
  for (const found of await byAddress(db, voice))
    add(found.id, 100, `Known by the address it gives, ${found.value}.`)
  for (const found of await byName(db, voice)) {
    const same = plain(found.name) === plain(voice.author ?? '')
    add(found.id, same ? 40 : 20, same ? `The same name, ${found.name}.` : `A similar name, ${found.name}.`)
  }
  const ids = [...points.keys()]
  for (const near of await lastBefore(db, ids, voice.at)) {
    const days = Math.round((voice.at.getTime() - near.at.getTime()) / 86_400_000)
    const when = days === 0 ? 'the same day' : days === 1 ? 'the day before' : `${days} days before`
    add(near.id, days <= 45 ? 20 : 10, `“${near.name}” was ${when}.`)
  }
  const ranked = [...points].sort(([a, x], [b, y]) => y.score - x.score || a - b).slice(0, mostShown)
  const summaries = new Map(
    (
      await customerSummaries(
        db,
        ranked.map(([customer]) => customer),
      )
    ).map((summary) => [summary.id, summary]),
  )
  return ranked.flatMap(([customer, { score, reasons }]) => {
    const summary = summaries.get(customer)
    return summary
      ? [
          {
            customer: summary,
            reasons,
            strength: score >= 100 ? 'strong' : score >= 50 ? 'fair' : 'weak',
          } as const,
        ]
      : []
  })
}

async function byOrder(db: Db, voice: Asked): Promise<{ id: number; key: string }[]> {
  const key = orderOf(voice.properties)
  if (key === null) return []
  return rows(
    db,
    sql<{ id: number; key: string }>`
      select distinct c.canonical_id as id, p.key
      from purchases p
      join customers c on c.id = p.customer_id
      where p.kind in ('order', 'project', 'contract', 'subscription') and p.key = ${key}`,
  )
}

async function byAddress(db: Db, voice: Asked): Promise<{ id: number; value: string }[]> {
  const said = [voice.author, ...Object.values(voice.properties)]
    .filter((value): value is string => typeof value === 'string' && value.length <= 320)
    .map((value) => value.trim().toLowerCase())
    .filter((value) => value.includes('@'))
  if (said.length === 0) return []
  return rows(
    db,
    sql<{ id: number; value: string }>`
      select distinct c.canonical_id as id, i.value
      from identities i
      join customers c on c.id = i.customer_id
      where i.kind = 'email' and i.value = any(${said}::text[])`,
  )
}

/** All words of the author's name, the last one perhaps cut short ("Miriam C."). */
async function byName(db: Db, voice: Asked): Promise<{ id: number; name: string }[]> {
  const words = plain(voice.author ?? '')
    .split(' ')
    .filter((word) => word !== '')
  if (words.length < 2) return []
  const query = words.map((word, index) => (index === words.length - 1 ? `${word}:*` : word)).join(' & ')
  return rows(
    db,
    sql<{ id: number; name: string }>`
      select distinct on (canonical_id) canonical_id as id, name
      from customers
      where name is not null and to_tsvector('simple', name) @@ to_tsquery('simple', ${query})
      order by canonical_id, id
      limit 100`,
  )
}

/** Per customer the last thing before the voice that it may be about: a purchase, a delivery, else anything by us. */
async function lastBefore(
  db: Db,
  ids: number[],
  at: Date,
): Promise<{ id: number; name: string; at: Date }[]> {
  if (ids.length === 0) return []
  return rows(
    db,
    sql<{ id: number; name: string; at: Date }>`
      select person.id, near.name, near.at
      from unnest(${ids}::bigint[]) as person(id)
      cross join lateral (
        select coalesce(t.name, i.name) as name, i.at
        from customers m
        join interactions i on i.customer_id = m.id
        left join touchpoints t on t.id = i.touchpoint_id
        where m.canonical_id = person.id and not i.judgement
          and i.at <= ${at} and i.at > ${new Date(at.getTime() - daysBefore * 86_400_000)}
        order by (t.purpose in ('use', 'sale')) desc nulls last, i.at desc
        limit 1
      ) as near`,
  )
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()
}

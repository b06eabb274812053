// Reviews and posts by nobody we know: kept and placed on the map, to be matched by a person later.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { compilePlacing, loadMap } from '../journey/journey.ts'
import { rows, type Tx } from '../store/database.ts'
import type { VoiceRow } from './rows.ts'

interface Stored {
  key: string
  before: string
  content: string
}

/** Writes voices, each once per source and key. Gives what became of each, in the same order. */
export async function recordVoices(
  tx: Tx,
  voices: VoiceRow[],
  origin: { id: number; source: string },
): Promise<('created' | 'updated' | 'unchanged')[]> {
  const map = await loadMap(tx)
  const place = compilePlacing(map.stages, map.touchpoints)
  const byKey = new Map<string, VoiceRow>()
  const keys = voices.map((voice) => {
    const key = uuidOf(`${origin.source}\u0001${voice.messageId}`)
    if (!byKey.has(key)) byKey.set(key, voice)
    return key
  })
  const known = await rows(
    tx,
    sql<Stored>`
      select key, ${contentOf(sql`v`)} as content
      from voices v
      where key = any(${[...byKey.keys()]}::uuid[])`,
  )
  const before = new Map(known.map((stored) => [stored.key, stored.content]))
  const items = [...byKey].map(([key, voice]) => ({
    key,
    voice,
    touchpointId:
      place({ name: 'Review Posted', channel: voice.source, properties: voice.properties }) ??
      place({ name: 'Product Reviewed', channel: voice.source, properties: voice.properties }),
  }))
  await sql`
    insert into import_replaced (import_id, subject, subject_id, customer_id, before)
    select ${origin.id}::bigint, 'voice', id, 0, to_jsonb(v)
    from voices v
    where key = any(${[...before.keys()]}::uuid[]) and import_id is distinct from ${origin.id}::bigint
    on conflict do nothing`.execute(tx)
  const written = await rows(
    tx,
    sql<{ key: string; content: string }>`
      insert into voices as v (key, at, author, source, words, experience, touchpoint_id, properties, import_id)
      select *, ${origin.id}::bigint
      from unnest(
        ${items.map((item) => item.key)}::uuid[],
        ${items.map((item) => item.voice.at)}::timestamptz[],
        ${items.map((item) => item.voice.author ?? null)}::text[],
        ${items.map((item) => item.voice.source)}::text[],
        ${items.map((item) => item.voice.words)}::text[],
        ${items.map((item) => item.voice.experience ?? null)}::smallint[],
        ${items.map((item) => item.touchpointId)}::integer[],
        ${items.map((item) => JSON.stringify(item.voice.properties))}::jsonb[]
      )
      on conflict (key) do update
      set at = excluded.at, author = excluded.author, source = excluded.source, words = excluded.words,
        experience = excluded.experience, properties = excluded.properties
      returning key, ${contentOf(sql`v`)} as content`,
  )
  const after = new Map(written.map((stored) => [stored.key, stored.content]))
  const seen = new Set<string>()
  return keys.map((key) => {
    const again = seen.has(key)
    seen.add(key)
    if (again) return 'unchanged'
    if (!before.has(key)) return 'created'
    return before.get(key) === after.get(key) ? 'unchanged' : 'updated'
  })
}

function contentOf(alias: ReturnType<typeof sql>) {
  return sql`md5(concat_ws('|', ${alias}.at, ${alias}.author, ${alias}.source, ${alias}.words, ${alias}.experience, ${alias}.properties))`
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

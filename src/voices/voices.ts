// Voices: reviews and posts of nobody we know. Kept, placed on the map, and offered for matching with the
// reasons; a person decides. A matched voice becomes an interaction of the customer; undoing takes it back.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalId, customersChanged } from '../customers/customers.ts'
import { experienceOf, recordBatch } from '../interactions/interactions.ts'
import { compilePlacing, loadMap } from '../journey/journey.ts'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import type { IncomingVoice } from './schema.ts'

export type VoiceOutcome = { status: 'created' | 'updated' | 'unchanged'; id: number }

/** What a voice becomes on a customer's timeline; it is placed as this, unless a rule is about "Review Posted". */
const eventName = 'Product Reviewed'

/** Keeps voices. One that was kept before is brought up to date; one that was matched stays as it is. */
export async function recordVoices(
  store: Store,
  voices: IncomingVoice[],
  origin: { source: string; importId?: number },
): Promise<VoiceOutcome[]> {
  const outcomes: VoiceOutcome[] = []
  for (let start = 0; start < voices.length; start += 1_000)
    outcomes.push(
      ...(await transaction(store.db, (tx) =>
        recordVoicesIn(tx, voices.slice(start, start + 1_000), origin),
      )),
    )
  return outcomes
}

/** The same within the caller's transaction; at most a few thousand. */
export async function recordVoicesIn(
  tx: Tx,
  voices: IncomingVoice[],
  origin: { source: string; importId?: number },
): Promise<VoiceOutcome[]> {
  if (voices.length === 0) return []
  const place = await placing(tx)
  // Two of one key in one call: the later one is what stays.
  const byKey = new Map(voices.map((voice) => [keyOf(voice, origin.source), voice]))
  const kept = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))
  const properties = kept.map(([, voice]) => voice.properties ?? {})
  const written = await rows(
    tx,
    sql<{ key: string; id: number; created: boolean }>`
      with before as (
        select b.id, b.import_id, to_jsonb(b) as row
        from voices b
        where b.key = any(${kept.map(([key]) => key)}::uuid[])
      ), written as (
      insert into voices as v (key, at, author, source, words, properties, experience, touchpoint_id, import_id)
      select *, ${origin.importId ?? null}::bigint
      from unnest(
        ${kept.map(([key]) => key)}::uuid[],
        ${kept.map(([, voice]) => voice.at)}::timestamptz[],
        ${kept.map(([, voice]) => voice.author ?? null)}::text[],
        ${kept.map(([, voice]) => voice.source)}::text[],
        ${kept.map(([, voice]) => voice.words)}::text[],
        ${properties.map((each) => JSON.stringify(each))}::jsonb[],
        ${properties.map((each) => experienceOf(eventName, each)?.value ?? null)}::smallint[],
        ${kept.map(([, voice], index) => place(voice.source, properties[index] ?? {}))}::integer[]
      )
      on conflict (key) do update
      set at = excluded.at, author = excluded.author, source = excluded.source, words = excluded.words,
        properties = excluded.properties, experience = excluded.experience,
        touchpoint_id = excluded.touchpoint_id
      where v.matched_customer_id is null
        and (v.at, v.author, v.source, v.words, v.properties)
          is distinct from (excluded.at, excluded.author, excluded.source, excluded.words, excluded.properties)
      returning key, id, xmax = 0 as created
      ), replaced as (
        -- as they were before this import: undoing the import puts them back
        insert into import_replaced (import_id, subject, subject_id, customer_id, before)
        select ${origin.importId ?? null}::bigint, 'voice', before.id, 0, before.row
        from written
        join before on before.id = written.id
        where ${origin.importId ?? null}::bigint is not null
          and before.import_id is distinct from ${origin.importId ?? null}::bigint
        on conflict do nothing
      )
      select key, id, created
      from written`,
  )
  const outcomes = new Map<string, VoiceOutcome>(
    written.map(({ key, id, created }) => [key, { status: created ? 'created' : 'updated', id }]),
  )
  const same = await rows(
    tx,
    sql<{ key: string; id: number }>`
      select key, id
      from voices
      where key = any(${kept.map(([key]) => key).filter((key) => !outcomes.has(key))}::uuid[])`,
  )
  for (const { key, id } of same) outcomes.set(key, { status: 'unchanged', id })
  return voices.map((voice) => outcomes.get(keyOf(voice, origin.source)) ?? { status: 'unchanged', id: 0 })
}

function keyOf(voice: IncomingVoice, source: string): string {
  const text = voice.key ?? `${voice.at.toISOString()}\u0001${voice.author ?? ''}\u0001${voice.words}`
  const hex = createHash('sha256')
    .update(`voice\u0001${source}\u0001${voice.source}\u0001${text}`)
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

async function placing(db: Db) {
  const map = await loadMap(db)
  const place = compilePlacing(map.stages, map.touchpoints)
  return (source: string, properties: Record<string, unknown>) =>
    place({ name: 'Review Posted', channel: source, properties }) ??
    place({ name: eventName, channel: source, properties })
}

interface StoredVoice {
  id: number
  at: Date
  author: string | null
  source: string
  words: string
  properties: Record<string, unknown>
  matchedCustomerId: number | null
  matchedInteractionId: number | null
  dismissed: boolean
}

async function lockVoice(tx: Tx, id: number): Promise<StoredVoice> {
  const voice = await row(
    tx,
    sql<StoredVoice>`
      select id, at, author, source, words, properties, matched_customer_id as "matchedCustomerId",
        matched_interaction_id as "matchedInteractionId", dismissed_at is not null as dismissed
      from voices
      where id = ${id}::bigint
      for update`,
  )
  if (!voice) throw new NotFound('voice', id)
  return voice
}

/** Says whose voice it is: it goes on their timeline, at its own time. @throws NotFound, Conflict */
export async function matchVoice(
  store: Store,
  id: number,
  customerId: number,
  actor: Actor,
): Promise<{ customerId: number; interactionId: number }> {
  return transaction(store.db, async (tx) => {
    const voice = await lockVoice(tx, id)
    if (voice.matchedCustomerId !== null)
      throw new Conflict('Somebody has said already whose words these are.')
    const canonical = await canonicalId(tx, customerId)
    const purchase = await row(
      tx,
      sql<{ id: number }>`
        select p.id
        from purchases p
        join customers c on c.id = p.customer_id
        where c.canonical_id = ${canonical}::bigint and p.key = ${orderOf(voice.properties)}`,
    )
    const now = new Date()
    const [outcome] = await recordBatch(
      store,
      tx,
      [
        {
          // Matched, undone and matched again is a new saying.
          messageId: `voice:${id}:${now.getTime()}`,
          at: voice.at,
          receivedAt: now,
          identities: [],
          customerId: canonical,
          name: eventName,
          channel: 'review',
          words: voice.words,
          properties: {
            ...voice.properties,
            source: voice.source,
            ...(voice.author ? { author: voice.author } : {}),
          },
          ...(purchase ? { purchaseId: purchase.id } : {}),
        },
      ],
      { source: 'voices', again: 'keep' },
    )
    if (!outcome || outcome.status === 'rejected' || outcome.interactionId === null)
      throw new Invalid(outcome && 'reason' in outcome ? outcome.reason : 'This voice could not be recorded.')
    await sql`
      update voices
      set matched_customer_id = ${canonical}, matched_interaction_id = ${outcome.interactionId},
        matched_by = ${actor.name}, matched_at = ${now}, dismissed_at = null
      where id = ${id}::bigint`.execute(tx)
    await audit(tx, actor, 'matched', 'voice', id, { customer: canonical })
    return { customerId: canonical, interactionId: outcome.interactionId }
  })
}

/** Takes a match back: the voice is nobody's again, and leaves the timeline. */
export async function unmatchVoice(store: Store, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const voice = await lockVoice(tx, id)
    if (voice.matchedCustomerId === null) throw new Conflict('These words are nobody’s yet.')
    await sql`
      delete from interactions
      where customer_id = ${voice.matchedCustomerId}::bigint and id = ${voice.matchedInteractionId}::bigint`.execute(
      tx,
    )
    await sql`
      update voices
      set matched_customer_id = null, matched_interaction_id = null, matched_by = null, matched_at = null
      where id = ${id}::bigint`.execute(tx)
    await audit(tx, actor, 'unmatched', 'voice', id, { customer: voice.matchedCustomerId })
    await customersChanged(store, tx, [await canonicalId(tx, voice.matchedCustomerId)])
  })
}

/** Puts a voice aside (nobody to be found), or brings it back. */
export async function dismissVoice(
  store: Store,
  id: number,
  dismissed: boolean,
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const voice = await lockVoice(tx, id)
    if (voice.matchedCustomerId !== null)
      throw new Conflict('These words are matched. Take the match back first.')
    await sql`
      update voices
      set dismissed_at = ${dismissed ? new Date() : null}::timestamptz
      where id = ${id}::bigint`.execute(tx)
    await audit(tx, actor, dismissed ? 'dismissed' : 'brought back', 'voice', id)
  })
}

/** The id of the order a voice names, if it does. */
export function orderOf(properties: Record<string, unknown>): string | null {
  for (const name of ['order_id', 'orderId', 'order', 'project_id', 'contract_id']) {
    const value = properties[name]
    if (typeof value === 'string' || typeof value === 'number') return String(value)
  }
  return null
}

/** Places open voices by the rules of today. */
export async function placeVoices(store: Store): Promise<void> {
  const place = await placing(store.db)
  let after = 0
  for (;;) {
    const open = await rows(
      store.db,
      sql<{ id: number; source: string; properties: Record<string, unknown>; touchpointId: number | null }>`
        select id, source, properties, touchpoint_id as "touchpointId"
        from voices
        where matched_customer_id is null and id > ${after}::bigint
        order by id
        limit 1000`,
    )
    const moved = open
      .map(({ id, source, properties, touchpointId }) => ({
        id,
        touchpointId,
        now: place(source, properties),
      }))
      .filter(({ touchpointId, now }) => touchpointId !== now)
    if (moved.length > 0)
      await sql`
        update voices v
        set touchpoint_id = n.touchpoint_id
        from unnest(
          ${moved.map(({ id }) => id)}::bigint[],
          ${moved.map(({ now }) => now)}::integer[]
        ) as n(id, touchpoint_id)
        where v.id = n.id`.execute(store.db)
    const last = open.at(-1)
    if (!last) return
    after = last.id
  }
}

/** Rules change rarely: open voices are placed again once an hour. */
export function registerVoices(store: Store): void {
  store.jobs.handle('voices.placing', () => placeVoices(store), { every: '25 * * * *', batch: 10 })
}

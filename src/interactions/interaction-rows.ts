// Writes interactions, new ones and those that were corrected.
import { sql } from 'kysely'
import {
  bigint,
  boolean,
  type CopiedRows,
  integer,
  jsonb,
  rowsFor,
  smallint,
  text,
  timestamp,
} from '../store/copy-in.ts'
import type { Tx } from '../store/database.ts'
import type { Known, Prepared } from './preparing.ts'
import { purchaseKey } from './purchase-rows.ts'
import type { Receipt } from './receipts.ts'
import type { Origin } from './schema.ts'

export function interactionRows(
  items: Known[],
  purchaseIds: Map<string, number>,
  origin: Origin,
): CopiedRows {
  return rowsFor('interactions', items, {
    id: bigint((item) => item.interactionId),
    customer_id: bigint((item) => item.customerId),
    at: timestamp((item) => item.incoming.at),
    received_at: timestamp((item) => item.incoming.receivedAt),
    name: text((item) => item.incoming.name),
    channel: text((item) => item.channel),
    touchpoint_id: integer((item) => item.touchpointId),
    purchase_id: bigint((item) => item.incoming.purchaseId ?? purchaseIds.get(purchaseKey(item.purchase))),
    experience: smallint((item) => item.experience),
    evidence: smallint((item) => item.evidence),
    words: text((item) => item.words),
    properties: jsonb((item) => item.properties),
    source: text(() => origin.source),
    member_id: text((item) => item.incoming.memberId),
    restricted_to: text((item) => item.incoming.restrictedTo),
    judgement: boolean((item) => item.incoming.judgement !== undefined),
    import_id: bigint(() => origin.importId),
  })
}

export async function replaceInteractions(
  tx: Tx,
  changed: { item: Prepared; receipt: Receipt }[],
  origin: Origin,
): Promise<void> {
  if (changed.length === 0) return
  const sorted = changed.toSorted((a, b) => (a.receipt.interactionId ?? 0) - (b.receipt.interactionId ?? 0))
  const ids = sorted.map(({ receipt }) => receipt.interactionId)
  const owners = sorted.map(({ receipt }) => receipt.customerId)
  if (origin.importId !== undefined)
    await sql`
      insert into import_replaced (import_id, subject, subject_id, customer_id, before)
      select ${origin.importId}::bigint, 'interaction', i.id, i.customer_id,
        to_jsonb(i) - 'tx' || jsonb_build_object('content', r.content::text, 'key', r.key)
      from unnest(${owners}::bigint[], ${ids}::bigint[], ${sorted.map(({ item }) => item.key)}::uuid[])
        as wanted(customer_id, id, key)
      join interactions i on i.customer_id = wanted.customer_id and i.id = wanted.id
      join receipts r on r.key = wanted.key
      where i.import_id is distinct from ${origin.importId}::bigint
      on conflict do nothing`.execute(tx)
  await sql`
    update interactions i
    set at = n.at, name = n.name, channel = n.channel, touchpoint_id = n.touchpoint_id,
      experience = n.experience, evidence = n.evidence, words = n.words, properties = n.properties,
      restricted_to = n.restricted_to, tx = pg_current_xact_id()
    from unnest(
      ${owners}::bigint[],
      ${ids}::bigint[],
      ${sorted.map(({ item }) => item.incoming.at)}::timestamptz[],
      ${sorted.map(({ item }) => item.incoming.name ?? '')}::text[],
      ${sorted.map(({ item }) => item.channel)}::text[],
      ${sorted.map(({ item }) => item.touchpointId)}::integer[],
      ${sorted.map(({ item }) => item.experience)}::smallint[],
      ${sorted.map(({ item }) => item.evidence)}::smallint[],
      ${sorted.map(({ item }) => item.words)}::text[],
      ${sorted.map(({ item }) => item.properties)}::jsonb[],
      ${sorted.map(({ item }) => item.incoming.restrictedTo ?? null)}::text[]
    ) as n(customer_id, id, at, name, channel, touchpoint_id, experience, evidence, words, properties, restricted_to)
    where i.customer_id = n.customer_id and i.id = n.id`.execute(tx)
  await sql`
    update receipts r
    set content = n.content
    from unnest(
      ${sorted.map(({ item }) => item.key)}::uuid[],
      ${sorted.map(({ item }) => item.content?.toString() ?? null)}::bigint[]
    ) as n(key, content)
    where r.key = n.key`.execute(tx)
}

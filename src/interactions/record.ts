// The one door through which everything that happens to a customer comes in: events over HTTP, rows of a
// file, a call logged by hand, our own judgements.
//
//   known already? → whose is it (identify) → where (place) → which purchase → write → publish
//
// All in one transaction per batch; after its commit everything is there, once, or nothing is.
// Two transactions never wait for each other in a circle because each kind of row is written in one order.
import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { type Identified, type IdentityLimits, identify } from '../customers/customers.ts'
import { compilePlacing, holdMap, loadMap, type Place } from '../journey/journey.ts'
import type { Touchpoint } from '../journey/schema.ts'
import { numbers, texts, times } from '../store/arrays.ts'
import { type Db, row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { experienceOf, wordsOf } from './experience.ts'
import { purchaseOf } from './purchase.ts'
import { purchaseKey, writePurchases } from './purchase-rows.ts'
import {
  evidences,
  type Incoming,
  type IncomingPurchase,
  type Origin,
  type Outcome,
  type Recorded,
  recordedEvent,
} from './schema.ts'
import { applyTraits } from './traits.ts'

/** More than this in one call is split into several transactions. */
const transactionSize = 2_000

/**
 * Records what came in and gives, in the same order, what became of each. When it returns, everything it
 * says was created is durable.
 * @throws whatever the database throws; then the batch in question left no trace
 */
export async function recordInteractions(
  store: Store,
  incoming: Incoming[],
  origin: Origin,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let start = 0; start < incoming.length; start += transactionSize) {
    const batch = incoming.slice(start, start + transactionSize)
    outcomes.push(...(await transaction(store.db, (tx) => recordBatch(store, tx, batch, origin))))
    store.load.note(batch.length)
    store.projection?.wake()
  }
  return outcomes
}

/** The same within the caller's transaction, for facts that must appear together with others. At most 2,000. */
export async function recordBatch(
  store: Store,
  tx: Tx,
  incoming: Incoming[],
  origin: Origin,
): Promise<Outcome[]> {
  const setting = await readSetting(store, tx, incoming.length)
  const items = incoming.map((each) => prepare(each, origin, setting))
  const outcomes = new Array<Outcome | undefined>(items.length)

  const receipts = await findReceipts(tx, items)
  const seen = new Map<string, number>()
  const fresh: Prepared[] = []
  const repeats: { item: Prepared; of: number }[] = []
  const changed: { item: Prepared; receipt: Receipt }[] = []
  items.forEach((item, position) => {
    item.position = position
    const receipt = receipts.get(item.key)
    const earlier = seen.get(item.key)
    if (receipt) {
      if (origin.again === 'replace' && receipt.content !== item.content) changed.push({ item, receipt })
      else outcomes[position] = outcomeOf(origin.again === 'replace' ? 'unchanged' : 'duplicate', receipt)
    } else if (earlier !== undefined) repeats.push({ item, of: earlier })
    else {
      seen.set(item.key, position)
      fresh.push(item)
    }
  })

  const identified = await identify(
    tx,
    fresh.map(({ incoming: each }) => ({
      identities: each.identities,
      at: each.at,
      ...(each.customerKind ? { kind: each.customerKind } : {}),
      ...(each.previous ? { previous: each.previous } : {}),
      ...(each.customerId === undefined ? {} : { customerId: each.customerId }),
    })),
    {
      limits: setting.limits,
      actor: origin.source,
      ...(origin.importId ? { importId: origin.importId } : {}),
    },
  )
  const known: Known[] = []
  fresh.forEach((item, index) => {
    const who = identified[index] as Identified
    if ('refused' in who) outcomes[item.position] = { status: 'rejected', reason: who.refused }
    else known.push({ ...item, customerId: who.customerId, canonicalId: who.canonicalId })
  })

  // What a changed message says of the customer and the purchase is said again.
  const retold = await ownersOf(tx, changed)
  await applyTraits(tx, [...known, ...retold], origin)
  const purchaseIds = await writePurchases(tx, known, retold, origin)
  const interactions = known.filter(({ incoming: each }) => each.name !== undefined)
  interactions.forEach((item, index) => {
    item.interactionId = setting.ids[index] ?? 0
  })
  await writeInteractions(tx, interactions, purchaseIds, origin)
  await writeReceipts(tx, known, origin)
  await renewReceipts(
    tx,
    retold.filter(({ incoming: each }) => each.name === undefined),
    origin,
  )
  await replaceInteractions(
    tx,
    changed.filter(({ receipt }) => receipt.interactionId !== null),
    origin,
  )

  for (const item of known)
    outcomes[item.position] = {
      status: 'created',
      customerId: item.customerId,
      interactionId: item.interactionId ?? null,
    }
  for (const { item, receipt } of changed) outcomes[item.position] = outcomeOf('updated', receipt)
  for (const { item, of } of repeats) {
    const first = outcomes[of]
    outcomes[item.position] =
      first && first.status !== 'rejected' ? { ...first, status: 'duplicate' } : (first ?? unreachable())
  }

  const customers = [...new Set([...known, ...retold].map((item) => item.canonicalId))]
  const onlyJudgements = [...known, ...retold].every((item) => item.incoming.judgement !== undefined)
  if (customers.length > 0)
    await store.jobs.publish(tx, recordedEvent, {
      customers,
      ...(onlyJudgements ? { onlyJudgements } : {}),
    } satisfies Recorded)
  return outcomes.map((outcome) => outcome ?? unreachable())
}

interface Receipt {
  key: string
  customerId: number
  interactionId: number | null
  content: bigint
}

interface Prepared {
  position: number
  incoming: Incoming
  key: string
  content: bigint
  channel: string
  properties: string
  touchpointId: number | null
  experience: number | null
  evidence: number | null
  words: string | null
  purchase: IncomingPurchase | undefined
}

interface Known extends Prepared {
  customerId: number
  canonicalId: number
  interactionId?: number
}

interface Setting {
  place: Place
  touchpoints: Map<number, Touchpoint>
  currency: string
  limits: IdentityLimits
  /** Ids for what may be new; a round trip less than asking when it is known how many are. */
  ids: number[]
}

function prepare(incoming: Incoming, origin: Origin, setting: Setting): Prepared {
  const properties = incoming.properties ?? {}
  const name = incoming.name
  let channel = incoming.channel ?? ''
  let touchpointId: number | null = null
  if (name !== undefined) {
    touchpointId = incoming.judgement
      ? incoming.judgement.touchpointId
      : setting.place({ name, channel, properties })
    if (channel === '' && touchpointId !== null)
      channel = setting.touchpoints.get(touchpointId)?.channel ?? ''
  }
  const experience = incoming.experience ?? (name === undefined ? undefined : experienceOf(name, properties))
  const words = incoming.words ?? (name === undefined ? undefined : wordsOf(properties))
  const purchase =
    incoming.purchase ??
    (name === undefined ? undefined : purchaseOf(name, incoming.at, properties, setting.currency))
  const text = JSON.stringify(properties)
  return {
    position: 0,
    incoming,
    key: receiptKey(origin.source, incoming.messageId),
    content: hashOf(
      name,
      // When nothing happened, only what is said counts: a file read again next week says the same.
      name === undefined ? [incoming.company, incoming.purchase] : incoming.at,
      channel,
      text,
      words,
      experience,
      incoming.traits,
      incoming.restrictedTo,
    ),
    channel,
    properties: text,
    touchpointId,
    experience: experience?.value ?? null,
    evidence: experience ? evidences[experience.evidence] : null,
    words: words ?? null,
    purchase,
  }
}

interface Compiled {
  version: number
  place: Place
  touchpoints: Map<number, Touchpoint>
}
const compiledMaps = new WeakMap<Store, Compiled>()

/** The workspace's settings that recording needs; the compiled rules are kept until the map changes. */
async function readSetting(store: Store, tx: Tx, count: number): Promise<Setting> {
  await holdMap(tx)
  const workspace = await row(
    tx,
    sql<{ version: number; currency: string; limits: IdentityLimits | null; ids: number[] }>`
      select journey_version as version, currency, settings -> 'identityLimits' as limits,
        array(select nextval('interactions_id_seq') from generate_series(1, ${count}::integer)) as ids
      from workspace`,
  )
  if (!workspace) throw new Error('the workspace row is missing')
  let compiled = compiledMaps.get(store)
  if (compiled?.version !== workspace.version) {
    const map = await loadMap(tx)
    compiled = {
      version: map.version,
      place: compilePlacing(map.stages, map.touchpoints),
      touchpoints: new Map(map.touchpoints.map((touchpoint) => [touchpoint.id, touchpoint])),
    }
    compiledMaps.set(store, compiled)
  }
  return {
    ...compiled,
    currency: workspace.currency,
    limits: workspace.limits ?? {},
    ids: workspace.ids,
  }
}

async function findReceipts(db: Db, items: Prepared[]): Promise<Map<string, Receipt>> {
  const found = await rows(
    db,
    sql<{ key: string; customerId: number; interactionId: number | null; content: string }>`
      select key, customer_id as "customerId", interaction_id as "interactionId", content::text as content
      from receipts
      where key = any(${texts(items.map((item) => item.key))}::uuid[])`,
  )
  return new Map(found.map((receipt) => [receipt.key, { ...receipt, content: BigInt(receipt.content) }]))
}

async function writeInteractions(
  tx: Tx,
  items: Known[],
  purchaseIds: Map<string, number>,
  origin: Origin,
): Promise<void> {
  if (items.length === 0) return
  await sql`
    insert into interactions (
      id, customer_id, at, received_at, name, channel, touchpoint_id, purchase_id, experience, evidence,
      words, properties, member_id, restricted_to, judgement, source, import_id
    )
    select *, ${origin.source}, ${origin.importId ?? null}::bigint
    from unnest(
      ${numbers(items.map((item) => item.interactionId))}::bigint[],
      ${numbers(items.map((item) => item.customerId))}::bigint[],
      ${times(items.map((item) => item.incoming.at))}::timestamptz[],
      ${times(items.map((item) => item.incoming.receivedAt))}::timestamptz[],
      ${texts(items.map((item) => item.incoming.name))}::text[],
      ${texts(items.map((item) => item.channel))}::text[],
      ${numbers(items.map((item) => item.touchpointId))}::integer[],
      ${numbers(items.map((item) => item.incoming.purchaseId ?? purchaseIds.get(purchaseKey(item.purchase))))}::bigint[],
      ${numbers(items.map((item) => item.experience))}::smallint[],
      ${numbers(items.map((item) => item.evidence))}::smallint[],
      ${texts(items.map((item) => item.words))}::text[],
      ${texts(items.map((item) => item.properties))}::jsonb[],
      ${texts(items.map((item) => item.incoming.memberId))}::text[],
      ${texts(items.map((item) => item.incoming.restrictedTo))}::text[],
      ${numbers(items.map((item) => item.incoming.judgement !== undefined))}::boolean[]
    )`.execute(tx)
}

/** Whose the changed items are, by their receipts. */
async function ownersOf(tx: Tx, changed: { item: Prepared; receipt: Receipt }[]): Promise<Known[]> {
  if (changed.length === 0) return []
  const owners = await rows(
    tx,
    sql<{ id: number; canonical: number }>`
      select id, canonical_id as canonical
      from customers
      where id = any(${changed.map(({ receipt }) => receipt.customerId)}::bigint[])`,
  )
  const canonical = new Map(owners.map((owner) => [owner.id, owner.canonical]))
  return changed.map(({ item, receipt }) => ({
    ...item,
    customerId: receipt.customerId,
    canonicalId: canonical.get(receipt.customerId) ?? receipt.customerId,
  }))
}

async function renewReceipts(tx: Tx, items: Known[], origin: Origin): Promise<void> {
  if (items.length === 0) return
  await sql`
    update receipts r
    set content = n.content, import_id = coalesce(${origin.importId ?? null}::bigint, r.import_id)
    from unnest(
      ${items.map((item) => item.key)}::uuid[],
      ${items.map((item) => item.content.toString())}::bigint[]
    ) as n(key, content)
    where r.key = n.key`.execute(tx)
}

async function writeReceipts(tx: Tx, items: Known[], origin: Origin): Promise<void> {
  if (items.length === 0) return
  const sorted = items.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const written = await rows(
    tx,
    sql<{ one: number }>`
      insert into receipts (key, customer_id, interaction_id, content, import_id)
      select *, ${origin.importId ?? null}::bigint
      from unnest(
        ${texts(sorted.map((item) => item.key))}::uuid[],
        ${numbers(sorted.map((item) => item.customerId))}::bigint[],
        ${numbers(sorted.map((item) => item.interactionId))}::bigint[],
        ${texts(sorted.map((item) => item.content.toString()))}::bigint[]
      )
      on conflict (key) do nothing
      returning 1 as one`,
  )
  if (written.length < sorted.length)
    throw new MessageRace('another transaction recorded one of these messages first')
}

/** Thrown when the same message is being recorded twice at once; the transaction runs again and sees the other. */
class MessageRace extends Error {
  readonly code = '40001'
}

async function replaceInteractions(
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
      ${sorted.map(({ item }) => item.content.toString())}::bigint[]
    ) as n(key, content)
    where r.key = n.key`.execute(tx)
}

function outcomeOf(status: 'updated' | 'unchanged' | 'duplicate', receipt: Receipt): Outcome {
  return { status, customerId: receipt.customerId, interactionId: receipt.interactionId }
}

/** The key under which a message was recorded. All API keys share one space: a client may change its key. */
export function receiptKey(source: string, messageId: string): string {
  return uuidOf(`${source.startsWith('api:') ? 'api' : source}\u0001${messageId}`)
}

function uuidOf(text: string): string {
  const hex = hash('sha256', text, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

function hashOf(...parts: unknown[]): bigint {
  return hash('sha256', JSON.stringify(parts), 'buffer').readBigInt64BE(0)
}

function unreachable(): never {
  throw new Error('an item was left without an outcome')
}

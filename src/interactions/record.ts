// The one door through which everything that happens to a customer comes in: events over HTTP, rows of a
// file, a call logged by hand, our own judgements.
//
//   known already? → whose is it (identify) → where (place) → which purchase → write → publish
//
// All in one transaction per batch; after its commit everything is there, once, or nothing is.
// Two transactions never wait for each other in a circle because each kind of row is written in one order.
import { sql } from 'kysely'
import { type Identified, identify } from '../customers/customers.ts'
import { copyIn } from '../store/copy-in.ts'
import { isLosing, isRepeated, rows, type Tx, transaction } from '../store/database.ts'
import { keepStatements } from '../store/kept-statements.ts'
import type { Store } from '../store/store.ts'
import { interactionRows, replaceInteractions } from './interaction-rows.ts'
import { type Known, type Prepared, prepare, readSetting } from './preparing.ts'
import { writePurchases } from './purchase-rows.ts'
import {
  findReceipts,
  MessageRace,
  noteRepeats,
  type Receipt,
  receiptRows,
  renewReceipts,
  repeatsCome,
  rethrow,
} from './receipts.ts'
import { type Incoming, type Origin, type Outcome, type Recorded, recordedEvent } from './schema.ts'
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
    const recorded = await transaction(store.db, (tx) => {
      const expectNew = origin.again === 'keep' && !isRepeated(tx) && !repeatsCome(store)
      return recordIn(store, tx, batch, origin, { expectNew })
    })
    if (recorded.some(({ status }) => status === 'duplicate' || status === 'rejected')) noteRepeats(store)
    outcomes.push(...recorded)
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
  return recordIn(store, tx, incoming, origin, { expectNew: false })
}

/**
 * With `expectNew` no message is looked for first: one that was recorded before, or that can't be recorded now, makes
 * the transaction fail and run again.
 */
async function recordIn(
  store: Store,
  given: Tx,
  incoming: Incoming[],
  origin: Origin,
  { expectNew }: { expectNew: boolean },
): Promise<Outcome[]> {
  const tx = given.withPlugin(keepStatements)
  // Where many customers are new, batches meet over and over; one that lost twice goes alone then.
  const setting = await readSetting(store, tx, { count: incoming.length, alone: isLosing(given) })
  const items = incoming.map((each) => prepare(each, origin, setting))
  const outcomes = new Array<Outcome | undefined>(items.length)

  const receipts = expectNew ? new Map<string, Receipt>() : await findReceipts(tx, items)
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
    fresh.map(({ incoming: each }) => each),
    {
      limits: setting.limits,
      known: setting.known,
      actor: origin.source,
      ...(origin.importId ? { importId: origin.importId } : {}),
    },
  )
  if (expectNew && identified.some((who) => 'refused' in who))
    throw new MessageRace('what is refused now may have been recorded before')
  const known: Known[] = []
  fresh.forEach((item, index) => {
    const who = identified[index] as Identified
    if ('refused' in who) outcomes[item.position] = { status: 'rejected', reason: who.refused }
    else known.push(owned(item, who.customerId, who.canonicalId))
  })

  // What a changed message says of the customer and the purchase is said again.
  const retold = await ownersOf(tx, changed)
  await applyTraits(tx, [...known, ...retold], origin)
  const purchaseIds = await writePurchases(tx, known, retold, origin)
  const interactions = known.filter(({ incoming: each }) => each.name !== undefined)
  interactions.forEach((item, index) => {
    item.interactionId = setting.ids[index] ?? 0
  })
  if (known.length > 0)
    await copyIn(tx, interactionRows(interactions, purchaseIds, origin), receiptRows(known, origin)).catch(
      rethrow,
    )
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
  return changed.map(({ item, receipt: { customerId } }) =>
    owned(item, customerId, canonical.get(customerId) ?? customerId),
  )
}

/** The same item, of which it is known now whose it is. */
function owned(item: Prepared, customerId: number, canonicalId: number): Known {
  const known = item as Known
  known.customerId = customerId
  known.canonicalId = canonicalId
  return known
}

function outcomeOf(status: 'updated' | 'unchanged' | 'duplicate', receipt: Receipt): Outcome {
  return { status, customerId: receipt.customerId, interactionId: receipt.interactionId }
}

function unreachable(): never {
  throw new Error('an item was left without an outcome')
}

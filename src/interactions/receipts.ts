// Receipts: what was recorded under which message, so that the same is recorded once.
import { sql } from 'kysely'
import { texts } from '../store/arrays.ts'
import { bigint, type CopiedRows, rowsFor, uuid } from '../store/copy-in.ts'
import { type Db, rows, type Tx } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import type { Known, Prepared } from './preparing.ts'
import type { Origin } from './schema.ts'

export interface Receipt {
  key: string
  customerId: number
  interactionId: number | null
  content: bigint | null
}

/** Milliseconds for which more messages are expected to come again, or to be refused, after one did or was. */
const repeatsFor = 60_000
const lastRepeats = new WeakMap<Store, number>()

/** Whether that happened lately: then each message is looked for before it is written. Most never come again. */
export function repeatsCome(store: Store): boolean {
  return performance.now() - (lastRepeats.get(store) ?? Number.NEGATIVE_INFINITY) < repeatsFor
}

export function noteRepeats(store: Store): void {
  lastRepeats.set(store, performance.now())
}

export async function findReceipts(db: Db, items: Prepared[]): Promise<Map<string, Receipt>> {
  const found = await rows(
    db,
    sql<{ key: string; customerId: number; interactionId: number | null; content: string | null }>`
      select replace(key::text, '-', '') as key, customer_id as "customerId",
        interaction_id as "interactionId", content::text as content
      from receipts
      where key = any(${texts(items.map((item) => item.key))}::uuid[])`,
  )
  return new Map(
    found.map((receipt) => [
      receipt.key,
      { ...receipt, content: receipt.content === null ? null : BigInt(receipt.content) },
    ]),
  )
}

export async function renewReceipts(tx: Tx, items: Known[], origin: Origin): Promise<void> {
  if (items.length === 0) return
  await sql`
    update receipts r
    set content = n.content, import_id = coalesce(${origin.importId ?? null}::bigint, r.import_id)
    from unnest(
      ${items.map((item) => item.key)}::uuid[],
      ${items.map((item) => item.content?.toString() ?? null)}::bigint[]
    ) as n(key, content)
    where r.key = n.key`.execute(tx)
}

export function receiptRows(items: Known[], origin: Origin): CopiedRows {
  // in one order over all transactions, so that two of them never wait for each other in a circle
  const sorted = items.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return rowsFor('receipts', sorted, {
    key: uuid((item) => item.key),
    customer_id: bigint((item) => item.customerId),
    interaction_id: bigint((item) => item.interactionId),
    content: bigint((item) => item.content),
    import_id: bigint(() => origin.importId),
  })
}

/** Throws what the database threw, or what it means when it concerns a receipt. */
export function rethrow(error: unknown): never {
  if ((error as { constraint?: string }).constraint === 'receipts_pkey')
    throw new MessageRace('one of these messages is recorded already')
  throw error
}

/** Thrown when a message may be recorded twice; the transaction runs again and sees the other. */
export class MessageRace extends Error {
  readonly code = '40001'
}

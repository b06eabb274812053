// Receipts: what was recorded under which message, so that the same is recorded once.
import { sql } from 'kysely'
import { texts } from '../store/arrays.ts'
import { bigint, copyIn, uuid } from '../store/copy-in.ts'
import { type Db, rows, type Tx } from '../store/database.ts'
import type { Known, Prepared } from './preparing.ts'
import type { Origin } from './schema.ts'

export interface Receipt {
  key: string
  customerId: number
  interactionId: number | null
  content: bigint | null
}

export async function findReceipts(db: Db, items: Prepared[]): Promise<Map<string, Receipt>> {
  const found = await rows(
    db,
    sql<{ key: string; customerId: number; interactionId: number | null; content: string | null }>`
      select key, customer_id as "customerId", interaction_id as "interactionId", content::text as content
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

export async function writeReceipts(tx: Tx, items: Known[], origin: Origin): Promise<void> {
  if (items.length === 0) return
  const sorted = items.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  try {
    await copyIn(tx, 'receipts', sorted, {
      key: uuid((item) => item.key),
      customer_id: bigint((item) => item.customerId),
      interaction_id: bigint((item) => item.interactionId),
      content: bigint((item) => item.content),
      import_id: bigint(() => origin.importId),
    })
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'receipts_pkey')
      throw new MessageRace('another transaction recorded one of these messages first')
    throw error
  }
}

/** Thrown when the same message is being recorded twice at once; the transaction runs again and sees the other. */
class MessageRace extends Error {
  readonly code = '40001'
}

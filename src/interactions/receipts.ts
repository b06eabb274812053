// Receipts: what was recorded under which message, so that the same is recorded once.
import { sql } from 'kysely'
import { numbers, sparseNumbers, texts } from '../store/arrays.ts'
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
  const written = await rows(
    tx,
    sql<{ one: number }>`
      insert into receipts (key, customer_id, interaction_id, content, import_id)
      select *, ${origin.importId ?? null}::bigint
      from unnest(
        ${texts(sorted.map((item) => item.key))}::uuid[],
        ${numbers(sorted.map((item) => item.customerId))}::bigint[],
        ${numbers(sorted.map((item) => item.interactionId))}::bigint[],
        ${sparseNumbers(sorted.map((item) => item.content))}::bigint[]
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

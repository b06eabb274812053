import { sql } from 'kysely'
import { rows, type Tx } from '../store/database.ts'
import { receiptKey } from './receipt-key.ts'
import type { Origin } from './schema.ts'

/**
 * Takes back what we recorded ourselves (a judgement that no longer holds), as if it had not been said.
 * Gives the ids of the customers that it was recorded for. Publishes nothing: what stands in its place does.
 */
export async function forgetInteractions(
  tx: Tx,
  messageIds: string[],
  origin: Pick<Origin, 'source'>,
): Promise<number[]> {
  if (messageIds.length === 0) return []
  const keys = messageIds.map((id) => receiptKey(origin.source, id)).toSorted()
  const gone = await rows(
    tx,
    sql<{ customerId: number }>`
      with receipt as (
        delete from receipts
        where key = any(${keys}::uuid[])
        returning customer_id, interaction_id
      ), interaction as (
        delete from interactions i
        using receipt r
        where i.customer_id = r.customer_id and i.id = r.interaction_id
      )
      insert into projection_dirty (customer_id)
      select distinct customer_id
      from receipt
      returning customer_id as "customerId"`,
  )
  return gone.map(({ customerId }) => customerId)
}

import { sql } from 'kysely'
import type { Tx } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { type Recorded, recordedEvent } from './schema.ts'

/** Has these customers' rows read again by the projection, and the customers judged again. */
export async function customersChanged(store: Store, tx: Tx, customers: number[]): Promise<void> {
  if (customers.length === 0) return
  await sql`
    insert into projection_dirty (customer_id)
    select unnest(${customers}::bigint[])`.execute(tx)
  await store.jobs.publish(tx, recordedEvent, { customers } satisfies Recorded)
}

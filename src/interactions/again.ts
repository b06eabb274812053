import { sql } from 'kysely'
import { rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { type Recorded, recordedEvent } from './schema.ts'

/**
 * Has everything that follows from interactions worked out anew for every customer, when the database says
 * that it is due: after a restore the job queue is empty, and what it had still to do is not known.
 */
export async function reactAgainIfDue(store: Store): Promise<void> {
  await transaction(store.db, async (tx) => {
    const [due] = await rows(
      tx,
      sql<{ due: boolean }>`
        update workspace
        set settings = settings - 'judgeAll'
        where settings ? 'judgeAll'
        returning true as due`,
    )
    if (!due) return
    for (let after = 0; ; ) {
      const customers = await rows(
        tx,
        sql<{ id: number }>`
          select id
          from customers
          where canonical_id = id and id > ${after}
          order by id
          limit 5000`,
      )
      const last = customers.at(-1)
      if (!last) return
      after = last.id
      await store.jobs.publish(tx, recordedEvent, {
        customers: customers.map(({ id }) => id),
      } satisfies Recorded)
    }
  })
}

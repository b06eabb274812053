// Takes back a whole import: what it replaced is put back, what it created goes, customers that only it
// brought go too. In small transactions, each of which removes what it has dealt with: whenever it is killed,
// the next run goes on with what is left.
//
// What others have since added to a customer or purchase that the import made stays, and keeps them there.
import { sql } from 'kysely'
import { customersChanged, undoMergeIn } from '../customers/customers.ts'
import { Conflict } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { clearFolder, importFolder } from './import-folder.ts'
import { withLock } from './lock.ts'
import { putBackTraits, removeCustomers, removeIdentities, removeMemberships } from './undo-customers.ts'
import {
  forgetReceipts,
  putBackExpectations,
  putBackInteractions,
  putBackPurchases,
  putBackVoices,
  removeExpectations,
  removeInteractions,
  removePurchases,
  removeVoices,
} from './undo-facts.ts'
import { batchSize, type Step } from './undo-steps.ts'

const actor: Actor = { kind: 'local', id: 'import', name: 'undoing an import', role: 'owner', scopes: [] }

const steps: Step[] = [
  putBackInteractions,
  removeInteractions,
  forgetReceipts,
  putBackPurchases,
  putBackExpectations,
  removeExpectations,
  removePurchases,
  putBackVoices,
  removeVoices,
  removeMemberships,
  putBackTraits,
  removeIdentities,
  removeCustomers,
]

/** Goes on with an undo until everything is taken back. */
export async function undoImport(store: Store, id: number): Promise<void> {
  await withLock(store, id, async () => {
    const found = await row(
      store.db,
      sql<{ state: string; folder: string }>`select state, folder from imports where id = ${id}`,
    )
    if (found?.state !== 'undoing') return
    await partCustomers(store, id)
    let done = 0
    for (const step of steps)
      for (;;) {
        const customers = await transaction(store.db, async (tx) => {
          const touched = await step(tx, id)
          if (touched) await customersChanged(store, tx, await stillThere(tx, touched))
          return touched
        })
        store.projection?.wake()
        if (!customers) break
        done += batchSize
        await sql`
          update imports
          set progress = progress || jsonb_build_object('done', ${done}::integer)
          where id = ${id}`.execute(store.db)
      }
    await transaction(store.db, async (tx) => {
      await sql`delete from import_rejects where import_id = ${id}`.execute(tx)
      // Of judgements about customers that are gone: there is no index by customer, so once for all.
      await sql`
        delete from receipts r
        where not exists (select from customers c where c.id = r.customer_id)`.execute(tx)
      await sql`delete from import_replaced where import_id = ${id}`.execute(tx)
      await sql`
        update workspace
        set data_source = null
        where data_source = 'own' and not exists (select from customers)`.execute(tx)
      await sql`
        update imports
        set state = 'undone', finished_at = now(), progress = progress - 'stages' - 'at'
        where id = ${id}`.execute(tx)
    })
    await clearFolder(importFolder(store, found.folder))
  })
}

/** Customers that only the import's rows made one are two again. */
async function partCustomers(store: Store, id: number): Promise<void> {
  const merges = await rows(
    store.db,
    sql<{ id: number }>`
      select id
      from merges
      where evidence ? 'importId' and evidence ->> 'importId' = ${String(id)} and undone_at is null
      order by id desc`,
  )
  for (const merge of merges)
    await transaction(store.db, (tx) => undoMergeIn(store, tx, merge.id, actor)).catch((error: unknown) => {
      if (!(error instanceof Conflict)) throw error
    })
}

/** Canonical ids of those that are still there. */
async function stillThere(tx: Tx, ids: number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const found = await rows(
    tx,
    sql<{ id: number }>`
      select distinct canonical_id as id
      from customers
      where id = any(${ids}::bigint[])`,
  )
  return found.map(({ id }) => id)
}

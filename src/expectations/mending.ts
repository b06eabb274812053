// Making good: somebody says "I'll call", then what was done. Each step can be taken back.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalId, idsOfLife } from '../customers/customers.ts'
import { type Recorded, recordedEvent } from '../customers/schema.ts'
import { recordBatch } from '../interactions/interactions.ts'
import { Conflict, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { row, rows, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'

/** Somebody takes a broken promise upon them. Without a note: "I'll call"; with one: it is done, and this was done. */
export async function mend(
  store: Store,
  customerId: number,
  id: number,
  given: { done: boolean; note?: string },
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const found = await lock(tx, customerId, id)
    if (found.state !== 'broken')
      throw new Conflict('This promise is not broken: there is nothing to make good.')
    if (given.done) {
      await sql`
        update expectations
        set mended_at = now(), mended_by = ${actor.name}, mended_note = ${given.note ?? null},
          mending_by = null, mending_at = null, tx = pg_current_xact_id()
        where customer_id = ${found.customerId}::bigint and id = ${id}::bigint`.execute(tx)
      await say(store, tx, found, 'Promise Made Good', given.note, actor)
    } else {
      await sql`
        update expectations
        set mending_at = now(), mending_by = ${actor.name}, tx = pg_current_xact_id()
        where customer_id = ${found.customerId}::bigint and id = ${id}::bigint`.execute(tx)
    }
    await audit(tx, actor, given.done ? 'made good' : 'took upon them', 'expectation', id)
  })
  store.projection?.wake()
}

/** Takes the last step back. What was said on the timeline stays, with its taking back. */
export async function unmend(store: Store, customerId: number, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const found = await lock(tx, customerId, id)
    if (!found.mended && !found.taken)
      throw new Conflict('Nobody has taken this on yet: there is nothing to take back.')
    await sql`
      update expectations
      set mended_at = null, mended_by = null, mended_note = null, mending_by = null, mending_at = null,
        tx = pg_current_xact_id()
      where customer_id = ${found.customerId}::bigint and id = ${id}::bigint`.execute(tx)
    if (found.mended) await say(store, tx, found, 'Promise Open Again', undefined, actor)
    await audit(tx, actor, 'took back the mending of', 'expectation', id)
  })
  store.projection?.wake()
}

/**
 * Marks broken promises as made good where what happened says so already: an event of this name about the
 * same purchase after the promise broke, with what was done in `noteProperty`. For history that comes in whole.
 */
export async function mendFromHistory(store: Store, event: string, noteProperty: string): Promise<number> {
  return transaction(store.db, async (tx) => {
    const mended = await rows(
      tx,
      sql<{ customerId: number }>`
        with done as (
          select distinct on (e.customer_id, e.id) e.customer_id, e.id, i.at,
            coalesce(i.properties ->> ${noteProperty}, i.name) as note
          from interactions i
          join expectations e on e.customer_id = i.customer_id and e.purchase_id = i.purchase_id
          where i.name = ${event}
            and e.state = 'broken'
            and e.mended_at is null
            and i.at > e.decided_at
          order by e.customer_id, e.id, i.at
        ), marked as (
          update expectations e
          set mended_at = done.at, mended_note = done.note, tx = pg_current_xact_id()
          from done
          where e.customer_id = done.customer_id and e.id = done.id
          returning e.customer_id
        )
        select distinct c.canonical_id as "customerId"
        from marked
        join customers c on c.id = marked.customer_id`,
    )
    const customers = mended.map(({ customerId }) => customerId)
    if (customers.length > 0) await store.jobs.publish(tx, recordedEvent, { customers } satisfies Recorded)
    return customers.length
  })
}

interface Found {
  customerId: number
  purchaseId: number | null
  statement: string
  state: string
  mended: boolean
  taken: boolean
}

async function lock(tx: Tx, customerId: number, id: number): Promise<Found> {
  const ids = await idsOfLife(tx, await canonicalId(tx, customerId))
  const found = await row(
    tx,
    sql<Found>`
      select customer_id as "customerId", purchase_id as "purchaseId", statement, state,
        mended_at is not null as mended, mending_at is not null as taken
      from expectations
      where customer_id = any(${ids}::bigint[]) and id = ${id}::bigint
      for update`,
  )
  if (!found) throw new NotFound('expectation of this customer', id)
  return found
}

/** What was done is on the timeline too, for everybody who speaks with the customer next. */
async function say(
  store: Store,
  tx: Tx,
  found: Found,
  name: string,
  note: string | undefined,
  actor: Actor,
): Promise<void> {
  const now = new Date()
  await recordBatch(
    store,
    tx,
    [
      {
        messageId: randomUUID(),
        at: now,
        receivedAt: now,
        identities: [],
        customerId: found.customerId,
        ...(found.purchaseId === null ? {} : { purchaseId: found.purchaseId }),
        name,
        properties: { statement: found.statement, by: actor.name },
        ...(note ? { words: note } : {}),
        memberId: actor.id,
      },
    ],
    { source: 'member', again: 'keep' },
  )
}

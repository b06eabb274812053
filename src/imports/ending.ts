// How an import ends: done, cancelled or failed; or tried again.
import { sql } from 'kysely'
import { TrothError } from '../lib/errors.ts'
import { rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import type { ImportRow } from './progress.ts'
import { Cancelled } from './watch.ts'

const mostTries = 4

/** Ties up the ends: when customers were first and last seen, and what the workspace now holds. */
export async function finish(store: Store, id: number): Promise<void> {
  await sql`
    update imports
    set progress = progress || '{"step": "finishing"}'::jsonb
    where id = ${id}`.execute(store.db)
  await setSeenTimes(store, id)
  await transaction(store.db, async (tx) => {
    await sql`
      update workspace
      set data_source = coalesce(data_source, 'own')`.execute(tx)
    await sql`
      update imports
      set state = 'done', finished_at = now(), progress = progress - 'stages' - 'at' - 'tries'
      where id = ${id}`.execute(tx)
  })
}

/** A customer made by this import was first seen when the first thing happened, not when the file was read. */
async function setSeenTimes(store: Store, id: number): Promise<void> {
  for (let after = 0; ; ) {
    const changed = await rows(
      store.db,
      sql<{ id: number }>`
        with these as (
          select id
          from customers
          where import_id = ${id} and id > ${after}
          order by id
          limit 5000
        ),
        seen as (
          select i.customer_id, min(i.at) as first_at, max(i.at) as last_at
          from interactions i
          join these t on t.id = i.customer_id
          group by i.customer_id
        ),
        written as (
          update customers c
          set first_seen_at = s.first_at, last_seen_at = s.last_at, tx = pg_current_xact_id()
          from seen s
          where c.id = s.customer_id
            and (c.first_seen_at, c.last_seen_at) is distinct from (s.first_at, s.last_at)
        )
        select id
        from these
        order by id desc
        limit 1`,
    )
    const last = changed[0]?.id
    if (last === undefined) return
    after = last
  }
}

export async function settleFailure(store: Store, found: ImportRow, error: unknown): Promise<void> {
  if (error instanceof Cancelled) {
    // What came in stays, and has to be right whether or not somebody goes on.
    await setSeenTimes(store, found.id)
    await sql`
      update imports
      set state = 'cancelled', finished_at = now(), cancel_asked = false
      where id = ${found.id}`.execute(store.db)
    return
  }
  if (error instanceof TrothError) {
    await fail(store, found.id, error.message)
    return
  }
  // A passing trouble (the database restarts) or a bug: tried again, but not for ever.
  const tries = (found.progress.tries ?? 0) + 1
  if (tries >= mostTries) {
    store.log.error({ err: error, import: found.id }, 'an import was given up')
    await fail(
      store,
      found.id,
      `It stopped ${tries} times without a reason it could name: ${(error as Error).message}`,
    )
    return
  }
  await sql`
    update imports
    set progress = progress || jsonb_build_object('tries', ${tries}::integer)
    where id = ${found.id}`.execute(store.db)
  throw error
}

async function fail(store: Store, id: number, reason: string): Promise<void> {
  await sql`
    update imports
    set state = 'failed', finished_at = now(), error = ${reason}
    where id = ${id}`.execute(store.db)
}

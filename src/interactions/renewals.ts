// A renewal that does not come is something that happened too. Once a day every purchase whose date went by
// without one gets a "Renewal Missed" at that date; news of a renewal that was in time after all takes it back.
import { sql } from 'kysely'
import { customersChanged } from '../customers/customers.ts'
import { rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { recordInteractions } from './record.ts'
import type { Incoming } from './schema.ts'

/** Days after the date before it counts as gone by: renewals are booked a little late. */
const graceDays = 2
const renewedNames = ['Contract Renewed', 'Subscription Renewed', 'Project Renewed', 'Order Renewed']

interface Due {
  customerId: number
  purchaseId: number
  kind: string
  key: string
  name: string | null
  renewsAt: Date
}

/** Records what was missed by `now`. Gives how many. */
export async function recordMissedRenewals(store: Store, now = new Date()): Promise<number> {
  await takeBackMistaken(store)
  const missed = await rows(
    store.db,
    sql<Due>`
      with due as (
        select p.*
        from purchases p
        where p.state in ('sold', 'delivered', 'renewed')
          and p.renews_at < ${new Date(now.getTime() - graceDays * 86_400_000)}
      ), steps as (
        select due.id, due.sold_at as at
        from due
        where due.sold_at is not null
        union all
        select due.id, i.at
        from due
        join customers owner on owner.id = due.customer_id
        join customers m on m.canonical_id = owner.canonical_id
        join interactions i on i.customer_id = m.id and i.purchase_id = due.id
        where i.name = any(${renewedNames}::text[])
      ), last as (
        -- the last step before the date, and how long the one before it lasted
        select distinct on (id) id, at, at - lag(at) over (partition by id order by at) as term,
          count(*) over (partition by id) as steps
        from steps
        order by id, at desc
      )
      select due.customer_id as "customerId", due.id as "purchaseId", due.kind, due.key, due.name,
        due.renews_at as "renewsAt"
      from due
      left join last on last.id = due.id
      -- A renewal soon before the date, measured by the term before it, was for this date: the next one was not said.
      where not coalesce(last.steps > 1 and (last.at >= due.renews_at or due.renews_at - last.at < last.term / 2), false)
        and not exists (
          select from interactions i
          where i.customer_id = due.customer_id and i.at = due.renews_at and i.purchase_id = due.id
            and i.name = 'Renewal Missed')
      order by due.id`,
  )
  const outcomes = await recordInteractions(
    store,
    missed.map((purchase) => incomingOf(purchase, now)),
    { source: 'troth', again: 'keep' },
  )
  return outcomes.filter(({ status }) => status === 'created').length
}

function incomingOf(purchase: Due, now: Date): Incoming {
  return {
    messageId: `renewal-missed:${purchase.purchaseId}:${purchase.renewsAt.toISOString()}`,
    at: purchase.renewsAt,
    receivedAt: now,
    identities: [],
    name: 'Renewal Missed',
    customerId: purchase.customerId,
    purchaseId: purchase.purchaseId,
    properties: { renewal_of: purchase.name ?? purchase.key, kind: purchase.kind },
  }
}

/** Deletes a miss when a renewal that was in time has become known since. */
async function takeBackMistaken(store: Store): Promise<void> {
  await transaction(store.db, async (tx) => {
    const gone = await rows(
      tx,
      sql<{ id: number; customerId: number }>`
        delete from interactions i
        using purchases p
        where p.renews_at is not null and p.renewals > 0
          and i.customer_id = p.customer_id and i.purchase_id = p.id
          and i.name = 'Renewal Missed' and i.source = 'troth'
          and exists (
            select from interactions r
            where r.customer_id = p.customer_id and r.purchase_id = p.id
              and r.name = any(${renewedNames}::text[])
              and r.at <= i.at + make_interval(days => ${graceDays}) and r.received_at > i.received_at)
        returning i.id, i.customer_id as "customerId"`,
    )
    if (gone.length === 0) return
    await sql`
      delete from receipts
      where interaction_id = any(${gone.map(({ id }) => id)}::bigint[])
        and customer_id = any(${gone.map(({ customerId }) => customerId)}::bigint[])`.execute(tx)
    const customers = await rows(
      tx,
      sql<{ id: number }>`
        select distinct canonical_id as id
        from customers
        where id = any(${gone.map(({ customerId }) => customerId)}::bigint[])`,
    )
    await customersChanged(
      store,
      tx,
      customers.map(({ id }) => id),
    )
  })
}

/** Looks once a day, early. */
export function registerRenewals(store: Store): void {
  store.jobs.handle(
    'interactions.renewals',
    async () => {
      await recordMissedRenewals(store)
    },
    { every: '10 3 * * *', batch: 10 },
  )
}

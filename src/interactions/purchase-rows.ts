import { sql } from 'kysely'
import { numbers, texts, times } from '../store/arrays.ts'
import { rows, type Tx } from '../store/database.ts'
import { keepPurchases } from './replaced.ts'
import type { Incoming, IncomingPurchase, Origin } from './schema.ts'

interface Item {
  incoming: Incoming
  customerId: number
  purchase: IncomingPurchase | undefined
}

/** Makes or brings up to date the purchases that the items are about. Gives their ids by key. */
export async function writePurchases(
  tx: Tx,
  fresh: Item[],
  retold: Item[],
  origin: Origin,
): Promise<Map<string, number>> {
  const again = new Set(retold)
  const byKey = new Map<string, { customerId: number; changes: IncomingPurchase[]; renewals: number }>()
  const inTime = [...fresh, ...retold]
    .filter(({ purchase }) => purchase)
    .sort((a, b) => a.incoming.at.getTime() - b.incoming.at.getTime())
  for (const item of inTime) {
    if (!item.purchase) continue
    const key = purchaseKey(item.purchase)
    const entry = byKey.get(key) ?? { customerId: item.customerId, changes: [], renewals: 0 }
    entry.changes.push(item.purchase)
    if (item.purchase.state === 'renewed' && !again.has(item)) entry.renewals += 1
    byKey.set(key, entry)
  }
  if (byKey.size === 0) return new Map()
  const sorted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))
  const merged = sorted.map(([, { customerId, changes, renewals }]) => ({
    customerId,
    change: changes.reduce(combine),
    renewals,
  }))
  await keepPurchases(
    tx,
    merged.map(({ change }) => change),
    origin,
  )
  const written = await rows(
    tx,
    sql<{ id: number; kind: string; key: string }>`
      insert into purchases as p (
        customer_id, kind, key, name, state, value_minor, currency, sold_at, delivered_at, renews_at, ended_at,
        renewals, import_id
      )
      select customer_id, kind, key, name, coalesce(state, 'sold'), value_minor, currency, sold_at, delivered_at,
        renews_at, ended_at, renewals, ${origin.importId ?? null}::bigint
      from unnest(
        ${numbers(merged.map((each) => each.customerId))}::bigint[],
        ${texts(merged.map((each) => each.change.kind))}::text[],
        ${texts(merged.map((each) => each.change.key))}::text[],
        ${texts(merged.map((each) => each.change.name))}::text[],
        ${texts(merged.map((each) => each.change.state))}::text[],
        ${numbers(merged.map((each) => each.change.valueMinor))}::bigint[],
        ${texts(merged.map((each) => each.change.currency))}::text[],
        ${times(merged.map((each) => each.change.soldAt))}::timestamptz[],
        ${times(merged.map((each) => each.change.deliveredAt))}::timestamptz[],
        ${times(merged.map((each) => each.change.renewsAt))}::timestamptz[],
        ${times(merged.map((each) => each.change.endedAt))}::timestamptz[],
        ${numbers(merged.map((each) => each.renewals))}::integer[]
      ) as n(customer_id, kind, key, name, state, value_minor, currency, sold_at, delivered_at, renews_at,
        ended_at, renewals)
      on conflict (kind, key) do update
      set name = coalesce(excluded.name, p.name),
        -- a later state stays when the news of an earlier one comes late
        state = case
          when array_position(array['proposed', 'sold', 'delivered', 'renewed', 'ended', 'cancelled'], excluded.state)
            > array_position(array['proposed', 'sold', 'delivered', 'renewed', 'ended', 'cancelled'], p.state)
          then excluded.state
          else p.state
        end,
        value_minor = coalesce(excluded.value_minor, p.value_minor),
        currency = coalesce(excluded.currency, p.currency),
        sold_at = coalesce(excluded.sold_at, p.sold_at),
        delivered_at = coalesce(excluded.delivered_at, p.delivered_at),
        renews_at = coalesce(excluded.renews_at, p.renews_at),
        ended_at = coalesce(excluded.ended_at, p.ended_at),
        renewals = p.renewals + excluded.renewals,
        tx = pg_current_xact_id()
      returning p.id, p.kind, p.key`,
  )
  return new Map(written.map((purchase) => [purchaseKey(purchase), purchase.id]))
}

const stateOrder = ['proposed', 'sold', 'delivered', 'renewed', 'ended', 'cancelled']

function combine(all: IncomingPurchase, change: IncomingPurchase): IncomingPurchase {
  const keeps = stateOrder.indexOf(change.state ?? '') < stateOrder.indexOf(all.state ?? '')
  return { ...all, ...change, ...(keeps && all.state ? { state: all.state } : {}) }
}

/** What a purchase is known by within a batch. */
export function purchaseKey(purchase: { kind: string; key: string } | undefined): string {
  return purchase ? `${purchase.kind}\u0001${purchase.key}` : ''
}

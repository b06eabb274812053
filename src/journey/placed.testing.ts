// History on a map, for tests of placing it again: what happened, where it stands, and where it belongs.
import { sql } from 'kysely'
import type { Actor } from '../lib/http.ts'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { flat, moveTouchpoint, removeTouchpoint, touchpointsOf } from './arrangement.ts'
import { compilePlacing } from './placing.ts'
import { readJourney } from './queries.ts'
import type { MapStage, PlacingRule } from './schema.ts'

export const anna: Actor = { kind: 'member', id: '1', name: 'Anna', role: 'manager', scopes: [] }

/** Interactions of 97 customers under 12 names, three channels, five paths; placed as the present map says. */
export async function happen(store: Store, count: number): Promise<void> {
  await sql`
    insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now()
    from generate_series(1, 97) as s(g)
    on conflict do nothing`.execute(store.db)
  await sql`
    insert into interactions (customer_id, at, name, channel, properties, source)
    select 1 + g % 97, now() - g * interval '1 minute',
      (array['Ad Clicked', 'Viewed /help/a', 'Viewed /products/7', 'Order Completed', 'Order Delivered',
        'parcel_delivered', 'Invoice Sent', 'Support Contacted', 'Product Reviewed', 'Odd Thing', 'order completed',
        'Newsletter Sent'])[1 + g % 12],
      (array['web', 'email', ''])[1 + g % 3],
      jsonb_build_object('path', (array['/help/a', '/products/7', '/cart', '/', '/account'])[1 + g % 5], 'total', g % 50),
      'test'
    from generate_series(1, ${count}::integer) as s(g)`.execute(store.db)
  const { stages } = await readJourney(store.db)
  await place(store, stages)
}

async function stored(store: Store) {
  return rows(
    store.db,
    sql<{
      customerId: number
      id: number
      name: string
      channel: string
      properties: Record<string, unknown>
      touchpointId: number | null
    }>`
      select customer_id as "customerId", id, name, channel, properties, touchpoint_id as "touchpointId"
      from interactions
      order by customer_id, id`,
  )
}

/** Where everything belongs when it is placed from scratch. */
export async function fromScratch(store: Store, stages: MapStage[]): Promise<(number | null)[]> {
  const map = flat(stages)
  const placing = compilePlacing(map.stages, map.touchpoints)
  return (await stored(store)).map(placing)
}

export async function place(store: Store, stages: MapStage[]): Promise<void> {
  const places = await fromScratch(store, stages)
  const all = await stored(store)
  await sql`
    update interactions i
    set touchpoint_id = p.touchpoint_id
    from unnest(${all.map((each) => each.id)}::bigint[], ${places}::integer[]) as p(id, touchpoint_id)
    where i.id = p.id`.execute(store.db)
}

export async function places(store: Store): Promise<(number | null)[]> {
  return (await stored(store)).map((each) => each.touchpointId)
}

const someRules: PlacingRule[] = [
  { event: 'parcel_delivered' },
  { event: 'Order*' },
  { event: 'order completed', channel: 'web' },
  { path: '/help/*' },
  { channel: 'email' },
  { event: 'Viewed *', path: '/products/*' },
  { event: 'Order Completed', where: [{ property: 'total', is: 'above', value: 25 }] },
  { where: [{ property: 'total', is: 'equals', value: 3 }] },
  { event: 'Odd Thing' },
]

/** A map with one more rule somewhere, one rule fewer, a touchpoint moved or one removed. */
export function edited(stages: MapStage[], edit: { kind: number; pick: number; rule: number }): MapStage[] {
  const all = touchpointsOf(stages)
  const chosen = all[edit.pick % all.length]
  const rule = someRules[edit.rule % someRules.length]
  if (!chosen || !rule) return stages
  if (edit.kind === 2) return moveTouchpoint(stages, chosen.id, edit.rule % 2 ? 'right' : 'up')
  if (edit.kind === 3) return removeTouchpoint(stages, chosen.id, null)
  return stages.map((stage) => ({
    ...stage,
    touchpoints: stage.touchpoints.map((each) =>
      each.id === chosen.id
        ? { ...each, rules: edit.kind === 0 ? [...each.rules, rule] : each.rules.slice(1) }
        : each,
    ),
  }))
}

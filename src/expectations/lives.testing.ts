// Lives for tests of this room: events that come in, and what then stands there of promises.
import { sql } from 'kysely'
import { recordInteractions } from '../interactions/interactions.ts'
import type { Incoming } from '../interactions/schema.ts'
import type { Actor } from '../lib/http.ts'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'

export const actor: Actor = { kind: 'member', id: 'm1', name: 'Jonas', role: 'manager', scopes: [] }
let messages = 0

export function event(
  name: string,
  at: string,
  properties: Record<string, unknown> = {},
  user = 'u1',
): Incoming {
  return {
    messageId: `e${messages++}`,
    at: new Date(at),
    receivedAt: new Date(at),
    identities: [{ kind: 'user_id', source: '', value: user }],
    name,
    properties: { order_id: `o-${user}`, ...properties },
  }
}

export async function happen(store: Store, ...events: Incoming[]): Promise<void> {
  await recordInteractions(store, events, { source: 'api:1', again: 'replace' })
  await store.jobs.drain()
}

export async function standing(store: Store): Promise<string[]> {
  const found = await rows(
    store.db,
    sql<{ state: string; awaited: boolean; gap: number | null; firstGap: number | null; moves: number }>`
      select state, awaited, gap, first_gap as "firstGap", moves
      from expectations
      order by opened_at, opening`,
  )
  return found.map(
    (each) => `${each.state}${each.awaited ? ' awaited' : ''} ${each.gap} ${each.firstGap} ${each.moves}`,
  )
}

export async function timeline(store: Store): Promise<string[]> {
  const found = await rows(
    store.db,
    sql<{ name: string; day: string }>`
      select name, (at at time zone 'UTC')::date::text as day
      from interactions
      where judgement
      order by at, name`,
  )
  return found.map(({ name, day }) => `${day} ${name}`)
}

export async function customerOf(store: Store): Promise<number> {
  const [found] = await rows(store.db, sql<{ id: number }>`select canonical_id as id from customers limit 1`)
  return found?.id ?? 0
}

// Customers for tests of this room: what happened to them, and where they then stand.
import { sql } from 'kysely'
import type { Incoming } from '../interactions/schema.ts'
import { rows } from '../store/database.ts'
import type { Store } from '../store/store.ts'

export const origin = { source: 'api:1', again: 'keep' } as const
const start = Date.UTC(2026, 0, 1)
const dayMs = 86_400_000

let messages = 0

export function happened(
  name: string,
  days: number,
  properties: Record<string, unknown> = {},
  more: Partial<Incoming> = {},
): Incoming {
  const at = new Date(start + days * dayMs)
  return {
    messageId: `m${messages++}`,
    at,
    receivedAt: at,
    identities: [{ kind: 'user_id', source: '', value: 'u1' }],
    name,
    properties,
    ...more,
  }
}

export const as = (user: string): Partial<Incoming> => ({
  identities: [{ kind: 'user_id', source: '', value: user }],
})

export async function standings(store: Store) {
  return rows(
    store.db,
    sql<{
      id: number
      state: string
      kinds: string[]
      sales: number
      value: number
      words: string | null
      before: number | null
      after: number | null
    }>`
      select customer_id as id, state, sales, value_minor as value, last_words as words,
        experience_before as before, experience_after as after,
        array(select fact ->> 'kind' from jsonb_array_elements(facts) as f(fact)) as kinds
      from standings
      order by customer_id`,
  )
}

export const bought = (days: number, order: string, more: Partial<Incoming> = {}) =>
  happened('Order Completed', days, { order_id: order, total: 100, currency: 'EUR' }, more)

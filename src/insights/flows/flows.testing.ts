import { sql } from 'kysely'
import { type TestStore, testStore } from '../../store/testing.ts'
import { Asking } from '../asking/asking.ts'
import { flows } from './flows.ts'
import { type Flows, flowsQuery } from './schema.ts'

export async function ask(store: TestStore, asked: object = {}): Promise<Flows> {
  await store.projection?.catchUp()
  return (await flows.answering(new Asking(store), flowsQuery.parse(asked))) as Flows
}

export async function company(): Promise<TestStore> {
  const store = await testStore()
  await sql`insert into stages (id, name, side, position) values (1, 'Decide', 'before', 1), (2, 'Use', 'after', 1)`.execute(
    store.db,
  )
  await sql`insert into touchpoints (id, stage_id, name, position, by, purpose) values
    (1, 1, 'Advert', 1, 'us', 'sell'), (2, 1, 'Order', 2, 'customer', 'sale'), (3, 2, 'Delivery', 1, 'us', 'use')`.execute(
    store.db,
  )
  await sql`insert into customers (id, canonical_id, first_seen_at, last_seen_at)
    select g, g, now(), now() from generate_series(1, 400) g`.execute(store.db)
  return store
}

export async function life(store: TestStore, who: number, steps: [string, string | null][]): Promise<void> {
  for (const [at, where] of steps) await step(store, who, at, where)
}

export async function step(
  store: TestStore,
  who: number,
  at: string,
  where: string | null,
  purchase: number | null = null,
): Promise<void> {
  await sql`insert into interactions (customer_id, at, name, source, channel, touchpoint_id, purchase_id)
    values (${who}, ${at.includes('T') ? at : `${at}T12:00:00Z`}, 'Step', 't', 'web',
      (select id from touchpoints where name = ${where}), ${purchase})`.execute(store.db)
}

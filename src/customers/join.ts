import { sql } from 'kysely'
import { Conflict } from '../lib/errors.ts'
import { row, rows, type Tx } from '../store/database.ts'

export interface Join {
  /** Canonical id of the customer whose page stays. */
  survivor: number
  /** Canonical id of the customer that becomes part of it. */
  absorbed: number
  rule: string
  evidence: object
  actor: string
}

/**
 * Makes two customers one. Nothing that came in is rewritten: the absorbed rows only point to the survivor,
 * so that undoing gives back exactly what was there. Gives the merge's id.
 * @throws Conflict when one of them has meanwhile been joined to another, or both are one already
 */
export async function joinCustomers(tx: Tx, join: Join): Promise<number> {
  const { survivor, absorbed } = join
  const locked = await rows(
    tx,
    sql<{ id: number; canonical_id: number }>`
      select id, canonical_id
      from customers
      where id = any(${[survivor, absorbed]}::bigint[])
      order by id
      for update`,
  )
  if (
    survivor === absorbed ||
    locked.length < 2 ||
    locked.some((customer) => customer.id !== customer.canonical_id)
  )
    throw new Conflict('These customers are not two separate ones any more. Look again and choose anew.')
  const moved = await rows(
    tx,
    sql<{ id: number }>`
      update customers
      set canonical_id = ${survivor}, tx = pg_current_xact_id()
      where canonical_id = ${absorbed}
      returning id`,
  )
  const merge = await row(
    tx,
    sql<{ id: number }>`
      insert into merges (survivor_id, absorbed_id, moved, rule, evidence, actor)
      values (${survivor}, ${absorbed}, ${moved.map(({ id }) => id)}::bigint[], ${join.rule},
        ${JSON.stringify(join.evidence)}::jsonb, ${join.actor})
      returning id`,
  )
  // Both are kept for one canonical customer each: the survivor's is worked out anew.
  await sql`delete from standings where customer_id = ${absorbed}`.execute(tx)
  await sql`delete from scores where customer_id = ${absorbed}`.execute(tx)
  await sql`delete from segment_members where customer_id = ${absorbed}`.execute(tx)
  await sql`
    insert into projection_dirty (customer_id)
    select unnest(${[survivor, absorbed]}::bigint[])`.execute(tx)
  return merge?.id ?? 0
}

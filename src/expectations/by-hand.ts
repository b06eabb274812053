// What a person does to a single expectation, whoever stated it: it is settled, moved, and taken back.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalId, idsOfLife } from '../customers/customers.ts'
import { recordBatch } from '../interactions/interactions.ts'
import { Conflict, Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { readDue } from './due.ts'
import { movedByHand } from './judge.ts'
import type { StoredSettlement } from './loading.ts'
import { judgeWithin } from './replay.ts'
import type { Dimension } from './schema.ts'

/** An outcome that a person enters, for any expectation: it stands over what the events say. */
export interface OutcomeByHand {
  /** Left out: worked out from when it came. */
  state?: 'kept' | 'exceeded' | 'broken' | 'withdrawn'
  at?: Date
  /** Minor units or points, for money and points. */
  actual?: number
  note?: string
}

/** Settles an expectation. @throws NotFound; Invalid for a time to come */
export async function settleByHand(
  store: Store,
  customerId: number,
  id: number,
  outcome: OutcomeByHand,
  actor: Actor,
): Promise<void> {
  const at = outcome.at ?? new Date()
  if (at.getTime() > Date.now() + 60_000)
    throw new Invalid('That is still to come: enter it when it has happened.', [
      { field: 'at', reason: 'lies in the future' },
    ])
  await onExpectation(store, customerId, id, async (tx, found) => {
    if (found.dimension !== 'days' && outcome.state === undefined && outcome.actual === undefined)
      throw new Invalid('Say what it came to, or whether it was kept.', [
        { field: 'actual', reason: 'missing' },
      ])
    const settled: StoredSettlement = {
      state: outcome.state ?? null,
      at: at.getTime(),
      came: outcome.state === undefined || outcome.state === 'kept' || outcome.state === 'exceeded',
      actual: outcome.actual ?? null,
      by: actor.name,
      note: outcome.note ?? null,
    }
    await setSettled(tx, found, settled)
    await audit(tx, actor, 'settled', 'expectation', id, { state: outcome.state ?? 'came' })
  })
}

/** Takes a person's outcome back; the events and the calendar decide again. @throws NotFound; Conflict */
export async function unsettle(store: Store, customerId: number, id: number, actor: Actor): Promise<void> {
  await onExpectation(store, customerId, id, async (tx, found) => {
    if (!found.settled) throw new Conflict('Nobody entered an outcome here: there is nothing to take back.')
    await setSettled(tx, found, null)
    await audit(tx, actor, 'took back the outcome of', 'expectation', id)
  })
}

/** Names another time. `by`: who asked for it; `toldAt`: when the customer was told, if they were. */
export async function moveByHand(
  store: Store,
  customerId: number,
  id: number,
  move: { due: string; by: 'us' | 'customer'; toldAt?: Date },
  actor: Actor,
): Promise<void> {
  await onExpectation(store, customerId, id, async (tx, found) => {
    const now = new Date()
    if (!readDue(move.due, { said: now.getTime(), timeZone: found.timeZone }))
      throw new Invalid(`“${move.due}” is no day, week or time that we can read.`, [
        { field: 'due', reason: 'not understood' },
      ])
    if (found.state !== 'open' && !found.awaited)
      throw new Conflict(`This is ${found.state} already: what is decided can’t be moved.`)
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
          name: movedByHand,
          properties: {
            rule_id: found.ruleId,
            opening: found.opening,
            statement: found.statement,
            due: move.due,
            moved_by: move.by,
            ...(move.toldAt ? { told_at: move.toldAt.toISOString() } : {}),
          },
          memberId: actor.id,
        },
      ],
      { source: 'member', again: 'keep' },
    )
    await audit(tx, actor, 'moved', 'expectation', id, { due: move.due, by: move.by })
  })
}

interface Found {
  id: number
  customerId: number
  purchaseId: number | null
  ruleId: number | null
  opening: string
  statement: string
  dimension: Dimension
  state: string
  awaited: boolean
  settled: StoredSettlement | null
  timeZone: string
}

/** Changes one expectation of a customer's life and judges the life again, in one transaction. */
async function onExpectation(
  store: Store,
  customerId: number,
  id: number,
  change: (tx: Tx, found: Found) => Promise<void>,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const found = await find(tx, customerId, id)
    await change(tx, found)
    await judgeWithin(store, tx, [found.customerId])
  })
  store.projection?.wake()
}

async function find(tx: Db, customerId: number, id: number): Promise<Found> {
  const ids = await idsOfLife(tx, await canonicalId(tx, customerId))
  const found = await row(
    tx,
    sql<Found>`
      select e.id, e.customer_id as "customerId", e.purchase_id as "purchaseId", e.rule_id as "ruleId",
        e.opening, e.statement, e.dimension, e.state, e.awaited, e.settled,
        coalesce(c.time_zone, w.time_zone) as "timeZone"
      from expectations e
      join customers m on m.id = e.customer_id
      join customers c on c.id = m.canonical_id
      cross join workspace w
      where e.customer_id = any(${ids}::bigint[]) and e.id = ${id}::bigint`,
  )
  if (!found) throw new NotFound('expectation of this customer', id)
  return found
}

async function setSettled(tx: Tx, found: Found, settled: StoredSettlement | null): Promise<void> {
  await sql`
    update expectations
    set settled = ${settled ? JSON.stringify(settled) : null}::jsonb, tx = pg_current_xact_id()
    where customer_id = ${found.customerId}::bigint and id = ${found.id}::bigint`.execute(tx)
}

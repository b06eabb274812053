// What people log by hand: a call, a visit, a note. It comes in through the same door as everything else.
// What was logged can be put right or taken back by who logged it for a week, and by managers always.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalId } from '../customers/customers.ts'
import { Invalid, NotFound, TrothError } from '../lib/errors.ts'
import { type Actor, hasRole } from '../lib/http.ts'
import { row, type Tx, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { recordBatch } from './record.ts'
import {
  type InteractionLog,
  type InteractionLogChange,
  logKinds,
  type Recorded,
  recordedEvent,
} from './schema.ts'

/** How far a + or − lies from the middle. */
const impressionStep = 75
const changeableFor = 7 * 86_400_000
/** Clocks differ, and a visit may be noted when it begins. */
const future = 86_400_000

/**
 * Writes down what somebody of us did or heard. Gives the interaction's id.
 * @param key makes the same form sent twice one interaction
 * @throws NotFound, Invalid
 */
export async function logInteraction(
  store: Store,
  customer: number,
  log: InteractionLog,
  actor: Actor,
  key: string = randomUUID(),
): Promise<{ customerId: number; id: number }> {
  const at = log.at ? new Date(log.at) : new Date()
  assertPlausible(at)
  const what = logKinds[log.kind]
  return transaction(store.db, async (tx) => {
    const customerId = await canonicalId(tx, customer)
    if (log.memberId !== undefined) await assertMember(tx, log.memberId)
    const memberId = log.memberId ?? (actor.kind === 'member' ? actor.id : undefined)
    const [outcome] = await recordBatch(
      store,
      tx,
      [
        {
          messageId: `log:${key}`,
          at,
          receivedAt: new Date(),
          identities: [],
          customerId,
          name: what.name,
          channel: what.channel,
          properties: { logged_by: actor.id },
          ...(log.words ? { words: log.words } : {}),
          ...(log.impression === undefined
            ? {}
            : { experience: { value: log.impression * impressionStep, evidence: 'impression' as const } }),
          ...(memberId === undefined ? {} : { memberId }),
          ...(log.restrictedTo ? { restrictedTo: log.restrictedTo } : {}),
          ...(log.purchaseId === undefined ? {} : { purchaseId: log.purchaseId }),
        },
      ],
      { source: 'member', again: 'keep' },
    )
    if (!outcome || outcome.status === 'rejected' || outcome.interactionId === null)
      throw new Invalid(
        outcome?.status === 'rejected' ? outcome.reason : 'This could not be written down. Try again.',
      )
    if (outcome.status === 'created')
      await audit(tx, actor, 'logged', 'interaction', outcome.interactionId, { kind: log.kind, customerId })
    return { customerId, id: outcome.interactionId }
  })
}

/** Puts right what was logged by hand. Only what is given changes. @throws NotFound, TrothError (forbidden) */
export async function changeLogged(
  store: Store,
  customer: number,
  id: number,
  change: InteractionLogChange,
  actor: Actor,
): Promise<void> {
  const at = change.at ? new Date(change.at) : null
  if (at) assertPlausible(at)
  await transaction(store.db, async (tx) => {
    const logged = await findLogged(tx, customer, id, actor)
    if (change.memberId !== undefined) await assertMember(tx, change.memberId)
    const value = change.impression === undefined ? null : change.impression * impressionStep
    await sql`
      update interactions
      set at = coalesce(${at}, at),
        words = case when ${change.words !== undefined} then nullif(${change.words ?? ''}, '') else words end,
        experience = case when ${value !== null} then ${value}::smallint else experience end,
        evidence = case when ${value !== null} then 3 else evidence end,
        member_id = coalesce(${change.memberId ?? null}, member_id),
        restricted_to = case
          when ${change.restrictedTo !== undefined} then ${change.restrictedTo ?? null}
          else restricted_to
        end,
        tx = pg_current_xact_id()
      where customer_id = ${logged.rowId} and id = ${id}`.execute(tx)
    await audit(tx, actor, 'changed', 'interaction', id, { fields: Object.keys(change) })
    await store.jobs.publish(tx, recordedEvent, { customers: [logged.customerId] } satisfies Recorded)
  })
}

/** Takes back what was logged by hand. @throws NotFound, TrothError (forbidden) */
export async function deleteLogged(store: Store, customer: number, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const logged = await findLogged(tx, customer, id, actor)
    await sql`delete from interactions where customer_id = ${logged.rowId} and id = ${id}`.execute(tx)
    await sql`insert into projection_dirty (customer_id) values (${logged.customerId})`.execute(tx)
    await audit(tx, actor, 'deleted', 'interaction', id, { name: logged.name })
    await store.jobs.publish(tx, recordedEvent, { customers: [logged.customerId] } satisfies Recorded)
  })
}

async function findLogged(tx: Tx, customer: number, id: number, actor: Actor) {
  const customerId = await canonicalId(tx, customer)
  const found = await row(
    tx,
    sql<{ rowId: number; name: string; source: string; loggedBy: string | null; receivedAt: Date }>`
      select
        i.customer_id as "rowId", i.name, i.source, i.properties ->> 'logged_by' as "loggedBy",
        i.received_at as "receivedAt"
      from customers c
      join interactions i on i.customer_id = c.id
      where c.canonical_id = ${customerId} and i.id = ${id}
      for update of i`,
  )
  if (!found) throw new NotFound('interaction', id)
  if (found.source !== 'member')
    throw new TrothError(
      'forbidden',
      'Only what was logged by hand can be changed here. What came from another system is put right there.',
    )
  const own = found.loggedBy === actor.id && Date.now() - found.receivedAt.getTime() < changeableFor
  if (!own && !hasRole(actor, 'manager'))
    throw new TrothError(
      'forbidden',
      'Only who logged this can change it, within a week; after that a manager can.',
    )
  return { ...found, customerId }
}

async function assertMember(tx: Tx, id: string): Promise<void> {
  const found = await row(tx, sql<{ one: number }>`select 1 as one from auth.member where id = ${id}`)
  if (!found)
    throw new Invalid('The person it was with is not in the team.', [
      { field: 'memberId', reason: 'not a member of the team' },
    ])
}

function assertPlausible(at: Date): void {
  if (at.getTime() > Date.now() + future || at.getUTCFullYear() < 1970)
    throw new Invalid('That time lies in the future. Log it when it has happened.', [
      { field: 'at', reason: 'lies in the future' },
    ])
}

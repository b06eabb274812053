// What people do from the Today page: take a case upon them, take that back, thank somebody.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalId } from '../../customers/customers.ts'
import { recordBatch } from '../../interactions/interactions.ts'
import { Invalid, NotFound } from '../../lib/errors.ts'
import type { Actor } from '../../lib/http.ts'
import { row, transaction } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { audit } from '../../team/team.ts'
import type { Taking, Thanks } from './today-schema.ts'

/** "I'll call": shown to everybody until it is done or taken back. Who said it first keeps it. @throws NotFound */
export async function takeCase(store: Store, { kind, customerId }: Taking, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const customer = await canonicalId(tx, customerId)
    await sql`
      insert into takings as k (kind, customer_id, member_id, member_name)
      values (${kind}, ${customer}::bigint, ${actor.id}, ${actor.name})
      on conflict (customer_id, kind) do update
      set member_id = excluded.member_id, member_name = excluded.member_name, at = now()`.execute(tx)
    await audit(tx, actor, 'took upon them', 'customer', customer, { kind })
  })
}

/** @throws NotFound */
export async function giveBackCase(store: Store, { kind, customerId }: Taking, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const customer = await canonicalId(tx, customerId)
    const gone = await row(
      tx,
      sql<{ at: Date }>`
        delete from takings
        where kind = ${kind} and customer_id = ${customer}::bigint
        returning at`,
    )
    if (!gone) throw new NotFound('case that somebody took', customerId)
    await audit(tx, actor, 'gave back', 'customer', customer, { kind })
  })
}

const channels: Record<Thanks['how'], string> = {
  call: 'phone',
  letter: 'post',
  mail: 'email',
  gift: 'post',
  visit: 'visit',
}

/** Writes down that a customer was thanked. Gives the interaction, so that it can be taken back as anything logged by hand. */
export async function thankCustomer(
  store: Store,
  { customerId, how, words }: Thanks,
  actor: Actor,
): Promise<{ customerId: number; interactionId: number }> {
  return transaction(store.db, async (tx) => {
    const customer = await canonicalId(tx, customerId)
    const now = new Date()
    const [outcome] = await recordBatch(
      store,
      tx,
      [
        {
          messageId: `thanks:${randomUUID()}`,
          at: now,
          receivedAt: now,
          identities: [],
          customerId: customer,
          name: 'Thank You Sent',
          channel: channels[how],
          properties: { logged_by: actor.id, how, ...(words ? { note: words } : {}) },
          ...(actor.kind === 'member' ? { memberId: actor.id } : {}),
        },
      ],
      { source: 'member', again: 'keep' },
    )
    if (!outcome || outcome.status === 'rejected' || outcome.interactionId === null)
      throw new Invalid('The thanks could not be written down. Try again.')
    await sql`delete from takings where customer_id = ${customer}::bigint and kind = 'thank'`.execute(tx)
    await audit(tx, actor, 'thanked', 'customer', customer, { how })
    return { customerId: customer, interactionId: outcome.interactionId }
  })
}

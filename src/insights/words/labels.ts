import { sql } from 'kysely'
import { NotFound } from '../../lib/errors.ts'
import type { Actor } from '../../lib/http.ts'
import { row, transaction } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { audit } from '../../team/team.ts'
import type { Label } from './schema.ts'

/** Says what a text is about; a later word replaces an earlier one. @throws NotFound */
export async function label(
  store: Store,
  { customerId, interactionId, topic }: Label,
  actor: Actor,
): Promise<void> {
  await transaction(store.db, async (tx) => {
    const labelled = await row(
      tx,
      sql<{ one: number }>`
        insert into topic_labels (customer_id, interaction_id, topic, labelled_by)
        select i.customer_id, i.id, ${topic}, ${actor.name}
        from interactions i
        join customers c on c.id = i.customer_id
        where i.id = ${interactionId}
          and c.canonical_id = (select canonical_id from customers where id = ${customerId})
          and i.words is not null
          and i.restricted_to is null
        on conflict (customer_id, interaction_id) do update
        set topic = excluded.topic, labelled_by = excluded.labelled_by, labelled_at = now()
        returning 1 as one`,
    )
    if (!labelled) throw new NotFound('text', interactionId)
    await audit(tx, actor, 'labelled', 'text', interactionId, { topic })
  })
}

/** @throws NotFound when nobody has said what it is about */
export async function unlabel(store: Store, interactionId: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const removed = await row(
      tx,
      sql<{
        topic: string
      }>`delete from topic_labels where interaction_id = ${interactionId} returning topic`,
    )
    if (!removed) throw new NotFound('label of text', interactionId)
    await audit(tx, actor, 'unlabelled', 'text', interactionId, { topic: removed.topic })
  })
}

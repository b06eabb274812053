// Results of randomised tests, as people enter them.
import { sql } from 'kysely'
import { Invalid, NotFound } from '../../lib/errors.ts'
import type { Actor } from '../../lib/http.ts'
import { type Db, row, rows, transaction } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { audit } from '../../team/team.ts'
import type { Holdout, HoldoutInput } from './schema.ts'

/** The latest first. */
export function listHoldouts(db: Db): Promise<Holdout[]> {
  return rows(
    db,
    sql<Holdout>`
      select id, touchpoint_id as "touchpointId", name, ended_on::text as "endedOn", arms, made_by as "madeBy"
      from holdout_results
      order by ended_on desc, id desc`,
  )
}

/** @throws Invalid when there is no such touchpoint */
export async function recordHoldout(store: Store, input: HoldoutInput, actor: Actor): Promise<Holdout> {
  return transaction(store.db, async (tx) => {
    const touchpoint = await row(
      tx,
      sql<{ id: number }>`select id from touchpoints where id = ${input.touchpointId}`,
    )
    if (!touchpoint)
      throw new Invalid(`There is no touchpoint ${input.touchpointId}.`, [
        { field: 'touchpointId', reason: 'does not exist' },
      ])
    const saved = await row(
      tx,
      sql<{ id: number }>`
        insert into holdout_results (touchpoint_id, name, ended_on, arms, made_by)
        values (${input.touchpointId}, ${input.name}, ${input.endedOn}, ${JSON.stringify(input.arms)}, ${actor.name})
        returning id`,
    )
    const id = saved?.id ?? 0
    await audit(tx, actor, 'recorded', 'holdout result', id, { name: input.name })
    return { ...input, id, madeBy: actor.name }
  })
}

export async function removeHoldout(store: Store, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const removed = await row(
      tx,
      sql<{ name: string }>`delete from holdout_results where id = ${id} returning name`,
    )
    if (!removed) throw new NotFound('holdout result', id)
    await audit(tx, actor, 'removed', 'holdout result', id, { name: removed.name })
  })
}

// The few things every buyer should get after the sale: "a call within a week of fitting".
import { sql } from 'kysely'
import { Invalid, NotFound } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { type Db, row, rows, transaction } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { audit } from '../team/team.ts'
import { assertTouchpoint } from './queries.ts'
import type { CareStandard, CareStandardInput } from './schema.ts'

export async function listCareStandards(db: Db): Promise<CareStandard[]> {
  return rows(
    db,
    sql<CareStandard>`
      select id, name, touchpoint_id as "touchpointId", within_days as "withinDays", counts_from as "countsFrom"
      from care_standards
      order by within_days, id`,
  )
}

/** Adds a standard, or changes the one with this id. @throws Invalid, NotFound */
export async function saveCareStandard(
  store: Store,
  input: CareStandardInput,
  actor: Actor,
  id?: number,
): Promise<CareStandard> {
  return transaction(store.db, async (tx) => {
    const { name, touchpointId, withinDays, countsFrom } = input
    await assertTouchpoint(tx, touchpointId, 'touchpointId')
    if (countsFrom !== null) await assertTouchpoint(tx, countsFrom, 'countsFrom')
    if (countsFrom === touchpointId)
      throw new Invalid('A standard can’t count its days from itself: choose what comes before it.', [
        { field: 'countsFrom', reason: 'the same touchpoint' },
      ])
    const saved = await row(
      tx,
      id === undefined
        ? sql<{ id: number }>`
            insert into care_standards (name, touchpoint_id, within_days, counts_from)
            values (${name}, ${touchpointId}, ${withinDays}, ${countsFrom})
            returning id`
        : sql<{ id: number }>`
            update care_standards
            set name = ${name}, touchpoint_id = ${touchpointId}, within_days = ${withinDays},
              counts_from = ${countsFrom}
            where id = ${id}
            returning id`,
    )
    if (!saved) throw new NotFound('care standard', id ?? '')
    await audit(tx, actor, id === undefined ? 'made' : 'changed', 'care standard', saved.id, input)
    return { id: saved.id, name, touchpointId, withinDays, countsFrom }
  })
}

export async function removeCareStandard(store: Store, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const removed = await row(
      tx,
      sql<{ name: string }>`delete from care_standards where id = ${id} returning name`,
    )
    if (!removed) throw new NotFound('care standard', id)
    await audit(tx, actor, 'removed', 'care standard', id, removed)
  })
}

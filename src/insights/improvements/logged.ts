// What was changed, and when: written down by people.
import { sql } from 'kysely'
import { Invalid, NotFound } from '../../lib/errors.ts'
import type { Actor } from '../../lib/http.ts'
import { type Db, row, rows, transaction } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { audit } from '../../team/team.ts'
import type { Improvement, ImprovementInput } from './schema.ts'

/** The newest change first. */
export function listImprovements(db: Db): Promise<Improvement[]> {
  return rows(db, improvementsOf())
}

/** @throws Invalid when there is no such touchpoint or promise, or no such day */
export async function logImprovement(
  store: Store,
  input: ImprovementInput,
  actor: Actor,
  id?: number,
): Promise<Improvement> {
  if (Number.isNaN(Date.parse(input.madeOn)))
    throw new Invalid(`${input.madeOn} is not a day of the calendar.`, [
      { field: 'madeOn', reason: 'not a day' },
    ])
  return transaction(store.db, async (tx) => {
    await assertAbout(tx, input)
    const { what, madeOn, touchpointId = null, promiseId = null } = input
    const note = input.note || null
    const saved = await row(
      tx,
      id === undefined
        ? sql<{ id: number }>`
            insert into improvements (what, note, touchpoint_id, rule_id, made_on, made_by)
            values (${what}, ${note}, ${touchpointId}, ${promiseId}, ${madeOn}, ${actor.name})
            returning id`
        : sql<{ id: number }>`
            update improvements
            set what = ${what}, note = ${note}, touchpoint_id = ${touchpointId}, rule_id = ${promiseId},
              made_on = ${madeOn}
            where id = ${id}
            returning id`,
    )
    if (!saved) throw new NotFound('improvement', id ?? '')
    await audit(tx, actor, id === undefined ? 'logged' : 'changed', 'improvement', saved.id, { what, madeOn })
    const [logged] = await rows(tx, improvementsOf(saved.id))
    return logged as Improvement
  })
}

export async function removeImprovement(store: Store, id: number, actor: Actor): Promise<void> {
  await transaction(store.db, async (tx) => {
    const removed = await row(
      tx,
      sql<{ what: string }>`delete from improvements where id = ${id} returning what`,
    )
    if (!removed) throw new NotFound('improvement', id)
    await audit(tx, actor, 'removed', 'improvement', id, { what: removed.what })
  })
}

async function assertAbout(db: Db, { touchpointId, promiseId }: ImprovementInput): Promise<void> {
  const found = await row(
    db,
    touchpointId === undefined
      ? sql<{ one: number }>`select 1 as one from expectation_rules where id = ${promiseId}`
      : sql<{ one: number }>`select 1 as one from touchpoints where id = ${touchpointId}`,
  )
  if (!found)
    throw new Invalid(
      touchpointId === undefined
        ? `There is no promise ${promiseId}.`
        : `There is no touchpoint ${touchpointId}.`,
      [{ field: touchpointId === undefined ? 'promiseId' : 'touchpointId', reason: 'does not exist' }],
    )
}

function improvementsOf(id?: number) {
  return sql<Improvement>`
    select i.id, i.what, i.note, i.made_on::text as "madeOn", i.made_by as "madeBy",
      case when i.rule_id is null then 'touchpoint' else 'promise' end as kind,
      coalesce(i.rule_id, i.touchpoint_id) as "aboutId",
      coalesce(t.name, r.name) as about
    from improvements i
    left join touchpoints t on t.id = i.touchpoint_id
    left join expectation_rules r on r.id = i.rule_id
    where ${id ?? null}::bigint is null or i.id = ${id ?? null}::bigint
    order by i.made_on desc, i.id desc`
}

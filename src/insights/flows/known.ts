import { sql } from 'kysely'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import type { Flows } from './schema.ts'

/** A touchpoint as the map has it. */
export interface Known
  extends Pick<Flows['touchpoints'][number], 'id' | 'name' | 'stageId' | 'stage' | 'side'> {
  purpose: string
}

/** Every touchpoint, in the order of the map. */
export async function knownTouchpoints(store: Store): Promise<Known[]> {
  return rows(
    store.db,
    sql<Known>`
      select t.id, t.name, s.id as "stageId", s.name as stage, s.side, t.purpose
      from touchpoints t
      join stages s on s.id = t.stage_id
      order by case s.side when 'before' then 1 else 2 end, s.position, s.id, t.position, t.id`,
  )
}

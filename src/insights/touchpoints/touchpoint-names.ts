import { sql } from 'kysely'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import type { TouchpointKind } from './activity.ts'

export interface NamedTouchpoint extends TouchpointKind {
  name: string
  stage: string
  side: 'before' | 'after'
  by: 'us' | 'customer'
}

/** The map's touchpoints in their order, with what questions know them by. */
export function namedTouchpoints(store: Store): Promise<NamedTouchpoint[]> {
  return rows(
    store.db,
    sql<NamedTouchpoint>`
      select p.id, t.name, s.name as stage, s.side, t.by, p.by_us as "byUs", p.purpose
      from projection.touchpoints p
      join touchpoints t on t.id = p.id
      join stages s on s.id = p.stage_id
      order by p.place`,
  )
}

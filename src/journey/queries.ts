import { sql } from 'kysely'
import { type Db, rows } from '../store/database.ts'
import type { Stage, Touchpoint } from './schema.ts'

/** The stages and touchpoints in the order of the map, with the version that an edit must name. */
export interface JourneyMap {
  version: number
  stages: Stage[]
  touchpoints: Touchpoint[]
}

export async function loadMap(db: Db): Promise<JourneyMap> {
  const [workspace] = await rows(
    db,
    sql<{ version: number }>`
      select journey_version as version
      from workspace`,
  )
  const stages = await rows(
    db,
    sql<Stage>`
      select id, name, side, position
      from stages
      order by position, id`,
  )
  const touchpoints = await rows(
    db,
    sql<Touchpoint>`
      select t.id, t.stage_id as "stageId", t.name, t.position, t.by, t.purpose, t.channel, t.rules
      from touchpoints t
      join stages s on s.id = t.stage_id
      order by s.position, t.position, t.id`,
  )
  return { version: workspace?.version ?? 1, stages, touchpoints }
}

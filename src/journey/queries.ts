import { sql } from 'kysely'
import { Invalid } from '../lib/errors.ts'
import { type Db, row, rows } from '../store/database.ts'
import type { Journey, Stage, Touchpoint } from './schema.ts'

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

/** The map as it is edited. */
export async function readJourney(db: Db): Promise<Journey> {
  const { version, stages, touchpoints } = await loadMap(db)
  return {
    version,
    stages: stages.map(({ id, name, side }) => ({
      id,
      name,
      side,
      touchpoints: touchpoints
        .filter((each) => each.stageId === id)
        .map(({ stageId: _, position: __, ...each }) => each),
    })),
  }
}

/** @throws Invalid unless the touchpoint is on the map */
export async function assertTouchpoint(db: Db, id: number, field: string): Promise<void> {
  const found = await row(db, sql<{ id: number }>`select id from touchpoints where id = ${id}`)
  if (!found)
    throw new Invalid(`There is no touchpoint ${id} on the map.`, [{ field, reason: 'not on the map' }])
}

import { sql } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../lib/http.ts'
import { type Db, row, type Tx } from '../store/database.ts'
import { audit } from './audit.ts'
import type { Workspace, workspaceChange } from './schema.ts'

export type WorkspaceChange = z.infer<typeof workspaceChange>

export async function readWorkspace(db: Db): Promise<Workspace> {
  const found = await row(
    db,
    sql<Workspace>`
      select name, time_zone as "timeZone", currency, country, buying, data_source as "dataSource"
      from workspace`,
  )
  if (!found) throw new Error('the workspace row is missing')
  return found
}

/** Changes what is given and writes down what it was before. */
export async function changeWorkspace(
  tx: Tx,
  actor: Pick<Actor, 'kind' | 'id' | 'name'>,
  change: WorkspaceChange,
): Promise<Workspace> {
  const before = await readWorkspace(tx)
  const next: Workspace = {
    ...before,
    name: change.name ?? before.name,
    timeZone: change.timeZone ?? before.timeZone,
    currency: change.currency ?? before.currency,
    country: change.country ?? before.country,
    buying: change.buying ?? before.buying,
  }
  await sql`
    update workspace
    set name = ${next.name}, time_zone = ${next.timeZone}, currency = ${next.currency},
      country = ${next.country}, buying = ${next.buying}`.execute(tx)
  const changed = (['name', 'timeZone', 'currency', 'country', 'buying'] as const).filter(
    (field) => before[field] !== next[field],
  )
  if (changed.length > 0)
    await audit(tx, actor, 'changed', 'workspace', null, {
      changes: changed.map((field) => ({ field, from: before[field], to: next[field] })),
    })
  return next
}

import { sql } from 'kysely'
import type { Actor } from '../lib/http.ts'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'

export { audit } from './audit.ts'

export interface Workspace {
  name: string
  timeZone: string
  currency: string
  country: string
  /** How customers buy; null until the first run has asked. */
  buying: 'once' | 'again' | 'renew' | null
  dataSource: string | null
}

export const nobody: Actor = { kind: 'nobody', id: '', name: 'Nobody', role: null, scopes: [] }

/** Who sent a request with these headers. */
export async function whoIsCalling(
  _store: Store,
  headers: Headers,
  options: { localToken?: string },
): Promise<Actor> {
  const bearer = /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (bearer && options.localToken && bearer === options.localToken)
    return { kind: 'local', id: 'local', name: 'Command line', role: 'owner', scopes: [] }
  return nobody
}

export async function readWorkspace(store: Store): Promise<Workspace> {
  const found = await row(
    store.db,
    sql<Workspace>`
      select name, time_zone as "timeZone", currency, country, buying, data_source as "dataSource"
      from workspace`,
  )
  if (!found) throw new Error('the workspace row is missing')
  return found
}

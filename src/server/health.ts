// /healthz: the process answers. /readyz: it can do its work, or says what is not ready.
import { sql } from 'kysely'
import { pendingMigrations } from '../store/migrate.ts'
import type { Store } from '../store/store.ts'

export interface Readiness {
  ready: boolean
  checks: { name: string; ready: boolean; detail: string }[]
}

export async function readiness(store: Store): Promise<Readiness> {
  const checks = [await database(store), projection(store), jobs(store)]
  return { ready: checks.every((check) => check.ready), checks }
}

async function database(store: Store) {
  const name = 'database'
  try {
    await sql`select 1`.execute(store.db)
    const pending = await pendingMigrations(store.db)
    if (pending.length > 0) return { name, ready: false, detail: `to be migrated: ${pending.join(', ')}` }
    return { name, ready: true, detail: 'answers, migrated' }
  } catch {
    return { name, ready: false, detail: 'does not answer' }
  }
}

function projection(store: Store) {
  const name = 'projection'
  if (!store.projection) return { name, ready: false, detail: 'not open in this process' }
  const { built, current, lagSeconds } = store.projection.state
  if (!built) return { name, ready: false, detail: 'being built' }
  const behind = lagSeconds === null ? 'never caught up yet' : `caught up ${lagSeconds.toFixed(1)} s ago`
  return { name, ready: current, detail: behind }
}

function jobs(store: Store) {
  return { name: 'jobs', ready: store.jobs.ready, detail: store.jobs.ready ? 'running' : 'not running' }
}

// Where the sample company stands, kept in the workspace's settings.
import { sql } from 'kysely'
import { Conflict } from '../lib/errors.ts'
import type { Actor } from '../lib/http.ts'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'

export interface SampleProgress {
  step: 'map' | 'events' | 'judging' | 'counting' | 'done'
  /** Events so far, or jobs done while judging. */
  done: number
  total: number
}

export interface SampleState extends SampleProgress {
  seed: number
  customers: number
  /** The sample's last instant. */
  end: string
  /** What the workspace was before, to be put back. */
  before: Workplace
}

interface Workplace {
  name: string
  timeZone: string
  currency: string
  country: string
  buying: 'once' | 'again' | 'renew' | null
}

/** Key of the advisory lock that the one who loads holds. */
export const loadingLock = 7_701_190
/** About this many events a customer: only for the progress bar. */
const eventsEach = 12.6

export const troth: Actor = { kind: 'local', id: 'sample', name: 'Sample company', role: 'owner', scopes: [] }

/** Where the sample company stands; null when it was never asked for. */
export async function readSampleState(store: Store): Promise<SampleState | null> {
  const found = await row(
    store.db,
    sql<{ state: SampleState | null }>`
      select settings -> 'sample' as state
      from workspace`,
  )
  return found?.state ?? null
}

/** Makes the workspace the sample company's. @throws Conflict when it is somebody else's */
export async function beginSample(
  store: Store,
  options: { customers?: number; seed?: number } = {},
): Promise<SampleState> {
  const known = await readSampleState(store)
  if (known) return known
  const used = await row(
    store.db,
    sql<{ used: boolean }>`
      select exists (select from interactions) or exists (select from customers) as used`,
  )
  if (used?.used)
    throw new Conflict(
      'There are customers of your own here. The sample company goes into an empty Troth only: start another with --data.',
    )
  const customers = options.customers ?? 20_000
  const state: SampleState = {
    step: 'map',
    done: 0,
    total: Math.round(customers * eventsEach),
    seed: options.seed ?? 7,
    customers,
    end: new Date().toISOString(),
    before: await readWorkplace(store),
  }
  await sql`
    update workspace
    set name = case when name = '' then 'Harbour & Oak' else name end,
      time_zone = 'Europe/Berlin', currency = 'EUR', country = 'DE', buying = 'again', data_source = 'sample',
      settings = jsonb_set(settings, '{sample}', ${JSON.stringify(state)}::jsonb)`.execute(store.db)
  return state
}

async function readWorkplace(store: Store): Promise<Workplace> {
  const found = await row(
    store.db,
    sql<Workplace>`
      select name, time_zone as "timeZone", currency, country, buying
      from workspace`,
  )
  if (!found) throw new Error('the workspace row is missing')
  return found
}

export async function keepState(store: Store, state: SampleState): Promise<void> {
  await sql`
    update workspace
    set settings = jsonb_set(settings, '{sample}', ${JSON.stringify(state)}::jsonb)`.execute(store.db)
}

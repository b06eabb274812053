// Loading the sample company: its map, its promises, then its events through the same door as everybody's.
// Every step may be done again: what is there is left alone, events that were recorded are known by their
// message. So after a kill the next load takes up where this one was.
import { sql } from 'kysely'
import { createRule, listRules, mendFromHistory } from '../expectations/expectations.ts'
import { expectationRuleSchema } from '../expectations/schema.ts'
import { recordInteractions } from '../interactions/interactions.ts'
import type { Incoming } from '../interactions/schema.ts'
import { readJourney, saveBudget, saveCareStandard, saveMap } from '../journey/journey.ts'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { refit } from '../validation/validation.ts'
import { recordVoices } from '../voices/voices.ts'
import { sampleBudgets, sampleCareStandards, sampleStages } from './journey.ts'
import { samplePromises } from './promises.ts'
import { sampleEvents, sampleVoices } from './sample-events.ts'
import {
  beginSample,
  keepState,
  loadingLock,
  readSampleState,
  type SampleProgress,
  type SampleState,
  troth,
} from './state.ts'

export interface LoadOptions {
  customers?: number
  seed?: number
  onProgress?: (progress: SampleProgress) => void
  /** Stops between two batches; what is loaded stays and a later load goes on. */
  signal?: AbortSignal
  /** Waits until everything that follows from the events is worked out. Default: until the jobs are done. */
  settle?: (store: Store, onLeft: (left: number) => void) => Promise<void>
}

export const sampleQueue = 'sample.load'

const batchSize = 2_000

/**
 * Loads the sample company, or goes on with it, and returns when everything that follows from it is worked
 * out. Done before: returns at once. Where somebody is loading already, follows that to its end.
 * @throws Conflict where there is other data
 */
export async function loadSample(store: Store, options: LoadOptions = {}): Promise<void> {
  while (!(await loadIfNobodyDoes(store, options))) {
    if (options.signal?.aborted) return
    await new Promise((resolve) => setTimeout(resolve, 500))
    const state = await readSampleState(store)
    if (state) options.onProgress?.({ step: state.step, done: state.done, total: state.total })
  }
}

/** False when somebody else is loading. */
async function loadIfNobodyDoes(store: Store, options: LoadOptions): Promise<boolean> {
  const lock = await store.pool.connect()
  let broken: Error | undefined
  try {
    const { rows } = await lock.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [
      loadingLock,
    ])
    if (!rows[0]?.got) return false
    try {
      await loadAlone(store, options)
    } finally {
      // a connection that can't give the lock back must not go back into the pool with it
      await lock.query('select pg_advisory_unlock($1)', [loadingLock]).catch((error: Error) => {
        broken = error
      })
    }
    return true
  } finally {
    lock.release(broken)
  }
}

async function loadAlone(store: Store, options: LoadOptions): Promise<void> {
  const state = await beginSample(store, options)
  if (state.step === 'done') return
  const say = async (progress: SampleProgress) => {
    options.onProgress?.(progress)
    await keepState(store, { ...state, ...progress })
  }
  if (state.step === 'map') {
    await say({ step: 'map', done: 0, total: state.total })
    await drawMap(store)
    await makePromises(store)
  }
  if (!(await loadEvents(store, state, say, options.signal))) return
  await writeVoices(store, state)
  const settled = async () => {
    await say({ step: 'judging', done: 0, total: state.total })
    await (options.settle ?? jobsDone)(store, (left) =>
      options.onProgress?.({ step: 'judging', done: left, total: state.total }),
    )
  }
  await settled()
  if ((await mendFromHistory(store, 'Goodwill Given', 'what')) > 0) await settled()
  await say({ step: 'counting', done: state.total, total: state.total })
  await store.projection?.catchUp()
  await refit(store)
  await say({ step: 'done', done: state.total, total: state.total })
}

async function drawMap(store: Store): Promise<void> {
  const before = await readJourney(store.db)
  const drawn = before.stages.some((stage) => stage.touchpoints.some(({ name }) => name === 'Design meeting'))
  const journey = drawn ? before : (await saveMap(store, { stages: sampleStages }, troth)).journey
  const ids = new Map(
    journey.stages.flatMap((stage) => stage.touchpoints.map(({ name, id }) => [name, id] as const)),
  )
  const id = (name: string) => ids.get(name) ?? 0
  const there = await row(
    store.db,
    sql<{ standards: boolean; budgets: boolean }>`
      select exists (select from care_standards) as standards, exists (select from budgets) as budgets`,
  )
  if (!there?.standards)
    for (const { name, touchpoint, withinDays, after } of sampleCareStandards)
      await saveCareStandard(
        store,
        { name, touchpointId: id(touchpoint), withinDays, countsFrom: id(after) },
        troth,
      )
  if (there?.budgets) return
  const year = new Date().getUTCFullYear()
  for (const [name, amount] of Object.entries(sampleBudgets))
    for (const each of [year - 3, year - 2, year - 1, year])
      await saveBudget(
        store,
        {
          touchpointId: id(name),
          startsOn: `${each}-01-01`,
          endsOn: `${each}-12-31`,
          amountMinor: amount * 100,
        },
        troth,
      )
}

async function makePromises(store: Store): Promise<void> {
  const made = new Set((await listRules(store.db)).map(({ name }) => name))
  for (const { name, statement, rule } of samplePromises)
    if (!made.has(name))
      await createRule(store, { name, statement, rule: expectationRuleSchema.parse(rule) }, troth)
}

/** False when it was stopped. */
async function loadEvents(
  store: Store,
  state: SampleState,
  say: (progress: SampleProgress) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (state.step !== 'map' && state.step !== 'events') return true
  const begun = state.step === 'events' ? state.done : 0
  let seen = 0
  let batch: Incoming[] = []
  const write = async () => {
    await recordInteractions(store, batch, { source: 'sample', again: 'keep' })
    batch = []
    await say({ step: 'events', done: seen, total: Math.max(state.total, seen) })
  }
  for (const event of sampleEvents({
    seed: state.seed,
    customers: state.customers,
    end: new Date(state.end),
  })) {
    seen++
    if (seen <= begun) continue
    batch.push(event)
    if (batch.length < batchSize) continue
    await write()
    if (signal?.aborted) return false
  }
  if (batch.length > 0) await write()
  state.total = seen
  return true
}

/** Reviews by nobody known. */
async function writeVoices(store: Store, state: SampleState): Promise<void> {
  const voices = sampleVoices({ seed: state.seed, customers: state.customers, end: new Date(state.end) })
  await recordVoices(store, [...voices], { source: 'sample' })
}

/** Waits until no job is left to do, in whatever process. */
async function jobsDone(store: Store, onLeft: (left: number) => void): Promise<void> {
  for (;;) {
    const left = await store.jobs.unfinished(store.db, sampleQueue)
    onLeft(left)
    if (left === 0) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

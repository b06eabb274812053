import { type Recorded, recordedEvent } from '../interactions/schema.ts'
import type { Store } from '../store/store.ts'
import { refit, refitWhenGrown } from './refit.ts'
import { continueRun } from './run.ts'
import { ageStandings, updateStandings } from './standings.ts'

export { readRules } from './queries.ts'
export { refit } from './refit.ts'
export { changeRules, readRun } from './run.ts'
export { modelInUse } from './scores.ts'
export { ageStandings, updateStandings } from './standings.ts'
export { factInWords, rulesInWords } from './words.ts'

/** Standings follow what is recorded, joined and merely grows old. */
export function registerValidation(store: Store): void {
  const update = (payloads: { customers: number[] }[]) =>
    updateStandings(
      store,
      payloads.flatMap((payload) => payload.customers),
    )
  store.jobs.on<Recorded>(recordedEvent, 'validation.update', update, { batch: 50 })
  store.jobs.handle('validation.ageing', () => ageStandings(store), { every: '20 2 * * *' })
  // Fits what the weights are, and scores everybody: an experience fades by the day.
  store.jobs.handle('validation.fit', () => refit(store), {
    every: '40 2 * * *',
    expireIn: 6 * 3600,
    batch: 100,
  })
  store.jobs.handle('validation.grown', () => refitWhenGrown(store), {
    every: '*/10 * * * *',
    expireIn: 6 * 3600,
    retries: 0,
    batch: 100,
  })
  store.jobs.handle<{ run: number }>(
    'validation.run',
    async ([payload]) => {
      if (payload) await continueRun(store, payload.run)
    },
    { expireIn: 6 * 3600 },
  )
}

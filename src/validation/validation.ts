import { type Recorded, recordedEvent } from '../interactions/schema.ts'
import type { Store } from '../store/store.ts'
import { continueRun } from './run.ts'
import { ageStandings, updateStandings } from './standings.ts'

export { readRules } from './queries.ts'
export { changeRules, readRun } from './run.ts'
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
  store.jobs.handle<{ run: number }>(
    'validation.run',
    async ([payload]) => {
      if (payload) await continueRun(store, payload.run)
    },
    { expireIn: 6 * 3600 },
  )
}

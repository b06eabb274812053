import type { Store } from '../store/store.ts'
import { loadSample, sampleQueue } from './loading.ts'
import { readSampleState } from './state.ts'

export { loadSample } from './loading.ts'
export { removeSample } from './removing.ts'
export { beginSample, readSampleState } from './state.ts'

export function registerSample(store: Store): void {
  store.jobs.handle(sampleQueue, () => loadSample(store), { expireIn: 3_600 })
}

/** Goes on with a load that a kill had broken off. */
export async function resumeSample(store: Store): Promise<void> {
  const state = await readSampleState(store)
  if (state && state.step !== 'done') await store.jobs.enqueue(store.db, sampleQueue, {})
}

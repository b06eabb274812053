import type { Store } from '../store/store.ts'
import { loadSample, readSampleState, sampleQueue } from './loading.ts'

export { beginSample, loadSample, readSampleState, removeSample } from './loading.ts'

export function registerSample(store: Store): void {
  store.jobs.handle(sampleQueue, () => loadSample(store), { expireIn: 3_600 })
}

/** Goes on with a load that a kill had broken off. */
export async function resumeSample(store: Store): Promise<void> {
  const state = await readSampleState(store)
  if (state && state.step !== 'done') await store.jobs.enqueue(store.db, sampleQueue, {})
}

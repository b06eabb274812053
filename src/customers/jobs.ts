import type { Store } from '../store/store.ts'
import { registerErasures } from './erasure.ts'
import { registerSegments } from './segments.ts'

/** Every job of this room. */
export function registerCustomers(store: Store): void {
  registerSegments(store)
  registerErasures(store)
}

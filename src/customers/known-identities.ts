// What this process has met: which row of customers an identity came with. Most of what comes in is of customers
// who were here a moment ago, and looking an identity up in the database costs as much as storing a small row.
//
// An identity stays with its row: joining customers rewrites nothing. What takes one from its row (erasing,
// blocking, undoing an import) raises the version in the database, and all that was remembered is forgotten. Whether
// the row is still there, and whose life it is now, is asked of the database each time.
import type { Store } from '../store/store.ts'

/** Identities that are remembered, a hundred bytes or two each; beyond, the first to come is the first to go. */
const limit = 100_000

/** Whether anything is barred from saying whose something is. */
export interface Barred {
  /** Some identity is on the block list. */
  blocked: boolean
  /** Somebody was erased. */
  erased: boolean
}

export class KnownIdentities {
  readonly version: number
  /** Undefined until it has been asked for. */
  barred: Barred | undefined
  private readonly rows = new Map<string, number>()

  constructor(version: number) {
    this.version = version
  }

  /** The row of customers that the identity came with, when it was met before. */
  rowOf(key: string): number | undefined {
    return this.rows.get(key)
  }

  remember(key: string, row: number): void {
    this.rows.set(key, row)
    if (this.rows.size <= limit) return
    const [first] = this.rows.keys()
    if (first !== undefined) this.rows.delete(first)
  }

  forget(key: string): void {
    this.rows.delete(key)
  }
}

const remembered = new WeakMap<Store, KnownIdentities>()

/**
 * What is remembered at a version that the transaction has read. A transaction that began before the last change
 * finds nothing, and what it finds out is not kept.
 */
export function knownIdentities(store: Store, version: number): KnownIdentities {
  const known = remembered.get(store)
  if (known?.version === version) return known
  const fresh = new KnownIdentities(version)
  if (!known || known.version < version) remembered.set(store, fresh)
  return fresh
}

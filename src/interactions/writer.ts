// Requests that arrive together share a commit. There is no waiting: a writer that is free takes at once
// all that has queued up meanwhile, so one lone event pays one commit and a crowd pays a few.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Store } from '../store/store.ts'
import { recordInteractions } from './record.ts'
import type { Incoming, Origin, Outcome } from './schema.ts'

/** While one writer prepares, the others keep the database busy. More make transactions small and wait for each other. */
const writers = 4
/** Events one transaction takes at most. Larger ones gain nothing and hold their locks longer. */
const batchSize = 1_000
/** Events that may wait; beyond that callers are told to come back later. */
const queueLimit = 50_000

interface Waiting {
  incoming: Incoming[]
  origin: Origin
  resolve: (outcomes: Outcome[]) => void
  reject: (error: unknown) => void
}

export class Writer {
  private readonly store: Store
  private queue: Waiting[] = []
  private queued = 0
  private busy = 0

  constructor(store: Store) {
    this.store = store
  }

  /** True when so much waits that new requests should be turned away (429). */
  get full(): boolean {
    return this.queued >= queueLimit
  }

  /** Resolves after the commit, with what became of each. Rejects when the database could not record them. */
  submit(incoming: Incoming[], origin: Origin): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      this.queue.push({ incoming, origin, resolve, reject })
      this.queued += incoming.length
      void this.run()
    })
  }

  private async run(): Promise<void> {
    if (this.busy >= writers) return
    this.busy++
    try {
      for (;;) {
        // Requests that have arrived and were not read yet come along.
        await nextTurn()
        const taken = this.take()
        if (taken.length === 0) return
        await this.write(taken)
      }
    } finally {
      this.busy--
    }
  }

  /** The requests at the head of the queue that fit one transaction and come through the same door. */
  private take(): Waiting[] {
    const source = this.queue[0]?.origin.source
    let size = 0
    let end = 0
    while (end < this.queue.length) {
      const next = this.queue[end]
      if (!next || next.origin.source !== source || (end > 0 && size + next.incoming.length > batchSize))
        break
      size += next.incoming.length
      end++
    }
    const taken = this.queue.slice(0, end)
    this.queue = this.queue.slice(end)
    this.queued -= size
    return taken
  }

  private async write(taken: Waiting[]): Promise<void> {
    const [first] = taken
    if (!first) return
    try {
      const outcomes = await recordInteractions(
        this.store,
        taken.flatMap((request) => request.incoming),
        first.origin,
      )
      let start = 0
      for (const request of taken) {
        request.resolve(outcomes.slice(start, start + request.incoming.length))
        start += request.incoming.length
      }
    } catch (error) {
      // One request's trouble must not become the others': each is tried by itself.
      if (taken.length === 1) first.reject(error)
      else for (const request of taken) await this.write([request])
    }
  }
}

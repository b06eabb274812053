// The connections on which the projection answers questions: a few side by side, and none while its file is
// exchanged for another.
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { TrothError } from '../lib/errors.ts'
import { sessionSettings } from './projection-layout.ts'
import type { EngineMemory } from './projection-memory.ts'

/** Most connections on which questions run side by side; each uses every core anyway. */
const readers = 3

export class Readers {
  private readonly instance: DuckDBInstance
  private readonly memory: EngineMemory
  private readonly isBuilt: () => boolean
  private idle: DuckDBConnection[] = []
  private asked = 0
  private waiting: (() => void)[] = []
  private swapping: Promise<void> | undefined

  constructor(instance: DuckDBInstance, memory: EngineMemory, isBuilt: () => boolean) {
    this.instance = instance
    this.memory = memory
    this.isBuilt = isBuilt
  }

  /** Whether a question is being answered. */
  get busy(): boolean {
    return this.asked > 0
  }

  /** Lends a connection as soon as one is free. @throws TrothError while there is nothing to ask yet */
  async borrow(): Promise<DuckDBConnection> {
    for (;;) {
      if (this.swapping) await this.swapping
      else if (!this.isBuilt()) {
        throw new TrothError(
          'unavailable',
          'Troth is still counting what happened so far. Ask again in a moment; nothing is lost.',
        )
      } else if (this.asked >= readers) await new Promise<void>((resolve) => this.waiting.push(resolve))
      else break
    }
    this.asked++
    try {
      this.memory.asked()
      await this.memory.allowAsking()
      const known = this.idle.pop()
      if (known) return known
      const connection = await this.instance.connect()
      await connection.run(`${sessionSettings} use projection;`)
      return connection
    } catch (error) {
      this.asked--
      throw error
    }
  }

  giveBack(connection: DuckDBConnection): void {
    this.asked--
    this.memory.asked()
    this.idle.push(connection)
    for (const next of this.waiting.splice(0)) next()
  }

  /** Works when nobody asks; who asks meanwhile waits. */
  async without(work: () => Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.swapping = promise
    try {
      while (this.asked > 0) await new Promise<void>((done) => this.waiting.push(done))
      for (const connection of this.idle.splice(0)) connection.closeSync()
      await work()
    } finally {
      this.swapping = undefined
      resolve()
    }
  }

  close(): void {
    for (const connection of this.idle.splice(0)) connection.closeSync()
  }
}

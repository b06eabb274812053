// How much memory the projection's engine may have: all there is while questions are asked, less while the
// database is only followed, little while nothing happens.
import type { DuckDBConnection } from '@duckdb/node-api'

/** While nothing happens; while only the database is followed (an import); with questions the engine may have it all. */
const idleMemoryMb = 64
const followMemoryMb = 512
const idleAfterMs = 20_000

export class EngineMemory {
  private readonly writer: DuckDBConnection
  private readonly mostMb: number
  private limitMb: number
  private busySince = Date.now()
  private askedAt = Date.now()

  /** `mostMb` is what the engine begins with, and never gets more than. */
  constructor(writer: DuckDBConnection, mostMb: number) {
    this.writer = writer
    this.mostMb = mostMb
    this.limitMb = mostMb
  }

  /** Says that a question is asked, or has just been answered. */
  asked(): void {
    this.askedAt = Date.now()
  }

  async allowAsking(): Promise<void> {
    await this.allow(this.mostMb)
  }

  async allowFollowing(): Promise<void> {
    await this.allow(followMemoryMb)
  }

  /** Lets the engine have at least so much, as far as it may. */
  private async allow(megabytes: number): Promise<void> {
    this.busySince = Date.now()
    await this.limit(Math.min(Math.max(megabytes, this.limitMb), this.mostMb))
  }

  /** Takes back what has not been needed for a while. Only while nobody asks. */
  async lower(): Promise<void> {
    const idle = (since: number) => Date.now() - since > idleAfterMs
    if (!idle(this.askedAt)) return
    const wanted = idle(this.busySince) ? idleMemoryMb : followMemoryMb
    if (wanted >= this.limitMb) return
    // Refused when more is pinned than that: then it stays as it is for a while.
    await this.limit(wanted).catch(() => {
      this.askedAt = Date.now()
    })
  }

  /** What did not fit into the memory for following gets all there is. */
  async withRoom(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!/out of memory/i.test(String(error)) || this.limitMb >= this.mostMb) throw error
      this.askedAt = Date.now()
      await this.allow(this.mostMb)
      await work()
    }
  }

  private async limit(megabytes: number): Promise<void> {
    if (megabytes === this.limitMb) return
    await this.writer.run(`set memory_limit = '${megabytes}MB'`)
    this.limitMb = megabytes
  }
}

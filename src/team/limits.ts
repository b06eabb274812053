import { TooMany } from '../lib/errors.ts'

/** Counts tries by key in a sliding window, in memory: a restart forgives, which is no way in. */
export class Limit {
  private readonly tries = new Map<string, number[]>()
  private readonly most: number
  private readonly windowMs: number
  private readonly now: () => number

  constructor(most: number, windowMs: number, now: () => number = Date.now) {
    this.most = most
    this.windowMs = windowMs
    this.now = now
  }

  /** Counts one try. @throws TooMany once more than `most` were made within the window. */
  count(key: string, message: string): void {
    const now = this.now()
    const recent = (this.tries.get(key) ?? []).filter((at) => at > now - this.windowMs)
    const first = recent[0]
    if (recent.length >= this.most && first !== undefined)
      throw new TooMany(message, Math.ceil((first + this.windowMs - now) / 1000))
    recent.push(now)
    // Kept in the order of use, so that what is dropped when there are many is what is oldest.
    this.tries.delete(key)
    this.tries.set(key, recent)
    if (this.tries.size > 10_000) this.tries.delete(this.tries.keys().next().value ?? '')
  }

  forget(key: string): void {
    this.tries.delete(key)
  }
}

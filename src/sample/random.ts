// Seeded chance. Each customer has a generator of their own, keyed by seed and number: any life can be
// drawn again without drawing the others.

/** A stream of random numbers that depends on its key alone (mulberry32 over a murmur-style mix of the key). */
export class Random {
  private state: number

  constructor(...key: number[]) {
    let h = 0x9e3779b9
    for (const part of key) {
      h = Math.imul(h ^ (part | 0), 0x85ebca6b)
      h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
      h ^= h >>> 16
    }
    this.state = h | 0
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  /** Picks by weight. */
  weighted<Item>(items: readonly { item: Item; share: number }[]): Item {
    let left = this.next() * items.reduce((sum, { share }) => sum + share, 0)
    for (const { item, share } of items) {
      left -= share
      if (left < 0) return item
    }
    return this.pick(items).item
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  lognormal(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal())
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  /** Poisson (Knuth; for small means). */
  poisson(mean: number): number {
    const limit = Math.exp(-Math.max(0, mean))
    let product = this.next()
    let count = 0
    for (; product > limit; count++) product *= this.next()
    return count
  }
}

// Seeded chance for methods that draw: the same seed gives the same answer on every machine.

/**
 * A stream of random numbers that depends on its key alone (sfc32 of PractRand, 128 bits of state, keyed
 * through a murmur-style mix). The sample company keeps a generator of its own, so that its lives never change.
 */
export class Seeded {
  private a: number
  private b: number
  private c: number
  private counter = 1

  constructor(...key: number[]) {
    let h = 0x9e3779b9 | 0
    for (const part of key) {
      h = mix(h ^ (part | 0))
      h = mix(h ^ ((part / 4294967296) | 0))
    }
    this.a = mix(h + 1)
    this.b = mix(h + 2)
    this.c = mix(h + 3)
    for (let step = 0; step < 12; step++) this.bits()
  }

  /** 32 random bits, as a signed integer. */
  bits(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum
  }

  /** Uniform in [0, 1), in steps of 2⁻³². */
  next(): number {
    return (this.bits() >>> 0) / 4294967296
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  /** Puts the items in random order, in place (Fisher–Yates). */
  shuffle(items: Int32Array): void {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const item = items[last] as number
      items[last] = items[other] as number
      items[other] = item
    }
  }
}

function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

// How it was at each touchpoint, one experience a buyer, and what became of those who felt this way or that; and
// the experiences by block of buyers, so that they can be drawn along with importance.

import type { Buyers } from './buyers.ts'
import { feelingOf } from './design.ts'
import type { Touched } from './touched.ts'

/** Sums over buyers. */
export interface Sums {
  n: number
  sum: number
  squares: number
}

/** Experiences, −1 to 1, one a buyer. */
export interface LevelSums extends Sums {
  good: number
  bad: number
}

export type Feeling = 'met' | 'bad' | 'good'

interface Tally {
  said: LevelSums
  inferred: LevelSums
  outcomes: Record<Feeling, Sums>
}

export class Levels {
  readonly blocks: number
  private readonly tallies: Tally[]
  /** By block and touchpoint: number and sum of what was said, of what is inferred. */
  private readonly byBlock: Float64Array

  constructor(buyers: Buyers, touched: Touched, touchpoints: number, blocks: number) {
    this.blocks = blocks
    this.tallies = Array.from({ length: touchpoints }, () => ({
      said: { ...nothing, good: 0, bad: 0 },
      inferred: { ...nothing, good: 0, bad: 0 },
      outcomes: { met: { ...nothing }, bad: { ...nothing }, good: { ...nothing } },
    }))
    this.byBlock = new Float64Array(blocks * touchpoints * 4)
    for (let buyer = 0; buyer < buyers.n; buyer++) {
      const block = Math.floor((buyer * blocks) / buyers.n)
      const outcome = buyers.outcome[buyer] as number
      const end = touched.starts[buyer + 1] as number
      for (let entry = touched.starts[buyer] as number; entry < end; entry++) {
        const place = touched.touchpoint[entry] as number
        const { said, inferred, outcomes } = this.tallies[place] as Tally
        add(outcomes.met, outcome)
        const felt = touched.felt[entry] as number
        if (Number.isNaN(felt)) continue
        const feeling = feelingOf(felt)
        if (feeling) add(outcomes[feeling], outcome)
        const level = touched.said[entry] === 1 ? said : inferred
        add(level, felt)
        if (feeling) level[feeling]++
        const cell = (block * touchpoints + place) * 4 + (level === said ? 0 : 2)
        this.byBlock[cell] = (this.byBlock[cell] as number) + 1
        this.byBlock[cell + 1] = (this.byBlock[cell + 1] as number) + felt
      }
    }
  }

  at(place: number): Tally {
    return this.tallies[place] as Tally
  }

  /** Mean experience in a draw in which each block comes as often as `counts` says; NaN where nothing was told. */
  drawn(place: number, what: 'said' | 'inferred', counts: Float64Array): number {
    const touchpoints = this.tallies.length
    const offset = what === 'said' ? 0 : 2
    let n = 0
    let sum = 0
    for (let block = 0; block < this.blocks; block++) {
      const cell = (block * touchpoints + place) * 4 + offset
      n += (counts[block] as number) * (this.byBlock[cell] as number)
      sum += (counts[block] as number) * (this.byBlock[cell + 1] as number)
    }
    return n > 0 ? sum / n : Number.NaN
  }
}

const nothing: Sums = { n: 0, sum: 0, squares: 0 }

function add(sums: Sums, value: number): void {
  sums.n++
  sums.sum += value
  sums.squares += value * value
}

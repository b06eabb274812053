// How it was at each touchpoint, one experience a buyer, and what became of those who felt this way or that; and
// the experiences by block of buyers, so that they can be drawn along with importance.

import { firstOfBlocks, usedBlocks } from './buyers.ts'
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

/** What was counted of some blocks of buyers. */
export interface LevelCounts {
  from: number
  tallies: Tally[]
  /** By block (from `from` on) and touchpoint: number and sum of what was said, of what is inferred. */
  byBlock: Float64Array
}

/** Of the blocks from … to − 1. */
export function levelsOf(
  touched: Touched,
  outcome: Float64Array,
  touchpoints: number,
  from = 0,
  to = usedBlocks(outcome.length),
): LevelCounts {
  const tallies = noTallies(touchpoints)
  const byBlock = new Float64Array((to - from) * touchpoints * 4)
  const firsts = firstOfBlocks(outcome.length)
  for (let block = from; block < to; block++) {
    const last = firsts[block + 1] as number
    for (let buyer = firsts[block] as number; buyer < last; buyer++) {
      const own = outcome[buyer] as number
      const end = touched.starts[buyer + 1] as number
      for (let entry = touched.starts[buyer] as number; entry < end; entry++) {
        const place = touched.touchpoint[entry] as number
        const { said, inferred, outcomes } = tallies[place] as Tally
        add(outcomes.met, own)
        const felt = touched.felt[entry] as number
        if (Number.isNaN(felt)) continue
        const feeling = feelingOf(felt)
        if (feeling) add(outcomes[feeling], own)
        const level = touched.said[entry] === 1 ? said : inferred
        add(level, felt)
        if (feeling) level[feeling]++
        const cell = ((block - from) * touchpoints + place) * 4 + (level === said ? 0 : 2)
        byBlock[cell] = (byBlock[cell] as number) + 1
        byBlock[cell + 1] = (byBlock[cell + 1] as number) + felt
      }
    }
  }
  return { from, tallies, byBlock }
}

export class Levels {
  readonly blocks: number
  private readonly tallies: Tally[]
  private readonly byBlock: Float64Array

  /** @param counted blocks, all of them together */
  constructor(counted: readonly LevelCounts[], touchpoints: number, blocks: number) {
    this.blocks = blocks
    this.tallies = noTallies(touchpoints)
    this.byBlock = new Float64Array(blocks * touchpoints * 4)
    for (const { from, tallies, byBlock } of counted) {
      this.byBlock.set(byBlock, from * touchpoints * 4)
      for (const [place, { said, inferred, outcomes }] of tallies.entries()) {
        const all = this.tallies[place] as Tally
        addLevels(all.said, said)
        addLevels(all.inferred, inferred)
        for (const feeling of ['met', 'bad', 'good'] as const)
          addSums(all.outcomes[feeling], outcomes[feeling])
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

function noTallies(touchpoints: number): Tally[] {
  return Array.from({ length: touchpoints }, () => ({
    said: { ...nothing, good: 0, bad: 0 },
    inferred: { ...nothing, good: 0, bad: 0 },
    outcomes: { met: { ...nothing }, bad: { ...nothing }, good: { ...nothing } },
  }))
}

function addSums(all: Sums, some: Sums): void {
  all.n += some.n
  all.sum += some.sum
  all.squares += some.squares
}

function addLevels(all: LevelSums, some: LevelSums): void {
  addSums(all, some)
  all.good += some.good
  all.bad += some.bad
}

function add(sums: Sums, value: number): void {
  sums.n++
  sums.sum += value
  sums.squares += value * value
}

// Which buyers are counted, and where they stand: in blocks that were dealt at random, within a block as the query
// gave them.
import { shared } from '../../lib/shared-arrays.ts'
import { Seeded } from '../../stats/seeded.ts'
import type { Column, Columns } from '../../store/projection-columns.ts'
import { statuses } from './outcome.ts'

/** Buyers that are counted: runs of n / blocks of them are random blocks. Several threads may read them. */
export interface Buyers {
  n: number
  /** For each of the query's rows its place among them; −1 where it is not counted. */
  place: Int32Array
  outcome: Float64Array
  /** How many did not enter, and why. */
  leftOut: { tooRecent: number; unanswered: number; tooEarly: number }
}

export function enteringBuyers(buyers: Columns<Column>, seed: number): Buyers {
  const status = column(buyers, 'status')
  const outcome = column(buyers, 'outcome')
  const leftOut = { tooRecent: 0, unanswered: 0, tooEarly: 0 }
  const entering = new Int32Array(status.length)
  let n = 0
  for (let row = 0; row < status.length; row++) {
    if (status[row] === statuses.tooRecent) leftOut.tooRecent++
    else if (status[row] === statuses.tooEarly) leftOut.tooEarly++
    else if (status[row] === statuses.unanswered || Number.isNaN(outcome[row])) leftOut.unanswered++
    else entering[n++] = row
  }
  const place = dealt(entering.slice(0, n), status.length, seed)
  return { n, place, outcome: picked(outcome, { n, place }, shared(Float64Array, n)), leftOut }
}

/** Blocks of buyers; with fewer buyers each is one. The width of an interval is off by 1 in √(2·256) for it: 4.4 %. */
export const blocks = 256

/** A place for each of the rows: a random block's, and in it after those that stand before it. */
function dealt(rows: Int32Array, all: number, seed: number): Int32Array {
  const n = rows.length
  new Seeded(seed, 1).shuffle(rows)
  const place = shared(Int32Array, all).fill(-1)
  const next = firstOfBlocks(n)
  for (let at = 0; at < n; at++) place[rows[at] as number] = blockOf(at, n)
  for (let row = 0; row < all; row++) {
    const block = place[row] as number
    if (block < 0) continue
    place[row] = next[block] as number
    next[block] = (next[block] as number) + 1
  }
  return place
}

export function usedBlocks(n: number): number {
  return Math.min(n, blocks)
}

export function blockOf(place: number, n: number): number {
  return Math.floor((place * usedBlocks(n)) / n)
}

/** Where each block begins, and at last where the last one ends. */
export function firstOfBlocks(n: number): Int32Array {
  const used = usedBlocks(n)
  return Int32Array.from({ length: used + 1 }, (_, block) => Math.ceil((block * n) / Math.max(1, used)))
}

export function column<Of extends Column>(columns: Columns<Of>, name: string): Of | Float64Array {
  return columns[name] ?? new Float64Array()
}

/** The values of those that are counted, in their order. */
export function picked<Into extends Column = Float64Array>(
  values: Column,
  { n, place }: Pick<Buyers, 'n' | 'place'>,
  into: Into | Float64Array = new Float64Array(n),
): Into | Float64Array {
  for (let row = 0; row < place.length; row++) {
    const at = place[row] as number
    if (at >= 0) into[at] = values[row] as number
  }
  return into
}

/** Ids up to this are found by their place in an array; that takes 64 MB at most. */
const largestPlace = 16_000_000

/** From a value to its place among the values; −1 for one that is not among them. */
export function finder(values: ArrayLike<number>): (value: number) => number {
  let [least, largest] = [0, 0]
  for (let place = 0; place < values.length; place++) {
    largest = Math.max(largest, values[place] as number)
    least = Math.min(least, values[place] as number)
  }
  if (largest <= largestPlace && least >= 0) {
    const places = new Int32Array(largest + 1).fill(-1)
    for (let place = 0; place < values.length; place++) places[values[place] as number] = place
    return (value) => places[value] ?? -1
  }
  const places = new Map<number, number>()
  for (let place = 0; place < values.length; place++) places.set(values[place] as number, place)
  return (value) => places.get(value) ?? -1
}

import { type Attribution, addPath, attributed, attributionMethods, sumsLength } from './attribution.ts'
import { drawCounts, percentileInterval } from './bootstrap.ts'
import type { Told } from './cannot-tell.ts'
import { Seeded } from './seeded.ts'

/** The paths of customers, one after the other. */
export interface CustomerPaths {
  /** Touches of all customers in order, as places in the list of names. */
  touches: Int32Array
  /** Customer i has the touches from offsets[i] to offsets[i + 1], the end not included. */
  offsets: Int32Array
  /** 1: bought. */
  won: Uint8Array
  worth: Float64Array
}

export interface Interval {
  low: number
  high: number
}

export interface AttributionWithIntervals extends Attribution {
  /** By channel and method: the 95 % interval of the share of all attributed sales. Null: can't be told. */
  intervals: (Interval | null)[][]
}

export interface DrawingOptions {
  /** Default 200. */
  replicates?: number
  /** Customers are drawn in at most so many blocks, each customer its own where there are no more. Default 400. */
  blocks?: number
  seed?: number
  tell?: (done: number) => void
}

/** Sums of all blocks together: 64 MB. */
const mostSums = 8_000_000

/**
 * What each method credits, with bootstrap intervals by customer (percentile). Many customers are drawn in
 * blocks dealt at random, see block-moments.ts.
 */
export function attributeCustomers(
  names: readonly string[],
  paths: CustomerPaths,
  options: DrawingOptions = {},
): Told<AttributionWithIntervals> {
  const { replicates = 200, seed = 1, tell = () => {} } = options
  const length = sumsLength(names.length)
  const customers = paths.won.length
  const most = Math.max(20, Math.min(options.blocks ?? 400, Math.floor(mostSums / length)))
  const blocks = Math.min(customers, most)
  const sums = blockSums(names.length, paths, { blocks, seed })
  const whole = new Float64Array(length)
  for (let at = 0; at < sums.length; at++)
    whole[at % length] = (whole[at % length] as number) + (sums[at] as number)
  const found = attributed(names, whole)
  if ('cannotTell' in found) return found
  const width = names.length * attributionMethods.length
  const values = new Float64Array(replicates * width).fill(Number.NaN)
  const counts = new Float64Array(blocks)
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawCounts(counts, seed, replicate)
    const drawn = attributed(names, drawnSums(sums, counts, length))
    if (!('cannotTell' in drawn))
      for (const [channel, { credit }] of drawn.channels.entries())
        for (const [index, method] of attributionMethods.entries())
          values[replicate * width + channel * attributionMethods.length + index] =
            (credit[method] ?? Number.NaN) / drawn.won
    tell((replicate + 1) / replicates)
  }
  return {
    ...found,
    intervals: names.map((_, channel) =>
      attributionMethods.map((_, index) => {
        const column = channel * attributionMethods.length + index
        const interval = percentileInterval({ replicates, width, values }, column)
        return 'cannotTell' in interval ? null : interval
      }),
    ),
  }
}

function blockSums(
  size: number,
  { touches, offsets, won, worth }: CustomerPaths,
  { blocks, seed }: { blocks: number; seed: number },
): Float64Array {
  const length = sumsLength(size)
  const sums = new Float64Array(blocks * length)
  const random = new Seeded(seed, -1)
  for (let customer = 0; customer < won.length; customer++) {
    const block = won.length <= blocks ? customer : random.below(blocks)
    const bought = won[customer] === 1
    addPath(sums, block * length, size, {
      touches: touches.subarray(offsets[customer], offsets[customer + 1]),
      won: bought ? 1 : 0,
      lost: bought ? 0 : 1,
      worth: worth[customer] as number,
    })
  }
  return sums
}

function drawnSums(sums: Float64Array, counts: Float64Array, length: number): Float64Array {
  const drawn = new Float64Array(length)
  for (let block = 0; block < counts.length; block++) {
    const times = counts[block] as number
    if (times === 0) continue
    const at = block * length
    for (let place = 0; place < length; place++)
      drawn[place] = (drawn[place] as number) + times * (sums[at + place] as number)
  }
  return drawn
}

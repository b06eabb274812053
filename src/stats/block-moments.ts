// The bootstrap by customer for a million customers. Drawing each customer anew would read every row again
// for every replicate. Instead customers are put into a few hundred blocks at random, each block's sums of
// products are kept, and whole blocks are drawn: a replicate then costs a few hundred additions a number.
//
// What that is: a bootstrap of the mean over blocks that are alike but for chance. Its variance has the
// right expectation, as customers in a block are independent; what is lost is precision of the width, about
// 1 in √(2·blocks): 3.5 % with 400 blocks, against 5 % from drawing 200 replicates at all. With no more
// customers than blocks, each is a block of its own and it is the plain bootstrap by customer.

import { type BootstrapOptions, drawCounts } from './bootstrap.ts'
import { type CannotTell, cannotTell, isTold, type Told } from './cannot-tell.ts'
import { addRows, type Layout, layoutOf, type Moments, packedSize } from './moments.ts'
import { type Rows, stableOrder, unitsOf } from './rows.ts'
import { Seeded } from './seeded.ts'

export interface BlockMoments extends Layout {
  blocks: number
  /** True where every customer is a block of its own: the plain bootstrap by customer. */
  byCustomer: boolean
  /** One packed triangle a block, one after the other. */
  sums: Float64Array
}

export interface BlockOptions {
  /** Default 400. */
  blocks?: number
  /** Units are numbered at random already (by a hash, say), so that runs of them will do as blocks: 0.4 s instead of 1.2. */
  inRandomOrder?: boolean
  /** The sums lie where several threads can read them. */
  shared?: boolean
  seed?: number
}

/** Reads every row once. The rows of one unit lie in one block. */
export function blockMoments(rows: Rows, options: BlockOptions = {}): BlockMoments | CannotTell {
  const { blocks = 400, seed = 1, inRandomOrder = false, shared = false } = options
  const layout = layoutOf(rows)
  if (!isTold(layout)) return layout
  const units = unitsOf(rows)
  const used = Math.min(units, blocks)
  const dealt = units <= blocks || inRandomOrder ? undefined : dealtBlocks(units, used, seed)
  const { n, units: unitOf } = rows
  const block = new Int32Array(n)
  for (let row = 0; row < n; row++) {
    const unit = unitOf ? (unitOf[row] as number) : row
    block[row] = dealt ? (dealt[unit] as number) : Math.floor((unit * used) / units)
  }
  const order =
    dealt &&
    stableOrder(
      block.map((each) => each % groups),
      groups,
    )
  const size = used * packedSize(layout.columns)
  const sums = shared ? new Float64Array(new SharedArrayBuffer(8 * size)) : new Float64Array(size)
  addRows(rows, layout, rows.weights, rows.outcome, sums, { block, order })
  return { ...layout, blocks: used, byCustomer: units <= blocks, sums }
}

/**
 * Rows are read in ascending order, but only those of a tenth of the blocks at a time, so that both the rows
 * and the blocks' sums stay near the processor. For 1 million customers and 130 columns: 1.0 s, against
 * 2.8 s in one go and 1.5 s block by block.
 */
const groups = 10

/** Blocks as equal in size as can be, dealt at random whatever order the units come in. */
function dealtBlocks(units: number, blocks: number, seed: number): Int32Array {
  const dealt = new Int32Array(units)
  for (let unit = 0; unit < units; unit++) dealt[unit] = unit % blocks
  new Seeded(seed, -1).shuffle(dealt)
  return dealt
}

/** The moments of all rows. */
export function wholeOf({ blocks, sums, columns, shift, scale }: BlockMoments): Moments {
  const whole = new Float64Array(packedSize(columns))
  addBlocks(sums, whole.length, new Float64Array(blocks).fill(1), whole)
  return { columns, shift, scale, sums: whole }
}

/** The moments of all customers, and of as many drawn anew, again and again. */
export interface Draws {
  whole: Moments
  replicates: number
  /** The moments of one draw; its arrays are views, not to be kept changed. Added up for all when first asked for. */
  drawn: (replicate: number) => Moments
  /** What is drawn: the sums over parts, each as often as it was drawn, are the draw's. */
  parts: {
    count: number
    moments: (part: number) => Moments
    /** How often each part is in a draw. */
    counts: (replicate: number, into: Float64Array) => void
  }
  /** What was drawn: single customers, or blocks of them. */
  by: 'customer' | 'block'
}

/** Draws from rows by customer; see the head of this file. */
export function drawMoments(rows: Rows, options: BootstrapOptions & BlockOptions = {}): Told<Draws> {
  const { replicates = 200, seed = 1 } = options
  const dealt = blockMoments(rows, options)
  if (!isTold(dealt)) return dealt
  if (dealt.blocks < 2)
    return cannotTell(dealt.blocks === 0 ? 'nobody was counted' : 'it is all one customer', 2)
  return drawBlocks(dealt, replicates, seed)
}

/** Draws of blocks. `seen`: changes moments as they are to be used; must add up over moments. The blocks' are changed. */
export function drawBlocks(
  dealt: BlockMoments,
  replicates: number,
  seed: number,
  seen: (moments: Moments) => void = () => {},
): Draws {
  const { columns, shift, scale } = dealt
  const size = packedSize(columns)
  const at = (sums: Float64Array, place: number) => ({
    columns,
    shift,
    scale,
    sums: sums.subarray(place * size, (place + 1) * size),
  })
  const whole = wholeOf(dealt)
  seen(whole)
  for (let block = 0; block < dealt.blocks; block++) seen(at(dealt.sums, block))
  let resampled: Float64Array | undefined
  return {
    whole,
    replicates,
    drawn: (replicate) => {
      resampled ??= resampledSums(dealt, replicates, seed)
      return at(resampled, replicate)
    },
    parts: {
      count: dealt.blocks,
      moments: (part) => at(dealt.sums, part),
      counts: (replicate, into) => drawCounts(into, seed, replicate),
    },
    by: dealt.byCustomer ? 'customer' : 'block',
  }
}

/** The packed sums of each replicate, one after the other, in the same layout as the blocks'. */
export function resampledSums(
  { blocks, sums, columns }: BlockMoments,
  replicates: number,
  seed: number,
): Float64Array {
  const size = packedSize(columns)
  const result = new Float64Array(replicates * size)
  const counts = new Float64Array(blocks)
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawCounts(counts, seed, replicate)
    addBlocks(sums, size, counts, result.subarray(replicate * size, (replicate + 1) * size))
  }
  return result
}

/** Adds up the blocks, each as often as it was drawn; four at a time, which halves the time. */
function addBlocks(sums: Float64Array, size: number, counts: Float64Array, into: Float64Array): void {
  const starts: number[] = []
  const often: number[] = []
  for (const [block, count] of counts.entries()) {
    if (count === 0) continue
    starts.push(block * size)
    often.push(count)
  }
  // Filled up with blocks drawn no times.
  while (starts.length % 4 !== 0) {
    starts.push(0)
    often.push(0)
  }
  for (let at = 0; at < starts.length; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = starts.slice(at, at + 4)
    const [wa = 0, wb = 0, wc = 0, wd = 0] = often.slice(at, at + 4)
    for (let cell = 0; cell < size; cell++)
      into[cell] =
        (into[cell] as number) +
        wa * (sums[a + cell] as number) +
        wb * (sums[b + cell] as number) +
        wc * (sums[c + cell] as number) +
        wd * (sums[d + cell] as number)
  }
}

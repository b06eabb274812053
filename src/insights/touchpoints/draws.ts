import { shared } from '../../lib/shared-arrays.ts'
import type { Thinker } from '../../lib/thinking.ts'
import {
  type BlockMoments,
  blockMoments,
  type Draws,
  drawBlocks,
  wholeOf,
} from '../../stats/block-moments.ts'
import { isTold, type Told } from '../../stats/cannot-tell.ts'
import { addRows, type Layout, layoutOf, packedSize } from '../../stats/moments.ts'
import { withoutChance } from './activity.ts'
import { blocks, firstOfBlocks, usedBlocks } from './buyers.ts'
import { type Design, type Plan, rowsOf } from './design.ts'
import { type LevelCounts, levelsOf } from './levels.ts'
import type { Touched } from './touched.ts'

/** Draws, and what they are made of, for other threads. */
export type Drawn = Draws & { dealt: BlockMoments }

/** Draws of customers, with activity as it would be seen without chance. */
export function drawn(design: Design, replicates: number, seed: number): Told<Drawn> {
  const dealt = blockMoments(design.rows, { blocks, seed, inRandomOrder: true, shared: true })
  return isTold(dealt) ? drawnFrom(dealt, design, replicates, seed) : dealt
}

/** The same, half of the buyers added up by another thread: block by block, so that no sum is written by both. */
export async function drawnBeside(
  plan: Plan,
  touched: Touched,
  outcome: Float64Array,
  { replicates, seed, other }: { replicates: number; seed: number; other: Thinker },
): Promise<{ draws: Told<Drawn>; counted: LevelCounts[] }> {
  const n = outcome.length
  const { full, sparse: columns } = plan.from
  // sparse columns are 0 or 1, or differences of levels: they need no scale
  const none = { columns, starts: new Uint32Array(), index: new Uint16Array(), value: new Float64Array() }
  const layout = layoutOf({ n, full, sparse: none, outcome })
  if (!isTold(layout)) return { draws: layout, counted: [levelsOf(touched, outcome, plan.touchpoints)] }
  const used = usedBlocks(n)
  const sums = shared(Float64Array, used * packedSize(layout.columns))
  const { touchpoints, from } = plan
  const adding = { plan: { from, touchpoints }, touched, outcome, layout, sums }
  const half = Math.floor(used / 2)
  const theirs = other.think<LevelCounts>('addBuyers', { ...adding, begin: half, end: used } satisfies Adding)
  const mine = addBuyers({ ...adding, begin: 0, end: half })
  const counted = [mine, await theirs]
  const dealt = { ...layout, blocks: used, byCustomer: n <= blocks, sums }
  return { draws: drawnFrom(dealt, plan, replicates, seed), counted }
}

export interface Adding {
  plan: Pick<Plan, 'from' | 'touchpoints'>
  touched: Touched
  outcome: Float64Array
  /** The blocks begin … end − 1. */
  begin: number
  end: number
  layout: Layout
  /** A packed triangle a block, of all of them. */
  sums: Float64Array
}

/** Adds some blocks of buyers to their sums, and counts how it was for them. */
export function addBuyers({ plan, touched, outcome, begin, end, layout, sums }: Adding): LevelCounts {
  const firsts = firstOfBlocks(outcome.length)
  const size = packedSize(layout.columns)
  for (let block = begin; block < end; block++) {
    const rows = rowsOf(plan, touched, outcome, firsts[block], firsts[block + 1])
    // new memory that is read before it is written costs ten times as much while another thread runs
    const own = sums.subarray(block * size, (block + 1) * size).fill(0)
    addRows(rows, layout, undefined, rows.outcome, own)
  }
  return levelsOf(touched, outcome, plan.touchpoints, begin, end)
}

function drawnFrom(
  dealt: BlockMoments,
  { activity }: Pick<Plan, 'activity'>,
  replicates: number,
  seed: number,
): Told<Drawn> {
  if (dealt.blocks < 2) return { cannotTell: 'fewer than two buyers could be followed', needed: 2 }
  const clean = withoutChance(wholeOf(dealt), activity)
  return { ...drawBlocks(dealt, replicates, seed, clean), dealt }
}

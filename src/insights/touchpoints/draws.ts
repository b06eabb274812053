import {
  type BlockMoments,
  blockMoments,
  type Draws,
  drawBlocks,
  wholeOf,
} from '../../stats/block-moments.ts'
import { isTold, type Told } from '../../stats/cannot-tell.ts'
import { withoutChance } from './activity.ts'
import { blocks } from './buyers.ts'
import type { Design } from './design.ts'

/** Draws, and what they are made of, for other threads. */
export type Drawn = Draws & { dealt: BlockMoments }

/** Draws of customers, with activity as it would be seen without chance. */
export function drawn(design: Design, replicates: number, seed: number): Told<Drawn> {
  const dealt = blockMoments(design.rows, { blocks, seed, inRandomOrder: true, shared: true })
  if (!isTold(dealt)) return dealt
  if (dealt.blocks < 2) return { cannotTell: 'fewer than two buyers could be followed', needed: 2 }
  const clean = withoutChance(wholeOf(dealt), design.activity)
  return { ...drawBlocks(dealt, replicates, seed, clean), dealt }
}

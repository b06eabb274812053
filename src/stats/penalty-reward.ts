import { type BlockOptions, drawMoments } from './block-moments.ts'
import { type BootstrapOptions, percentileInterval, type Replicates } from './bootstrap.ts'
import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import type { Difference } from './proportions.ts'
import { slopesOf } from './regression.ts'
import type { Rows } from './rows.ts'

/** Columns that say of each customer whether the experience there was low (1, else 0), and whether it was high. */
export interface LowAndHigh {
  low: number
  high: number
}

export interface PenaltyReward {
  /** How much less of the outcome goes along with a low experience, against one in between. */
  penalty: Difference
  /** How much more goes along with a high one. */
  reward: Difference
  /** (reward − penalty) / (reward + penalty), in [−1, 1]: −1 all penalty, 1 all reward. */
  asymmetry: Told<Difference>
  /**
   * Basic: going wrong counts for more than going very well. Exciting: the other way round. Linear: neither
   * counts for twice the other. Told only where the asymmetry's interval allows nothing else.
   */
  kind: Told<{ kind: 'basic' | 'exciting' | 'linear' }>
}

/** (2 − 1) / (2 + 1): one side counts for twice the other. */
const twice = 1 / 3

/**
 * Penalty–reward contrast analysis (Brandt 1988; Mikulić and Prebežac 2008): one regression of the outcome
 * on the low and high columns of every touchpoint and whatever other columns the rows have, which so are
 * adjusted for; intervals by customer. Can't tell for all where the regression can't, and for one
 * touchpoint where nobody had a low or a high experience.
 */
export function penaltyReward(
  rows: Rows,
  touchpoints: readonly LowAndHigh[],
  options: BootstrapOptions & BlockOptions = {},
): Told<Told<PenaltyReward>[]> {
  const draws = drawMoments(rows, options)
  if (!isTold(draws)) return draws
  const whole = slopesOf(draws.whole)
  if (!isTold(whole)) return whole
  const n = draws.whole.sums[0] as number
  const widths = 4 * touchpoints.length
  const values = new Float64Array(draws.replicates * widths).fill(Number.NaN)
  for (let replicate = 0; replicate < draws.replicates; replicate++) {
    const drawn = slopesOf(draws.drawn(replicate))
    if (!isTold(drawn)) continue
    for (const [i, columns] of touchpoints.entries()) {
      if (drawn.aliased[columns.low] || drawn.aliased[columns.high]) continue
      values.set(contrast(drawn.slopes, columns), replicate * widths + 4 * i)
    }
  }
  const replicates: Replicates = { replicates: draws.replicates, width: widths, values }
  return touchpoints.map((columns, i) => {
    if (whole.aliased[columns.low]) return cannotTell('nobody had a bad experience there that stands apart')
    if (whole.aliased[columns.high])
      return cannotTell('nobody had a very good experience there that stands apart')
    return judged(contrast(whole.slopes, columns), replicates, 4 * i, n)
  })
}

/** The same from the two coefficients and by how much each draw of customers moves them, where a regression is there already. */
export function penaltyRewardFrom(
  low: { value: number; moves: Float64Array },
  high: { value: number; moves: Float64Array },
  n: number,
): Told<PenaltyReward> {
  const replicates = Math.min(low.moves.length, high.moves.length)
  const values = new Float64Array(replicates * 4)
  const columns: LowAndHigh = { low: 0, high: 1 }
  for (let replicate = 0; replicate < replicates; replicate++) {
    const [down, up] = [low.moves[replicate] as number, high.moves[replicate] as number]
    values.set(contrast(Float64Array.of(low.value + down, high.value + up), columns), replicate * 4)
  }
  const estimate = contrast(Float64Array.of(low.value, high.value), columns)
  return judged(estimate, { replicates, width: 4, values }, 0, n)
}

/** Penalty, reward, their sum and their asymmetry (NaN where the sum is not above 0). */
function contrast(slopes: Float64Array, { low, high }: LowAndHigh): [number, number, number, number] {
  const penalty = -(slopes[low] as number)
  const reward = slopes[high] as number
  const sum = penalty + reward
  const asymmetry = sum > 0 ? Math.max(-1, Math.min(1, (reward - penalty) / sum)) : Number.NaN
  return [penalty, reward, sum, asymmetry]
}

function judged(
  [penalty, reward, sum, asymmetry]: [number, number, number, number],
  replicates: Replicates,
  column: number,
  n: number,
): Told<PenaltyReward> {
  const ofPenalty = percentileInterval(replicates, column)
  if (!isTold(ofPenalty)) return ofPenalty
  const ofReward = percentileInterval(replicates, column + 1)
  if (!isTold(ofReward)) return ofReward
  const ofSum = percentileInterval(replicates, column + 2)
  if (!isTold(ofSum)) return ofSum
  const asymmetric = asymmetryOf(sum, ofSum, asymmetry, replicates, column + 3, n)
  return {
    penalty: { value: penalty, ...ofPenalty },
    reward: { value: reward, ...ofReward },
    asymmetry: asymmetric,
    kind: isTold(asymmetric) ? kindOf(asymmetric, n) : asymmetric,
  }
}

function asymmetryOf(
  sum: number,
  ofSum: { low: number; high: number },
  asymmetry: number,
  replicates: Replicates,
  column: number,
  n: number,
): Told<Difference> {
  // A ratio to something that may be nothing says nothing.
  if (ofSum.low <= 0) {
    const because = 'good and bad experiences there may not differ in what goes along with them'
    return sum > 0 ? cannotTell(because, needed(n, sum - ofSum.low, sum)) : cannotTell(because)
  }
  const interval = percentileInterval(replicates, column)
  return isTold(interval) ? { value: asymmetry, ...interval } : interval
}

function kindOf({ value, low, high }: Difference, n: number): PenaltyReward['kind'] {
  if (low > 0) return { kind: 'exciting' }
  if (high < 0) return { kind: 'basic' }
  if (low > -twice && high < twice) return { kind: 'linear' }
  const size = Math.abs(value)
  const room = size > twice / 2 ? size : twice - size
  return cannotTell('the interval allows more than one answer', needed(n, (high - low) / 2, room))
}

/** How many would make the interval's half as small as there is room for: it shrinks with the square root. */
function needed(n: number, half: number, room: number): number {
  return Math.ceil(n * (half / room) ** 2)
}

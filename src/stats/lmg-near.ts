// Shares of R² in many draws of customers, where the draws lie near the whole. A regression in each draw costs the
// cube of its columns; near the whole it costs their square, once.
//
// With M·β = c the normal equations of the whole, and M*, c* those of a draw, e = c* − M*·β says how far the draw is
// from the whole's estimate. What the draw's own regression explains is exactly
//     2·c*ᵀβ − βᵀM*β + eᵀM*⁻¹e
// (put M*·β + e for c*). The first two terms are linear in the draw's sums: they follow from the sums of each part
// that can be drawn. In the third, which is what chance alone explains, M* is taken as M and β as that of
// all columns; it is off by about √(columns / customers) of itself, itself a small part.
import type { Draws } from './block-moments.ts'
import { Forms } from './forms.ts'
import { addTimes } from './linear-algebra.ts'
import { type Entered, enter, firstColumns } from './lmg-entering.ts'
import { type Centred, centred, packedTimes } from './moments.ts'
import { addTile, byFours } from './tiles.ts'

export interface NearOptions {
  groups: readonly (readonly number[])[]
  controls: readonly number[]
  /** Orders in which groups enter; what so few get wrong is the same in the whole, and taken off. */
  orders: readonly Int32Array[]
}

/** For each draw (row) by how much it moves each group's share (column). */
export function moveShares(draws: Draws, { groups, controls, orders }: NearOptions): Float64Array {
  const whole = centred(draws.whole)
  const columns = [...controls, ...groups.flat()]
  const size = columns.length + 1
  const products = chosen(whole, columns)
  const unit = Float64Array.from({ length: size }, (_, i) => {
    const own = products[i * (size + 1)] as number
    return own > 0 ? 1 / Math.sqrt(own) : 0
  })
  const matrix = products.map(
    (value, cell) => value * (unit[Math.floor(cell / size)] as number) * (unit[cell % size] as number),
  )
  const first = firstColumns(groups, controls.length)
  const entered = orders.map((order) => enter(matrix, size, controls.length, first, order))
  const explained = explainedInParts(draws, columns, unit, entered, groups.length)
  // Every order ends at the same residual.
  const residual = entered[0]?.residuals.at(-1) ?? new Float64Array(size)
  const away = awayInParts(draws, whole, columns, unit, residual)
  return moved(draws, explained, away, size, groups.length, entered)
}

/** The products of the columns and the outcome, row by row. */
function chosen({ matrix, columns: all }: Centred, columns: readonly number[]): Float64Array {
  const order = [...columns, all]
  const size = order.length
  const own = new Float64Array(size * size)
  for (const [i, a] of order.entries())
    for (const [j, b] of order.entries()) own[i * size + j] = matrix[a * (all + 1) + b] as number
  return own
}

/** What each group explains in each part, on average over the orders. */
function explainedInParts(
  draws: Draws,
  columns: readonly number[],
  unit: Float64Array,
  entered: readonly Entered[],
  groups: number,
): { width: number; values: Float64Array } {
  const forms = new Forms(draws, columns, groups)
  const weight = 1 / entered.length
  for (const { order, residuals } of entered) {
    const vectors = residuals.map((residual) => outcomeFirst(residual, unit))
    for (const [place, group] of order.entries()) {
      const before = vectors[place] as Float64Array
      const after = vectors[place + 1] as Float64Array
      // a residual's square before less that after
      forms.add(group, sumOf(before, after, -1), sumOf(before, after, 1), weight)
    }
  }
  return forms.ofParts()
}

function sumOf(a: Float64Array, b: Float64Array, times: number): Float64Array {
  return a.map((each, i) => each + times * (b[i] as number))
}

/** From (columns, outcome) in the units of the whole's spread to (outcome, columns) in those of the moments. */
function outcomeFirst(vector: Float64Array, unit: Float64Array): Float64Array {
  const last = vector.length - 1
  const result = new Float64Array(vector.length)
  result[0] = (vector[last] as number) * (unit[last] as number)
  for (let i = 0; i < last; i++) result[i + 1] = (vector[i] as number) * (unit[i] as number)
  return result
}

/** How far each part's columns are from the whole's estimate, and the outcome's own square: `size` numbers a part. */
function awayInParts(
  { parts, whole }: Draws,
  { means }: Centred,
  columns: readonly number[],
  unit: Float64Array,
  residual: Float64Array,
): Float64Array {
  const size = columns.length + 1
  const order = [...columns, whole.columns]
  // over (1, all columns, outcome), about the means
  const vector = new Float64Array(whole.columns + 2)
  for (const [i, column] of order.entries()) {
    const own = (residual[i] as number) * (unit[i] as number)
    vector[column + 1] = own
    vector[0] = (vector[0] as number) - own * (means[column] as number)
  }
  const products = new Float64Array(vector.length)
  const last = means.length
  const away = new Float64Array(parts.count * size)
  for (let part = 0; part < parts.count; part++) {
    const { sums } = parts.moments(part)
    packedTimes(sums, vector.length, vector, products)
    for (const [i, column] of columns.entries())
      away[part * size + i] =
        (unit[i] as number) *
        ((products[column + 1] as number) - (means[column] as number) * (products[0] as number))
    const mean = means[last - 1] as number
    away[part * size + size - 1] =
      (unit[size - 1] as number) ** 2 *
      ((sums.at(-1) as number) - 2 * mean * (sums[last] as number) + mean * mean * (sums[0] as number))
  }
  return away
}

function moved(
  draws: Draws,
  explained: { width: number; values: Float64Array },
  away: Float64Array,
  size: number,
  groups: number,
  entered: readonly Entered[],
): Float64Array {
  const { replicates } = draws
  const shares = inDraws(draws, explained.values, explained.width)
  const apart = inDraws(draws, away, size)
  const byChance = chanceShares(entered, apart, size, replicates, groups)
  // the last row is the whole's
  const share = (draw: number, group: number) =>
    (shares[draw * explained.width + group] as number) / (apart[(draw + 1) * size - 1] as number)
  const values = new Float64Array(replicates * groups)
  for (let draw = 0; draw < replicates; draw++)
    for (let group = 0; group < groups; group++)
      values[draw * groups + group] =
        share(draw, group) -
        share(replicates, group) +
        (byChance[draw * groups + group] as number) / (apart[(draw + 1) * size - 1] as number)
  return values
}

/** Sums over the parts of each draw, and in a last row over all parts once. */
function inDraws({ parts, replicates }: Draws, ofParts: Float64Array, width: number): Float64Array {
  const sums = new Float64Array((replicates + 1) * width)
  const counts = new Float64Array(parts.count)
  for (let draw = 0; draw <= replicates; draw++) {
    if (draw < replicates) parts.counts(draw, counts)
    else counts.fill(1)
    for (let part = 0; part < parts.count; part++)
      if ((counts[part] as number) > 0)
        addTimes(sums, draw * width, ofParts, part * width, width, counts[part] as number)
  }
  return sums
}

/** What each group explains of nothing but the draw's chance: a row a draw. */
function chanceShares(
  entered: readonly Entered[],
  apart: Float64Array,
  size: number,
  replicates: number,
  groups: number,
): Float64Array {
  const count = size - 1
  const shares = new Float64Array(replicates * groups)
  const some = new Float64Array(4 * count)
  const products = new Float64Array(byFours(count) * 4)
  for (let from = 0; from < replicates; from += 4)
    for (const { order, columns, independent, reach, depths } of entered) {
      for (let draw = 0; draw < 4; draw++)
        for (let i = 0; i < count; i++)
          some[draw * count + i] =
            from + draw < replicates ? (apart[(from + draw) * size + (columns[i] as number)] as number) : 0
      products.fill(0)
      const depth = depths.at(-1) as number
      for (let k = 0; k < depth; k += 4)
        addTile(
          { values: independent, start: k * count, stride: count },
          { values: some, start: 0, stride: count },
          reach[Math.min(k + 3, depth - 1)] as number,
          { values: products, start: 4 * k, stride: 4 },
        )
      for (const [place, group] of order.entries())
        for (let k = depths[place] as number; k < (depths[place + 1] as number); k++)
          for (let draw = from; draw < Math.min(from + 4, replicates); draw++)
            shares[draw * groups + group] =
              (shares[draw * groups + group] as number) +
              (products[4 * k + draw - from] as number) ** 2 / entered.length
    }
  return shares
}

// Differences in the outcome between equals: combinations of a regression's coefficients, with intervals from the
// same draws of customers as importance. A draw moves a coefficient by (XᵀX)⁻¹ times the change of the normal
// equations at the estimate (the one-step bootstrap; Davison and Hinkley 1997, §2.7), so that a draw
// costs a multiplication instead of a regression; what that leaves out, the room that the columns take up, is
// put back by √(n / (n − columns)).
import type { Draws } from '../../stats/block-moments.ts'
import { studentT, studentTwoSided } from '../../stats/distributions.ts'
import { cholesky, solve } from '../../stats/linear-algebra.ts'
import { type Centred, centred, type Moments, packedTimes, productsAbout } from '../../stats/moments.ts'

/** Σ weight · coefficient. */
export type Contrast = readonly { column: number; weight: number }[]

export interface Difference {
  value: number
  low: number
  high: number
  /** Two-sided, by itself. */
  p: number
  /** What it would be without the columns left out in `less`. */
  less: number | null
  /** By how much each draw moves it. */
  moves: Float64Array
}

interface Solved {
  columns: readonly number[]
  moments: Moments
  data: Centred
  matrix: Float64Array
  factor: ReturnType<typeof cholesky>
  slopes: Float64Array
}

/** A regression and what is wanted of it. */
export interface Model {
  columns: readonly number[]
  wanted: readonly (Contrast | null)[]
  /** Columns that are left out for comparison. */
  less: readonly number[]
}

/** Each model's contrasts; null where its columns can't tell one apart. */
export function contrasts(draws: Draws, models: readonly Model[]): (Difference | null)[][] {
  const { means } = centred(draws.whole)
  const ready = models.map((model) => {
    const whole = solved(draws.whole, model.columns)
    const directions = model.wanted.map((contrast) => contrast && direction(whole, contrast))
    return {
      model,
      whole,
      slopes: spread(model.columns, whole.slopes),
      directions,
      moves: directions.map(() => new Float64Array(draws.replicates)),
    }
  })
  const { parts } = draws
  const changes = ready.map(({ directions }) => directions.map(() => new Float64Array(parts.count)))
  const size = means.length
  const explained = new Float64Array(size)
  for (let part = 0; part < parts.count; part++) {
    const products = productsAbout(parts.moments(part), means)
    for (const [which, { slopes, directions }] of ready.entries()) {
      if (directions.every((each) => each === null)) continue
      // how far the part's normal equations are from holding at the estimate
      packedTimes(products, size, slopes, explained)
      for (let i = 0, start = 0; i < slopes.length; start += size - i, i++)
        explained[i] = (products[start + size - 1 - i] as number) - (explained[i] as number)
      for (const [index, along] of directions.entries())
        if (along) (changes[which]?.[index] as Float64Array)[part] = dot(along.spread, explained)
    }
  }
  const counts = new Float64Array(parts.count)
  for (let replicate = 0; replicate < draws.replicates; replicate++) {
    parts.counts(replicate, counts)
    for (const [which, { moves }] of ready.entries())
      for (const [index, move] of moves.entries())
        move[replicate] = dot(counts, changes[which]?.[index] as Float64Array)
  }
  return ready.map(({ model, whole, directions, moves }) => {
    const smaller = solved(
      draws.whole,
      model.columns.filter((each) => !model.less.includes(each)),
    )
    return directions.map((along, index) => {
      const contrast = model.wanted[index]
      if (!along || !contrast) return null
      const other = direction(smaller, contrast)
      return difference(
        whole,
        dot(along.weights, whole.slopes),
        moves[index] as Float64Array,
        other && dot(other.weights, smaller.slopes),
      )
    })
  })
}

function difference(
  { data, factor }: Solved,
  value: number,
  moves: Float64Array,
  less: number | null,
): Difference | null {
  const degrees = data.n - factor.rank - 1
  if (degrees < 10) return null
  const room = Math.sqrt(data.n / degrees)
  const error =
    room * Math.sqrt(moves.reduce((sum, each) => sum + each * each, 0) / Math.max(1, moves.length))
  const half = studentT(0.975, degrees) * error
  return {
    value,
    low: value - half,
    high: value + half,
    p: error > 0 ? studentTwoSided(value / error, degrees) : 1,
    less,
    moves: moves.map((each) => each * room),
  }
}

function solved(moments: Moments, columns: readonly number[]): Solved {
  const data = centred(moments)
  const { matrix, right } = normal(data, columns)
  const factor = cholesky(matrix, columns.length)
  return { columns, moments, data, matrix, factor, slopes: solve(factor, right) }
}

function normal({ matrix, columns: all }: Centred, columns: readonly number[]) {
  const size = columns.length
  const own = new Float64Array(size * size)
  const right = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const row = (columns[i] as number) * (all + 1)
    for (let j = 0; j < size; j++) own[i * size + j] = matrix[row + (columns[j] as number)] as number
    right[i] = matrix[row + all] as number
  }
  return { matrix: own, right }
}

/** The contrast's weights in the scaled columns, and (XᵀX)⁻¹ times them; null when it can't be told. */
function direction({ columns, moments, matrix, factor }: Solved, contrast: Contrast) {
  const size = columns.length
  const weights = new Float64Array(size)
  const unit = moments.scale[moments.columns + 1] as number
  for (const { column, weight } of contrast) {
    const place = columns.indexOf(column)
    if (place < 0) return null
    weights[place] = (weight * unit) / (moments.scale[column + 1] as number)
  }
  const slope = solve(factor, weights)
  // A column that follows from others has no coefficient of its own: only what those say of it can be told.
  for (let j = 0; j < size; j++) {
    if (!factor.aliased[j]) continue
    let follows = 0
    for (let k = 0; k < size; k++) follows += (matrix[j * size + k] as number) * (slope[k] as number)
    if (Math.abs(follows - (weights[j] as number)) > 1e-6 * unit) return null
  }
  return slope.some((each) => each !== 0) ? { weights, spread: spread(columns, slope) } : null
}

/** By all columns up to the model's last, so that what lies side by side is read side by side. */
function spread(columns: readonly number[], values: Float64Array): Float64Array {
  const result = new Float64Array(columns.reduce((most, each) => Math.max(most, each + 1), 0))
  for (const [place, column] of columns.entries()) result[column] = values[place] as number
  return result
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

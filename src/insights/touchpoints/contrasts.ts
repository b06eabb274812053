// Differences in the outcome between equals: combinations of a regression's coefficients, with intervals from the
// same draws of customers as importance. A draw moves a coefficient by (XᵀX)⁻¹ times the change of the normal
// equations at the estimate (the one-step bootstrap; Davison and Hinkley 1997, §2.7), so that a draw
// costs a multiplication instead of a regression; what that leaves out, the room that the columns take up, is
// put back by √(n / (n − columns)).
import type { Draws } from '../../stats/block-moments.ts'
import { studentT, studentTwoSided } from '../../stats/distributions.ts'
import { cholesky, solve } from '../../stats/linear-algebra.ts'
import { type Centred, centred, type Moments } from '../../stats/moments.ts'

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
  const ready = models.map((model) => {
    const whole = solved(draws.whole, model.columns)
    const directions = model.wanted.map((contrast) => contrast && direction(whole, contrast))
    return { model, whole, directions, moves: directions.map(() => new Float64Array(draws.replicates)) }
  })
  for (let replicate = 0; replicate < draws.replicates; replicate++) {
    const drawn = centred(draws.drawn(replicate))
    for (const { whole, directions, moves } of ready) {
      if (directions.every((each) => each === null)) continue
      const change = changeOf(whole, drawn)
      for (const [index, along] of directions.entries())
        if (along) (moves[index] as Float64Array)[replicate] = dot(along.slope, change)
    }
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
  return slope.some((each) => each !== 0) ? { weights, slope } : null
}

/** How far the draw's normal equations are from holding at the estimate. */
function changeOf({ columns, slopes }: Solved, { matrix, columns: all }: Centred): Float64Array {
  const change = new Float64Array(columns.length)
  for (let i = 0; i < columns.length; i++) {
    const row = (columns[i] as number) * (all + 1)
    let rest = matrix[row + all] as number
    for (let j = 0; j < columns.length; j++)
      rest -= (matrix[row + (columns[j] as number)] as number) * (slopes[j] as number)
    change[i] = rest
  }
  return change
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

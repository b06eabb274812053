// Differences in the outcome between equals: combinations of a regression's coefficients, with intervals from the
// same draws of customers as importance. A draw moves a coefficient by (XᵀX)⁻¹ times the change of the normal
// equations at the estimate (the one-step bootstrap; Davison and Hinkley 1997, §2.7), so that a draw
// costs a multiplication instead of a regression; what that leaves out, the room that the columns take up, is
// put back by √(n / (n − columns)).
import type { Draws } from '../../stats/block-moments.ts'
import { studentT, studentTwoSided } from '../../stats/distributions.ts'
import { Forms } from '../../stats/forms.ts'
import { addTimes, cholesky, dot, solve } from '../../stats/linear-algebra.ts'
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
  const data = centred(draws.whole)
  const [all, less] = [new Solving(draws.whole, data), new Solving(draws.whole, data)]
  const ready = models.map((model) => {
    const whole = all.solved(model.columns)
    const weights = model.wanted.map((contrast) => contrast && weightsOf(whole, contrast))
    return { model, whole, weights }
  })
  const moves = coefficientMoves(
    draws,
    ready.map(({ whole, weights }) => ({
      whole,
      places: [...whole.columns.keys()].filter((place) => weights.some((each) => each?.[place])),
    })),
  )
  return ready.map(({ model, whole, weights }, which) => {
    const smaller = less.solved(model.columns.filter((each) => !model.less.includes(each)))
    return model.wanted.map((contrast, index) => {
      const own = weights[index]
      if (!own || !contrast) return null
      const other = weightsOf(smaller, contrast)
      return difference(
        whole,
        dot(own, 0, whole.slopes, 0, own.length),
        combined(moves[which] as CoefficientMoves, own, draws.replicates),
        other && dot(other, 0, smaller.slopes, 0, other.length),
      )
    })
  })
}

/** By how much each draw moves a model's coefficients, by their place in the model. */
type CoefficientMoves = Map<number, Float64Array>

/** Of the coefficients at these places in each model. */
function coefficientMoves(
  draws: Draws,
  wanted: readonly { whole: Solved; places: readonly number[] }[],
): CoefficientMoves[] {
  const used = [...new Set(wanted.flatMap(({ whole }) => whole.columns))].toSorted((a, b) => a - b)
  const all = wanted.flatMap(({ whole, places }) => places.map((place) => ({ whole, place })))
  const forms = new Forms(draws, used, all.length)
  for (const [form, { whole, place }] of all.entries()) {
    const unit = new Float64Array(whole.columns.length)
    unit[place] = 1
    // how far the normal equations are from holding at the estimate
    const away = spread(used, whole.columns, whole.slopes, -1)
    away[0] = 1
    forms.add(form, spread(used, whole.columns, solve(whole.factor, unit)), away, 1)
  }
  const moves = inDraws(draws, forms.ofParts(), all.length)
  let form = 0
  return wanted.map(({ places }) => new Map(places.map((place) => [place, moves[form++] as Float64Array])))
}

function combined(moves: CoefficientMoves, weights: Float64Array, replicates: number): Float64Array {
  const sum = new Float64Array(replicates)
  for (const [place, each] of moves) addTimes(sum, 0, each, 0, replicates, weights[place] as number)
  return sum
}

/** By how much each draw moves each form. */
function inDraws(
  { parts, replicates }: Draws,
  { width, values }: ReturnType<Forms['ofParts']>,
  forms: number,
): Float64Array[] {
  const moves = Array.from({ length: forms }, () => new Float64Array(replicates))
  const counts = new Float64Array(parts.count)
  const sums = new Float64Array(width)
  for (let replicate = 0; replicate < replicates; replicate++) {
    parts.counts(replicate, counts)
    sums.fill(0)
    for (let part = 0; part < parts.count; part++)
      if ((counts[part] as number) > 0) addTimes(sums, 0, values, part * width, width, counts[part] as number)
    for (let form = 0; form < forms; form++) (moves[form] as Float64Array)[replicate] = sums[form] as number
  }
  return moves
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

/** Regressions one after the other: what a model begins with as the one before it is solved already. */
class Solving {
  private readonly moments: Moments
  private readonly data: Centred
  private before: Solved | undefined

  constructor(moments: Moments, data: Centred) {
    this.moments = moments
    this.data = data
  }

  solved(columns: readonly number[]): Solved {
    const { moments, data, before } = this
    const { matrix, right } = normal(data, columns)
    const differs = columns.findIndex((column, place) => column !== before?.columns[place])
    const factor = cholesky(matrix, columns.length, {
      known: before?.factor,
      same: differs < 0 ? columns.length : differs,
    })
    this.before = { columns, moments, data, matrix, factor, slopes: solve(factor, right) }
    return this.before
  }
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

/** The contrast's weights in the scaled columns; null when it can't be told. */
function weightsOf({ columns, moments, matrix, factor }: Solved, contrast: Contrast): Float64Array | null {
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
  for (let j = 0; j < size; j++)
    if (
      factor.aliased[j] &&
      Math.abs(dot(matrix, j * size, slope, 0, size) - (weights[j] as number)) > 1e-6 * unit
    )
      return null
  return slope.some((each) => each !== 0) ? weights : null
}

/** Over (outcome, all columns up to the model's last), as forms are asked for; both lists ascend. */
function spread(
  all: readonly number[],
  columns: readonly number[],
  values: Float64Array,
  times = 1,
): Float64Array {
  let place = 0
  const of = columns.map((column) => {
    while (all[place] !== column) place++
    return place + 1
  })
  const result = new Float64Array(of.reduce((most, place) => Math.max(most, place), 0) + 1)
  for (const [each, place] of of.entries()) result[place] = times * (values[each] as number)
  return result
}

// What a bootstrap's draws move is a sum of few products aᵀMb of the moments M with vectors. Such a sum is a form: a
// weight for each product of two columns. Forms are linear in the moments, so their values in the parts that are drawn,
// added up as often as each part was drawn, are their values in the draw: one pass over the parts serves all draws.
import type { Draws } from './block-moments.ts'
import { centred } from './moments.ts'
import { addTile, byFours } from './tiles.ts'

/** Parts whose products are put in order together, and products of theirs that stay near the processor. */
const together = 16
const piece = 2048

/**
 * Forms of the outcome and some columns, about the means of the whole, in scaled units. Vectors are (outcome, columns…)
 * in the order of `columns`; one of the first few only makes a form that is the cheaper.
 */
export class Forms {
  private readonly draws: Draws
  private readonly columns: readonly number[]
  /** Of (outcome, columns…). */
  private readonly means: Float64Array
  private readonly weights: Float64Array[]

  constructor(draws: Draws, columns: readonly number[], count: number) {
    this.draws = draws
    this.columns = columns
    const { means } = centred(draws.whole)
    this.means = Float64Array.from([means.length - 1, ...columns], (column) => means[column] as number)
    this.weights = Array.from({ length: count }, () => new Float64Array())
  }

  /** Adds weight·aᵀMb to a form. The first that is added to it must be the longest. */
  add(form: number, a: Float64Array, b: Float64Array, weight: number): void {
    const size = Math.max(a.length, b.length) + 1
    if ((this.weights[form] as Float64Array).length === 0)
      this.weights[form] = new Float64Array((size * (size + 1)) / 2)
    addOuter(this.weights[form] as Float64Array, this.aboutMeans(a, size), this.aboutMeans(b, size), weight)
  }

  /** aᵀ(x − means) = (−aᵀmeans, a)ᵀ(1, x): so the parts need not be centred. */
  private aboutMeans(vector: Float64Array, size: number): Float64Array {
    const result = new Float64Array(size)
    result.set(vector, 1)
    let mean = 0
    for (let i = 0; i < vector.length; i++) mean -= (vector[i] as number) * (this.means[i] as number)
    result[0] = mean
    return result
  }

  /** Their values: a row a part, a column a form. */
  ofParts(): { width: number; values: Float64Array } {
    const { parts, whole } = this.draws
    const width = byFours(this.weights.length)
    const values = new Float64Array(byFours(parts.count) * width)
    const places = cellsInOrder(whole.columns, this.columns)
    const fours = inFours(this.weights)
    const longest = fours.reduce((most, { stride }) => Math.max(most, stride), 0)
    const some = new Float64Array(together * longest)
    for (let from = 0; from < parts.count; from += together) {
      const count = Math.min(together, parts.count - from)
      for (let part = 0; part < together; part++) {
        const into = some.subarray(part * longest, (part + 1) * longest)
        if (part < count) pick(parts.moments(from + part).sums, places, into)
        else into.fill(0)
      }
      for (let start = 0; start < longest; start += piece)
        for (const [which, four] of fours.entries()) {
          const length = Math.min(piece, four.stride - start)
          if (length <= 0) continue
          const right = { ...four, start }
          for (let part = 0; part < count; part += 4)
            addTile({ values: some, start: part * longest + start, stride: longest }, right, length, {
              values,
              start: (from + part) * width + 4 * which,
              stride: width,
            })
        }
    }
    return { width, values }
  }
}

function addOuter(into: Float64Array, a: Float64Array, b: Float64Array, weight: number): void {
  let cell = 0
  for (let i = 0; i < a.length; i++) {
    const left = weight * (a[i] as number)
    const right = weight * (b[i] as number)
    if (left === 0 && right === 0) {
      cell += i + 1
      continue
    }
    for (let j = 0; j < i; j++, cell++)
      into[cell] = (into[cell] as number) + left * (b[j] as number) + right * (a[j] as number)
    into[cell] = (into[cell] as number) + left * (b[i] as number)
    cell++
  }
}

/** Each four forms one after the other, made as long as the longest of them. */
function inFours(weights: readonly Float64Array[]): { values: Float64Array; stride: number }[] {
  return Array.from({ length: byFours(weights.length) / 4 }, (_, four) => {
    const some = weights.slice(4 * four, 4 * four + 4)
    const stride = some.reduce((most, { length }) => Math.max(most, length), 0)
    const values = new Float64Array(4 * stride)
    for (const [each, form] of some.entries()) values.set(form, each * stride)
    return { values, stride }
  })
}

/**
 * The packed lower triangle over (1, outcome, columns…), in which the first few columns' products come first: where
 * each lies in the packed upper triangle over (1, all columns…, outcome).
 */
function cellsInOrder(all: number, columns: readonly number[]): Int32Array {
  const order = [0, all + 1, ...columns.map((column) => column + 1)]
  const row = order.map((a) => a * (all + 2) - (a * (a - 1)) / 2 - a)
  const cells = new Int32Array((order.length * (order.length + 1)) / 2)
  let cell = 0
  for (const [i, a] of order.entries())
    for (let j = 0; j <= i; j++) {
      const b = order[j] as number
      cells[cell++] = a <= b ? (row[i] as number) + b : (row[j] as number) + a
    }
  return cells
}

function pick(values: Float64Array, places: Int32Array, into: Float64Array): void {
  for (let cell = 0; cell < into.length; cell++) into[cell] = values[places[cell] as number] as number
}

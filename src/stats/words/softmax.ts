import { Seeded } from '../seeded.ts'
import type { SparseRow } from './tf-idf.ts'

/** Multinomial logistic regression: `weights` feature by feature, each with one weight a class. */
export interface Softmax {
  classes: number
  weights: Float32Array
  bias: Float32Array
}

interface Shape {
  features: number
  classes: number
  seed: number
}

/** Passes over all texts: the fifth gained nothing on Banking77. */
const passes = 5
/** Small sets need more passes to get anywhere. */
const fewestSteps = 5_000

const rate = 0.1

/** Classes nearer to the answer than this aren't moved: late in training that is most of them. */
const negligible = 1e-4

/**
 * Trains by stochastic gradients with AdaGrad's step for each weight (Duchi, Hazan & Singer 2011), in an order
 * that depends on the seed alone. Rare features keep large steps, so few passes are enough.
 */
export function trainSoftmax(
  rows: readonly SparseRow[],
  answers: Int32Array,
  { features, classes, seed }: Shape,
): Softmax {
  const model = {
    classes,
    weights: new Float32Array(features * classes),
    bias: new Float32Array(classes),
  }
  const squares = new Float32Array(features * classes).fill(1e-3)
  const chance = new Seeded(seed)
  const order = Int32Array.from(rows, (_, i) => i)
  const rounds = Math.max(passes, Math.ceil(fewestSteps / Math.max(1, rows.length)))
  const moved = new Int32Array(classes)
  for (let round = 0; round < rounds; round++) {
    chance.shuffle(order)
    for (const i of order) {
      const row = rows[i] as SparseRow
      const off = softmaxChances(model, row)
      const answer = answers[i] as number
      off[answer] = (off[answer] as number) - 1
      let count = 0
      for (let k = 0; k < classes; k++) {
        const error = off[k] as number
        if (error < negligible && error > -negligible) continue
        moved[count++] = k
        model.bias[k] = (model.bias[k] as number) - (rate / 2) * error
      }
      for (let j = 0; j < row.places.length; j++) {
        const start = (row.places[j] as number) * classes
        const weight = row.weights[j] as number
        for (let m = 0; m < count; m++) {
          const k = moved[m] as number
          const slope = (off[k] as number) * weight
          const square = (squares[start + k] as number) + slope * slope
          squares[start + k] = square
          model.weights[start + k] = (model.weights[start + k] as number) - (rate * slope) / Math.sqrt(square)
        }
      }
    }
  }
  return model
}

/** The chance of each class; adds up to one. */
export function softmaxChances({ classes, weights, bias }: Softmax, row: SparseRow): Float64Array {
  const chances = new Float64Array(classes)
  for (let k = 0; k < classes; k++) chances[k] = bias[k] as number
  for (let j = 0; j < row.places.length; j++) {
    const start = (row.places[j] as number) * classes
    const weight = row.weights[j] as number
    for (let k = 0; k < classes; k++)
      chances[k] = (chances[k] as number) + weight * (weights[start + k] as number)
  }
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < classes; k++) if ((chances[k] as number) > most) most = chances[k] as number
  let sum = 0
  for (let k = 0; k < classes; k++) {
    const value = Math.exp((chances[k] as number) - most)
    chances[k] = value
    sum += value
  }
  for (let k = 0; k < classes; k++) chances[k] = (chances[k] as number) / sum
  return chances
}

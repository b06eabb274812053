import { eigenSymmetric } from './linear-algebra.ts'
import type { Shareable } from './lmg.ts'

/**
 * Each group's relative weight (Johnson 2000): the columns are replaced by the uncorrelated ones nearest to
 * them, R² is split among those, and each part is handed back by how much of the column it is. Close to LMG
 * at a fraction of its cost; sums to R² − r2Controls. A group's weight is the sum over its columns.
 * Checked on R's mtcars, mpg ~ cyl + disp + hp + gear: .2284797, .2221469, .2321744, .0963886 (package rwa).
 */
export function relativeWeights({ starts, columns, matrix, outcome }: Shareable): Float64Array {
  const scale = Float64Array.from({ length: columns }, (_, i) => {
    const own = matrix[i * (columns + 1)] as number
    return own > 1e-10 ? 1 / Math.sqrt(own) : 0
  })
  const correlations = matrix.map(
    (value, cell) =>
      value * (scale[Math.floor(cell / columns)] as number) * (scale[cell % columns] as number),
  )
  const { values, vectors } = eigenSymmetric(correlations, columns)
  const at = (i: number, k: number) => vectors[i * columns + k] as number
  // What each uncorrelated stand-in adds to R².
  const parts = new Float64Array(columns)
  for (let k = 0; k < columns; k++) {
    const value = values[k] as number
    if (value <= 1e-10) continue
    let along = 0
    for (let i = 0; i < columns; i++) along += at(i, k) * (outcome[i] as number) * (scale[i] as number)
    parts[k] = along / Math.sqrt(value)
  }
  const standIns = new Float64Array(columns)
  for (let m = 0; m < columns; m++) {
    let sum = 0
    for (let k = 0; k < columns; k++) sum += at(m, k) * (parts[k] as number)
    standIns[m] = sum * sum
  }
  return Float64Array.from({ length: starts.length - 1 }, (_, group) => {
    let weight = 0
    for (let i = starts[group] as number; i < (starts[group + 1] as number); i++)
      for (let m = 0; m < columns; m++) {
        let shared = 0
        for (let k = 0; k < columns; k++)
          shared += at(i, k) * Math.sqrt(Math.max(0, values[k] as number)) * at(m, k)
        weight += shared * shared * (standIns[m] as number)
      }
    return weight
  })
}

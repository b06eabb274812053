import { studentT } from './distributions.ts'

/** A mean with its interval; null where too few were counted (interval: fewer than two). */
export interface Mean {
  n: number
  value: number | null
  low: number | null
  high: number | null
}

/** Mean with its t interval (95 %), from the values. */
export function meanOf(values: readonly number[]): Mean {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  return meanFrom(values.length, sum, squares)
}

/** Mean with its t interval (95 %) from a count, a sum and a sum of squares: what a query can add up. */
export function meanFrom(n: number, sum: number, sumOfSquares: number): Mean {
  if (n === 0) return { n, value: null, low: null, high: null }
  const value = sum / n
  if (n === 1) return { n, value, low: null, high: null }
  const variance = Math.max(0, (sumOfSquares - n * value * value) / (n - 1))
  const half = studentT(0.975, n - 1) * Math.sqrt(variance / n)
  return { n, value, low: value - half, high: value + half }
}

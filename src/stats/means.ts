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

/**
 * Quantile of Student's t distribution for p in (½, 1), by bisection on its distribution function.
 * Checked on the tables: t(.975; 10) = 2.228139, t(.975; 1) = 12.7062.
 */
export function studentT(p: number, degrees: number): number {
  let low = 0
  let high = 1
  while (studentCdf(high, degrees) < p) high *= 2
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (studentCdf(middle, degrees) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function studentCdf(t: number, degrees: number): number {
  return 1 - 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

/** Regularised incomplete beta function by its continued fraction (Lentz; Numerical Recipes §6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const tiny = 1e-300
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    const step = d * c
    fraction *= step
    if (Math.abs(step - 1) < 1e-15) break
  }
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b))
  return (front * fraction) / a

  function nonZero(value: number): number {
    return Math.abs(value) < tiny ? tiny : value
  }
}

/** ln Γ(x) for x > 0 (Lanczos, g = 7, n = 9). */
function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ]
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const shifted = x - 1
  const t = shifted + 7.5
  const series = coefficients.reduce(
    (sum, coefficient, index) => sum + coefficient / (shifted + index + 1),
    0.9999999999998099,
  )
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series)
}

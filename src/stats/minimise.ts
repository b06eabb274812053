/** A function to be made small: returns its value at `x` and writes its slopes into `slope`. */
export type Sloped = (x: Float64Array, slope: Float64Array) => number

interface Patience {
  flat?: number
  worth?: number
  rounds?: number
  /** The inverse of the curvature, where it is known. */
  inverse?: Float64Array[]
}

export interface Minimum {
  x: Float64Array
  value: number
  /** The inverse of the curvature as the steps learned it: a good start for the same function elsewhere. */
  inverse: Float64Array[]
  /** Whether the slopes are flat there, apart from those that point out of the box. */
  settled: boolean
}

/**
 * The least value of a smooth function within the box `low ≤ x ≤ high` (the same for every coordinate), from
 * `start`, by the projected BFGS method with a backtracking line search (Nocedal & Wright 2006, §6.1, §16.7).
 * A coordinate that lies on the wall and wants out stays there. Values that aren't numbers count as steps
 * too far. Settled when no slope is larger than `flat` times the value's size, or when three steps in a row
 * gained less than `worth`.
 */
export function minimise(
  of: Sloped,
  start: ArrayLike<number>,
  box: { low: number; high: number },
  { flat = 1e-8, worth = 0, rounds = 200, inverse }: Patience = {},
): Minimum {
  const size = start.length
  const x = Float64Array.from(start, (value) => Math.min(box.high, Math.max(box.low, value)))
  const slope = new Float64Array(size)
  const next = new Float64Array(size)
  const nextSlope = new Float64Array(size)
  let value = of(x, slope)
  let curvature = inverse?.map((row) => row.slice()) ?? identity(size)
  let fresh = inverse === undefined
  let idle = 0
  for (let round = 0; round < rounds; round++) {
    const held = heldByWall(x, slope, box)
    if (largest(slope, held) <= flat * Math.max(1, Math.abs(value)))
      return { x, value, inverse: curvature, settled: true }
    let step = direction(curvature, slope, held)
    let descent = dot(step, slope)
    if (!(descent < 0)) {
      curvature = identity(size)
      fresh = true
      step = direction(curvature, slope, held)
      descent = dot(step, slope)
    }
    // Without a learned curvature the first step is kept to about one: logs of parameters move in ones.
    let length = fresh ? Math.min(1, 1 / Math.sqrt(dot(step, step))) : 1
    let found = Number.NaN
    for (let tries = 0; tries < 40; tries++, length /= 2) {
      for (let i = 0; i < size; i++)
        next[i] = Math.min(box.high, Math.max(box.low, at(x, i) + length * at(step, i)))
      found = of(next, nextSlope)
      let promised = 0
      for (let i = 0; i < size; i++) promised += at(slope, i) * (at(next, i) - at(x, i))
      if (Number.isFinite(found) && found <= value + 1e-4 * promised) break
      found = Number.NaN
    }
    if (!Number.isFinite(found)) {
      if (fresh) return { x, value, inverse: curvature, settled: false }
      curvature = identity(size)
      fresh = true
      continue
    }
    learn(curvature, x, slope, next, nextSlope, fresh)
    fresh = false
    x.set(next)
    slope.set(nextSlope)
    idle = value - found < worth ? idle + 1 : 0
    value = found
    if (idle === 3) return { x, value, inverse: curvature, settled: true }
  }
  return { x, value, inverse: curvature, settled: false }
}

/** Gives a function without known slopes slopes from central differences. */
export function withDifferences(of: (x: Float64Array) => number, step = 1e-5): Sloped {
  return (x, slope) => {
    const moved = x.slice()
    for (let i = 0; i < x.length; i++) {
      moved[i] = at(x, i) + step
      const above = of(moved)
      moved[i] = at(x, i) - step
      const below = of(moved)
      moved[i] = at(x, i)
      slope[i] = (above - below) / (2 * step)
    }
    return of(x)
  }
}

/** The matrix of second derivatives, by central differences of the slopes, made symmetric. */
export function curvatureAt(of: Sloped, x: Float64Array, step = 1e-4): number[][] {
  const size = x.length
  const rows = Array.from({ length: size }, (_, i) => {
    const above = new Float64Array(size)
    const below = new Float64Array(size)
    const moved = x.slice()
    moved[i] = at(x, i) + step
    of(moved, above)
    moved[i] = at(x, i) - step
    of(moved, below)
    return above.map((value, j) => (value - at(below, j)) / (2 * step))
  })
  return rows.map((row, i) => Array.from(row, (value, j) => (value + at(rows[j] ?? row, i)) / 2))
}

function heldByWall(x: Float64Array, slope: Float64Array, box: { low: number; high: number }): boolean[] {
  return Array.from(
    x,
    (value, i) => (value <= box.low && at(slope, i) > 0) || (value >= box.high && at(slope, i) < 0),
  )
}

function direction(inverse: Float64Array[], slope: Float64Array, held: boolean[]): Float64Array {
  return slope.map((_, i) => {
    if (held[i]) return 0
    let sum = 0
    for (let j = 0; j < slope.length; j++) if (!held[j]) sum -= at(inverse[i] ?? slope, j) * at(slope, j)
    return sum
  })
}

/** The BFGS update of the inverse curvature in place; skipped where the step showed no upward bend. */
function learn(
  inverse: Float64Array[],
  x: Float64Array,
  slope: Float64Array,
  next: Float64Array,
  nextSlope: Float64Array,
  fresh: boolean,
): void {
  const size = x.length
  const moved = x.map((value, i) => at(next, i) - value)
  const bent = slope.map((value, i) => at(nextSlope, i) - value)
  const bend = dot(moved, bent)
  if (!(bend > 1e-12 * Math.sqrt(dot(moved, moved) * dot(bent, bent)))) return
  if (fresh) for (let i = 0; i < size; i++) (inverse[i] as Float64Array)[i] = bend / dot(bent, bent)
  const pulled = Float64Array.from(inverse, (row) => dot(row, bent))
  const scale = (1 + dot(bent, pulled) / bend) / bend
  for (let i = 0; i < size; i++) {
    const row = inverse[i] as Float64Array
    for (let j = 0; j < size; j++)
      row[j] =
        at(row, j) +
        scale * at(moved, i) * at(moved, j) -
        (at(pulled, i) * at(moved, j) + at(moved, i) * at(pulled, j)) / bend
  }
}

function largest(slope: Float64Array, held: boolean[]): number {
  return slope.reduce((most, value, i) => (held[i] ? most : Math.max(most, Math.abs(value))), 0)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i)
  return sum
}

function identity(size: number): Float64Array[] {
  return Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)),
  )
}

function at(values: Float64Array, index: number): number {
  return values[index] as number
}

import { cholesky, solve } from './linear-algebra.ts'

/**
 * Least ½·bᵀAb − cᵀb for a positive semidefinite A, with b ≥ 0 where bounded: the active set of Lawson and
 * Hanson (1974, §23), begun with every bounded one at 0.
 */
export function leastAbove(a: Float64Array, c: Float64Array, bounded: ReadonlySet<number>): Float64Array {
  const size = c.length
  const held = new Set(bounded)
  let b = solveFree(a, c, held)
  const enough = 1e-12 * c.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
  // Each round lets one go; cycling is impossible but for rounding, which the limit ends.
  for (let round = 0; round < 3 * size + 3; round++) {
    const next = steepest(a, c, b, held, enough)
    if (next === undefined) break
    held.delete(next)
    for (;;) {
      const target = solveFree(a, c, held)
      let part = 1
      let blocking: number | undefined
      for (const i of bounded) {
        const [from, to] = [b[i] as number, target[i] as number]
        if (held.has(i) || to >= 0) continue
        const reach = from / (from - to)
        if (reach < part || blocking === undefined) [part, blocking] = [Math.min(part, reach), i]
      }
      b = b.map((value, i) => value + part * ((target[i] as number) - value))
      if (blocking === undefined) break
      held.add(blocking)
      b[blocking] = 0
    }
  }
  return b
}

/** The held one that would lower the sum fastest if let go. */
function steepest(
  a: Float64Array,
  c: Float64Array,
  b: Float64Array,
  held: ReadonlySet<number>,
  enough: number,
): number | undefined {
  let most = enough
  let found: number | undefined
  for (const i of held) {
    let slope = c[i] as number
    for (let j = 0; j < c.length; j++) slope -= (a[i * c.length + j] as number) * (b[j] as number)
    if (slope > most) [most, found] = [slope, i]
  }
  return found
}

function solveFree(a: Float64Array, c: Float64Array, held: ReadonlySet<number>): Float64Array {
  return solve(cholesky(withoutHeld(a, c.length, held), c.length), c)
}

/** The matrix with the rows and columns of what is held at 0 zeroed, so that they count as aliased. */
export function withoutHeld(a: Float64Array, size: number, held: ReadonlySet<number>): Float64Array {
  if (held.size === 0) return a
  return a.map((value, cell) => (held.has(Math.floor(cell / size)) || held.has(cell % size) ? 0 : value))
}

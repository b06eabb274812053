// The little linear algebra that least squares needs: symmetric matrices of a few hundred columns, row by
// row in one Float64Array. Columns that say nothing new are found and left out, never divided by.

/** A = L·Lᵀ over the columns that are not aliased. */
export interface Cholesky {
  size: number
  /** L, row by row; zero above the diagonal, and in the rows and columns of what is aliased. */
  lower: Float64Array
  /** 1 where a column is (nearly) a combination of the columns before it. */
  aliased: Uint8Array
  rank: number
}

/**
 * Cholesky factor of a symmetric, positive semidefinite matrix. A column whose pivot falls below
 * `tolerance` of its own diagonal is a combination of the columns before it and is left out, as R's lm does.
 * `known`: the factor of a matrix whose first `same` columns are this one's, which are then taken as they are.
 */
export function cholesky(
  matrix: Float64Array,
  size: number,
  {
    tolerance = 1e-10,
    known,
    same = 0,
  }: { tolerance?: number; known?: Cholesky | undefined; same?: number } = {},
): Cholesky {
  const lower = new Float64Array(size * size)
  const aliased = new Uint8Array(size)
  let rank = 0
  for (let i = 0; known && i < same; i++) {
    lower.set(known.lower.subarray(i * known.size, i * known.size + i + 1), i * size)
    aliased[i] = known.aliased[i] as number
    rank += aliased[i] ? 0 : 1
  }
  for (let i = same; i < size; i++) {
    const row = i * size
    enterRow(matrix, lower, aliased, row, i, size)
    let pivot = matrix[row + i] as number
    const least = tolerance * pivot
    for (let k = 0; k < i; k++) pivot -= (lower[row + k] as number) ** 2
    if (pivot > least && pivot > 0) {
      lower[row + i] = Math.sqrt(pivot)
      rank++
    } else {
      aliased[i] = 1
      lower.fill(0, row, row + i)
    }
  }
  return { size, lower, aliased, rank }
}

/** A row of L up to its diagonal. Four sums at once: one alone waits for itself, and takes three times as long. */
function enterRow(
  matrix: Float64Array,
  lower: Float64Array,
  aliased: Uint8Array,
  row: number,
  i: number,
  size: number,
): void {
  for (let j = 0; j < i; j++) {
    if (aliased[j]) continue
    const other = j * size
    let first = matrix[row + j] as number
    let second = 0
    let third = 0
    let fourth = 0
    let k = 0
    for (; k + 3 < j; k += 4) {
      first -= (lower[row + k] as number) * (lower[other + k] as number)
      second += (lower[row + k + 1] as number) * (lower[other + k + 1] as number)
      third += (lower[row + k + 2] as number) * (lower[other + k + 2] as number)
      fourth += (lower[row + k + 3] as number) * (lower[other + k + 3] as number)
    }
    for (; k < j; k++) first -= (lower[row + k] as number) * (lower[other + k] as number)
    lower[row + j] = (first - second - third - fourth) / (lower[other + j] as number)
  }
}

/** Σ a·b over runs of `length`. */
export function dot(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  length: number,
): number {
  let sum = 0
  for (let k = 0; k < length; k++) sum += (a[aStart + k] as number) * (b[bStart + k] as number)
  return sum
}

/** Adds `times` a run of `length` to another. */
export function addTimes(
  into: Float64Array,
  intoStart: number,
  values: Float64Array,
  start: number,
  length: number,
  times: number,
): void {
  for (let k = 0; k < length; k++)
    into[intoStart + k] = (into[intoStart + k] as number) + times * (values[start + k] as number)
}

/** x with A·x = b; zero for what is aliased. */
export function solve({ size, lower, aliased }: Cholesky, right: Float64Array): Float64Array {
  const x = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    if (aliased[i]) continue
    x[i] = ((right[i] as number) - dot(lower, i * size, x, 0, i)) / (lower[i * size + i] as number)
  }
  for (let i = size - 1; i >= 0; i--) {
    if (aliased[i]) continue
    let rest = x[i] as number
    for (let k = i + 1; k < size; k++) rest -= (lower[k * size + i] as number) * (x[k] as number)
    x[i] = rest / (lower[i * size + i] as number)
  }
  return x
}

/** A⁻¹ over what is not aliased; zero in the rows and columns of what is. */
export function inverse(factor: Cholesky): Float64Array {
  const { size, aliased } = factor
  const result = new Float64Array(size * size)
  const unit = new Float64Array(size)
  for (let j = 0; j < size; j++) {
    if (aliased[j]) continue
    unit.fill(0)
    unit[j] = 1
    const column = solve(factor, unit)
    for (let i = 0; i < size; i++) result[i * size + j] = column[i] as number
  }
  return result
}

/** A·B·A for symmetric A and B: the shape of every sandwich variance. */
export function sandwich(bread: Float64Array, filling: Float64Array, size: number): Float64Array {
  return multiply(multiply(bread, filling, size), bread, size)
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k] as number
      if (factor === 0) continue
      for (let j = 0; j < size; j++)
        product[i * size + j] = (product[i * size + j] as number) + factor * (b[k * size + j] as number)
    }
  return product
}

/** A = V·diag(values)·Vᵀ. */
export interface Eigen {
  values: Float64Array
  /** Column k is the k-th eigenvector, row by row. */
  vectors: Float64Array
}

/** Eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan §8.5), unordered. */
export function eigenSymmetric(matrix: Float64Array, size: number): Eigen {
  const a = matrix.slice()
  const vectors = new Float64Array(size * size)
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1
  for (let round = 0; round < 60; round++) {
    let off = 0
    let on = 0
    for (let i = 0; i < size; i++) {
      on += (a[i * size + i] as number) ** 2
      for (let j = 0; j < i; j++) off += (a[i * size + j] as number) ** 2
    }
    if (off <= 1e-30 * on || off === 0) break
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q)
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i] as number), vectors }
}

/** Turns the plane of p and q so that a[p][q] becomes zero. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const between = a[p * size + q] as number
  if (between === 0) return
  const theta = ((a[q * size + q] as number) - (a[p * size + p] as number)) / (2 * between)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1))
  const cosine = 1 / Math.hypot(t, 1)
  const sine = t * cosine
  turn(a, p * size, q * size, 1, size, cosine, sine)
  turn(a, p, q, size, size, cosine, sine)
  turn(vectors, p, q, size, size, cosine, sine)
}

function turn(
  a: Float64Array,
  first: number,
  second: number,
  stride: number,
  count: number,
  cosine: number,
  sine: number,
): void {
  for (let k = 0; k < count; k++) {
    const x = a[first + k * stride] as number
    const y = a[second + k * stride] as number
    a[first + k * stride] = cosine * x - sine * y
    a[second + k * stride] = sine * x + cosine * y
  }
}

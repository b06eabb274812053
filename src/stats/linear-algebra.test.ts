import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cholesky, eigenSymmetric, inverse, sandwich, solve } from './linear-algebra.ts'

/** B·Bᵀ for random B: symmetric and positive semidefinite, of rank at most `inner`. */
const gram = (size: number, inner: number) =>
  fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: size * inner, maxLength: size * inner })
    .map((b) => {
      const matrix = new Float64Array(size * size)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++)
          for (let k = 0; k < inner; k++)
            matrix[i * size + j] =
              at(matrix, i * size + j) + (b[i * inner + k] ?? 0) * (b[j * inner + k] ?? 0)
      return matrix
    })

test('what is solved solves, and the inverse is one', () => {
  fc.assert(
    fc.property(gram(4, 6), (matrix) => {
      for (let i = 0; i < 4; i++) matrix[i * 5] = at(matrix, i * 5) + 0.5
      const factor = cholesky(matrix, 4)
      assert.equal(factor.rank, 4)
      const x = solve(factor, Float64Array.of(1, -2, 3, 0.5))
      const back = times(matrix, x)
      ;[1, -2, 3, 0.5].forEach((wanted, i) => {
        near(at(back, i), wanted)
      })
      const product = inverse(factor)
      for (let j = 0; j < 4; j++) {
        const column = times(
          matrix,
          product.filter((_, index) => index % 4 === j),
        )
        for (let i = 0; i < 4; i++) near(at(column, i), i === j ? 1 : 0)
      }
    }),
  )
})

test('a column that is the sum of two before it is found, and left out of the solution', () => {
  // Columns a, b, a + b, c with aᵀa = 2, bᵀb = 3, aᵀb = 1, c at right angles to all.
  const matrix = Float64Array.of(2, 1, 3, 0, 1, 3, 4, 0, 3, 4, 7, 0, 0, 0, 0, 5)
  const factor = cholesky(matrix, 4)
  assert.deepEqual([...factor.aliased], [0, 0, 1, 0])
  assert.equal(factor.rank, 3)
  const x = solve(factor, Float64Array.of(5, 5, 10, 10))
  ;[2, 1, 0, 2].forEach((wanted, i) => {
    near(at(x, i), wanted)
  })
  assert.equal(at(inverse(factor), 10), 0)
})

test('nothing but zeros has rank 0', () => {
  assert.equal(cholesky(new Float64Array(9), 3).rank, 0)
  assert.deepEqual([...solve(cholesky(new Float64Array(4), 2), Float64Array.of(1, 2))], [0, 0])
})

test('eigenvectors put the matrix together again', () => {
  const known = eigenSymmetric(Float64Array.of(2, 1, 1, 2), 2)
  near(Math.min(...known.values), 1)
  near(Math.max(...known.values), 3)
  fc.assert(
    fc.property(gram(5, 3), (matrix) => {
      const { values, vectors } = eigenSymmetric(matrix, 5)
      for (let i = 0; i < 5; i++)
        for (let j = 0; j < 5; j++) {
          let sum = 0
          for (let k = 0; k < 5; k++) sum += at(vectors, i * 5 + k) * at(values, k) * at(vectors, j * 5 + k)
          near(sum, at(matrix, i * 5 + j))
        }
    }),
  )
})

test('a sandwich is bread, filling, bread', () => {
  const got = sandwich(Float64Array.of(2, 1, 1, 3), Float64Array.of(1, 0, 0, 2), 2)
  assert.deepEqual([...got], [6, 8, 8, 19])
})

function times(matrix: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => x.reduce((sum, value, j) => sum + at(matrix, i * x.length + j) * value, 0))
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0
}

function near(given: number, wanted: number): void {
  assert.ok(Math.abs(given - wanted) < 1e-8 * (1 + Math.abs(wanted)), `${given} is not ${wanted}`)
}

import { cannotTell, type Told } from './cannot-tell.ts'
import { chiSquareTail } from './distributions.ts'

export interface SampleRatio {
  chiSquare: number
  degrees: number
  p: number
  /** The sides are not as large as planned, beyond what chance does once in a thousand tests. */
  broken: boolean
}

/**
 * Whether customers were divided as planned: χ² of the counts against the planned shares. If not, something
 * lets customers of one kind slip, and the result of the test means nothing, whatever it is. Read at 1 in 1,000
 * because it is looked at in every test (Fabijan et al. 2019, KDD).
 * Checked: 50,000 against 49,000 planned half and half → χ² 10.1, p .0015.
 */
export function sampleRatio(counts: readonly number[], planned: readonly number[]): Told<SampleRatio> {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const shares = planned.reduce((sum, share) => sum + share, 0)
  if (
    counts.length < 2 ||
    counts.length !== planned.length ||
    planned.some((share) => !(share > 0 && share < Number.POSITIVE_INFINITY))
  )
    return cannotTell('a test has two sides or more, each with a planned share')
  const expected = planned.map((share) => (total * share) / shares)
  const least = Math.min(...planned) / shares
  if (!(least >= 1e-6)) return cannotTell('one side is planned too small to be counted')
  if (!expected.every((count) => count >= 5))
    return cannotTell('too few have been assigned yet', Math.ceil(5 / least))
  const chiSquare = counts.reduce(
    (sum, count, i) => sum + (count - (expected[i] ?? 0)) ** 2 / (expected[i] ?? 1),
    0,
  )
  const degrees = counts.length - 1
  const p = chiSquareTail(chiSquare, degrees)
  return { chiSquare, degrees, p, broken: p < 0.001 }
}

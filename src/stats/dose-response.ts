// What goes along with how far off a promise was. Lateness acts as a step at the promise and then soon a
// plateau, so it is a step plus a slope that stops, or a curve of groups: never one line.
import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import { type Mean, meanFrom } from './means.ts'
import { type Coefficient, type Regression, robustLeastSquares } from './regression.ts'
import type { Rows } from './rows.ts'

/** Outcomes at one gap: their number, sum and sum of squares, as a query adds them up. Gap above 0: broken. */
export interface Dose {
  gap: number
  n: number
  sum: number
  squares: number
}

export interface StepAndSlope {
  kept: number
  broken: number
  /** The outcome where the promise was kept. */
  whereKept: Coefficient
  /** What changes at once when it is broken, by however little. */
  step: Coefficient
  /** What changes further per unit of gap, up to the cap. No error: all gaps are as good as one. */
  slope: Coefficient
  /** The gap beyond which nothing further is assumed to change. */
  cap: number
}

/**
 * outcome = a + b·[gap > 0] + c·min(max(gap, 0), cap), by least squares with robust errors (HC1), from sums
 * by gap. Without a cap: the gap within which nine in ten of the broken ones lie.
 */
export function stepAndSlope(doses: readonly Dose[], cap = usualCap(doses)): Told<StepAndSlope> {
  const counted = doses.filter(({ n }) => n > 0)
  // Two values a standard deviation to either side have the count, sum and squares of all at that gap.
  const pairs = counted.flatMap(({ gap, n, sum, squares }) => {
    const mean = sum / n
    const spread = Math.sqrt(Math.max(0, squares / n - mean * mean))
    return [
      { gap, outcome: mean - spread, weight: n / 2 },
      { gap, outcome: mean + spread, weight: n / 2 },
    ]
  })
  const rows = {
    n: pairs.length,
    full: [],
    outcome: Float64Array.from(pairs, ({ outcome }) => outcome),
    weights: Float64Array.from(pairs, ({ weight }) => weight),
  }
  return adjustedStepAndSlope(
    Float64Array.from(pairs, ({ gap }) => gap),
    rows,
    cap,
  )
}

/**
 * The same from rows, one a promise, adjusted for the rows' own columns; where rows have units, a customer's
 * promises may go together. `whereKept` is then the outcome of one whose columns are all 0.
 */
export function adjustedStepAndSlope(gaps: Float64Array, rows: Rows, cap?: number): Told<StepAndSlope> {
  const weight = (row: number) => (rows.weights ? (rows.weights[row] as number) : 1)
  let kept = 0
  let broken = 0
  for (let row = 0; row < rows.n; row++)
    if ((gaps[row] as number) > 0) broken += weight(row)
    else kept += weight(row)
  if (kept === 0) return cannotTell(broken === 0 ? 'no promise was decided' : 'none was kept')
  if (broken === 0) return cannotTell('none was broken')
  const end = cap ?? usualCap(Array.from(gaps, (gap, row) => ({ gap, n: weight(row) })))
  const step = gaps.map((gap) => (gap > 0 ? 1 : gap <= 0 ? 0 : Number.NaN))
  const slope = gaps.map((gap) => Math.min(Math.max(gap, 0), end))
  const fit = robustLeastSquares({ ...rows, full: [step, slope, ...rows.full] })
  return isTold(fit) ? { kept, broken, cap: end, ...parts(fit) } : fit
}

function parts({ intercept, coefficients }: Regression) {
  const none = { value: 0, error: null, low: null, high: null }
  const [step = none, slope = none] = coefficients
  return { whereKept: intercept, step, slope }
}

/** The gap within which nine in ten of the broken ones lie; 0 where none is. */
function usualCap(doses: readonly { gap: number; n: number }[]): number {
  const broken = doses.filter(({ gap, n }) => gap > 0 && n > 0).toSorted((a, b) => a.gap - b.gap)
  let left = 0.9 * broken.reduce((sum, { n }) => sum + n, 0)
  for (const { gap, n } of broken) {
    left -= n
    if (left <= 1e-9) return gap
  }
  return broken.at(-1)?.gap ?? 0
}

/** A group of gaps, both ends included; null: without end. */
export type Edge = [number | null, number | null]

/** Days as people count them; for what is spread otherwise (cents), fifths of each side of the promise. */
export function doseEdges(lines: readonly { gap: number }[]): Edge[] {
  const gaps = [...new Set(lines.map(({ gap }) => gap))].toSorted((a, b) => a - b)
  const largest = gaps.reduce((most, gap) => Math.max(most, Math.abs(gap)), 0)
  if (largest <= 400 && gaps.every(Number.isInteger)) return dayEdges
  const cut = (side: number[]): number[] =>
    [0.2, 0.4, 0.6, 0.8]
      .map((share) => side[Math.floor(side.length * share)])
      .filter((each) => each !== undefined)
  const bounds = [
    ...new Set([...cut(gaps.filter((gap) => gap <= 0)), 0, ...cut(gaps.filter((gap) => gap > 0))]),
  ]
  return [null, ...bounds].map((from, index) => [
    from === null ? null : from + Number.EPSILON * Math.max(1, Math.abs(from)),
    bounds[index] ?? null,
  ])
}

const dayEdges: Edge[] = [
  [null, -15],
  [-14, -8],
  [-7, -4],
  [-3, -1],
  [0, 0],
  [1, 2],
  [3, 5],
  [6, 10],
  [11, 20],
  [21, null],
]

/** Whether a line's gap lies in the group. */
export function within([from, to]: Edge): (line: { gap: number }) => boolean {
  return ({ gap }) => (from === null || gap >= from) && (to === null || gap <= to)
}

/** The mean outcome of doses, with its interval; of a group of them when filtered by `within`. */
export function meanOfDoses(doses: readonly Dose[]): Mean {
  return meanFrom(
    doses.reduce((total, { n }) => total + n, 0),
    doses.reduce((total, { sum }) => total + sum, 0),
    doses.reduce((total, { squares }) => total + squares, 0),
  )
}

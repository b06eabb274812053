import { test } from 'node:test'
import fc from 'fast-check'
import { auc, aucDifference } from './auc.ts'
import { brier, calibration, calibrationBins } from './calibration.ts'
import { cuped } from './cuped.ts'
import { adjustedStepAndSlope, stepAndSlope } from './dose-response.ts'
import { importance } from './importance.ts'
import { logistic } from './logistic.ts'
import { mcFaddenShares, yesNoImportance } from './mcfadden.ts'
import { penaltyReward } from './penalty-reward.ts'
import { robustLeastSquares } from './regression.ts'
import { assertFinite } from './testing.ts'

/** A column as customers' data can be: anything, one value, hardly ever, enormous, minute, with gaps. */
const column = (n: number) =>
  fc
    .oneof(
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n, maxLength: n }),
      fc.array(fc.constantFrom(0, 1), { minLength: n, maxLength: n }),
      fc.constantFrom(0, 1, -7, 1e-300, 1e300).map((value) => Array<number>(n).fill(value)),
      fc.integer({ min: 0, max: n }).map((at) => Array.from({ length: n }, (_, i) => (i === at ? 1 : 0))),
      fc
        .constantFrom(1e-200, 1e-12, 1e12, 1e100, 1e140, 1e160)
        .map((scale) => Array.from({ length: n }, (_, i) => scale * ((i * 7) % 5))),
      fc.array(fc.constantFrom(0, 1, 2, Number.NaN, Number.POSITIVE_INFINITY), {
        minLength: n,
        maxLength: n,
      }),
    )
    .map((values) => Float64Array.from(values))

const data = fc.constantFrom(0, 1, 2, 3, 10, 30, 60).chain((n) =>
  fc.record({
    n: fc.constant(n),
    columns: fc
      .tuple(column(n), column(n), column(n), fc.boolean())
      .map(([a, b, c, twice]) => (twice ? [a, b, b] : [a, b, c])),
    yesNo: fc.oneof(
      fc.array(fc.constantFrom(0, 1), { minLength: n, maxLength: n }),
      fc.constant(Array<number>(n).fill(1)),
    ),
    outcome: column(n),
    weights: fc.option(fc.array(fc.constantFrom(0, 1, 5, 1e9), { minLength: n, maxLength: n })),
    oneCustomer: fc.boolean(),
  }),
)

test('whatever the data, every method gives finite numbers or says why it can’t', () => {
  fc.assert(
    fc.property(data, ({ n, columns, yesNo, outcome, weights, oneCustomer }) => {
      const happened = Float64Array.from(yesNo)
      const [a, b, c] = columns as [Float64Array, Float64Array, Float64Array]
      const rows = {
        n,
        full: columns,
        outcome,
        ...(weights && { weights: Float64Array.from(weights) }),
        ...(oneCustomer && { units: new Int32Array(n) }),
      }
      const asked = { groups: [[0], [1]], controls: [2], replicates: 30 }
      const ofYesNo = { ...rows, outcome: happened }
      const bounded = { nonNegative: [0, 1, 2], ridge: 0.5 }
      const doses = Array.from(a, (gap, i) => ({ gap, n: 1, sum: b[i] ?? 0, squares: (b[i] ?? 0) ** 2 }))
      const half = Math.floor(n / 2)
      const arm = (from: number, to: number) => ({
        outcome: outcome.slice(from, to),
        before: [a.slice(from, to)],
      })
      const answers: Record<string, unknown> = {
        robust: robustLeastSquares(rows),
        ridge: robustLeastSquares(rows, { ridge: 5, unpenalised: [0] }),
        logistic: logistic(ofYesNo),
        bounded: logistic(ofYesNo, bounded),
        importance: withoutDraws(importance(rows, asked)),
        ofYesNo: withoutDraws(yesNoImportance(ofYesNo, asked)),
        mcFadden: mcFaddenShares(ofYesNo, asked),
        penaltyReward: penaltyReward(rows, [{ low: 0, high: 1 }], { replicates: 30 }),
        auc: auc(a, happened),
        aucDifference: aucDifference(a, b, happened),
        brier: brier(a, happened),
        calibration: calibration(b, happened),
        bins: calibrationBins(c, happened),
        cuped: cuped(arm(0, half), arm(half, n)),
        dose: stepAndSlope(doses),
        adjusted: adjustedStepAndSlope(a, rows),
      }
      assertFinite(answers)
    }),
    { numRuns: 400 },
  )
})

/** A draw of customers may well give no answer; the answer as a whole may not be without one. */
function withoutDraws<Answer extends object>(answer: Answer): object {
  return { ...answer, replicates: null }
}

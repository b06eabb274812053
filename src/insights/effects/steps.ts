// The shape that breaking a promise has: a step as soon as it is broken, then a slope that ends (METHODS: on
// Olist's orders a step at the promised day and a plateau). One slope through everything would miss both.
import { quantileOf } from '../../stats/bootstrap.ts'
import { isTold } from '../../stats/cannot-tell.ts'
import { adjustedStepAndSlope } from '../../stats/dose-response.ts'
import type { Cases } from './cases.ts'
import { among, differenceOf, type Observed, rareOutcome } from './compare.ts'
import { controlsFor, rowsWith } from './controls.ts'
import type { Outcome, Step } from './schema.ts'

/** Fewer that came late than this don't show a slope beside a step. */
const fewestLate = 40

/** Among equals: what goes along with being late at all, and with each day (or unit) more until the cap. */
export function stepOf(cases: Cases, outcome: Outcome, observed: Observed, days: boolean): Step {
  const gap = cases.gap.map((each, row) => (Number.isNaN(cases.inTime[row]) ? Number.NaN : each))
  const seen = among(observed, gap)
  const gaps = Float64Array.from(seen.cases, (row) => gap[row] as number)
  const beyond = gaps.filter((each) => each > 0).sort()
  const n = beyond.length
  const nothing = { outcome, n, step: null, slope: null, cap: null }
  if (n < fewestLate)
    return { ...nothing, because: `only ${n} came late and were followed; about ${fewestLate} are needed` }
  const rare = rareOutcome(outcome, seen)
  if (rare) return { ...nothing, because: rare }
  const controls = controlsFor(cases, seen.cases, { wait: days })
  const units = Int32Array.from(seen.cases, (row) => cases.customer[row] as number)
  const cap = capOf(beyond, days)
  const found = adjustedStepAndSlope(gaps, rowsWith(seen.values, [], controls, units), cap)
  if (!isTold(found)) return { ...nothing, because: found.cannotTell }
  const slope = differenceOf(found.slope)
  return {
    outcome,
    n,
    step: differenceOf(found.step),
    slope,
    cap,
    because: slope ? null : 'nearly all came late by the same',
  }
}

/** Where nine in ten of the late ones lie; whole weeks where it is counted in days. */
function capOf(gaps: Float64Array, days: boolean): number {
  const most = quantileOf(gaps, 0.9)
  return days ? Math.max(7, Math.ceil(most / 7) * 7) : most
}

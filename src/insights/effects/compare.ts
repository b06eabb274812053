// Two groups in one outcome: as they are, and compared with equals by least squares with errors that allow for
// several rows a customer and for yes/no outcomes.
import { isTold } from '../../stats/cannot-tell.ts'
import { meanFrom } from '../../stats/means.ts'
import { needed } from '../../stats/power.ts'
import { newcombe, wilson } from '../../stats/proportions.ts'
import { type Coefficient, robustLeastSquares } from '../../stats/regression.ts'
import { welch } from '../../stats/welch.ts'
import type { Cases } from './cases.ts'
import { type Controls, controlsFor, rowsWith } from './controls.ts'
import type { Comparison, Difference, Estimate, Outcome } from './schema.ts'

/** Fewer in a group than this are only counted. */
export const fewest = 10
/** Fewer in the smaller group than this are not compared with equals: chance would choose the equals. */
const fewestAmongEquals = 20
/** What would be worth seeing: half a star, 5 in 100. */
const worthSeeing = { rating: 0.5, cameBack: 0.05, unhappy: 0.05 }

/** The rows that an outcome is known for: which case each is about, and the outcome. */
export interface Observed {
  cases: Int32Array
  values: Float64Array
}

export interface Asked {
  outcome: Outcome
  observed: Observed
  /** Of a case: 1 in the group, 0 in the one it is held against, NaN in neither. */
  group: Float64Array
  /** Hold the wait equal. */
  wait: boolean
  /** More that is held equal, of a case. */
  also?: Float64Array[]
}

export function compare(cases: Cases, asked: Asked): Comparison {
  const { outcome, group } = asked
  const observed = among(asked.observed, group)
  const of = estimateOf(outcome, valuesWhere(observed, group, 1))
  const against = estimateOf(outcome, valuesWhere(observed, group, 0))
  const smaller = Math.min(of.n, against.n)
  const rare = rareOutcome(outcome, observed)
  const nothing = {
    outcome,
    of: shown(of),
    against: shown(against),
    raw: null,
    adjusted: null,
    adjustedFor: [],
  }
  const more = neededOf(outcome, observed, of, against)
  if (smaller < fewest)
    return {
      ...nothing,
      because: smaller === 0 ? 'there is nobody on one side' : `there are only ${smaller} on one side`,
      needed: more,
    }
  if (rare) return { ...nothing, because: rare, needed: null }
  const raw = rawDifference(outcome, observed, group)
  const controls = controlsFor(cases, observed.cases, { wait: asked.wait })
  const adjusted =
    smaller < fewestAmongEquals
      ? `there are only ${smaller} on one side`
      : amongEquals(cases, observed, [group, ...(asked.also ?? [])], controls)
  return {
    outcome,
    of: shown(of),
    against: shown(against),
    raw,
    adjusted: typeof adjusted === 'string' ? null : (adjusted[0] ?? null),
    because: typeof adjusted === 'string' ? adjusted : adjusted[0] ? null : inseparable,
    needed: more,
    adjustedFor: typeof adjusted === 'string' ? [] : controls.names,
  }
}

/** Where next to nobody (or nearly everybody) did it, a difference of shares has no honest interval. */
export function rareOutcome(outcome: Outcome, { values }: Observed): string | null {
  if (outcome === 'rating') return null
  const yes = values.reduce((sum, value) => sum + value, 0)
  const did = { cameBack: 'bought again', unhappy: 'complained' }[outcome]
  if (yes < fewest) return `${yes} of ${values.length} ${did}`
  return values.length - yes < fewest ? `all but ${values.length - yes} of ${values.length} ${did}` : null
}

const inseparable = 'the two go wholly together with what is held equal'

/** The coefficients of `columns` (of a case) on the outcome, everything else held equal; words where there are none. */
export function amongEquals(
  cases: Cases,
  observed: Observed,
  columns: Float64Array[],
  controls: Controls,
): (Difference | null)[] | string {
  const rows = rowsWith(
    observed.values,
    columns.map((column) => Float64Array.from(observed.cases, (row) => column[row] as number)),
    controls,
    Int32Array.from(observed.cases, (row) => cases.customer[row] as number),
  )
  const found = robustLeastSquares(rows)
  if (!isTold(found)) return found.cannotTell
  return columns.map((_, index) => differenceOf(found.coefficients[index]))
}

export function differenceOf(coefficient: Coefficient | undefined): Difference | null {
  if (!coefficient || coefficient.low === null || coefficient.high === null) return null
  const { value, low, high } = coefficient
  return { value, low, high, tells: low > 0 || high < 0 }
}

/** The mean or the share of these values with its interval. */
export function estimateOf(outcome: Outcome, values: Float64Array | number[]): Estimate {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  if (outcome === 'rating') return bounded(meanFrom(values.length, sum, squares))
  const { n, value, low, high } = wilson(sum, values.length)
  return { n, value, low: value === null ? null : low, high: value === null ? null : high }
}

/** Under ten are counted, and nothing is said of them. */
export function shown(estimate: Estimate): Estimate {
  return estimate.n < fewest ? { n: estimate.n, value: null, low: null, high: null } : estimate
}

/** No mean of stars lies outside 1 to 5. */
function bounded({ n, value, low, high }: Estimate): Estimate {
  return {
    n,
    value,
    low: low === null ? null : Math.max(1, low),
    high: high === null ? null : Math.min(5, high),
  }
}

/** The rows whose case is in either group. */
export function among(observed: Observed, group: Float64Array): Observed {
  const rows = [...observed.cases.keys()].filter(
    (row) =>
      !Number.isNaN(group[observed.cases[row] as number]) && !Number.isNaN(observed.values[row] as number),
  )
  return {
    cases: Int32Array.from(rows, (row) => observed.cases[row] as number),
    values: Float64Array.from(rows, (row) => observed.values[row] as number),
  }
}

function valuesWhere(observed: Observed, group: Float64Array, wanted: number): Float64Array {
  return observed.values.filter((_, row) => group[observed.cases[row] as number] === wanted)
}

function rawDifference(outcome: Outcome, observed: Observed, group: Float64Array): Difference | null {
  const sides = [1, 0].map((wanted) => {
    const values = valuesWhere(observed, group, wanted)
    const sum = values.reduce((total, value) => total + value, 0)
    const squares = values.reduce((total, value) => total + value * value, 0)
    return { n: values.length, sum, squares }
  })
  const [of, against] = sides
  if (!of || !against) return null
  const found =
    outcome === 'rating'
      ? welch(meanFrom(of.n, of.sum, of.squares), meanFrom(against.n, against.sum, against.squares))
      : newcombe(wilson(of.sum, of.n), wilson(against.sum, against.n))
  return found && { ...found, tells: found.low > 0 || found.high < 0 }
}

/** How many there would have to be of the smaller group, the other growing along. */
function neededOf(outcome: Outcome, { values }: Observed, of: Estimate, against: Estimate): number | null {
  if (of.n === 0 || against.n === 0) return null
  const ratio = Math.max(of.n, against.n) / Math.min(of.n, against.n)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (outcome === 'rating') {
    const variance =
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1)
    // two-sided 5 %, power 80 %
    return Math.ceil((2.8016 ** 2 * variance * (1 + 1 / ratio)) / worthSeeing.rating ** 2)
  }
  const other = mean > 0.5 ? mean - worthSeeing[outcome] : mean + worthSeeing[outcome]
  return needed(mean, other, ratio)
}

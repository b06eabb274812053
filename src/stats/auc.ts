// How well a score tells those to whom it happened from the others: the area under the ROC curve.
import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import { normalTwoSided } from './distributions.ts'
import { type Difference, z95 } from './proportions.ts'

export interface Auc extends Difference {
  /** To how many it happened, and to how many not. */
  yes: number
  no: number
}

/**
 * The chance that one to whom it happened has the higher score than one to whom it didn't (ties count half),
 * with its 95 % interval: DeLong's variance (1988), in O(n log n) after Sun and Xu (2014), on the logit
 * scale so that it stays in [0, 1]. Where not a single pair is in the wrong order that variance is 0, and
 * Newcombe's interval (2006, method 5) is given instead. Outcome: 1 happened, 0 not.
 * Checked on Hanley and McNeil's CT readings (1982): .893.
 */
export function auc(scores: Float64Array, outcome: Float64Array): Told<Auc> {
  const placed = placements(scores, outcome)
  if (!isTold(placed)) return placed
  const { value, ofYes, ofNo } = placed
  const [yes, no] = [ofYes.length, ofNo.length]
  const error = Math.sqrt(
    covariance(ofYes, ofYes, value, value) / yes + covariance(ofNo, ofNo, value, value) / no,
  )
  if (error === 0 || yes === 1 || no === 1) return { value, ...newcombesInterval(value, yes, no), yes, no }
  const centre = Math.log(value / (1 - value))
  const half = (z95 * error) / (value * (1 - value))
  return { value, low: logistic(centre - half), high: logistic(centre + half), yes, no }
}

/**
 * AUC of the first score minus that of the second, both for the same customers, with DeLong's interval and
 * two-sided p value.
 */
export function aucDifference(
  first: Float64Array,
  second: Float64Array,
  outcome: Float64Array,
): Told<Difference & { p: number }> {
  const a = placements(first, outcome)
  if (!isTold(a)) return a
  const b = placements(second, outcome)
  if (!isTold(b)) return b
  const [yes, no] = [a.ofYes.length, a.ofNo.length]
  if (yes < 2 || no < 2) return cannotTell('it happened, or failed to, only once', 2)
  const value = a.value - b.value
  const variance =
    varianceOfDifference(a.ofYes, b.ofYes, a.value, b.value) / yes +
    varianceOfDifference(a.ofNo, b.ofNo, a.value, b.value) / no
  if (variance <= 0 && value !== 0) return cannotTell('too few were counted to see how far chance goes')
  const half = z95 * Math.sqrt(Math.max(0, variance))
  return {
    value,
    low: Math.max(-1, value - half),
    high: Math.min(1, value + half),
    p: value === 0 ? 1 : normalTwoSided((value * z95) / half),
  }
}

interface Placements {
  value: number
  /** For each to whom it happened, the share of the others with a lower score; for each other, of those with a higher. */
  ofYes: Float64Array
  ofNo: Float64Array
}

function placements(scores: Float64Array, outcome: Float64Array): Told<Placements> {
  let yes = 0
  for (let i = 0; i < outcome.length; i++) {
    if (outcome[i] !== 0 && outcome[i] !== 1)
      return cannotTell('an outcome is missing, or neither yes nor no')
    if (Number.isNaN(scores[i] ?? Number.NaN)) return cannotTell('a score is missing')
    yes += outcome[i] as number
  }
  const no = outcome.length - yes
  if (outcome.length === 0) return cannotTell('nobody was counted')
  if (yes === 0) return cannotTell('it never happened')
  if (no === 0) return cannotTell('it always happened')
  const scoresOf = (which: number) => scores.filter((_, i) => outcome[i] === which)
  const [ofYes, ofNo] = [scoresOf(1), scoresOf(0)]
  const [yesSorted, noSorted] = [ofYes.toSorted(), ofNo.toSorted()]
  let sum = 0
  for (let i = 0; i < yes; i++) {
    ofYes[i] = (below(noSorted, ofYes[i] as number) + upTo(noSorted, ofYes[i] as number)) / (2 * no)
    sum += ofYes[i] as number
  }
  for (let i = 0; i < no; i++)
    ofNo[i] = 1 - (below(yesSorted, ofNo[i] as number) + upTo(yesSorted, ofNo[i] as number)) / (2 * yes)
  return { value: sum / yes, ofYes, ofNo }
}

/** How many of the ascending values lie below this one. */
function below(ascending: Float64Array, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** How many of the ascending values are not above this one. */
function upTo(ascending: Float64Array, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}

function varianceOfDifference(a: Float64Array, b: Float64Array, meanA: number, meanB: number): number {
  return covariance(a, a, meanA, meanA) + covariance(b, b, meanB, meanB) - 2 * covariance(a, b, meanA, meanB)
}

function covariance(a: Float64Array, b: Float64Array, meanA: number, meanB: number): number {
  if (a.length < 2) return 0
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - meanA) * ((b[i] as number) - meanB)
  return sum / (a.length - 1)
}

/** The values whose distance from the estimate is 1.96 of their own standard error. */
function newcombesInterval(value: number, yes: number, no: number): { low: number; high: number } {
  const error = (area: number) => {
    const pairs = (yes + no) / 2 - 1
    const spread = 1 + pairs * ((1 - area) / (2 - area)) + (pairs * area) / (1 + area)
    return Math.sqrt((area * (1 - area) * spread) / (yes * no))
  }
  const edge = (end: number) => {
    let [inside, outside] = [value, end]
    for (let step = 0; step < 60; step++) {
      const middle = (inside + outside) / 2
      if (Math.abs(middle - value) <= z95 * error(middle)) inside = middle
      else outside = middle
    }
    return inside
  }
  return { low: edge(0), high: edge(1) }
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

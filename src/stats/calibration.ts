// Whether what was foretold with 30 % happens 3 times in 10.
import { cannotTell, isTold, type Told } from './cannot-tell.ts'
import { logistic, sigmoid } from './logistic.ts'
import { type Mean, meanFrom } from './means.ts'
import { type Share, wilson, z95 } from './proportions.ts'
import type { Coefficient } from './regression.ts'

export interface Brier {
  /** Mean squared distance between probability and outcome, with its interval: 0 is perfect, .25 a coin's. */
  score: Mean
  /** What always foretelling the share to whom it happened would have got. */
  ofBaseRate: number
  /** 1 − score / ofBaseRate: 0 is no better than the base rate, below it worse. Null where the base rate is never wrong. */
  skill: number | null
}

/** Brier's score (1950) of probabilities for outcomes, 1 happened, 0 not. */
export function brier(probabilities: Float64Array, outcome: Float64Array): Told<Brier> {
  const checked = check(probabilities, outcome)
  if (!isTold(checked)) return checked
  const n = outcome.length
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const loss = ((probabilities[i] as number) - (outcome[i] as number)) ** 2
    sum += loss
    squares += loss * loss
  }
  const base = checked.share
  const ofBaseRate = base * (1 - base)
  return {
    score: meanFrom(n, sum, squares),
    ofBaseRate,
    skill: ofBaseRate > 0 ? 1 - sum / n / ofBaseRate : null,
  }
}

export interface Calibration {
  n: number
  /**
   * By how much the log-odds of the outcome rise when the foretold ones rise by 1: 1 is right, below 1 the
   * probabilities are too extreme, above 1 too timid.
   */
  slope: Coefficient
  /** By how much the foretold log-odds are too low all in all: 0 is right, above 0 it happens more than foretold. */
  inTheLarge: Coefficient
}

/**
 * Calibration slope and calibration in the large (Cox 1958; Van Calster and others 2019). Probabilities are
 * taken as at least 1 in a million away from 0 and 1.
 */
export function calibration(probabilities: Float64Array, outcome: Float64Array): Told<Calibration> {
  const checked = check(probabilities, outcome)
  if (!isTold(checked)) return checked
  const logOdds = probabilities.map((p) => {
    const inside = Math.min(1 - 1e-6, Math.max(1e-6, p))
    return Math.log(inside / (1 - inside))
  })
  const n = outcome.length
  const fit = logistic({ n, full: [logOdds], outcome })
  if (!isTold(fit)) return fit
  const slope = fit.coefficients[0]
  if (!slope || slope.error === null) return cannotTell('everyone was foretold the same')
  if (fit.separated)
    return cannotTell('every yes was foretold higher than every no, so that no slope is too steep')
  return { n, slope, inTheLarge: offsetOf(logOdds, outcome) }
}

/** The constant that, added to the log-odds, makes as many happen as did: Newton's steps in one number. */
function offsetOf(logOdds: Float64Array, outcome: Float64Array): Coefficient {
  const happened = outcome.reduce((sum, each) => sum + each, 0)
  let [low, high] = [-40, 40]
  let value = 0
  let information = 0
  for (let step = 0; step < 200 && high - low > 1e-12; step++) {
    let expected = 0
    information = 0
    for (let i = 0; i < logOdds.length; i++) {
      const p = sigmoid((logOdds[i] as number) + value)
      expected += p
      information += p * (1 - p)
    }
    if (expected < happened) low = value
    else high = value
    const next = value + (happened - expected) / information
    const stays = next > low && next < high
    if (stays && Math.abs(next - value) < 1e-12) break
    value = stays ? next : (low + high) / 2
  }
  const error = 1 / Math.sqrt(information)
  return { value, error, low: value - z95 * error, high: value + z95 * error }
}

export interface CalibrationBin {
  /** The lowest and the highest probability in the bin, and their mean. */
  from: number
  to: number
  foretold: number
  happened: Share
}

/** The outcomes by how probable they were foretold, in about `count` bins of equal size; equal ones stay together. */
export function calibrationBins(
  probabilities: Float64Array,
  outcome: Float64Array,
  count = 10,
): Told<CalibrationBin[]> {
  const checked = check(probabilities, outcome)
  if (!isTold(checked)) return checked
  const sorted = probabilities.toSorted()
  const n = sorted.length
  const tops = new Set(
    Array.from(
      { length: count },
      (_, bin) => sorted[Math.ceil(((bin + 1) * n) / count) - 1] ?? (sorted[0] as number),
    ),
  )
  const ends = [...tops].toSorted((a, b) => a - b)
  const bins = ends.map(() => ({ from: 1, to: 0, sum: 0, hits: 0, n: 0 }))
  for (let i = 0; i < n; i++) {
    const p = probabilities[i] as number
    const bin = bins[ends.findIndex((end) => p <= end)]
    if (!bin) continue
    bin.from = Math.min(bin.from, p)
    bin.to = Math.max(bin.to, p)
    bin.sum += p
    bin.hits += outcome[i] as number
    bin.n++
  }
  return bins
    .filter((bin) => bin.n > 0)
    .map((bin) => ({
      from: bin.from,
      to: bin.to,
      foretold: bin.sum / bin.n,
      happened: wilson(bin.hits, bin.n),
    }))
}

function check(probabilities: Float64Array, outcome: Float64Array): Told<{ share: number }> {
  let happened = 0
  for (let i = 0; i < outcome.length; i++) {
    const p = probabilities[i] ?? Number.NaN
    if (!(p >= 0 && p <= 1)) return cannotTell('a probability is missing, or none')
    if (outcome[i] !== 0 && outcome[i] !== 1)
      return cannotTell('an outcome is missing, or neither yes nor no')
    happened += outcome[i] as number
  }
  return outcome.length === 0 ? cannotTell('nobody was counted') : { share: happened / outcome.length }
}

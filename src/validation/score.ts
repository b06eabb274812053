// How far what a customer experienced confirms the choice to buy, 0 to 100. Two ledgers: what was experienced
// before the first sale (did our effort pay?) and since (was the choice right?); the score is the second one's.
// Good and bad add up apart, the recent weighs more than the old, the strongest and the latest count once more,
// and nothing sure is said from little: every sum is held back as if two neutral experiences stood beside it.

/** Experiences in order of time (those of one instant: the worse first). `at` in ms since 1970, `value` from −1 to +1. */
export interface Pieces {
  at: Float64Array
  value: Float64Array
}

/** What the parts weigh, in log-odds; none but `start` below 0. */
export interface ScoreModel {
  /** Days in which an experience loses half its weight; null: it never does. */
  halfLifeDays: number | null
  /** How much more the first experience weighs than it otherwise would: 0 is not at all. */
  firstBonus: number
  /** Where everybody begins. */
  start: number
  good: number
  bad: number
  peak: number
  last: number
  first: number
}

/** Before there is enough to fit: bad weighs twice as much as good, and an experience half after 90 days. */
export const defaultModel: ScoreModel = {
  halfLifeDays: 90,
  firstBonus: 0,
  start: 0,
  good: 2,
  bad: 4,
  peak: 0.5,
  last: 0.5,
  first: 0,
}

/** Weight of what is not known: so many neutral experiences stand beside those that there are. */
export const heldBack = 2
/** Fewer experiences than these are not enough evidence. */
export const leastPieces = 2
const dayMs = 86_400_000

/** Good and bad of one ledger at a time. Positions are those in the pieces; −1 when there is nothing. */
export interface Ledger {
  n: number
  /** Sum of the weights. */
  weight: number
  /** Σ w·e⁺ / (W + 2) and Σ w·e⁻ / (W + 2), each from 0 to 1. */
  good: number
  bad: number
  peakAt: number
  firstAt: number
  lastAt: number
}

/**
 * The pieces from `from` up to, not including, `to` as they stand at `now`: w = 2^(−age/H)·(1 + φ·first).
 * What has not happened yet does not count.
 */
export function ledgerOf(
  { at, value }: Pieces,
  from: number,
  to: number,
  now: number,
  model: Pick<ScoreModel, 'halfLifeDays' | 'firstBonus'>,
): Ledger {
  const ledger = { n: 0, weight: 0, good: 0, bad: 0, peakAt: -1, firstAt: -1, lastAt: -1 }
  let strongest = -1
  for (let i = from; i < to; i++) {
    if ((at[i] as number) > now) break
    const e = value[i] as number
    const weight = weightOf(at[i] as number, now, model, ledger.n === 0)
    ledger.n++
    ledger.weight += weight
    if (e > 0) ledger.good += weight * e
    else ledger.bad -= weight * e
    // Of equally strong ones a bad one stays in mind, else the latest.
    const strength = Math.abs(e)
    if (
      strength > strongest ||
      (strength === strongest && (e < 0 || (value[ledger.peakAt] as number) >= 0))
    ) {
      strongest = strength
      ledger.peakAt = i
    }
    if (ledger.firstAt < 0) ledger.firstAt = i
    ledger.lastAt = i
  }
  ledger.good /= ledger.weight + heldBack
  ledger.bad /= ledger.weight + heldBack
  return ledger
}

function weightOf(
  at: number,
  now: number,
  { halfLifeDays, firstBonus }: Pick<ScoreModel, 'halfLifeDays' | 'firstBonus'>,
  first: boolean,
): number {
  const fresh = halfLifeDays === null ? 1 : 2 ** (-(now - at) / (halfLifeDays * dayMs))
  return first ? fresh * (1 + firstBonus) : fresh
}

/** start + good·Pos − bad·Neg + peak·strongest + last·latest + first·first, in log-odds. */
export function logOddsOf(ledger: Ledger, value: Float64Array, model: ScoreModel): number {
  if (ledger.n === 0) return model.start
  return (
    model.start +
    model.good * ledger.good -
    model.bad * ledger.bad +
    model.peak * (value[ledger.peakAt] as number) +
    model.last * (value[ledger.lastAt] as number) +
    model.first * (value[ledger.firstAt] as number)
  )
}

/** 0 to 100. */
export function scoreAt(logOdds: number): number {
  return 100 / (1 + Math.exp(-logOdds))
}

/** What one experience does to a score. */
export interface Contribution {
  /** Its position in the pieces. */
  index: number
  logOdds: number
  points: number
}

export interface Score {
  /** Null: not enough evidence yet. */
  value: number | null
  /** Where everybody begins. */
  start: number
  ledger: Ledger
  /** One a piece, in their order; together exactly value − start. */
  contributions: Contribution[]
}

/**
 * The score of one customer and what makes it. Log-odds add up, so each experience has its own share of them;
 * points are that share of the way from start to value (the slope's mean on the way: Aumann and Shapley 1974).
 */
export function scoreOf(pieces: Pieces, from: number, to: number, now: number, model: ScoreModel): Score {
  const ledger = ledgerOf(pieces, from, to, now, model)
  const start = scoreAt(model.start)
  if (ledger.n < leastPieces) return { value: null, start, ledger, contributions: [] }
  const logOdds = logOddsOf(ledger, pieces.value, model)
  const value = scoreAt(logOdds)
  const way = logOdds - model.start
  const slope = Math.abs(way) < 1e-9 ? (value * (100 - value)) / 100 : (value - start) / way
  const contributions = Array.from({ length: ledger.n }, (_, k) => {
    const index = from + k
    const share = shareOf(pieces, index, ledger, now, model)
    return { index, logOdds: share, points: share * slope }
  })
  return { value, start, ledger, contributions }
}

/** The log-odds that one experience adds. */
function shareOf(
  { at, value }: Pieces,
  index: number,
  ledger: Ledger,
  now: number,
  model: ScoreModel,
): number {
  const e = value[index] as number
  const weight = weightOf(at[index] as number, now, model, index === ledger.firstAt)
  return (
    ((e > 0 ? model.good : model.bad) * weight * e) / (ledger.weight + heldBack) +
    (index === ledger.peakAt ? model.peak * e : 0) +
    (index === ledger.lastAt ? model.last * e : 0) +
    (index === ledger.firstAt ? model.first * e : 0)
  )
}

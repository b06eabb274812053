import { cannotTell, type Told } from './cannot-tell.ts'
import { type Mean, meanFrom } from './means.ts'
import { type Share, wilson, z95 } from './proportions.ts'

/** How survey figures may be shown: with few answers counts alone, then the interval before the figure. */
export type Footing = 'counts only' | 'interval first' | 'figure'

export function footing(answers: number): Footing {
  return answers < 10 ? 'counts only' : answers < 30 ? 'interval first' : 'figure'
}

export interface NetPromoter {
  n: number
  promoters: number
  passives: number
  detractors: number
  /** Share of promoters less share of detractors, −100 to 100. */
  score: number
  low: number
  high: number
  footing: Footing
}

/**
 * Net promoter score with its 95 % interval: s = p − d, variance (p + d − s²)/n; under 30 answers with three
 * pseudo-answers (¾, 1½, ¾), which keep the interval honest (adjusted Wald, Rocks 2016, Int. J. of Market
 * Research 58(1)); the score itself is left as it is, and lies in it.
 * Checked: 50, 30 and 20 → 30.0, from 14.7 to 45.3 (Wald).
 */
export function netPromoter(promoters: number, passives: number, detractors: number): Told<NetPromoter> {
  const n = promoters + passives + detractors
  if (!(n > 0 && n < Number.POSITIVE_INFINITY)) return cannotTell('nobody has answered')
  const score = (promoters - detractors) / n
  const few = n < 30
  const all = few ? n + 3 : n
  const [p, d] = few ? [(promoters + 0.75) / all, (detractors + 0.75) / all] : [promoters / n, detractors / n]
  const middle = p - d
  const half = z95 * Math.sqrt((p + d - middle * middle) / all)
  return {
    n,
    promoters,
    passives,
    detractors,
    score: 100 * score,
    low: 100 * Math.min(score, Math.max(-1, middle - half)),
    high: 100 * Math.max(score, Math.min(1, middle + half)),
    footing: footing(n),
  }
}

/** Satisfaction: the share that chose one of the two best answers, with Wilson's interval. `counts` from worst to best. */
export function topTwo(counts: readonly number[]): Share {
  const n = counts.reduce((sum, count) => sum + count, 0)
  return wilson(
    counts.slice(-2).reduce((sum, count) => sum + count, 0),
    n,
  )
}

export interface Effort {
  /** Mean effort with its t interval, on the scale 1 to as many as there are counts. */
  mean: Mean
  /** The share with one of the two highest efforts. */
  high: Share
}

/** Customer effort. `counts` from least to most effort. */
export function effort(counts: readonly number[]): Effort {
  let n = 0
  let sum = 0
  let squares = 0
  for (const [i, count] of counts.entries()) {
    n += count
    sum += count * (i + 1)
    squares += count * (i + 1) ** 2
  }
  return { mean: meanFrom(n, sum, squares), high: topTwo(counts) }
}

export interface Answered {
  rate: Share
  /** The share of all who were asked, if all silent ones had answered no, and if all had answered yes. */
  worst: number
  best: number
}

/**
 * What silence could hide: bounds for a share among all who were asked, whatever the silent ones think (Manski
 * 1989). Wide bounds are the truth about low response rates; no weighting makes them narrower without belief.
 */
export function silenceBounds(hits: number, answered: number, asked: number): Told<Answered> {
  if (!(asked > 0 && asked < Number.POSITIVE_INFINITY)) return cannotTell('nobody was asked')
  if (!(answered <= asked && hits <= answered && hits >= 0))
    return cannotTell('more answered than were asked')
  return { rate: wilson(answered, asked), worst: hits / asked, best: (hits + asked - answered) / asked }
}

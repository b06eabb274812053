import { type Mean, meanFrom } from '../../stats/means.ts'
import { type Difference, type Share, wilson } from '../../stats/proportions.ts'

/** Fewer answers than this are only counted: no mean, no share, no interval. */
export const fewestAnswers = 10
/** Beyond this (in hundredths, either way) an experience is good or bad; within, neither. */
export const levelBand = 10

/** How good an experience was, −1 to +1, with its interval and the answers behind it. */
export interface Level {
  n: number
  /** Null with too few answers. */
  value: number | null
  low: number | null
  high: number | null
  good: number
  bad: number
}

/** A share with its interval; null with fewer than fewestAnswers. */
export interface Part {
  hits: number
  n: number
  value: number | null
  low: number | null
  high: number | null
}

/** A difference to what is compared with; `tells` false when its interval includes 0. */
export interface Change extends Difference {
  tells: boolean
}

/** Adds up answers of equal kind: a histogram over the 201 values an experience can have. */
export class Answers {
  n = 0
  private sum = 0
  private squares = 0
  private good = 0
  private bad = 0

  add(experience: number, count: number): void {
    const value = experience / 100
    this.n += count
    this.sum += value * count
    this.squares += value * value * count
    if (experience > levelBand) this.good += count
    if (experience < -levelBand) this.bad += count
  }

  addAll(other: Answers): void {
    this.n += other.n
    this.sum += other.sum
    this.squares += other.squares
    this.good += other.good
    this.bad += other.bad
  }

  get mean(): Mean {
    return meanFrom(this.n, this.sum, this.squares)
  }

  get level(): Level {
    const { n, good, bad } = this
    if (n < fewestAnswers) return { n, value: null, low: null, high: null, good, bad }
    const { value, low, high } = this.mean
    return { n, value, low: clamp(low), high: clamp(high), good, bad }
  }

  get goodShare(): Part {
    return part(this.good, this.n)
  }

  get badShare(): Part {
    return part(this.bad, this.n)
  }
}

export function part(hits: number, n: number): Part {
  if (n < fewestAnswers) return { hits, n, value: null, low: null, high: null }
  const { value, low, high } = wilson(hits, n)
  return { hits, n, value, low, high }
}

/** A part as the share that differences are worked out from; null when it has too few answers. */
export function shareOf(of: Part): Share | null {
  return of.value === null ? null : wilson(of.hits, of.n)
}

export function change(difference: Difference | null): Change | null {
  return difference && { ...difference, tells: difference.low > 0 || difference.high < 0 }
}

function clamp(value: number | null): number | null {
  return value === null ? null : Math.max(-1, Math.min(1, value))
}

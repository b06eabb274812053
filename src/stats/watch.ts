// A watch over a series (a share of broken promises a week, a mean rating a week) that says when it has turned,
// and cries wolf no more often than it says.
//
// It is Hawkins' self-starting CUSUM (1987): each period is compared with all before it since the last turn, so
// no stretch has to be set aside to learn from, and the rate of false alarms holds from the first periods on.
// Limits around a mean learned from twenty weeks alarm several times as often as their tables say. Measured over
// two years of weeks in which nothing turns: about half the false alarms allowed; as many as allowed where a
// week takes after the one before by .3; more than allowed from about .5 on, and in series with seasons.
import { cannotTell, type Told } from './cannot-tell.ts'
import { normalQuantile, studentCdf, studentT } from './distributions.ts'
import { scaleOf } from './scale.ts'

export interface WatchedPeriod {
  /** The figure of this period; null where nothing was seen. */
  value: number | null
  /** Where it would lie 95 times in 100 if nothing had turned; null while too little is known. */
  low: number | null
  high: number | null
}

export interface Turn {
  /** The first period of the new level, as near as can be told. */
  since: number
  /** The period in which the watch was sure. */
  sure: number
  direction: 'up' | 'down'
}

export interface Watch {
  periods: WatchedPeriod[]
  /** In order of time; none: nothing has turned beyond chance. */
  turns: Turn[]
  /** The false alarms to expect of this series in a year in which nothing turns, at most. */
  falseAlarmsAYear: number
}

export interface Strictness {
  /** Periods in a year: 52 for weeks, 365 for days. */
  periodsAYear: number
  /** False alarms to put up with in a year over everything watched. Default 1. */
  falseAlarms?: number
  /** How many series are watched alike: each then has its part of the false alarms. Default 1. */
  series?: number
}

/** Fewer periods than this are no level to turn from. */
const fewest = 8

/** Half the shift it is made to find, in standard deviations: it finds shifts of one soonest. */
const allowance = 0.5

/** One period can't move the sum by more than this: a single odd week is not a turn. */
const outlier = 3

/**
 * Watches a share, such as promises broken by week. Compared on the arcsine scale, where its spread hardly
 * depends on the share; how much weeks differ beyond counting is learned from the weeks (as in Laney's p′ chart).
 */
export function watchShare(
  periods: readonly { hits: number; n: number }[],
  strictness: Strictness,
): Told<Watch> {
  return watch(
    periods.map(({ hits, n }) =>
      uncounted(n) || !(hits >= 0 && hits <= n) ? null : { x: arcsine(hits, n), weight: n + 0.5 },
    ),
    strictness,
    {
      shown: (i) => (periods[i] as { hits: number }).hits / (periods[i] as { n: number }).n,
      back: (x) => Math.sin(Math.min(Math.PI / 2, Math.max(0, x))) ** 2,
    },
  )
}

/** Watches a mean, such as ratings by week, each over `n` values. */
export function watchMean(
  periods: readonly { mean: number; n: number }[],
  strictness: Strictness,
): Told<Watch> {
  const scale = scaleOf(periods.map(({ mean }) => mean).filter(Number.isFinite))
  return watch(
    periods.map(({ mean, n }) =>
      uncounted(n) || !Number.isFinite(mean) ? null : { x: mean / scale, weight: n },
    ),
    strictness,
    { shown: (i) => (periods[i] as { mean: number }).mean, back: (x) => x * scale },
  )
}

/**
 * How far the sum may rise before it is an alarm, for `apart` periods between two false ones on average: by
 * Siegmund's approximation (1985) of a two-sided CUSUM, ARL = (e^(2kb) − 2kb − 1)/(4k²), b = h + 1.166.
 * Checked: h = 5 with k = ½ has 465 (Montgomery), here 469.
 */
export function decisionInterval(apart: number): number {
  let low = 0
  let high = 100
  for (let step = 0; step < 60; step++) {
    const h = (low + high) / 2
    const bend = 2 * allowance * (h + 1.166)
    if ((Math.exp(bend) - bend - 1) / (4 * allowance * allowance) < apart) low = h
    else high = h
  }
  return high
}

interface Point {
  x: number
  /** One over its variance, up to a factor that all points share. */
  weight: number
}

interface Scale {
  shown: (period: number) => number
  back: (x: number) => number
}

/** Not a number of answers. */
function uncounted(n: number): boolean {
  return !(n > 0 && n < Number.POSITIVE_INFINITY)
}

function watch(points: readonly (Point | null)[], strictness: Strictness, scale: Scale): Told<Watch> {
  const { periodsAYear, falseAlarms = 1, series = 1 } = strictness
  const seen = points.flatMap((point, period) => (point === null ? [] : [{ ...point, period }]))
  if (seen.length < fewest)
    return cannotTell(`only ${seen.length} periods have figures, too few to know what is usual`, fewest)
  const each = falseAlarms / series
  const limit = decisionInterval(periodsAYear / each)
  const periods: WatchedPeriod[] = points.map((point, i) => ({
    value: point === null ? null : scale.shown(i),
    low: null,
    high: null,
  }))
  const turns: Turn[] = []
  for (let from = 0; from < seen.length; ) {
    const turn = firstTurn(seen.slice(from), limit, (place, low, high) => {
      const period = periods[seen[from + place]?.period ?? 0]
      if (period) Object.assign(period, { low: scale.back(low), high: scale.back(high) })
    })
    if (!turn) break
    turns.push({
      since: seen[from + turn.since]?.period ?? 0,
      sure: seen[from + turn.sure]?.period ?? 0,
      direction: turn.direction,
    })
    from += turn.since
    for (const { period } of seen.slice(from)) Object.assign(periods[period] ?? {}, { low: null, high: null })
  }
  return { periods, turns, falseAlarmsAYear: each }
}

/** Anscombe's form (1948), kinder to few hits than the plain one; its variance is about 1/(4n + 2). */
function arcsine(hits: number, n: number): number {
  return Math.asin(Math.sqrt((hits + 0.375) / (n + 0.75)))
}

/** The first turn of a stretch, in places of `points`; tells for each place where its value was to be expected. */
function firstTurn(
  points: readonly Point[],
  limit: number,
  tell: (place: number, low: number, high: number) => void,
): Turn | null {
  const usual = new Usual()
  const neighbours = new Neighbours()
  const up = { sum: 0 }
  const down = { sum: 0 }
  for (const [place, point] of points.entries()) {
    const range = usual.range(point)
    if (range) tell(place, range.low, range.high)
    const surprise = usual.meet(point)
    if (surprise === null) continue
    neighbours.meet(surprise.residual)
    const step = Math.min(outlier, Math.max(-outlier, surprise.normal)) / neighbours.stretch()
    for (const [side, signed] of [
      [up, step],
      [down, -step],
    ] as const) {
      side.sum = Math.max(0, side.sum + signed - allowance)
      if (side.sum > limit)
        return {
          since: likeliestSplit(points.slice(0, place + 1)),
          sure: place,
          direction: side === up ? 'up' : 'down',
        }
    }
  }
  return null
}

/**
 * Where the level most likely changed: the split that explains most. The last time the sum stood at zero, the
 * usual answer, wanders off to wherever chance last leaned the same way.
 */
function likeliestSplit(points: readonly Point[]): number {
  const all = points.reduce((sum, { weight }) => sum + weight, 0)
  const mean = points.reduce((sum, { x, weight }) => sum + weight * x, 0) / all
  let before = 0
  let off = 0
  let best = { at: 1, explained: -1 }
  for (const [i, { x, weight }] of points.slice(0, -1).entries()) {
    before += weight
    off += weight * (x - mean)
    const explained = (off * off) / before + (off * off) / (all - before)
    if (explained > best.explained) best = { at: i + 1, explained }
  }
  return best.at
}

/** What is usual so far: the weighted mean and the spread around it. */
class Usual {
  private weight = 0
  private mean = 0
  private squares = 0
  private degrees = 0

  /** Where a point would lie 95 times in 100; null while fewer than three differences are known. */
  range({ weight }: Point): { low: number; high: number } | null {
    if (this.degrees < 3) return null
    const half = studentT(0.975, this.degrees) * Math.sqrt((this.squares / this.degrees) * this.error(weight))
    return { low: this.mean - half, high: this.mean + half }
  }

  /**
   * The point's distance from the mean before it: these are independent and have one variance (recursive
   * residuals, Brown, Durbin & Evans 1975), and over the spread before it exactly Student's t. Null while
   * fewer than three are known.
   */
  meet({ x, weight }: Point): { residual: number; normal: number } | null {
    const residual = this.weight === 0 ? null : (x - this.mean) / Math.sqrt(this.error(weight))
    const { squares, degrees } = this
    this.weight += weight
    this.mean += (weight / this.weight) * (x - this.mean)
    if (residual === null) return null
    this.squares += residual * residual
    this.degrees++
    if (degrees < 3) return null
    if (squares === 0) return { residual, normal: Math.sign(residual) * outlier }
    return { residual, normal: normalQuantile(studentCdf(residual / Math.sqrt(squares / degrees), degrees)) }
  }

  private error(weight: number): number {
    return 1 / weight + 1 / this.weight
  }
}

/**
 * How much neighbouring periods are alike, ρ, from steps over one and over two periods, whose mean squares are
 * as 1 to 1 + ρ: a turn of the level touches only a few of them. Drawn towards .2, worth ten periods.
 */
class Neighbours {
  private last: number[] = []
  private one = 0
  private two = 0
  private n = 0

  meet(residual: number): void {
    const [before, previous] = [this.last.at(-2), this.last.at(-1)]
    if (before !== undefined && previous !== undefined) {
      this.one += (residual - previous) ** 2
      this.two += (residual - before) ** 2
      this.n++
    }
    this.last = [previous ?? residual, residual]
  }

  /** By how much sums of such neighbours spread more than sums of strangers. */
  stretch(): number {
    const seen = this.one > 0 ? this.two / this.one - 1 : 0
    const alike = Math.min(0.8, Math.max(0, (10 * 0.2 + this.n * seen) / (10 + this.n)))
    return Math.sqrt((1 + alike) / (1 - alike))
  }
}

import { cannotTell, type Told } from './cannot-tell.ts'
import { type LifeTable, lifeTable, placeOf } from './life-table.ts'
import { type Difference, wilson, z95 } from './proportions.ts'

/** One case followed for `time` (any unit): `happened`, or lost from sight at that time. */
export interface Followed {
  time: number
  happened: boolean
  /** How many cases are like this one. Default 1. */
  count?: number
}

/** The waiting time by which a share of cases has it behind them. Null: not reached in what was seen. */
export interface WaitQuantile {
  n: number
  happened: number
  value: number | null
  low: number | null
  high: number | null
}

/**
 * The Kaplan–Meier estimate of who is still waiting (Kaplan & Meier 1958), one entry at each time at which it
 * falls. Cases not yet happened count with the time they were followed.
 */
export interface Curve {
  n: number
  happened: number
  leftOut: number
  /** The last time at which any case was seen; 0 where there are none. */
  followed: number
  times: Float64Array
  /** How many were still waiting just before each time. */
  atRisk: Float64Array
  events: Float64Array
  /** The share still waiting after each time. */
  surviving: Float64Array
  /** Greenwood's sum Σ d/(n(n−d)) up to each time: the variance of the logarithm of the share. */
  greenwood: Float64Array
}

/**
 * How an interval around a share still waiting is made. "log": symmetric on the logarithm, as R's survfit does
 * by default. "log-log": symmetric on ln(−ln), never outside 0 to 1, better with few. "wilson": where the share
 * is exactly 0 or 1 Greenwood's variance is 0, which would claim certainty; Wilson's interval for those still
 * watched stands in.
 */
export type IntervalKind = 'log' | 'log-log' | 'wilson'

export interface Surviving {
  value: number
  low: number
  high: number
  interval: IntervalKind
  /** How many were still waiting and watched just then. */
  atRisk: number
}

export function survivalCurve({ times, happened, lost, n, leftOut }: LifeTable): Curve {
  const falls: number[] = []
  const atRisk: number[] = []
  const surviving: number[] = []
  const greenwood: number[] = []
  let waiting = n
  let share = 1
  let variance = 0
  let total = 0
  for (let i = 0; i < times.length; i++) {
    const events = happened[i] as number
    if (events > 0) {
      total += events
      share *= 1 - events / waiting
      variance += waiting > events ? events / (waiting * (waiting - events)) : 0
      falls.push(i)
      atRisk.push(waiting)
      surviving.push(share)
      greenwood.push(variance)
    }
    waiting = Math.max(0, waiting - events - (lost[i] as number))
  }
  return {
    n,
    happened: total,
    leftOut,
    followed: times.at(-1) ?? 0,
    times: Float64Array.from(falls, (i) => times[i] as number),
    atRisk: Float64Array.from(atRisk),
    events: Float64Array.from(falls, (i) => happened[i] as number),
    surviving: Float64Array.from(surviving),
    greenwood: Float64Array.from(greenwood),
  }
}

/** The share still waiting after `time`, with its 95 % interval. Can't tell beyond what was seen. */
export function survivingAt(
  table: LifeTable,
  curve: Curve,
  time: number,
  kind: 'log' | 'log-log' = 'log-log',
): Told<Surviving> {
  if (curve.n === 0) return cannotTell('there is no case')
  const place = placeOf(curve.times, time)
  const value = place < 0 ? 1 : (curve.surviving[place] as number)
  if (time > curve.followed && value > 0) return cannotTell('nobody was followed for that long')
  const atRisk = waitingAt(table, time)
  if (value === 1 || value < 1e-12) {
    const watched = value === 1 ? atRisk : (curve.atRisk[place] as number)
    const { low, high } = wilson(value === 1 ? watched : 0, watched)
    return { value: value === 1 ? 1 : 0, low, high, interval: 'wilson', atRisk }
  }
  const error = z95 * Math.sqrt(curve.greenwood[place] as number)
  return { value, ...around(value, error, kind), interval: kind, atRisk }
}

/**
 * The difference of the shares still waiting at a time, a − b, of two independent groups: the intervals of
 * both are combined as Newcombe does for two shares (MOVER; Zou & Donner 2008).
 */
export function survivalDifference(a: Told<Surviving>, b: Told<Surviving>): Told<Difference> {
  if ('cannotTell' in a) return a
  if ('cannotTell' in b) return b
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  }
}

/**
 * The time by which `share` of cases have happened. Its 95 % interval inverts the pointwise interval with
 * Greenwood's variance (Brookmeyer & Crowley 1982), by default the log one as R's survfit.
 * Checked on R's lung data: median 310, log interval 285 to 363.
 */
export function waitOf(curve: Curve, share: number, kind: 'log' | 'log-log' = 'log', z = z95): WaitQuantile {
  const left = 1 - share
  const found: Pick<WaitQuantile, 'value' | 'low' | 'high'> = { value: null, low: null, high: null }
  for (let i = 0; i < curve.times.length; i++) {
    const time = curve.times[i] as number
    const value = curve.surviving[i] as number
    const { low, high } = around(value, z * Math.sqrt(curve.greenwood[i] as number), kind)
    if (reached(value)) found.value ??= time
    if (reached(low)) found.low ??= time
    if (reached(high)) found.high ??= time
  }
  return { n: curve.n, happened: curve.happened, ...found }

  // A share that lands on `left` exactly up to rounding has reached it.
  function reached(survival: number): boolean {
    return survival <= left + 1e-12
  }
}

/** The same from single cases: see waitOf. The log interval. */
export function waitQuantile(cases: readonly Followed[], share: number, z = z95): WaitQuantile {
  const table = lifeTable(
    cases.map(({ time }) => time),
    cases.map(({ happened }) => happened),
    cases.map(({ count }) => count ?? 1),
  )
  return waitOf(survivalCurve(table), share, 'log', z)
}

/** `error`: z times the standard error of the logarithm of the share. */
function around(value: number, error: number, kind: 'log' | 'log-log'): { low: number; high: number } {
  if (value <= 0) return { low: 0, high: 0 }
  if (kind === 'log') return { low: value * Math.exp(-error), high: Math.min(1, value * Math.exp(error)) }
  const log = Math.log(value)
  if (log === 0) return { low: 1, high: 1 }
  const spread = Math.exp(error / -log)
  return { low: value ** spread, high: value ** (1 / spread) }
}

function waitingAt({ times, happened, lost, n }: LifeTable, time: number): number {
  let waiting = n
  for (let i = 0; i < times.length && (times[i] as number) < time; i++)
    waiting -= (happened[i] as number) + (lost[i] as number)
  return Math.max(0, waiting)
}

// A company's past as it could be known at some dates in it: what each customer had experienced and bought by
// then, and whether they came back within the time after. The latest date is for judging. The earlier ones are for
// fitting, a quarter of that time apart, and what came after each was over when the time for judging began: nothing
// that is judged was seen by the fit.
import { cannotTell, type Told } from '../stats/cannot-tell.ts'
import { leastPieces } from './score.ts'

/** How customers of this company come back. */
export type ComingBack = 'again' | 'renew' | 'referral'

/** Columns with a row an event, ordered by customer and time; times in ms since 1970. */
export interface Past {
  comingBack: ComingBack
  /** Whether the weights in use were found in the data: they are kept unless they have come to tell nothing. */
  usedBefore: boolean
  /** When the record ends. */
  asOf: number
  /** Experiences since the first sale; `value` −1 to +1, `said` 1 where it is the customer's word. */
  pieces: { customer: Float64Array; at: Float64Array; value: Float64Array; said: Float64Array }
  sales: { customer: Float64Array; at: Float64Array; minor: Float64Array }
  /** For 'renew' contracts, with when they end (NaN: never); for 'referral' those brought; for 'again' nothing. */
  returns: { customer: Float64Array; at: Float64Array; until: Float64Array }
}

/** A customer at a date. */
export interface Row {
  /** Position of the date. */
  landmark: number
  /** Their experiences until then, as positions in the pieces: from, and to (not included). */
  from: number
  to: number
  recencyDays: number
  sales: number
  minor: number
  /** Of ratings by the customer, −1 to +1; 0 where there is none. */
  lastRating: number
  meanRating: number
  /** 1 where there is one. */
  rated: number
  /** 1 where they came back in time. */
  outcome: number
}

export interface Landmarks {
  horizonDays: number
  /** When each date is, the latest first. */
  dates: number[]
  rows: Row[]
  /** One in so many customers was taken for fitting, and for judging. */
  oneIn: number
  oneInJudged: number
}

const dayMs = 86_400_000
/** Times within which somebody may be waited for, in days. */
const horizons = [30, 90, 180, 365]
const mostDates = 13
/** Two times to judge and to fit on, and a half in which something is experienced first. */
const leastHorizons = 2.5
/** More customers at dates than about these don't make the fit better, only slower. */
const mostCases = 200_000

export function landmarksOf(past: Past): Told<Landmarks> {
  const begun = past.sales.at.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
  if (!Number.isFinite(begun)) return cannotTell('nothing was bought')
  const record = (past.asOf - begun) / dayMs
  const horizonDays = horizonOf(past, record)
  if (record < leastHorizons * horizonDays)
    return cannotTell(
      `sales are known for ${Math.max(0, Math.floor(record))} days and ${leastHorizons * horizonDays} are needed: a time to experience something, one to fit on and one to judge on`,
      leastHorizons * horizonDays,
    )
  const horizon = horizonDays * dayMs
  const dates = [past.asOf - horizon]
  for (
    let at = past.asOf - 2 * horizon;
    at >= begun + horizon / 4 && dates.length < mostDates;
    at -= horizon / 4
  )
    dates.push(at)
  const lives = livesOf(past)
  const [oneInJudged, oneIn] = [1, dates.length - 1].map((each) =>
    Math.max(1, Math.ceil((lives.length * each) / mostCases)),
  ) as [number, number]
  const rows = lives.flatMap((life, index) =>
    dates.flatMap((at, landmark): Row[] => {
      if (index % (landmark === 0 ? oneInJudged : oneIn) !== 0) return []
      const row = rowAt(past, life, landmark, at, horizon)
      return row ? [row] : []
    }),
  )
  return { horizonDays, dates, rows, oneIn, oneInJudged }
}

/** The least of the times by which three in four return sales had come; a year for what is rarer; less where the record is short. */
function horizonOf(past: Past, record: number): number {
  const { customer, at } = past.sales
  const gaps = Float64Array.from(customer.subarray(1), (each, i) =>
    each === customer[i] ? ((at[i + 1] as number) - (at[i] as number)) / dayMs : Number.NaN,
  )
    .filter((gap) => gap > 0)
    .toSorted()
  const usual =
    past.comingBack === 'again' && gaps.length > 0 ? (gaps[Math.floor(gaps.length * 0.75)] as number) : 365
  const wanted = horizons.find((days) => days >= usual) ?? 365
  return horizons.findLast((days) => days <= wanted && record >= leastHorizons * days) ?? 30
}

/** One customer's stretches of the columns. */
interface Life {
  pieces: Stretch
  sales: Stretch
  returns: Stretch
}
interface Stretch {
  from: number
  to: number
}

/** Customers with enough experiences, in order. */
function livesOf({ pieces, sales, returns }: Past): Life[] {
  const lives: Life[] = []
  const salesOf = follower(sales.customer)
  const returnsOf = follower(returns.customer)
  for (let from = 0; from < pieces.customer.length; ) {
    const customer = pieces.customer[from] as number
    let to = from
    while (pieces.customer[to] === customer) to++
    if (to - from >= leastPieces)
      lives.push({ pieces: { from, to }, sales: salesOf(customer), returns: returnsOf(customer) })
    from = to
  }
  return lives
}

/** Finds the rows of one customer after the other in an ordered column. */
function follower(customers: Float64Array): (customer: number) => Stretch {
  let at = 0
  return (customer) => {
    while ((customers[at] as number) < customer) at++
    const from = at
    while (customers[at] === customer) at++
    return { from, to: at }
  }
}

/** The customer as known at the date; undefined where there was not enough evidence, or nothing to come back to. */
function rowAt(past: Past, life: Life, landmark: number, at: number, horizon: number): Row | undefined {
  const { pieces, sales } = past
  const to = upTo(pieces.at, life.pieces, at)
  if (to - life.pieces.from < leastPieces) return undefined
  const bought = upTo(sales.at, life.sales, at)
  if (bought === life.sales.from) return undefined
  if (past.comingBack === 'renew' && !runsAt(past, life, at)) return undefined
  let minor = 0
  for (let i = life.sales.from; i < bought; i++) minor += sales.minor[i] as number
  let [rated, sum, last] = [0, 0, 0]
  for (let i = life.pieces.from; i < to; i++) {
    if (pieces.said[i] !== 1) continue
    rated++
    last = pieces.value[i] as number
    sum += last
  }
  return {
    landmark,
    from: life.pieces.from,
    to,
    recencyDays: (at - (sales.at[bought - 1] as number)) / dayMs,
    sales: bought - life.sales.from,
    minor,
    lastRating: last,
    meanRating: rated === 0 ? 0 : sum / rated,
    rated: rated === 0 ? 0 : 1,
    outcome: cameBack(past, life, bought, at, at + horizon) ? 1 : 0,
  }
}

function cameBack(past: Past, life: Life, bought: number, at: number, until: number): boolean {
  switch (past.comingBack) {
    case 'again':
      return bought < life.sales.to && (past.sales.at[bought] as number) <= until
    case 'referral':
      return upTo(past.returns.at, life.returns, until) > upTo(past.returns.at, life.returns, at)
    case 'renew':
      return runsAt(past, life, until)
    default:
      return past.comingBack satisfies never
  }
}

/** Whether a contract runs at that time. */
function runsAt({ returns }: Past, { returns: { from, to } }: Life, at: number): boolean {
  for (let i = from; i < to; i++)
    if ((returns.at[i] as number) <= at && !((returns.until[i] as number) <= at)) return true
  return false
}

/** The position after the last one that is not later than `at`. */
function upTo(times: Float64Array, { from, to }: Stretch, at: number): number {
  let position = from
  while (position < to && (times[position] as number) <= at) position++
  return position
}

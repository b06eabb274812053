// What each buyer was met with, from millions of rows of a query to a few arrays: buyers in random order (so
// that runs of them are random blocks), and for each the touchpoints they were met at, ascending.
import { Seeded } from '../../stats/seeded.ts'
import type { Columns } from '../../store/projection-columns.ts'
import { statuses } from './outcome-texts.ts'

/** Buyers that are counted, in random order. */
export interface Buyers {
  n: number
  /** Their places in the query's rows. */
  row: Int32Array
  outcome: Float64Array
  /** How many did not enter, and why. */
  leftOut: { tooRecent: number; unanswered: number; tooEarly: number }
}

/** Buyer i has the entries starts[i] … starts[i + 1] − 1, touchpoints ascending, none twice. */
export interface Touched {
  starts: Uint32Array
  /** The touchpoint, by its place in the list of touchpoints. */
  touchpoint: Uint16Array
  /** How often before the sale. */
  before: Uint16Array
  /** Mean experience there, −1 to 1: of what the customer said; where nothing was said, of what is inferred. NaN: neither. */
  felt: Float32Array
  /** 1 where the customer said it. */
  said: Uint8Array
}

export function enteringBuyers(buyers: Columns, seed: number): Buyers {
  const status = column(buyers, 'status')
  const outcome = column(buyers, 'outcome')
  const leftOut = { tooRecent: 0, unanswered: 0, tooEarly: 0 }
  const entering = new Int32Array(status.length)
  let n = 0
  for (let row = 0; row < status.length; row++) {
    if (status[row] === statuses.tooRecent) leftOut.tooRecent++
    else if (status[row] === statuses.tooEarly) leftOut.tooEarly++
    else if (status[row] === statuses.unanswered || Number.isNaN(outcome[row])) leftOut.unanswered++
    else entering[n++] = row
  }
  const row = entering.slice(0, n)
  new Seeded(seed, 1).shuffle(row)
  return { n, row, outcome: picked(outcome, row), leftOut }
}

export function touchedBy(
  buyers: Buyers,
  ids: Float64Array,
  touches: Columns,
  touchpoints: readonly number[],
): Touched {
  const customer = column(touches, 'customer_id')
  const where = column(touches, 'touchpoint_id')
  const rowOf = finder(ids)
  const counted = new Uint8Array(ids.length)
  for (const row of buyers.row) counted[row] = 1
  const placeOf = finder(Float64Array.from(touchpoints))
  const owner = new Int32Array(customer.length)
  const place = new Int32Array(customer.length)
  for (let touch = 0; touch < customer.length; touch++) {
    place[touch] = placeOf(where[touch] as number)
    const row = (place[touch] as number) < 0 ? -1 : rowOf(customer[touch] as number)
    owner[touch] = counted[row] === 1 ? row : -1
  }
  // First in the order of the query's rows, which is nearly that in which the touches come.
  const { order, starts } = byOwner(owner, ids.length)
  const felt = column(touches, 'felt')
  const said = column(touches, 'said')
  const before = column(touches, 'before_sale')
  const here = new Gathering(touchpoints.length)
  const result = emptyTouched(ids.length, order.length)
  let count = 0
  for (let row = 0; row < ids.length; row++) {
    const end = starts[row + 1] as number
    for (let at = starts[row] as number; at < end; at++) {
      const touch = order[at] as number
      here.add(place[touch] as number, felt[touch] as number, said[touch] === 1, before[touch] === 1)
    }
    count = here.take(result, count)
    result.starts[row + 1] = count
  }
  return inOrder(result, buyers.row, count)
}

export function column(columns: Columns, name: string): Float64Array {
  return columns[name] ?? new Float64Array()
}

export function picked(values: Float64Array, rows: Int32Array): Float64Array {
  const result = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at++) result[at] = values[rows[at] as number] as number
  return result
}

/** Ids up to this are found by their place in an array; that takes 64 MB at most. */
const largestPlace = 16_000_000

/** From a value to its place among the values; −1 for one that is not among them. */
export function finder(values: ArrayLike<number>): (value: number) => number {
  let [least, largest] = [0, 0]
  for (let place = 0; place < values.length; place++) {
    largest = Math.max(largest, values[place] as number)
    least = Math.min(least, values[place] as number)
  }
  if (largest <= largestPlace && least >= 0) {
    const places = new Int32Array(largest + 1).fill(-1)
    for (let place = 0; place < values.length; place++) places[values[place] as number] = place
    return (value) => places[value] ?? -1
  }
  const places = new Map<number, number>()
  for (let place = 0; place < values.length; place++) places.set(values[place] as number, place)
  return (value) => places.get(value) ?? -1
}

/** The numbers of those with an owner ≥ 0, by owner: a counting sort. */
function byOwner(owner: Int32Array, owners: number): { order: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(owners + 1)
  for (let each = 0; each < owner.length; each++) {
    const at = (owner[each] as number) + 1
    if (at > 0) starts[at] = (starts[at] as number) + 1
  }
  for (let at = 0; at < owners; at++) starts[at + 1] = (starts[at + 1] as number) + (starts[at] as number)
  const next = starts.slice()
  const order = new Uint32Array(starts[owners] as number)
  for (let each = 0; each < owner.length; each++) {
    const at = owner[each] as number
    if (at < 0) continue
    const place = next[at] as number
    next[at] = place + 1
    order[place] = each
  }
  return { order, starts }
}

/** One buyer's touches, put together by touchpoint. */
class Gathering {
  private readonly met: Int32Array
  private count = 0
  private readonly times: Float64Array
  private readonly before: Float64Array
  private readonly saidSum: Float64Array
  private readonly saidCount: Float64Array
  private readonly inferredSum: Float64Array
  private readonly inferredCount: Float64Array

  constructor(touchpoints: number) {
    this.met = new Int32Array(touchpoints)
    this.times = new Float64Array(touchpoints)
    this.before = new Float64Array(touchpoints)
    this.saidSum = new Float64Array(touchpoints)
    this.saidCount = new Float64Array(touchpoints)
    this.inferredSum = new Float64Array(touchpoints)
    this.inferredCount = new Float64Array(touchpoints)
  }

  /** @param felt −100 to 100, or NaN */
  add(place: number, felt: number, said: boolean, before: boolean): void {
    if (this.times[place] === 0) {
      // kept ascending: there are few
      let at = this.count++
      while (at > 0 && (this.met[at - 1] as number) > place) {
        this.met[at] = this.met[at - 1] as number
        at--
      }
      this.met[at] = place
    }
    this.times[place] = (this.times[place] as number) + 1
    if (before) this.before[place] = (this.before[place] as number) + 1
    if (Number.isNaN(felt)) return
    const sum = said ? this.saidSum : this.inferredSum
    const count = said ? this.saidCount : this.inferredCount
    sum[place] = (sum[place] as number) + felt
    count[place] = (count[place] as number) + 1
  }

  /** Writes what was gathered from `at` on and begins anew. Returns where it ended. */
  take(into: Touched, at: number): number {
    let next = at
    for (let met = 0; met < this.count; met++) {
      const place = this.met[met] as number
      const said = this.saidCount[place] as number
      const inferred = this.inferredCount[place] as number
      into.touchpoint[next] = place
      into.before[next] = Math.min(65_535, this.before[place] as number)
      into.said[next] = said > 0 ? 1 : 0
      into.felt[next] =
        said > 0
          ? (this.saidSum[place] as number) / said / 100
          : inferred > 0
            ? (this.inferredSum[place] as number) / inferred / 100
            : Number.NaN
      next++
      this.times[place] = 0
      this.before[place] = 0
      this.saidSum[place] = 0
      this.saidCount[place] = 0
      this.inferredSum[place] = 0
      this.inferredCount[place] = 0
    }
    this.count = 0
    return next
  }
}

function emptyTouched(buyers: number, most: number): Touched {
  return {
    starts: new Uint32Array(buyers + 1),
    touchpoint: new Uint16Array(most),
    before: new Uint16Array(most),
    felt: new Float32Array(most),
    said: new Uint8Array(most),
  }
}

/** The runs of some rows, in their order. */
function inOrder(touched: Touched, rows: Int32Array, entries: number): Touched {
  const result = emptyTouched(rows.length, entries)
  let count = 0
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number
    const end = touched.starts[row + 1] as number
    for (let entry = touched.starts[row] as number; entry < end; entry++, count++) {
      result.touchpoint[count] = touched.touchpoint[entry] as number
      result.before[count] = touched.before[entry] as number
      result.felt[count] = touched.felt[entry] as number
      result.said[count] = touched.said[entry] as number
    }
    result.starts[at + 1] = count
  }
  return result
}

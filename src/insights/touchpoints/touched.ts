// What each buyer was met with, from millions of rows of a query to a few arrays: for each buyer the touchpoints they
// were met at, ascending. Everything is read from front to back and written at a few hundred places that move on
// (buyers.ts): gathered in an order that is random throughout, it took twice as long.
import { shared } from '../../lib/shared-arrays.ts'
import { stableOrder } from '../../stats/rows.ts'
import type { Column, Columns } from '../../store/projection-columns.ts'
import { type Buyers, blockOf, column, finder, usedBlocks } from './buyers.ts'

/** Buyer i has the entries starts[i] … starts[i + 1] − 1, touchpoints ascending, none twice. Several threads may read them. */
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

export function touchedBy(
  buyers: Buyers,
  ids: Column,
  touches: Columns<Column>,
  touchpoints: readonly number[],
): Touched {
  const where = column(touches, 'touchpoint_id')
  const felt = column(touches, 'felt')
  const said = column(touches, 'said')
  const before = column(touches, 'before_sale')
  const placeOf = finder(touchpoints)
  const runs = runsOf(column(touches, 'customer_id'), ids, buyers.place)
  const here = new Gathering(touchpoints.length)
  const result = new ByBlocks(buyers, runs)
  for (let each = 0; each < runs.n; each++) {
    const row = runs.row[each] as number
    const end = runs.end[each] as number
    for (let touch = runs.begin[each] as number; touch < end; touch++) {
      const place = placeOf(where[touch] as number)
      if (place >= 0) here.add(place, felt[touch] as number, said[touch] === 1, before[touch] === 1)
    }
    if (each + 1 === runs.n || runs.row[each + 1] !== row) result.take(here, buyers.place[row] as number)
  }
  return result.together()
}

/** Touches that follow each other and are of one customer, who is counted. */
interface Runs {
  n: number
  begin: Uint32Array
  end: Uint32Array
  /** The customer's row; they ascend. */
  row: Int32Array
}

function runsOf(customer: Column, ids: Column, place: Int32Array): Runs {
  const rowOf = finder(ids)
  const runs = {
    begin: new Uint32Array(ids.length),
    end: new Uint32Array(ids.length),
    row: new Int32Array(ids.length),
  }
  let n = 0
  let ascending = true
  for (let begin = 0, end = 0; begin < customer.length; begin = end) {
    const id = customer[begin] as number
    for (end = begin + 1; customer[end] === id; ) end++
    const row = rowOf(id)
    if (row < 0 || (place[row] as number) < 0) continue
    if (n > 0 && row < (runs.row[n - 1] as number)) ascending = false
    // a customer's touches may lie apart
    if (n === runs.row.length) longer(runs)
    runs.begin[n] = begin
    runs.end[n] = end
    runs.row[n++] = row
  }
  return ascending ? { n, ...runs } : inOrder(n, runs, ids.length)
}

function longer(runs: Omit<Runs, 'n'>): void {
  const length = 2 * runs.row.length + 16
  const { begin, end, row } = runs
  runs.begin = new Uint32Array(length)
  runs.begin.set(begin)
  runs.end = new Uint32Array(length)
  runs.end.set(end)
  runs.row = new Int32Array(length)
  runs.row.set(row)
}

/** An engine with several threads gives a few pieces, each ascending. */
function inOrder(n: number, runs: Omit<Runs, 'n'>, rows: number): Runs {
  const order = stableOrder(runs.row.subarray(0, n), rows)
  const result = { n, begin: new Uint32Array(n), end: new Uint32Array(n), row: new Int32Array(n) }
  for (let at = 0; at < n; at++) {
    const run = order[at] as number
    result.begin[at] = runs.begin[run] as number
    result.end[at] = runs.end[run] as number
    result.row[at] = runs.row[run] as number
  }
  return result
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
    starts: shared(Uint32Array, buyers + 1),
    touchpoint: shared(Uint16Array, most),
    before: shared(Uint16Array, most),
    felt: shared(Float32Array, most),
    said: shared(Uint8Array, most),
  }
}

/** Buyers' entries written block by block, each block with room for all it could need, and then put together. */
class ByBlocks {
  private readonly n: number
  private readonly touched: Touched
  /** Where each block's room begins, and where it is written next. */
  private readonly room: Uint32Array
  private readonly next: Uint32Array

  /** @param runs of touches, of which each becomes an entry at most */
  constructor({ n, place }: Buyers, { n: count, begin, end, row }: Runs) {
    const used = usedBlocks(n)
    this.n = n
    this.room = new Uint32Array(used + 1)
    for (let run = 0; run < count; run++) {
      const block = blockOf(place[row[run] as number] as number, n) + 1
      this.room[block] = (this.room[block] as number) + (end[run] as number) - (begin[run] as number)
    }
    for (let block = 0; block < used; block++)
      this.room[block + 1] = (this.room[block + 1] as number) + (this.room[block] as number)
    this.next = this.room.slice(0, used)
    this.touched = emptyTouched(n, this.room[used] as number)
  }

  /** A block's buyers come in their order. */
  take(here: Gathering, buyer: number): void {
    const block = blockOf(buyer, this.n)
    const at = this.next[block] as number
    const end = here.take(this.touched, at)
    this.next[block] = end
    // how many, until all are known
    this.touched.starts[buyer + 1] = end - at
  }

  together(): Touched {
    const { starts, ...entries } = this.touched
    let count = 0
    for (const [block, end] of this.next.entries()) {
      const from = this.room[block] as number
      for (const values of Object.values(entries)) values.copyWithin(count, from, end)
      count += end - from
    }
    for (let buyer = 0; buyer < this.n; buyer++)
      starts[buyer + 1] = (starts[buyer + 1] as number) + (starts[buyer] as number)
    return {
      starts,
      touchpoint: entries.touchpoint.subarray(0, count),
      before: entries.before.subarray(0, count),
      felt: entries.felt.subarray(0, count),
      said: entries.said.subarray(0, count),
    }
  }
}

// Run in a thread of its own: from touches and sales in columns to what each method credits, with intervals.
import { type AttributionWithIntervals, attributeCustomers } from '../../stats/attribution-intervals.ts'
import type { Told } from '../../stats/cannot-tell.ts'

export interface PathColumns {
  /** Touches in order: whose, where, and 1 where they bought. Sorted by customer. */
  customer: Float64Array
  place: Float64Array
  ended: Float64Array
  /** First sales: whose and what for, in minor units. Sorted by customer. */
  buyer: Float64Array
  minor: Float64Array
}

export interface Estimated {
  /** The places of the columns, in the order of the channels of `told`. */
  places: number[]
  told: Told<AttributionWithIntervals>
  /** By place: customers who bought and had been there, and who did not buy. */
  wonWith: number[]
  lostWith: number[]
  won: number
  lost: number
  untouched: number
}

export function estimate(
  columns: PathColumns,
  tell: (done: number, words: string) => void = () => {},
): Estimated {
  const places = [...new Set(columns.place)].toSorted((a, b) => a - b)
  const index = new Map(places.map((place, at) => [place, at]))
  const { paths, won } = pathsOf(columns, index)
  const [wonWith, lostWith] = [places.map(() => 0), places.map(() => 0)]
  for (let customer = 0; customer < paths.won.length; customer++) {
    const met = new Set(paths.touches.subarray(paths.offsets[customer], paths.offsets[customer + 1]))
    const counts = paths.won[customer] === 1 ? wonWith : lostWith
    for (const at of met) counts[at] = (counts[at] ?? 0) + 1
  }
  const told = attributeCustomers(places.map(String), paths, {
    tell: (done) => tell(done, `Drawing ${paths.won.length.toLocaleString('en')} customers anew`),
  })
  return {
    places,
    told,
    wonWith,
    lostWith,
    won,
    lost: paths.won.length - won,
    untouched: columns.buyer.length - won,
  }
}

/** One path a customer with touches; the sales of others have none. */
function pathsOf({ customer, place, ended, buyer, minor }: PathColumns, index: Map<number, number>) {
  const offsets: number[] = []
  const won: number[] = []
  const worth: number[] = []
  let sale = 0
  for (let at = 0; at < customer.length; at++) {
    const who = customer[at] as number
    if (at > 0 && who === customer[at - 1]) continue
    offsets.push(at)
    won.push(ended[at] === 1 ? 1 : 0)
    while (sale < buyer.length && (buyer[sale] as number) < who) sale++
    worth.push(ended[at] === 1 && buyer[sale] === who ? (minor[sale] as number) : 0)
  }
  offsets.push(customer.length)
  return {
    won: won.reduce((sum, each) => sum + each, 0),
    paths: {
      touches: Int32Array.from(place, (each) => index.get(each) ?? 0),
      offsets: Int32Array.from(offsets),
      won: Uint8Array.from(won),
      worth: Float64Array.from(worth),
    },
  }
}

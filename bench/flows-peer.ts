// The straightforward program that the whole question of flows is measured against: columns sorted by customer
// and time, gone through once. It writes ways as text and keeps everything in maps, as one would.
import type { Columns } from '../src/store/projection-columns.ts'

/** Steps at touchpoints and sales of everybody, in the order of customers and time. */
export interface PeerInput {
  steps: Columns
  sales: Columns
}

export interface PeerAnswer {
  steps: number
  transitions: number
  ways: number
  entered: number
  arrived: number
  open: number
}

/** What comes next with its middle wait, ways, how many get from `start` to a sale in time, and who passed where by the landmark. */
export function onePass(
  { steps, sales }: PeerInput,
  { start, within, landmark, asOf }: { start: number; within: number; landmark: number; asOf: number },
): PeerAnswer {
  const customer = steps['customer'] ?? new Float64Array()
  const at = steps['at'] ?? new Float64Array()
  const touchpoint = steps['touchpoint'] ?? new Float64Array()
  const bought = salesByCustomer(sales)
  const waits = new Map<number, number[]>()
  const ways = new Map<string, number>()
  const passed = new Map<number, { n: number; hits: number }>()
  let [transitions, entered, arrived, open] = [0, 0, 0, 0]
  for (let from = 0; from < customer.length; ) {
    const id = customer[from] as number
    let end = from
    while (customer[end] === id) end++
    let begun = -1
    for (let i = from; i < end; i++) {
      if (begun < 0 && touchpoint[i] === start) begun = i
      if (i === from) continue
      const edge = (touchpoint[i - 1] as number) * 1_000 + (touchpoint[i] as number)
      const known = waits.get(edge)
      const gap = (at[i] as number) - (at[i - 1] as number)
      if (known) known.push(gap)
      else waits.set(edge, [gap])
      transitions++
    }
    const way = touchpoint.subarray(from, end).join(' ')
    ways.set(way, (ways.get(way) ?? 0) + 1)
    if (begun >= 0) {
      entered++
      const since = at[begun] as number
      const goal = bought.get(id)?.find((sale) => sale > since)
      const wait = goal === undefined ? Number.POSITIVE_INFINITY : goal - since
      if (wait < within) arrived++
      if (asOf - since >= within && wait > landmark) {
        open++
        const seen = new Set<number>()
        for (let i = begun + 1; i < end && (at[i] as number) <= since + landmark; i++)
          seen.add(touchpoint[i] as number)
        for (const place of seen) {
          const found = passed.get(place) ?? { n: 0, hits: 0 }
          found.n++
          if (wait < within) found.hits++
          passed.set(place, found)
        }
      }
    }
    from = end
  }
  for (const gaps of waits.values()) Float64Array.from(gaps).sort()
  return { steps: customer.length, transitions, ways: ways.size, entered, arrived, open }
}

function salesByCustomer(sales: Columns): Map<number, number[]> {
  const found = new Map<number, number[]>()
  const customer = sales['customer'] ?? new Float64Array()
  for (let i = 0; i < customer.length; i++) {
    const id = customer[i] as number
    const own = found.get(id)
    const at = sales['at']?.[i] as number
    if (own) own.push(at)
    else found.set(id, [at])
  }
  return found
}

export const peerSteps = `
  select cast(customer_id as double precision) as customer, cast(happened as double precision) as at,
    cast(touchpoint_id as double precision) as touchpoint
  from steps
  where touchpoint_id is not null
    and not judgement
  order by customer_id, happened, id`
export const peerSales = `
  select cast(customer_id as double precision) as customer, cast(happened as double precision) as at
  from sales
  order by customer_id, happened`

/**
 * What a return model looks at: one entry a customer, counted from the first purchase. Times are in any one
 * unit; whole days or weeks fit fastest.
 */
export interface Histories {
  /** Purchases after the first one, x. */
  returns: ArrayLike<number>
  /** From the first purchase to the last, t_x; 0 where nobody came back. */
  last: ArrayLike<number>
  /** From the first purchase to the end of what was seen, T. */
  observed: ArrayLike<number>
}

/** One customer's entry of Histories. */
export interface History {
  returns: number
  last: number
  observed: number
}

/** Histories with equal ones counted together. `last` and `observed` point into `times`. */
export interface GroupedHistories {
  customers: number
  /** Customers who bought again at least once. */
  returned: number
  /** Entries that can't be: negative or missing times, a last purchase after the end. */
  leftOut: number
  count: Float64Array
  returns: Int32Array
  last: Int32Array
  observed: Int32Array
  times: Float64Array
  /** The largest number of returns of any customer. */
  most: number
}

/** Beyond this many distinct times (twenty years of days are 7,300) equal histories are too rare to look for. */
const grid = 20_000

/**
 * Counts equal histories together, so that a likelihood over a million customers is a sum over far fewer
 * different ones. Nothing is rounded: times on a grid of days or weeks repeat, others are each kept.
 */
export function groupHistories({ returns, last, observed }: Histories): GroupedHistories {
  const places = new Map<number, number>()
  const rows: Rows = {
    returns: new Int32Array(returns.length),
    last: new Int32Array(returns.length),
    observed: new Int32Array(returns.length),
  }
  let customers = 0
  let most = 0
  let returned = 0
  for (let i = 0; i < returns.length; i++) {
    const many = returns[i] as number
    const end = observed[i] as number
    const back = many === 0 ? 0 : (last[i] as number)
    if (
      !(Number.isInteger(many) && many >= 0 && back >= 0 && end >= back && end < Number.POSITIVE_INFINITY)
    ) {
      continue
    }
    rows.returns[customers] = many
    rows.last[customers] = place(back)
    rows.observed[customers] = place(end)
    customers++
    if (many > most) most = many
    if (many > 0) returned++
  }
  const times = Float64Array.from(places.keys())
  const kept = {
    returns: rows.returns.subarray(0, customers),
    last: rows.last.subarray(0, customers),
    observed: rows.observed.subarray(0, customers),
  }
  const grouped = times.length <= grid ? equalTogether(kept, times.length) : eachAlone(kept)
  return { customers, returned, leftOut: returns.length - customers, most, times, ...grouped }

  function place(time: number): number {
    const known = places.get(time)
    if (known !== undefined) return known
    places.set(time, places.size)
    return places.size - 1
  }
}

interface Rows {
  returns: Int32Array
  last: Int32Array
  observed: Int32Array
}

type Counted = Pick<GroupedHistories, 'count' | 'returns' | 'last' | 'observed'>

function equalTogether({ returns, last, observed }: Rows, times: number): Counted {
  const groups = new Map<number, number>()
  const representative: number[] = []
  const counts: number[] = []
  for (let i = 0; i < returns.length; i++) {
    const key = ((returns[i] as number) * times + (last[i] as number)) * times + (observed[i] as number)
    const group = groups.get(key)
    if (group === undefined) {
      groups.set(key, representative.length)
      representative.push(i)
      counts.push(1)
    } else counts[group] = (counts[group] as number) + 1
  }
  return {
    count: Float64Array.from(counts),
    returns: Int32Array.from(representative, (i) => returns[i] as number),
    last: Int32Array.from(representative, (i) => last[i] as number),
    observed: Int32Array.from(representative, (i) => observed[i] as number),
  }
}

function eachAlone(rows: Rows): Counted {
  return { count: new Float64Array(rows.returns.length).fill(1), ...rows }
}

/** Every n-th group, `size` of them: enough to find where the likelihood is high. */
export function sampleOf(histories: GroupedHistories, size: number): GroupedHistories {
  const groups = histories.count.length
  if (groups <= size) return histories
  const every = groups / size
  const chosen = Int32Array.from({ length: size }, (_, i) => Math.floor(i * every))
  const count = Float64Array.from(chosen, (i) => histories.count[i] as number)
  const pick = (column: Int32Array) => chosen.map((i) => column[i] as number)
  const time = (column: Int32Array) =>
    Float64Array.from(pick(column), (place) => histories.times[place] as number)
  const times = [...time(histories.last), ...time(histories.observed)]
  return {
    ...histories,
    count,
    customers: count.reduce((sum, each) => sum + each, 0),
    returns: pick(histories.returns),
    last: Int32Array.from({ length: size }, (_, i) => i),
    observed: Int32Array.from({ length: size }, (_, i) => size + i),
    times: Float64Array.from(times),
  }
}

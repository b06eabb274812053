import { cannotTell, type Told } from './cannot-tell.ts'
import { inverse } from './inverse.ts'

/** Journeys with the same touches in the same order: how many ended in a first sale, and how many didn't. */
export interface TouchPath {
  /** Channels in order, as places in the list of names. */
  touches: readonly number[] | Int32Array
  won: number
  lost: number
  /** What the sales were worth together, in any unit. Default 0. */
  worth?: number
}

export const attributionMethods = ['first', 'last', 'linear', 'markov', 'shapley'] as const
export type AttributionMethod = (typeof attributionMethods)[number]

export interface Attribution {
  won: number
  lost: number
  /** Sales whose path has no touch: nobody's. */
  unattributed: number
  /** What the attributed sales were worth. */
  worth: number
  channels: AttributedChannel[]
}

export interface AttributedChannel {
  name: string
  /** First sales credited by each method; over all channels each adds up to all attributed sales. Null: can't be told. */
  credit: Record<AttributionMethod, number | null>
  /** The same of what they were worth. */
  worth: Record<AttributionMethod, number | null>
  /** The least and the most that any method credits, as shares of all attributed sales. */
  spread: { low: number; high: number }
}

/**
 * Which channels win first sales, by five methods side by side. None of them shows what caused a sale; where
 * they lie far apart (`spread`) the order of touches decides and only a test with a control group can tell.
 *
 * - first, last: all to the channel touched first, last.
 * - linear: equal parts to every touch.
 * - markov: in proportion to how many fewer sales there would be if the channel led nowhere, in a chain of
 *   order 1 over all paths, won and lost (Anderl et al. 2016, Int. J. of Research in Marketing 33(3)).
 * - shapley: equal parts to the different channels of a path, which is the Shapley value of the sales that
 *   a set of channels wins by itself (Zhao, Mahboobi & Bagheri 2018).
 *
 * Checked on ChannelAttribution's PathData (R): last touch alpha 8447, iota 3355, eta 4167, beta 989,
 * theta 653, lambda 1207; Markov of order 1: 5344.95, 3884.61, 3340.85, 2527.35, 1971.91, 1282.85.
 */
export function attribute(names: readonly string[], paths: readonly TouchPath[]): Told<Attribution> {
  const sums = new Float64Array(sumsLength(names.length))
  for (const path of paths) addPath(sums, 0, names.length, path)
  return attributed(names, sums)
}

// Everything the methods need of paths are sums, so that paths can be read once and drawn anew in blocks: won,
// lost, unattributed, worth; four credits and the same in worth (first, last, linear, shapley); how often paths
// start at, win from and leave each channel; and the moves between any two.
const ownSums = 4
const direct = ['first', 'last', 'linear', 'shapley'] as const

/** How many sums there are of paths over so many channels. */
export function sumsLength(size: number): number {
  return ownSums + (2 * direct.length + 3) * size + size * size
}

/** Adds a path to the sums that begin at `at`. */
export function addPath(sums: Float64Array, at: number, size: number, path: TouchPath): void {
  const { touches, won, lost, worth = 0 } = path
  const length = touches.length
  const add = (place: number, value: number) => {
    sums[at + place] = (sums[at + place] as number) + value
  }
  add(1, lost)
  if (length === 0) {
    add(2, won)
    return
  }
  add(0, won)
  add(3, worth)
  const block = (index: number) => ownSums + index * size
  const credit = (index: number, channel: number, part: number) => {
    add(block(index) + channel, part * won)
    add(block(direct.length + index) + channel, part * worth)
  }
  const first = touches[0] as number
  const last = touches[length - 1] as number
  credit(0, first, 1)
  credit(1, last, 1)
  for (let i = 0; i < length; i++) credit(2, touches[i] as number, 1 / length)
  const different = new Set(touches)
  for (const channel of different) credit(3, channel, 1 / different.size)
  const weight = won + lost
  if (weight === 0) return
  const [starts, wins, leaves, moves] = [8, 9, 10, 11].map(block) as [number, number, number, number]
  add(starts + first, weight)
  add(wins + last, won)
  for (let i = 0; i < length; i++) {
    const from = touches[i] as number
    add(leaves + from, weight)
    if (i + 1 < length) add(moves + from * size + (touches[i + 1] as number), weight)
  }
}

/** What the methods credit, from the sums of all paths. Can't tell without a sale on a path with a touch. */
export function attributed(names: readonly string[], sums: Float64Array): Told<Attribution> {
  const [won = 0, lost = 0, unattributed = 0, worth = 0] = sums
  if (!(won > 0)) return cannotTell('no first sale has been won on a path with a known touch')
  const size = names.length
  const block = (index: number) => sums.subarray(ownSums + index * size, ownSums + (index + 1) * size)
  const effects = removalEffects(size, block(8), block(9), block(10), sums.subarray(ownSums + 11 * size))
  const markov = (channel: number, total: number) => {
    const effect = effects?.[channel]
    return effect === undefined ? null : effect * total
  }
  return {
    won,
    lost,
    unattributed,
    worth,
    channels: names.map((name, channel) => {
      const at = (index: number) => block(index)[channel] ?? null
      const credit = {
        first: at(0),
        last: at(1),
        linear: at(2),
        shapley: at(3),
        markov: markov(channel, won),
      }
      const told = attributionMethods.map((method) => credit[method]).filter((value) => value !== null)
      return {
        name,
        credit,
        worth: { first: at(4), last: at(5), linear: at(6), shapley: at(7), markov: markov(channel, worth) },
        spread: { low: Math.min(...told) / won, high: Math.max(...told) / won },
      }
    }),
  }
}

/**
 * The removal effect of each channel, scaled to add up to 1. With x = (I − Q)⁻¹ r the chance of a sale from
 * each channel and N = (I − Q)⁻¹ the visits to expect, a chain that ends wherever it would enter channel i
 * loses, from the start s, the sales of those who ever come there: (Σ_j s_j N_ji / N_ii) · x_i. So one
 * inversion gives all channels, instead of one solution for each removed channel. Null where no path loses
 * its way: each channel then takes all sales with it or none can be told apart.
 */
function removalEffects(
  size: number,
  start: Float64Array,
  wins: Float64Array,
  leaves: Float64Array,
  moves: Float64Array,
): Float64Array | null {
  const visited = Array.from(leaves, (value, i) => (value > 0 ? i : -1)).filter((i) => i >= 0)
  const stay = visited.map((from) =>
    Float64Array.from(visited, (to) => {
      const share = (moves[from * size + to] as number) / (leaves[from] as number)
      return (from === to ? 1 : 0) - share
    }),
  )
  const visits = inverse(stay)
  if (visits === null) return null
  const all = start.reduce((sum, value) => sum + value, 0)
  const effects = new Float64Array(size)
  for (const [i, channel] of visited.entries()) {
    const row = visits[i] as Float64Array
    const chance = visited.reduce(
      (sum, other, j) => sum + ((row[j] as number) * (wins[other] as number)) / (leaves[other] as number),
      0,
    )
    const arrivals = visited.reduce(
      (sum, first, j) => sum + ((start[first] as number) / all) * ((visits[j] as Float64Array)[i] as number),
      0,
    )
    effects[channel] = (arrivals / (row[i] as number)) * chance
  }
  const total = effects.reduce((sum, value) => sum + value, 0)
  return total > 0 ? effects.map((effect) => effect / total) : null
}

import { cannotTell, type Told } from './cannot-tell.ts'
import { inverse } from './inverse.ts'

/** Journeys with the same touches in the same order: how many ended in a first sale, and how many didn't. */
export interface TouchPath {
  /** Channels in order, as places in the list of names. */
  touches: readonly number[]
  won: number
  lost: number
}

export const attributionMethods = ['first', 'last', 'linear', 'markov', 'shapley'] as const
export type AttributionMethod = (typeof attributionMethods)[number]

export interface Attribution {
  won: number
  lost: number
  /** Sales whose path has no touch: nobody's. */
  unattributed: number
  channels: AttributedChannel[]
}

export interface AttributedChannel {
  name: string
  /** First sales credited by each method; over all channels each adds up to all attributed sales. Null: can't be told. */
  credit: Record<AttributionMethod, number | null>
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
  const totals = addUp(paths)
  if (totals.won === 0) return cannotTell('no first sale has been won on a path with a known touch')
  const size = names.length
  const credit: Record<AttributionMethod, Float64Array | null> = {
    first: shared(size, paths, ({ touches }) => touches.slice(0, 1)),
    last: shared(size, paths, ({ touches }) => touches.slice(-1)),
    linear: shared(size, paths, ({ touches }) => touches),
    markov: removalEffects(size, paths, totals.won),
    shapley: shared(size, paths, ({ touches }) => [...new Set(touches)]),
  }
  return {
    ...totals,
    channels: names.map((name, channel) => {
      const by = (method: AttributionMethod) => credit[method]?.[channel] ?? null
      const told = attributionMethods.map(by).filter((value) => value !== null)
      return {
        name,
        credit: {
          first: by('first'),
          last: by('last'),
          linear: by('linear'),
          markov: by('markov'),
          shapley: by('shapley'),
        },
        spread: { low: Math.min(...told) / totals.won, high: Math.max(...told) / totals.won },
      }
    }),
  }
}

function addUp(paths: readonly TouchPath[]): Pick<Attribution, 'won' | 'lost' | 'unattributed'> {
  const totals = { won: 0, lost: 0, unattributed: 0 }
  for (const { touches, won, lost } of paths) {
    if (touches.length === 0) totals.unattributed += won
    else totals.won += won
    totals.lost += lost
  }
  return totals
}

/** Each sale in equal parts to the touches chosen from its path. */
function shared(
  size: number,
  paths: readonly TouchPath[],
  chosen: (path: TouchPath) => readonly number[],
): Float64Array {
  const credit = new Float64Array(size)
  for (const path of paths) {
    const touches = chosen(path)
    for (const channel of touches) credit[channel] = (credit[channel] as number) + path.won / touches.length
  }
  return credit
}

/**
 * The removal effect of each channel, scaled to add up to the sales. With x = (I − Q)⁻¹ r the chance of a sale
 * from each channel and N = (I − Q)⁻¹ the visits to expect, a chain that ends wherever it would enter channel i
 * loses, from the start s, the sales of those who ever come there: (Σ_j s_j N_ji / N_ii) · x_i. So one
 * inversion gives all channels, instead of one solution for each removed channel. Null where no path loses
 * its way: each channel then takes all sales with it or none can be told apart.
 */
function removalEffects(size: number, paths: readonly TouchPath[], sales: number): Float64Array | null {
  const { start, moves, wins, leaves } = chain(size, paths)
  const visited = leaves.map((value, i) => (value > 0 ? i : -1)).filter((i) => i >= 0)
  const place = new Map(Array.from(visited, (channel, i) => [channel, i]))
  const stay = Array.from(visited, (from) =>
    Float64Array.from(visited, (to) => {
      const share = (moves.get(from * size + to) ?? 0) / (leaves[from] as number)
      return (from === to ? 1 : 0) - share
    }),
  )
  const visits = inverse(stay)
  if (visits === null) return null
  const all = start.reduce((sum, value) => sum + value, 0)
  const effects = new Float64Array(size)
  for (const [channel, i] of place) {
    const row = visits[i] as Float64Array
    const chance = Array.from(visited).reduce(
      (sum, other, j) => sum + ((row[j] as number) * (wins[other] as number)) / (leaves[other] as number),
      0,
    )
    const arrivals = Array.from(visited).reduce(
      (sum, first, j) => sum + ((start[first] as number) / all) * ((visits[j] as Float64Array)[i] as number),
      0,
    )
    effects[channel] = (arrivals / (row[i] as number)) * chance
  }
  const total = effects.reduce((sum, value) => sum + value, 0)
  return total > 0 ? effects.map((effect) => (effect / total) * sales) : null
}

/** How often paths start at, move between, win from and leave (in any direction) the channels. */
function chain(size: number, paths: readonly TouchPath[]) {
  const start = new Float64Array(size)
  const wins = new Float64Array(size)
  const leaves = new Float64Array(size)
  const moves = new Map<number, number>()
  for (const { touches, won, lost } of paths) {
    const weight = won + lost
    const first = touches[0]
    const last = touches.at(-1)
    if (first === undefined || last === undefined || weight === 0) continue
    start[first] = (start[first] as number) + weight
    wins[last] = (wins[last] as number) + won
    for (let i = 0; i < touches.length; i++) {
      const from = touches[i] as number
      leaves[from] = (leaves[from] as number) + weight
      const to = touches[i + 1]
      if (to !== undefined) moves.set(from * size + to, (moves.get(from * size + to) ?? 0) + weight)
    }
  }
  return { start, moves, wins, leaves }
}

// How busy a customer is makes them visit, read, ask and come back; whoever compares readers with others
// compares the busy with the less busy. So customers are compared at equal activity: how often they did
// something by themselves, beside the touchpoint in question. Only before the sale: what they do after it may follow
// from what they met (who is about to come back looks around first).
//
// A count shows activity only roughly: of two equally busy customers one happened to look in twice and the
// other four times. Comparing at equal counts therefore leaves a good part of the difference in place
// (errors in variables; Fuller 1987, §1.1). How much of a count is chance can be told from the count itself, as it
// would be if each step were given to one of two halves by the toss of a coin: two halves of a Poisson count
// are independent but for the customer's own rate, so that what they have in common is activity (the
// splitting of Poisson counts; Kingman 1993, §5.1). It is averaged over all tosses. Steps that come in bursts hold
// more chance than that; then too little is taken off, never too much.
import { shared } from '../../lib/shared-arrays.ts'
import type { Cholesky } from '../../stats/linear-algebra.ts'
import { cholesky, solve } from '../../stats/linear-algebra.ts'
import { centred, type Moments } from '../../stats/moments.ts'
import type { Touched } from './touched.ts'

export interface Activity {
  /** For each buyer: the expected square root of half of the steps. */
  level: Float64Array
  /** Share of the variance of `level` that is no chance, in [0, 1]. */
  reliability: number
  /** Variance that is chance. */
  chance: number
  /** The touchpoints whose steps are counted. */
  touchpoints: ActiveTouchpoint[]
}

export interface ActiveTouchpoint {
  place: number
  /** By how much a covariance with activity beside this touchpoint is to be raised: fewer steps show less of it. */
  factor: number
}

export interface TouchpointKind {
  id: number
  byUs: boolean
  /** As in the projection: 1 sell, 2 sale, 3 care, 4 help, 5 ask, 6 bill, 7 mass, 8 use, 9 say, 10 refer. */
  purpose: number
}

/** Beyond so many steps more of them say nothing more. */
const most = 200
const fewestUsers = 30
/** What people do once says little about how busy they are. */
const repeated = 1.2
/** At least so much of what is seen is held to be true. */
const leastReliability = 0.2
const ownPurposes = new Set([1, 3, 4, 8])

export function measureActivity(touched: Touched, touchpoints: readonly TouchpointKind[]): Activity {
  const counted = repeatedBySelf(touched, touchpoints)
  const which = new Int32Array(touchpoints.length).fill(-1)
  for (const [each, place] of counted.entries()) which[place] = each
  const buyers = touched.starts.length - 1
  const level = shared(Float64Array, buyers)
  const overall = new Halves()
  const without = counted.map(() => new Halves())
  for (let buyer = 0; buyer < buyers; buyer++) {
    const end = touched.starts[buyer + 1] as number
    let sum = 0
    for (let entry = touched.starts[buyer] as number; entry < end; entry++)
      if ((which[touched.touchpoint[entry] as number] as number) >= 0) sum += touched.before[entry] as number
    level[buyer] = halfLevel(sum)
    overall.add(sum)
    for (let entry = touched.starts[buyer] as number; entry < end; entry++) {
      const each = which[touched.touchpoint[entry] as number] as number
      const before = touched.before[entry] as number
      if (each >= 0 && before > 0) (without[each] as Halves).replace(sum, sum - before)
    }
  }
  for (const halves of without) halves.addAll(overall)
  const own = Math.max(overall.common, leastReliability * overall.variance)
  return {
    level,
    reliability: overall.variance > 0 ? Math.min(1, own / overall.variance) : 0,
    chance: Math.max(0, overall.variance - own),
    touchpoints: counted.map((place, which) => {
      const rest = without[which] as Halves
      const seen = Math.max(rest.common, leastReliability * rest.variance)
      return { place, factor: seen > 0 ? Math.min(4, Math.max(1, Math.sqrt(own / seen))) : 1 }
    }),
  }
}

/** Touchpoints at which customers do something by themselves, again and again. */
function repeatedBySelf(touched: Touched, touchpoints: readonly TouchpointKind[]): number[] {
  const users = new Float64Array(touchpoints.length)
  const times = new Float64Array(touchpoints.length)
  for (let entry = 0; entry < touched.touchpoint.length; entry++) {
    const place = touched.touchpoint[entry] as number
    const count = touched.before[entry] as number
    if (count === 0) continue
    users[place] = (users[place] as number) + 1
    times[place] = (times[place] as number) + count
  }
  return touchpoints.flatMap(({ byUs, purpose }, place) =>
    !byUs &&
    ownPurposes.has(purpose) &&
    (users[place] as number) >= fewestUsers &&
    (times[place] as number) >= repeated * (users[place] as number)
      ? [place]
      : [],
  )
}

/** Sums over buyers from which follows what two halves of their steps have in common. */
class Halves {
  private n = 0
  private sum = 0
  private squares = 0
  private products = 0

  add(steps: number, times = 1): void {
    const level = halfLevel(steps)
    this.n += times
    this.sum += times * level
    this.squares += times * level * level
    this.products += times * halfProduct(steps)
  }

  replace(steps: number, by: number): void {
    this.add(steps, -1)
    this.add(by)
  }

  addAll(other: Halves): void {
    this.n += other.n
    this.sum += other.sum
    this.squares += other.squares
    this.products += other.products
  }

  get variance(): number {
    return this.n > 0 ? Math.max(0, this.squares / this.n - (this.sum / this.n) ** 2) : 0
  }

  /** Covariance of the levels of two halves. */
  get common(): number {
    return this.n > 0 ? this.products / this.n - (this.sum / this.n) ** 2 : 0
  }
}

/** The square root that makes a Poisson count's chance about the same at every rate (Anscombe 1948). */
const root = (count: number) => Math.sqrt(count + 0.375)

const tables = (() => {
  const level = new Float64Array(most + 1)
  const product = new Float64Array(most + 1)
  for (let steps = 0; steps <= most; steps++) {
    let chance = 0.5 ** steps
    for (let half = 0; half <= steps; half++) {
      level[steps] = (level[steps] as number) + chance * root(half)
      product[steps] = (product[steps] as number) + chance * root(half) * root(steps - half)
      chance *= (steps - half) / (half + 1)
    }
  }
  return { level, product }
})()

/** The expected level of a half of so many steps. */
export function halfLevel(steps: number): number {
  return tables.level[Math.min(most, Math.max(0, steps))] as number
}

/** The expected product of the levels of both halves. */
function halfProduct(steps: number): number {
  return tables.product[Math.min(most, Math.max(0, steps))] as number
}

/** Where activity stands among the columns of a regression. */
export interface ActivityColumns {
  /** The column of the level. */
  level: number
  /** The other controls. */
  controls: readonly number[]
  /** For each counted touchpoint, the column of what is left of the level without it (less the level), and its group. */
  without: { column: number; factor: number; group: readonly number[] }[]
  chance: number
}

/**
 * Moments as they would be had activity been seen without chance: its covariance with a touchpoint's columns is
 * taken beside that touchpoint, and chance is taken off its variance. At most as much is taken off as leaves a
 * fifth of what the other controls leave, and only so far as all columns together can hold: activity that
 * would be explained by touchpoints to more than four fifths of what it was is no longer a measurement (in data
 * in which it is no such thing as chance that makes people come, a product of covariances that nobody could
 * have would explain everything). Changes the moments it is given; adds up: those of parts give those of their sum.
 */
export function withoutChance(whole: Moments, columns: ActivityColumns): (moments: Moments) => void {
  const { scale } = whole
  const place = columns.level + 1
  const { n, means, matrix } = centred(whole)
  if (!(n > 0)) return () => {}
  const wide = whole.columns + 1
  const chance = Math.min(
    columns.chance / (scale[place] as number) ** 2,
    (1 - leastReliability) * leftBy(whole, columns),
  )
  const raised = columns.without.flatMap(({ column, factor, group }) =>
    group.map((each) => ({
      x: each + 1,
      other: column + 1,
      factor,
      ratio: (scale[column + 1] as number) / (scale[place] as number),
    })),
  )
  const own = (a: number, b: number) => matrix[(a - 1) * wide + b - 1] as number
  const share = bearable(whole, columns, {
    less: n * chance,
    more: raised.map(({ x, other, factor, ratio }) => ({
      column: x - 1,
      change: factor * (own(place, x) + ratio * own(other, x)) - own(place, x),
    })),
  })
  const mean = (a: number) => means[a - 1] as number
  const at = packed(whole.columns)
  return ({ sums }) => {
    const count = sums[0] as number
    const product = (a: number, b: number) =>
      (sums[at(a, b)] as number) -
      mean(a) * (sums[b] as number) -
      mean(b) * (sums[a] as number) +
      count * mean(a) * mean(b)
    for (const { x, other, factor, ratio } of raised) {
      const plain = product(place, x)
      const beside = factor * (plain + ratio * product(other, x))
      sums[at(place, x)] = (sums[at(place, x)] as number) + share * (beside - plain)
    }
    sums[at(place, place)] = (sums[at(place, place)] as number) - share * count * chance
  }
}

/** What is to be taken off the level's sum of squares, and by how much its products with columns are to change. */
interface Correction {
  less: number
  more: { column: number; change: number }[]
}

/**
 * The largest share of a correction, in [0, 1], that leaves of the level a fifth of what all other columns had left.
 * With c + λ·d its products with the others and M theirs, what is left, v − λ·less − (c + λd)ᵀM⁻¹(c + λd), falls
 * in λ ever faster: its root is the share.
 */
function bearable(whole: Moments, { level, controls, without }: ActivityColumns, { less, more }: Correction) {
  const { matrix, columns } = centred(whole)
  const wide = columns + 1
  const given = new Set([level, ...without.map(({ column }) => column)])
  const others = [
    ...controls,
    ...Array.from({ length: columns }, (_, each) => each).filter(
      (each) => !given.has(each) && !controls.includes(each),
    ),
  ]
  const size = others.length
  const own = new Float64Array(size * size)
  const now = new Float64Array(size)
  const change = new Float64Array(size)
  for (const [i, a] of others.entries()) {
    for (const [j, b] of others.entries()) own[i * size + j] = matrix[a * wide + b] as number
    now[i] = matrix[level * wide + a] as number
  }
  for (const { column, change: by } of more) {
    const i = others.indexOf(column)
    if (i >= 0) change[i] = by
  }
  const factor = cholesky(own, size)
  const explains = solve(factor, now)
  const toChange = solve(factor, change)
  const dot = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, each, i) => sum + each * (b[i] as number), 0)
  const left = (matrix[level * (wide + 1)] as number) - dot(explains, now)
  const linear = less + 2 * dot(explains, change)
  const square = dot(toChange, change)
  const room = (1 - leastReliability) * left
  // square·λ² + linear·λ = room
  if (!(square + linear > room)) return 1
  if (!(room > 0)) return 0
  return square > 0
    ? Math.min(1, (2 * room) / (linear + Math.sqrt(linear * linear + 4 * square * room)))
    : Math.min(1, room / linear)
}

/** Variance of the level that the other controls leave, scaled. */
function leftBy(whole: Moments, { level, controls }: ActivityColumns): number {
  const { n, matrix, columns } = centred(whole)
  const order = [...controls, level]
  const size = order.length
  const own = new Float64Array(size * size)
  for (const [i, a] of order.entries())
    for (const [j, b] of order.entries()) own[i * size + j] = matrix[a * (columns + 1) + b] as number
  const factor: Cholesky = cholesky(own, size)
  return n > 0 ? (factor.lower[size * size - 1] as number) ** 2 / n : 0
}

/** Places in a packed triangle over (1, columns…, outcome). */
function packed(columns: number): (a: number, b: number) => number {
  const row = (a: number) => a * (columns + 2) - (a * (a - 1)) / 2 - a
  return (a, b) => (a <= b ? row(a) + b : row(b) + a)
}

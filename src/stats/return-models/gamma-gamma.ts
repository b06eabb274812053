import { cannotTell, type Told } from '../cannot-tell.ts'
import { logGamma } from '../distributions.ts'
import { minimise } from '../minimise.ts'

/** Money a purchase, one entry a customer: how many purchases, and their mean value (any one currency). */
export interface Spendings {
  purchases: ArrayLike<number>
  mean: ArrayLike<number>
}

export interface ValueFit {
  p: number
  q: number
  v: number
  /** Customers with at least one purchase of a positive value. */
  customers: number
  leftOut: number
  logLikelihood: number
  /** The mean value of a purchase over all customers. */
  mean: number
  /** Correlation of number and value over customers: the model takes it to be about 0. */
  correlation: number
}

const bound = 9
const fewest = 20

/**
 * Gamma–Gamma: each customer's purchases vary around their own mean value, and the means vary over customers;
 * how often someone buys is taken to say nothing about how much. Fader, Hardie & Lee 2005, "RFM and CLV",
 * J. of Marketing Research 42(4). Fitted by maximum likelihood.
 * Checked on CDNOW: p 6.25, q 3.74, v 15.44.
 */
export function fitValues({ purchases, mean }: Spendings): Told<ValueFit> {
  const chosen: number[] = []
  for (let i = 0; i < purchases.length; i++)
    if (usable(purchases[i] as number, mean[i] as number)) chosen.push(i)
  const customers = chosen.length
  if (customers < fewest)
    return cannotTell(
      `only ${customers} customers have a purchase with a value, too few to tell what purchases are worth`,
      fewest,
    )
  const x = Int32Array.from(chosen, (i) => purchases[i] as number)
  const typical = chosen.reduce((sum, i) => sum + (mean[i] as number), 0) / customers
  const z = Float64Array.from(chosen, (i) => (mean[i] as number) / typical)
  if (x.every((many) => many === 1))
    return cannotTell('nobody bought more than once, so how much one customer varies can’t be seen')
  if (z.every((value) => Math.abs(value - 1) < 1e-9)) return cannotTell('all purchases have the same value')
  const best = [
    [3, 3, 2],
    [1, 5, 4],
    [10, 2, 0.5],
  ]
    .map((start) =>
      minimise(downhill(x, z), start.map(Math.log), { low: -bound, high: bound }, { worth: 1e-6 }),
    )
    .reduce((one, other) => (other.value < one.value ? other : one))
  const [p, q, scaled] = Array.from(best.x, Math.exp) as [number, number, number]
  if (!Number.isFinite(best.value)) return cannotTell('the values lie too far apart for one model')
  if (q <= 1)
    return cannotTell('a few customers spend so much more than others that there is no mean to tell')
  return {
    p,
    q,
    v: scaled * typical,
    customers,
    leftOut: purchases.length - customers,
    logLikelihood: -best.value - customers * Math.log(typical),
    mean: (p * scaled * typical) / (q - 1),
    correlation: correlation(x, z),
  }
}

/**
 * The mean value of this customer's purchases to expect: between their own mean and everyone's, the nearer to
 * their own the more they bought. Without a purchase: everyone's.
 */
export function expectedValue(
  { p, q, v }: Pick<ValueFit, 'p' | 'q' | 'v'>,
  purchases: number,
  mean: number,
): number {
  return (p * (v + purchases * mean)) / (p * purchases + q - 1)
}

function usable(purchases: number, mean: number): boolean {
  return Number.isInteger(purchases) && purchases > 0 && mean > 0 && mean < Number.POSITIVE_INFINITY
}

/**
 * −ln L over ln p, ln q, ln v. For one customer with x purchases of mean z:
 *   ln Γ(px+q) − ln Γ(px) − ln Γ(q) + q ln v + (px−1) ln z + px ln x − (px+q) ln(v + xz).
 * Only the last logarithm is of both x and z: the rest is kept by x.
 */
function downhill(x: Int32Array, z: Float64Array) {
  const most = x.reduce((max, value) => Math.max(max, value), 0)
  const count = new Float64Array(most + 1)
  const logs = new Float64Array(most + 1)
  for (let i = 0; i < x.length; i++) {
    const many = x[i] as number
    count[many] = (count[many] as number) + 1
    logs[many] = (logs[many] as number) + Math.log(z[i] as number)
  }
  return (at: Float64Array, slope: Float64Array): number => {
    const [p, q, v] = Array.from(at, Math.exp) as [number, number, number]
    let total = 0
    let slopeP = 0
    let slopeQ = 0
    let slopeV = 0
    for (let many = 1; many <= most; many++) {
      const n = count[many] as number
      if (n === 0) continue
      const sum = many * p + q
      total +=
        n * (logGamma(sum) - logGamma(many * p) - logGamma(q) + q * Math.log(v) + many * p * Math.log(many))
      total += (many * p - 1) * (logs[many] as number)
      slopeP += n * many * (digamma(sum) - digamma(many * p) + Math.log(many)) + many * (logs[many] as number)
      slopeQ += n * (digamma(sum) - digamma(q) + Math.log(v))
      slopeV += (n * q) / v
    }
    for (let i = 0; i < x.length; i++) {
      const many = x[i] as number
      const spent = v + many * (z[i] as number)
      const log = Math.log(spent)
      const sum = many * p + q
      total -= sum * log
      slopeP -= many * log
      slopeQ -= log
      slopeV -= sum / spent
    }
    slope[0] = -slopeP * p
    slope[1] = -slopeQ * q
    slope[2] = -slopeV * v
    return -total
  }
}

/** The slope of ln Γ, for x > 0: upward recurrence, then its asymptotic series (Abramowitz & Stegun 6.3.18). */
function digamma(x: number): number {
  let shifted = x
  let value = 0
  for (; shifted < 8; shifted++) value -= 1 / shifted
  const square = 1 / (shifted * shifted)
  const series =
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
  return value + Math.log(shifted) - 0.5 / shifted - series
}

function correlation(x: Int32Array, z: Float64Array): number {
  const n = x.length
  const meanX = x.reduce((sum, value) => sum + value, 0) / n
  const meanZ = z.reduce((sum, value) => sum + value, 0) / n
  let xx = 0
  let zz = 0
  let xz = 0
  for (let i = 0; i < n; i++) {
    const dx = (x[i] as number) - meanX
    const dz = (z[i] as number) - meanZ
    xx += dx * dx
    zz += dz * dz
    xz += dx * dz
  }
  return xx * zz > 0 ? xz / Math.sqrt(xx * zz) : 0
}

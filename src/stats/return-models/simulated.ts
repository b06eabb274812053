import { Seeded } from '../seeded.ts'
import type { Histories } from './histories.ts'

/** Customers who buy as MBG/NBD says, for tests and measurements: first purchases spread evenly over `during`. */
export function simulatedHistories(
  customers: number,
  { r, alpha, a, b }: { r: number; alpha: number; a: number; b: number },
  { during, seed, whole = false, span = 0 }: { during: number; seed: number; whole?: boolean; span?: number },
): { histories: Histories; later: number } {
  const chance = new Seeded(seed)
  const returns = new Int32Array(customers)
  const last = new Float64Array(customers)
  const observed = new Float64Array(customers)
  const rounded = (time: number) => (whole ? Math.floor(time) : time)
  let later = 0
  for (let i = 0; i < customers; i++) {
    const end = chance.next() * during
    const rate = gamma(chance, r) / alpha
    const leaves = gamma(chance, a)
    const leave = leaves / (leaves + gamma(chance, b))
    let bought = 0
    let latest = 0
    for (let time = 0; chance.next() >= leave; ) {
      time -= Math.log(1 - chance.next()) / rate
      if (time > end + span) break
      if (time > end) later++
      else {
        bought++
        latest = time
      }
    }
    returns[i] = bought
    last[i] = rounded(latest)
    observed[i] = rounded(end)
  }
  return { histories: { returns, last, observed }, later }
}

/** A gamma draw with rate 1 (Marsaglia & Tsang 2000). */
function gamma(chance: Seeded, shape: number): number {
  if (shape < 1) return gamma(chance, shape + 1) * (1 - chance.next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = chance.normal()
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(1 - chance.next()) < 0.5 * normal * normal + d - d * v + d * Math.log(v))
      return d * v
  }
}

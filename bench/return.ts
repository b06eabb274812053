// How long it takes to fit MBG/NBD, the model behind "Coming back", on the histories of a million customers,
// and how that grows with their number.
import { isTold } from '../src/stats/cannot-tell.ts'
import { mbgNbd } from '../src/stats/return-models/beta-geometric.ts'
import { fitReturns } from '../src/stats/return-models/fit.ts'
import { groupHistories } from '../src/stats/return-models/histories.ts'
import { type Report, seeded } from './report.ts'

const million = 1_000_000

export async function run(report: Report, { size }: { size: number }): Promise<void> {
  for (const customers of [0.1, 1, 10].map((times) => Math.round(times * million * size))) {
    const histories = generate(customers, 11)
    const read = performance.now()
    // reading the columns once is the least any programme must do
    let sum = 0
    for (let i = 0; i < customers; i++)
      sum += (histories.returns[i] ?? 0) + (histories.last[i] ?? 0) + (histories.observed[i] ?? 0)
    const reading = performance.now() - read
    const began = performance.now()
    const fit = fitReturns(mbgNbd, groupHistories(histories))
    const ms = performance.now() - began
    if (!isTold(fit) || !Number.isFinite(sum)) throw new Error('nothing was fitted')
    const { r, alpha, a, b } = fit.parameters
    report.say(`r ${r.toFixed(3)}, α ${alpha.toFixed(3)}, a ${a.toFixed(3)}, b ${b.toFixed(3)}`)
    report.add({
      figure: `fitting MBG/NBD on ${customers.toLocaleString('en')} customers`,
      value: ms,
      unit: 'ms',
      against: 'reading the columns once',
      ratio: ms / reading,
      ...(customers === million * size ? { bar: '≤ 5,000 ms', met: ms <= 5_000 } : {}),
    })
    await Promise.resolve()
  }
}

/** Customers of a made-up shop: rates and chances to leave differ from one to the next; whole days, in weeks. */
function generate(customers: number, seed: number) {
  const random = seeded(seed)
  const returns = new Int32Array(customers)
  const last = new Float64Array(customers)
  const observed = new Float64Array(customers)
  for (let i = 0; i < customers; i++) {
    const seen = Math.floor(random() * 730) + 30
    const rate = -Math.log(1 - random()) / 200
    const leaves = random() * 0.7
    let day = 0
    let count = 0
    while (random() > leaves) {
      const next = day + Math.max(1, Math.round(-Math.log(1 - random()) / rate))
      if (next > seen) break
      day = next
      count++
    }
    returns[i] = count
    last[i] = day / 7
    observed[i] = seen / 7
  }
  return { returns, last, observed }
}

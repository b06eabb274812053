// How long it takes to fit MBG/NBD to customers' summaries in whole days over two years, and to foretell the next
// year of each, at three sizes. The fit is the maximum over all customers; no history is rounded or left out.
import { isTold } from '../src/stats/cannot-tell.ts'
import { mbgNbd } from '../src/stats/return-models/beta-geometric.ts'
import { fitReturns } from '../src/stats/return-models/fit.ts'
import { forecast } from '../src/stats/return-models/forecast.ts'
import { groupHistories } from '../src/stats/return-models/histories.ts'
import { simulatedHistories } from '../src/stats/return-models/simulated.ts'
import type { BenchOptions } from './main.ts'
import type { Report } from './report.ts'

const truth = { r: 0.8, alpha: 60, a: 0.7, b: 1.8 }
const bar = 5

export async function run(report: Report, { size }: BenchOptions): Promise<void> {
  for (const millions of [0.1, 1, 10]) {
    const customers = Math.round(millions * 1e6 * size)
    report.say(`drawing ${customers.toLocaleString('en')} customers`)
    const { histories } = simulatedHistories(customers, truth, { during: 730, seed: 1, whole: true })
    const began = performance.now()
    const grouped = groupHistories(histories)
    const fit = fitReturns(mbgNbd, grouped)
    const fitted = performance.now()
    if (!isTold(fit)) throw new Error(fit.cannotTell)
    forecast(fit, grouped, 365)
    const foretold = performance.now()
    const name = `${(millions * size).toLocaleString('en')} million customers`
    const seconds = (fitted - began) / 1_000
    report.add({
      figure: `fit MBG/NBD, ${name}`,
      value: seconds,
      unit: 's',
      ...(millions === 1 && { bar: `< ${bar} s`, met: seconds < bar }),
    })
    report.add({ figure: `foretell a year of each, ${name}`, value: (foretold - fitted) / 1_000, unit: 's' })
    report.add({
      figure: `largest error of a parameter, ${name}`,
      value:
        Math.max(...mbgNbd.parameters.map((key) => Math.abs(fit.parameters[key] / truth[key] - 1))) * 100,
      unit: '%',
    })
  }
}

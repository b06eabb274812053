// Do the intervals hold the truth as often as they claim? 200 made-up companies whose truths are known, each asked
// through the product's own placing, judging and SQL; for each effect, how many 95 % intervals hold it. With
// --size fewer companies are asked.
import { askCompany, holds, knownEffects } from '../test/touchpoint-truths.ts'
import type { Report } from './report.ts'

const companies = 200
const customersEach = 2_500
/** How far a count of 95 % intervals may be from its expectation: three and a half standard errors. */
const furthest = 3.5

interface Answer {
  value: number
  low: number
  high: number
}

export async function run(report: Report, { size }: { size: number }): Promise<void> {
  const count = Math.max(20, Math.round(companies * size))
  report.say(
    `asking ${count} companies of ${customersEach} customers which touchpoints go along with coming back`,
  )
  const asked: Awaited<ReturnType<typeof askCompany>>[] = []
  for (let seed = 1; seed <= count; seed++) {
    asked.push(await askCompany(seed, customersEach))
    if (seed % 20 === 0) report.say(`${seed} asked`)
  }
  for (const { name, truth, of } of knownEffects(asked, 100_000)) {
    const found = asked.map(of).filter((each) => each !== null)
    covered(report, `touchpoints, coming back: ${name}`, truth, found)
  }
}

/** One line: how many intervals hold the truth; and in words what they say on average. */
function covered(report: Report, figure: string, truth: number, found: readonly Answer[]): void {
  const n = found.length
  const hits = found.filter((each) => holds({ ...each, p: 1 }, truth)).length
  const room = furthest * Math.sqrt(n * 0.95 * 0.05)
  const mean = found.reduce((sum, { value }) => sum + value, 0) / n
  const half = found.reduce((sum, { low, high }) => sum + (high - low) / 2, 0) / n
  report.say(`${figure}: true ${points(truth)}, on average ${points(mean)} ± ${points(half)}`)
  report.add({
    figure,
    value: (100 * hits) / n,
    unit: '% hold it',
    bar: `95 % of ${n}, ± ${Math.ceil((100 * room) / n)}`,
    met: Math.abs(hits - 0.95 * n) <= room,
  })
}

function points(share: number): string {
  return `${(100 * share).toFixed(1)} in 100`
}

// Do the intervals hold the truth as often as they claim? 200 made-up companies whose truths are known, each asked
// which touchpoints go along with coming back (through the product's own placing, judging and SQL) and what
// promises do; for each effect, how many 95 % intervals hold it, and the same by method. With --size fewer
// companies are asked.
import { criteriaOf, weighsMoreInComingBack } from '../test/criteria-truths.ts'
import { effectsOf, knownEffects as knownPromises } from '../test/effects-truths.ts'
import { map } from '../test/sample-map.ts'
import {
  type AskedCompany,
  askCompany,
  holds,
  type KnownEffect,
  knownEffects,
} from '../test/touchpoint-truths.ts'
import type { Report } from './report.ts'

const companies = 200
const customersEach = { touchpoints: 2_500, promises: 4_000 }
/** How far a count of 95 % intervals may be from its expectation: three and a half standard errors. */
const furthest = 3.5

interface Answer {
  value: number
  low: number
  high: number
}

interface Effect {
  /** What the intervals come from. */
  method: string
  name: string
  truth: number
  unit: 'in 100' | 'stars'
  found: Answer[]
}

export async function run(report: Report, { size }: { size: number }): Promise<void> {
  const count = Math.max(20, Math.round(companies * size))
  const effects = [...(await ofTouchpoints(report, count)), ...ofPromises(report, count)]
  for (const effect of effects) covered(report, effect)
  for (const [method, own] of Map.groupBy(effects, (each) => each.method)) together(report, method, own)
  await falselyNamed(report, count)
}

/**
 * Nothing before the sale brings anybody back in these companies. How many of them are told that something there
 * weighs more in coming back than in being chosen: at most one in twenty, for p is adjusted for all that is compared.
 */
async function falselyNamed(report: Report, count: number): Promise<void> {
  report.say(`asking ${count} companies what they are chosen for`)
  let named = 0
  for (let seed = 1; seed <= count; seed++) {
    const found = await criteriaOf(seed)
    if (map.touchpoints.some(({ name }) => weighsMoreInComingBack(found(name)))) named++
    if (seed % 20 === 0) report.say(`${seed} asked`)
  }
  const room = furthest * Math.sqrt(count * 0.95 * 0.05)
  report.add({
    figure: 'criteria: something before the sale falsely named as weighing more in coming back',
    value: (100 * named) / count,
    unit: '% of companies',
    bar: `at most 5 % of ${count}, + ${Math.ceil((100 * room) / count)}`,
    met: named <= 0.05 * count + room,
  })
}

async function ofTouchpoints(report: Report, count: number): Promise<Effect[]> {
  report.say(`asking ${count} companies which touchpoints go along with coming back`)
  const asked: AskedCompany[] = []
  for (let seed = 1; seed <= count; seed++) {
    asked.push(await askCompany(seed, customersEach.touchpoints, { odds: true }))
    if (seed % 20 === 0) report.say(`${seed} asked`)
  }
  const known = knownEffects(asked, 100_000)
  const inOdds = asked.flatMap((company) => (company.inOdds ? [{ ...company, first: company.inOdds }] : []))
  return [
    ...known.map((effect) => ofCompanies(effect, asked, '')),
    // the card is asked for with a later landmark, in shares alone
    ...known
      .filter(({ name }) => name !== 'anniversary card')
      .map((effect) => ofCompanies(effect, inOdds, ', in odds')),
  ]
}

function ofCompanies({ name, truth, of }: KnownEffect, asked: readonly AskedCompany[], how: string): Effect {
  return {
    method: name.startsWith('delivery')
      ? `felt well against badly, between equals${how}`
      : `met it, between equals${how}`,
    name: `touchpoints, coming back${how}: ${name}`,
    truth,
    unit: 'in 100',
    found: asked.map(of).filter((each) => each !== null),
  }
}

function ofPromises(report: Report, count: number): Effect[] {
  report.say(`asking ${count} companies what promises do`)
  const asked: ReturnType<typeof effectsOf>[] = []
  for (let seed = 1; seed <= count; seed++) {
    asked.push(effectsOf(seed, customersEach.promises))
    if (seed % 20 === 0) report.say(`${seed} asked`)
  }
  return knownPromises(60_000).map(({ name, truth, of }) => ({
    method: /step|each day/.test(name)
      ? 'dose and response: step and slope'
      : name.startsWith('stars')
        ? 'ratings of promises, between equals'
        : 'shares after promises, between equals',
    name: `promises, ${name}`,
    truth,
    unit: name.startsWith('stars') ? 'stars' : 'in 100',
    found: asked.map(of).filter((each) => each !== null && each !== undefined),
  }))
}

/** One line: how many intervals hold the truth; and in words what they say on average. */
function covered(report: Report, { name, truth, unit, found }: Effect): void {
  const n = found.length
  const hits = hitsOf({ truth, found })
  const room = furthest * Math.sqrt(n * 0.95 * 0.05)
  const mean = found.reduce((sum, { value }) => sum + value, 0) / n
  const half = found.reduce((sum, { low, high }) => sum + (high - low) / 2, 0) / n
  const shown = (value: number) =>
    unit === 'stars' ? `${value.toFixed(3)} stars` : `${(100 * value).toFixed(1)} in 100`
  report.say(`${name}: true ${shown(truth)}, on average ${shown(mean)} ± ${shown(half)}`)
  report.add({
    figure: name,
    value: (100 * hits) / n,
    unit: '% hold it',
    bar: `95 % of ${n}, ± ${Math.ceil((100 * room) / n)}`,
    met: Math.abs(hits - 0.95 * n) <= room,
  })
}

/** Effects found in the same companies are no independent trials, so this has no bar of its own. */
function together(report: Report, method: string, effects: readonly Effect[]): void {
  const n = effects.reduce((sum, { found }) => sum + found.length, 0)
  const hits = effects.reduce((sum, effect) => sum + hitsOf(effect), 0)
  report.add({ figure: `by method: ${method}`, value: (100 * hits) / n, unit: `% of ${n}` })
}

function hitsOf({ truth, found }: Pick<Effect, 'truth' | 'found'>): number {
  return found.filter((each) => holds({ ...each, p: 1 }, truth)).length
}

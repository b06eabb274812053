import { holm } from '../../stats/holm.ts'
import { newcombe, wilson } from '../../stats/proportions.ts'
import { differenceAmongEquals } from '../../stats/stratified.ts'
import type { Asking } from '../asking/asking.ts'
import { change, fewestAnswers, part } from '../map/level.ts'
import { dayMicros } from '../question.ts'
import type { Journeys } from './cases.ts'
import type { BetweenRow, Stretch } from './conversion-questions.ts'
import { type PassingRow, passingQuestion, type RiskRow, riskQuestion } from './passing-questions.ts'
import type { Flows } from './schema.ts'

type Passing = Omit<NonNullable<Flows['passing']>, 'through'>

/**
 * What passing through each touchpoint goes along with, among journeys still open at the landmark.
 * @param days the landmark; null: by when a quarter of those who get there have
 */
export async function passingOf(
  asking: Asking,
  journeys: Journeys,
  stretch: Stretch,
  { days, between }: { days: number | null; between: BetweenRow | undefined },
): Promise<Passing> {
  const landmark = Math.round((days ?? quarter(between, stretch)) * dayMicros)
  const [risk] = await asking.rows<RiskRow>('Who can be compared', riskQuestion(journeys, stretch, landmark))
  const rows = await asking.rows<PassingRow>(
    'Who passed where, and got there',
    passingQuestion(journeys, stretch, landmark),
  )
  const { entered = 0, recent = 0, there = 0 } = risk ?? {}
  return {
    landmarkDays: landmark / dayMicros,
    entered,
    recent,
    there,
    ...comparisons(rows),
  }
}

function quarter(between: BetweenRow | undefined, stretch: Stretch): number {
  const found = (between?.p25 ?? 0) / dayMicros
  return found > 0 ? Math.min(found, stretch.withinDays / 2) : stretch.withinDays / 4
}

/** Passed against not passed, at each touchpoint that enough passed and enough did not. */
export function comparisons(rows: PassingRow[]): Pick<Passing, 'open' | 'got' | 'steps'> {
  const all = rows.filter((row) => row.touchpoint_id === null)
  const [open, got] = [sum(all, 'n'), sum(all, 'hits')]
  const ids = [...new Set(rows.flatMap((row) => row.touchpoint_id ?? []))]
  const compared = ids.flatMap((id) => {
    const passed = rows.filter((row) => row.touchpoint_id === id)
    const [n, hits] = [sum(passed, 'n'), sum(passed, 'hits')]
    if (n < fewestAnswers || open - n < fewestAnswers) return []
    const layers = [0, 1, 2, 3, 4, 5].map((layer) => {
      const own = passed.filter((row) => row.others === layer)
      const whole = all.filter((row) => row.layer === layer)
      const gone = passed.filter((row) => row.layer === layer)
      return {
        with: { n: sum(own, 'n'), hits: sum(own, 'hits') },
        without: { n: sum(whole, 'n') - sum(gone, 'n'), hits: sum(whole, 'hits') - sum(gone, 'hits') },
      }
    })
    const equals = differenceAmongEquals(layers)
    return [
      {
        touchpoint: id,
        passed: part(hits, n),
        not: part(got - hits, open - n),
        difference: change(newcombe(wilson(hits, n), wilson(got - hits, open - n))),
        equals: 'cannotTell' in equals ? null : equals,
      },
    ]
  })
  const adjusted = holm(compared.map(({ equals }) => equals?.p ?? 1))
  const steps = compared.map(({ equals, ...step }, index) => {
    const p = adjusted[index] ?? 1
    return {
      ...step,
      amongEquals: equals
        ? { value: equals.value, low: equals.low, high: equals.high, n: equals.n, p, tells: p < 0.05 }
        : null,
    }
  })
  const size = (step: (typeof steps)[number]) => Math.abs(step.amongEquals?.value ?? 0)
  const tells = (step: (typeof steps)[number]) => Number(step.amongEquals?.tells ?? false)
  return { open, got, steps: steps.toSorted((a, b) => tells(b) - tells(a) || size(b) - size(a)) }
}

function sum(rows: PassingRow[], what: 'n' | 'hits'): number {
  return rows.reduce((total, row) => total + row[what], 0)
}

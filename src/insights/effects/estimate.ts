// The long arithmetic of the effects of a promise, in a thread of its own.
import type { Columns } from '../../store/projection-columns.ts'
import { type Answers, answersOf, became, type Cases, type CasesInput, casesOf } from './cases.ts'
import { compare, estimateOf, type Observed, shown } from './compare.ts'
import { dosesOf } from './doses.ts'
import { endings, moments } from './questions.ts'
import type { Figures } from './schema.ts'
import { fewestOfSource, type NamedSource, sourcesOf } from './sources.ts'
import { stepOf } from './steps.ts'

export interface EstimateInput extends CasesInput {
  answers: Columns
  /** Only answers given there; null: anywhere. */
  touchpoint: number | null
  /** Persons are one source here. */
  sources: NamedSource[]
  /** Persons who may be named; the others among persons are counted with them as equals. */
  people: NamedSource[]
  otherPeople: number[]
}

/** Beyond this many days late a later day is taken for this one, where lateness is only held equal. */
const mostDaysLate = 28

export function estimate(input: EstimateInput, tell: (done: number, words: string) => void): Figures {
  const { days } = input
  const cases = casesOf(input)
  const answers = answersOf(input.answers, input.judged, input.touchpoint)
  const rated = after(answers)
  const back: Observed = { cases: Int32Array.from(cases.cameBack.keys()), values: cases.cameBack }
  const late = cases.inTime.map((inTime) => 1 - inTime)

  tell(0.3, 'Comparing late with in time')
  const comparisons = [
    compare(cases, { outcome: 'rating', observed: rated, group: late, wait: days }),
    compare(cases, { outcome: 'cameBack', observed: back, group: late, wait: days }),
  ]
  tell(0.5, 'Looking for the step at the promise')
  const steps = [stepOf(cases, 'rating', rated, days), stepOf(cases, 'cameBack', back, days)]
  const exceeded = [
    compare(cases, { outcome: 'rating', observed: rated, group: cases.exceeded, wait: days }),
    compare(cases, { outcome: 'cameBack', observed: back, group: cases.exceeded, wait: days }),
  ]
  tell(0.7, 'Comparing who was told beforehand with who was not')
  const told = toldOf(cases, rated, back)
  tell(0.85, 'Comparing where it was said')
  const firstHeld = firstHeldOf(cases, days)
  const everybody = [...input.people, { kind: 'person' as const, name: null, codes: input.otherPeople }]
  const people = sourcesOf(cases, firstHeld, everybody).slice(0, input.people.length)
  return {
    counts: countsOf(cases),
    comparisons,
    steps,
    doses: dosesOf(cases, rated, seen(back)),
    exceeded,
    told,
    endings: endingsOf(cases, answers),
    moments: momentsOf(answers),
    sources: sourcesOf(cases, firstHeld, input.sources),
    people: people.filter(({ held }) => held.n >= fewestOfSource),
    fewPeople: people.filter(({ held }) => held.n < fewestOfSource).length,
  }
}

/** Answers given once it had come, in time or late. */
function after(answers: Answers): Observed {
  const rows = [...answers.moment.keys()].filter(
    (row) => answers.moment[row] === 2 || answers.moment[row] === 4,
  )
  return {
    cases: Int32Array.from(rows, (row) => answers.case[row] as number),
    values: Float64Array.from(rows, (row) => answers.stars[row] as number),
  }
}

/** Told beforehand against not told, of those whose first word did not hold and came; as late by it. */
function toldOf(cases: Cases, rated: Observed, back: Observed) {
  const group = cases.told.map((told, row) => (Number.isNaN(cases.wait[row]) ? Number.NaN : told))
  const also = [cases.firstGap.map((gap) => Math.min(Math.max(gap || 0, 0), mostDaysLate))]
  const unhappy: Observed = { cases: Int32Array.from(cases.unhappy.keys()), values: cases.unhappy }
  return [
    compare(cases, { outcome: 'unhappy', observed: unhappy, group, wait: true, also }),
    compare(cases, { outcome: 'rating', observed: rated, group, wait: true, also }),
    compare(cases, { outcome: 'cameBack', observed: back, group, wait: true, also }),
  ]
}

/** 1 when the first word held, 0 when it did not, NaN while that is open or when it was not needed any more. */
function firstHeldOf(cases: Cases, days: boolean): Float64Array {
  return cases.told.map((told, row) => {
    const ending = cases.ending[row]
    if (ending === became.withdrawn) return Number.NaN
    // in days, whether somebody was told is known exactly when the first word did not hold
    if (days && !Number.isNaN(told)) return 0
    if (ending === became.open) return Number.NaN
    return Number(ending === became.inTime)
  })
}

function countsOf(cases: Cases): Figures['counts'] {
  const many = (wanted: number) => cases.ending.reduce((sum, ending) => sum + Number(ending === wanted), 0)
  return {
    all: cases.n,
    kept: many(became.inTime),
    exceeded: cases.exceeded.reduce((sum, exceeded) => sum + Number(exceeded === 1), 0),
    late: many(became.late),
    neverCame: many(became.never),
    awaited: many(became.awaited),
    open: many(became.open),
    withdrawn: many(became.withdrawn),
    tooRecent: cases.inTime.reduce(
      (sum, inTime, row) => sum + Number(!Number.isNaN(inTime) && Number.isNaN(cases.cameBack[row])),
      0,
    ),
  }
}

/** By what became of it: `endings` in their order; "open" is also what is overdue and may still come. */
function endingsOf(cases: Cases, answers: Answers): Figures['endings'] {
  const codeOf = {
    [became.inTime]: 1,
    [became.late]: 2,
    [became.never]: 3,
    [became.awaited]: 4,
    [became.open]: 4,
  }
  return endings.flatMap((ending, index) => {
    const rows = [...cases.ending.keys()].filter(
      (row) => codeOf[cases.ending[row] as keyof typeof codeOf] === index + 1,
    )
    const stars = answers.stars.filter((_, answer) => answers.ending[answer] === index + 1)
    if (rows.length === 0 && stars.length === 0) return []
    const back = rows.map((row) => cases.cameBack[row] as number).filter((value) => !Number.isNaN(value))
    return [
      {
        ending,
        n: rows.length,
        rating: shown(estimateOf('rating', stars)),
        cameBack: shown(estimateOf('cameBack', back)),
      },
    ]
  })
}

function momentsOf(answers: Answers): Figures['moments'] {
  const rating = (wanted: (row: number) => boolean) =>
    estimateOf(
      'rating',
      answers.stars.filter((_, row) => wanted(row)),
    )
  return moments.flatMap((moment, at) => {
    const here = (row: number) => answers.moment[row] === at + 1
    const whole = rating(here)
    if (whole.n === 0) return []
    const parts = endings
      .map((ending, index) => ({
        ending,
        rating: rating((row) => here(row) && answers.ending[row] === index + 1),
      }))
      .filter((each) => each.rating.n > 0)
    return [{ moment, rating: whole, endings: parts }]
  })
}

function seen({ cases, values }: Observed): Observed {
  const rows = [...values.keys()].filter((row) => !Number.isNaN(values[row]))
  return {
    cases: Int32Array.from(rows, (row) => cases[row] as number),
    values: Float64Array.from(rows, (row) => values[row] as number),
  }
}

import type { Column, Sheet } from '../asking/sheet.ts'
import type { Comparison, Effects, Estimate, Source } from './schema.ts'

export const outcomeWords: Record<Comparison['outcome'], string> = {
  rating: 'stars',
  cameBack: 'came back',
  unhappy: 'complained, or worse',
}

export function effectsSheets(answer: Effects): Sheet[] {
  const days = answer.promise?.dimension !== 'money' && answer.promise?.dimension !== 'points'
  return [
    comparisonsSheet(
      'late',
      days ? 'Came late against came in time' : 'Not as said against as said',
      answer.comparisons,
    ),
    {
      name: 'steps',
      title: 'The step at the promise, among equals',
      columns: [
        { name: 'outcome', title: 'in' },
        { name: 'late', title: 'came late', unit: 'count' },
        ...differenceColumns('step', 'step'),
        ...differenceColumns('slope', 'each more'),
        { name: 'cap', title: 'until', unit: 'number' },
        { name: 'because', title: 'can’t tell, because' },
      ],
      rows: answer.steps.map((each) => [
        outcomeWords[each.outcome],
        each.n,
        ...difference(each.step),
        ...difference(each.slope),
        each.cap,
        each.because,
      ]),
    },
    {
      name: 'doses',
      title: 'By how far off it was',
      columns: [
        { name: 'from', title: 'from', unit: 'number' },
        { name: 'to', title: 'to', unit: 'number' },
        ...estimateColumns('stars', 'stars', 'number'),
        ...estimateColumns('came_back', 'came back', 'share'),
      ],
      rows: answer.doses.map((dose) => [
        dose.from,
        dose.to,
        ...estimate(dose.rating),
        ...estimate(dose.cameBack),
      ]),
    },
    {
      name: 'sources',
      title: 'Where it was said',
      columns: sourceColumns,
      rows: answer.sources.map(source),
    },
    ...(answer.people.length > 0
      ? [
          {
            name: 'people',
            title: 'Who said it, by name',
            columns: sourceColumns,
            rows: answer.people.map(source),
          },
        ]
      : []),
    comparisonsSheet('told', 'First word broken: told beforehand against not told', answer.told),
    comparisonsSheet('exceeded', 'Better than said against just in time', answer.exceeded),
    {
      name: 'moments',
      title: 'What customers said, by where things stood when they said it',
      columns: [
        { name: 'moment', title: 'when they answered' },
        { name: 'ending', title: 'and later' },
        ...estimateColumns('stars', 'stars', 'number'),
      ],
      rows: answer.moments.flatMap(({ moment, rating, endings }) => [
        [moment, null, ...estimate(rating)],
        ...endings.map((each) => [moment, each.ending, ...estimate(each.rating)]),
      ]),
    },
    {
      name: 'endings',
      title: 'By what became of it',
      columns: [
        { name: 'ending', title: 'it' },
        { name: 'promises', title: 'times', unit: 'count' },
        ...estimateColumns('stars', 'stars', 'number'),
        ...estimateColumns('came_back', 'came back', 'share'),
      ],
      rows: answer.endings.map((each) => [
        each.ending,
        each.n,
        ...estimate(each.rating),
        ...estimate(each.cameBack),
      ]),
    },
  ]
}

function comparisonsSheet(name: string, title: string, comparisons: Comparison[]): Sheet {
  return {
    name,
    title,
    columns: [
      { name: 'outcome', title: 'in' },
      ...estimateColumns('of', 'of these', 'number'),
      ...estimateColumns('against', 'against', 'number'),
      ...differenceColumns('difference', 'difference'),
      ...differenceColumns('among_equals', 'among equals'),
      { name: 'because', title: 'can’t tell, because' },
    ],
    rows: comparisons.map((each) => [
      outcomeWords[each.outcome],
      ...estimate(each.of),
      ...estimate(each.against),
      ...difference(each.raw),
      ...difference(each.adjusted),
      each.because,
    ]),
  }
}

const sourceColumns: Column[] = [
  { name: 'kind', title: 'said in' },
  { name: 'name', title: 'which' },
  { name: 'decided', title: 'decided', unit: 'count' },
  { name: 'held', title: 'held', unit: 'share' },
  { name: 'held_low', title: 'from', unit: 'share' },
  { name: 'held_high', title: 'to', unit: 'share' },
  { name: 'against_others', title: 'against the others, among equals', unit: 'share' },
  { name: 'against_others_low', title: 'from', unit: 'share' },
  { name: 'against_others_high', title: 'to', unit: 'share' },
  { name: 'days_said', title: 'days said', unit: 'days' },
  { name: 'days_taken', title: 'days taken', unit: 'days' },
]

function source(each: Source) {
  const { held, adjusted } = each
  return [
    each.kind,
    each.name,
    held.n,
    held.value,
    held.low,
    held.high,
    ...difference(adjusted),
    each.promised,
    each.took,
  ]
}

function estimateColumns(name: string, title: string, unit: 'number' | 'share'): Column[] {
  return [
    { name: `${name}_n`, title: `${title}: n`, unit: 'count' },
    { name, title, unit },
    { name: `${name}_low`, title: 'from', unit },
    { name: `${name}_high`, title: 'to', unit },
  ]
}

function estimate({ n, value, low, high }: Estimate) {
  return [n, value, low, high]
}

function differenceColumns(name: string, title: string): Column[] {
  return [
    { name, title, unit: 'number' },
    { name: `${name}_low`, title: 'from', unit: 'number' },
    { name: `${name}_high`, title: 'to', unit: 'number' },
  ]
}

function difference(given: { value: number; low: number; high: number } | null) {
  return [given?.value ?? null, given?.low ?? null, given?.high ?? null]
}

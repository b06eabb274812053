import { useMemo } from 'react'
import type { Flows } from '../../../../src/insights/flows/schema.ts'
import { waited } from '../../../../src/lib/phrases.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import type { IntervalPoint, IntervalRow } from '../../figures/interval-layout.ts'
import { number, percent } from '../../lib/words.ts'
import { useFew } from './few.tsx'
import { named, noDifference, points } from './names.ts'

const series = [
  { id: 'plain', name: 'as counted' },
  { id: 'equals', name: 'among those met equally often else' },
]

/** What passing by each touchpoint goes along with, among journeys still open at the same time after their start. */
export function Passing({ answer, open }: { answer: Flows; open: (touchpoint: number) => void }) {
  const { passing } = answer
  const rows = useMemo(() => rowsOf(answer), [answer])
  const { shown, more } = useFew(rows)
  const say = useMemo(() => sentence(answer), [answer])
  if (!passing) return null
  const { goalName } = named(answer)
  const after = waited(passing.landmarkDays * 86_400)
  return (
    <IntervalBars
      title="What passing by goes along with"
      fileName="flows-passing"
      sentence={`Of 100 who had passed by in the first ${after} and were not there yet, so many more got to ${goalName} than of 100 others who were not there yet.`}
      claim="goes along with"
      n={`${number(passing.open)} still open of ${number(passing.entered)}`}
      what="Passed by"
      rows={shown}
      series={series}
      format={points}
      reference={noDifference}
      say={say}
      onOpen={({ row }) => open(Number(row.id))}
      empty={`No touchpoint was passed by enough of them, and left out by enough others, to compare: at least 10 of each are needed, and ${number(passing.open)} were still open ${after} after the start.`}
      note={
        <>
          Left out: {number(passing.recent)} too recent to know how it ends, {number(passing.there)} there
          already by then. Who passed by later counts as not passed: else having had the time to would look
          like its effect. A full mark: the interval leaves out “no difference”; over {number(rows.length)}{' '}
          touchpoints one or another may do so by chance.
        </>
      }
      below={more}
    />
  )
}

function rowsOf(answer: Flows): IntervalRow[] {
  const { name } = named(answer)
  return (answer.passing?.steps ?? []).map(({ touchpoint, passed, difference, amongEquals }) => ({
    id: String(touchpoint),
    name: name(touchpoint),
    values: [
      difference && { ...difference, n: passed.n },
      amongEquals && { value: amongEquals.value, low: amongEquals.low, high: amongEquals.high, n: passed.n },
    ],
  }))
}

function sentence(answer: Flows) {
  const { goalName } = named(answer)
  return ({ row, series: { id }, estimate: { value, low, high } }: IntervalPoint) => {
    const step = answer.passing?.steps.find(({ touchpoint }) => String(touchpoint) === row.id)
    if (!step || value === null) return row.name
    const interval = low === null || high === null ? '' : `${points(low)} to ${points(high)}`
    if (id === 'plain')
      return `${row.name}: ${percent(step.passed.value ?? 0, 1)} of ${number(step.passed.n)} who had passed by got to ${goalName}, ${percent(step.not.value ?? 0, 1)} of ${number(step.not.n)} others: ${points(value)} in 100 (${interval}).`
    return `${row.name}, among those met equally often else: ${points(value)} in 100 (${interval}); ${step.amongEquals?.tells ? 'it differs, with all touchpoints that were looked at taken into account' : 'it can’t be told from chance'}.`
  }
}

import { useMemo } from 'react'
import type { Criteria, Touchpoints } from '../../../../src/insights/touchpoints/schema.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import type { IntervalPoint, IntervalRow } from '../../figures/interval-layout.ts'
import { number, percent } from '../../lib/words.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { Card } from '../../parts/page.tsx'
import { Claim } from '../../parts/words.tsx'

type Found = Criteria['touchpoints'][number]
type Weight = Found['choosing']

/** What choosing hangs on against what being validated hangs on: both weights of each touchpoint, then their differences. */
export function SelectionCriteria({
  answer,
  open,
}: {
  answer: Touchpoints
  open: (touchpoint: number) => void
}) {
  const { criteria, outcome } = answer
  const rows = useMemo(() => (criteria ? rowsOf(criteria) : []), [criteria])
  const series = useMemo(
    () => [
      { id: 'choosing', name: 'in choosing' },
      { id: 'validated', name: `in ${outcome.noun}` },
    ],
    [outcome.noun],
  )
  if (!criteria) return null
  const { choosing, validated, spans } = criteria
  return (
    <>
      <IntervalBars
        title={`What choosing hangs on, against ${outcome.noun}`}
        sentence={`How much of what touchpoints before the sale go along with falls to each: when customers choose, and in ${outcome.noun}.`}
        claim={rows.length === 0 ? 'not enough to tell' : 'goes along with'}
        n={`${number(choosing.n)} who might choose, ${number(validated.n)} buyers`}
        what="Touchpoint"
        rows={rows}
        series={series}
        format={weight}
        reference={nothing}
        say={say}
        empty={emptyWords(criteria, outcome.noun)}
        onOpen={({ row }) => open(Number(row.id))}
        note={`${criteria.cannotTell && rows.length > 0 ? `${emptyWords(criteria, outcome.noun)} ` : ''}Choosing: who asked or was courted and had not bought by day ${spans.landmark} after the first touch; whether they bought by day ${spans.landmark + spans.horizon}. Compared with equals in each; beyond what chance would bring.`}
      />
      <Differences criteria={criteria} noun={outcome.noun} />
    </>
  )
}

const nothing = { value: 0, name: 'nothing' }

function emptyWords({ cannotTell }: Criteria, noun: string): string {
  if (!cannotTell) return 'No touchpoint before the sale could be weighed in both.'
  const of = { choosing: 'choosing', validated: noun, both: `choosing or ${noun}` }[cannotTell.words]
  return `Nothing can be told of ${of}: ${cannotTell.why}${cannotTell.needed === null ? '' : ` (about ${number(cannotTell.needed)} needed)`}.`
}

/** The most different first; where only one of the two can be told, what weighs most in it. */
function rowsOf({ touchpoints }: Criteria): IntervalRow[] {
  return touchpoints
    .filter(({ choosing, validated }) => choosing ?? validated)
    .toSorted((a, b) => sizeOf(b) - sizeOf(a))
    .map(({ id, name, met, choosing, validated }) => ({
      id: String(id),
      name,
      values: [estimateOf(choosing, met.choosing), estimateOf(validated, met.validated)],
    }))
}

function sizeOf({ difference, choosing, validated }: Found): number {
  return Math.abs((difference ?? choosing ?? validated)?.value ?? 0)
}

function estimateOf(weight: Weight, n: number): IntervalRow['values'][number] {
  return weight && { ...weight, n }
}

function say({ row, series: { name }, estimate: { value, low, high, n } }: IntervalPoint): string {
  const share = (each: number | null) => (each === null ? '–' : weight(each))
  return `${row.name} ${name}: ${share(value)} (${share(low)} to ${share(high)}) of what touchpoints before the sale go along with; ${number(n)} met it.`
}

function Differences({ criteria, noun }: { criteria: Criteria; noun: string }) {
  const rows = criteria.touchpoints.filter(({ difference }) => difference)
  if (rows.length === 0) return null
  const sure = rows.some(({ difference }) => difference?.tells)
  return (
    <Card
      title={`Choosing less ${noun}`}
      tools={<Claim kind={sure ? 'goes along with' : 'not enough to tell'} />}
    >
      <DataTable
        caption={`Choosing less ${noun}`}
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          { key: 'name', header: 'Touchpoint', value: ({ name }) => name },
          weightColumn('choosing', 'In choosing', ({ choosing }) => choosing),
          weightColumn('validated', `In ${noun}`, ({ validated }) => validated),
          {
            key: 'difference',
            header: 'Difference',
            align: 'end',
            value: ({ difference }) => difference?.value ?? null,
            cell: ({ difference }) =>
              difference
                ? `${points(difference.value)} (${points(difference.low)} to ${points(difference.high)})`
                : '–',
          },
          {
            key: 'sure',
            header: 'Could be chance',
            value: ({ difference }) => difference?.p ?? null,
            cell: ({ difference }) => (difference?.tells ? 'hardly' : 'yes'),
          },
        ]}
      />
    </Card>
  )
}

function weightColumn(key: string, header: string, of: (found: Found) => Weight) {
  return {
    key,
    header,
    align: 'end' as const,
    value: (found: Found) => of(found)?.value ?? null,
    cell: (found: Found) => {
      const own = of(found)
      return own ? weight(own.value) : '–'
    },
  }
}

/** In whole percent; a little less than nothing, as chance leaves it, is nothing. */
function weight(value: number): string {
  return percent(Math.abs(value) < 0.005 ? 0 : value)
}

/** In points of 100, with its sign. */
function points(value: number): string {
  return `${value > 0 ? '+' : ''}${number(100 * value)}`.replace('-', '−')
}

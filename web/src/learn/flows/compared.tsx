import { useMemo } from 'react'
import type { Flows } from '../../../../src/insights/flows/schema.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import type { IntervalPoint, IntervalRow } from '../../figures/interval-layout.ts'
import type { Open } from '../../journey/map-table.tsx'
import { count, number, percent } from '../../lib/words.ts'
import { useFew } from './few.tsx'
import { named, noDifference, points } from './names.ts'

type Differing = NonNullable<Flows['compared']>['touchpoints'][number]
type Row = IntervalRow & { differing: Omit<Differing, 'id'>; from: number; to: number | null }

const series = [{ id: 'difference', name: 'Difference' }]

/** Where these customers go otherwise than those they are compared with, as differences with their intervals. */
export function Compared({ answer, open }: { answer: Flows; open: Open | undefined }) {
  const { compared } = answer
  if (!compared || compared.cases === 0) return null
  return (
    <>
      <Differences answer={answer} open={open} of="edges" />
      <Differences answer={answer} open={open} of="touchpoints" />
    </>
  )
}

function Differences(props: { answer: Flows; open: Open | undefined; of: 'edges' | 'touchpoints' }) {
  const { answer, open, of } = props
  const rows = useMemo(() => (of === 'edges' ? wayRows(answer) : placeRows(answer)), [answer, of])
  const { shown, more } = useFew(rows)
  const say = useMemo(() => sentence(rows, answer), [rows, answer])
  const other = otherOf(answer)
  const tells = rows.filter((row) => row.differing.tells).length
  return (
    <IntervalBars
      title={of === 'edges' ? 'Ways that differ' : 'Touchpoints that differ'}
      fileName={of === 'edges' ? 'flows-ways-compared' : 'flows-touchpoints-compared'}
      sentence={
        of === 'edges'
          ? `Of 100 who came to the first, so many more go on to the second than of 100 of ${other}.`
          : `Of 100 here, so many more come by than of 100 of ${other}.`
      }
      claim="goes along with"
      n={`${number(answer.cases)} here, ${number(answer.compared?.cases ?? 0)} there`}
      what={of === 'edges' ? 'Way' : 'Touchpoint'}
      rows={shown}
      series={series}
      format={points}
      reference={noDifference}
      say={say}
      empty="Too few came by, here or there, to compare: at least 10 of each are needed."
      note={`${tells === 0 ? 'None' : number(tells)} of ${number(rows.length)} ${tells === 1 ? 'differs' : 'differ'} for certain once all that were looked at are taken into account (Benjamini–Hochberg). Customers are compared, not steps.${answer.compared && answer.compared.both > 0 ? ` ${count(answer.compared.both, 'customer')} are in both; what differs is understated.` : ''}`}
      below={more}
      {...(open && {
        onOpen: ({ row }: IntervalPoint) => {
          const found = rows.find(({ id }) => id === row.id)
          if (!found) return
          if (found.to === null) open(row.name, { figure: 'touchpoint', touchpoint: String(found.from) })
          else
            open(row.name, {
              figure: 'flow',
              touchpoint: String(found.from),
              next: String(found.to),
            })
        },
      })}
    />
  )
}

function wayRows(answer: Flows): Row[] {
  const { name } = named(answer)
  return (answer.compared?.edges ?? []).map(({ from, to, ...differing }) => ({
    id: `${from} ${to}`,
    name: from === to ? `${name(from)}, again` : `${name(from)} → ${name(to)}`,
    values: valuesOf(differing),
    differing,
    from,
    to,
  }))
}

function placeRows(answer: Flows): Row[] {
  const { name } = named(answer)
  return (answer.compared?.touchpoints ?? []).map(({ id, ...differing }) => ({
    id: String(id),
    name: name(id),
    values: valuesOf(differing),
    differing,
    from: id,
    to: null,
  }))
}

function valuesOf({ difference, here, there }: Row['differing']): IntervalRow['values'] {
  return [difference && { ...difference, n: here.n + there.n }]
}

function sentence(rows: Row[], answer: Flows) {
  const other = otherOf(answer)
  const share = (value: number | null) => (value === null ? 'too few' : percent(value, 1))
  return ({ row, estimate: { value, low, high } }: IntervalPoint) => {
    const differing = rows.find(({ id }) => id === row.id)?.differing
    if (!differing || value === null) return row.name
    const { here, there, tells } = differing
    return `${row.name}: ${share(here.value)} of ${number(here.n)} here, ${share(there.value)} of ${number(there.n)} of ${other}: ${points(value)} in 100${low === null || high === null ? '' : ` (${points(low)} to ${points(high)})`}${tells ? '' : '; it can’t be told from chance'}.`
  }
}

function otherOf({ compared }: Flows): string {
  if (compared?.others) return 'everybody else'
  const name = compared?.with.segment?.name
  return name ? `“${name}”` : 'the others'
}

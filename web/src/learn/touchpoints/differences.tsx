import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Touchpoints } from '../../../../src/insights/touchpoints/schema.ts'
import { signed } from '../../figures/estimate.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import type { IntervalPoint } from '../../figures/interval-layout.ts'
import { number } from '../../lib/words.ts'
import { differenceRows } from './drawn.ts'

const few = 12
const series = [
  { id: 'plain', name: 'as counted' },
  { id: 'equals', name: 'between equals' },
]
const reference = { value: 0, name: 'no difference' }

/** Differences as counted and between equals, side by side: what falls away is seen to fall away. */
export function Differences({ answer, open }: { answer: Touchpoints; open: (touchpoint: number) => void }) {
  const [all, setAll] = useState(false)
  const rows = useMemo(() => differenceRows(answer), [answer])
  const shown = useMemo(() => (all ? rows : rows.slice(0, few)), [rows, all])
  const rating = answer.outcome.kind === 'rating'
  const format = rating ? signed : points
  const say = useMemo(() => sentence(answer), [answer])
  return (
    <IntervalBars
      title={rating ? 'How much better they rate later' : `Differences in ${answer.outcome.noun}`}
      sentence={
        rating
          ? 'Those who met it against those who did not, as counted and between equals (−1 to +1).'
          : 'Of 100 who met it, so many more than of 100 who did not: as counted, and between equals.'
      }
      claim="goes along with"
      n={answer.n}
      what="Touchpoint"
      rows={shown}
      series={series}
      format={format}
      reference={reference}
      say={say}
      empty="No touchpoint was met by enough customers, and left out by enough others, to compare them."
      onOpen={({ row }) => open(Number(row.id.split(' ')[0]))}
      note={
        rows.length > few ? (
          <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
            {all ? `Show the first ${few} only` : `Show all ${rows.length}`}
          </Button>
        ) : undefined
      }
    />
  )
}

/** In 100, with its sign: "+11", "−2.4". */
function points(value: number): string {
  const digits = Math.abs(value) < 0.0995 ? 1 : 0
  return `${value > 0 ? '+' : ''}${number(100 * value, digits)}`
}

function sentence({ outcome, n }: Touchpoints) {
  const format = outcome.kind === 'rating' ? signed : points
  return ({ row, series: { id }, estimate: { value, low, high } }: IntervalPoint) =>
    `${row.name}, ${id === 'equals' ? 'between equals' : 'as counted'}: ${format(value ?? 0)}${outcome.kind === 'rating' ? '' : ' in 100'} in ${outcome.noun}${low === null || high === null ? '' : ` (${format(low)} to ${format(high)})`}, ${number(n)} buyers compared.`
}

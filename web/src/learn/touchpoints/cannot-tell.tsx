import type { Touchpoints } from '../../../../src/insights/touchpoints/schema.ts'
import { number } from '../../lib/words.ts'
import { DataTable } from '../../parts/data-table.tsx'
import { Card } from '../../parts/page.tsx'
import { Claim } from '../../parts/words.tsx'

/** Touchpoints of which nothing can be told, why, and how much would be needed. */
export function CannotTell({ answer }: { answer: Touchpoints }) {
  const rows = answer.touchpoints.filter(({ cannotTell }) => cannotTell)
  if (rows.length === 0) return null
  return (
    <Card title="What can’t be told" tools={<Claim kind="not enough to tell" />}>
      <DataTable
        caption="What can’t be told"
        rows={rows}
        rowKey={({ id }) => id}
        first={6}
        columns={[
          { key: 'name', header: 'Touchpoint', value: ({ name }) => name },
          {
            key: 'met',
            header: 'Met it',
            align: 'end',
            value: ({ met }) => met.hits,
            cell: ({ met }) => number(met.hits),
          },
          { key: 'why', header: 'Why', value: ({ cannotTell }) => cannotTell?.words ?? '' },
          {
            key: 'needed',
            header: 'Needed, about',
            align: 'end',
            value: ({ cannotTell }) => cannotTell?.needed ?? null,
            cell: ({ cannotTell }) => (cannotTell?.needed ? number(roughly(cannotTell.needed)) : '–'),
          },
        ]}
      />
    </Card>
  )
}

/** To two digits: a plan, not a measurement. */
function roughly(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.round(value / step) * step
}

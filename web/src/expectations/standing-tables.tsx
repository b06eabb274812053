import { Switch } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import type { summarySchema } from '../../../src/expectations/wire.ts'
import { number } from '../lib/words.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Card } from '../parts/page.tsx'
import { Share } from '../parts/words.tsx'
import { sourceWords } from './expectation-words.ts'

type Summary = z.infer<typeof summarySchema>
type Counts = Summary['all']

const figures = <Row extends Counts>(): Column<Row>[] => [
  {
    key: 'share',
    header: 'Kept',
    value: (row) => row.byLastWord.value,
    cell: ({ byLastWord }) => (
      <>
        <ShareBar value={byLastWord.value} low={byLastWord.low} high={byLastWord.high} />
        <Share {...byLastWord} of="promises" />
      </>
    ),
  },
  {
    key: 'first',
    header: 'By the first word',
    value: (row) => row.byFirstWord.value,
    cell: ({ byFirstWord }) => <Share {...byFirstWord} of="promises" />,
  },
  { key: 'kept', header: 'Kept ▲', align: 'end', value: (row) => row.kept, cell: (row) => number(row.kept) },
  {
    key: 'exceeded',
    header: 'Better',
    align: 'end',
    value: (row) => row.exceeded,
    cell: (row) => number(row.exceeded),
  },
  {
    key: 'broken',
    header: 'Broken ▼',
    align: 'end',
    value: (row) => row.broken,
    cell: (row) => number(row.broken),
  },
  {
    key: 'overdue',
    header: 'of them overdue',
    align: 'end',
    value: (row) => row.overdue,
    cell: (row) => number(row.overdue),
  },
  { key: 'open', header: 'Open', align: 'end', value: (row) => row.open, cell: (row) => number(row.open) },
]

/** Each promise with how it stands; choosing one turns the pictures to it. */
export function ByPromise(props: { summary: Summary; chosen: number; choose: (ruleId: number) => void }) {
  const { summary, chosen, choose } = props
  return (
    <Card title="By promise">
      <DataTable
        caption="How each promise stands"
        rowKey={(row) => row.ruleId ?? 'single'}
        rows={summary.rules}
        exportAs="promises-by-rule"
        columns={[
          {
            key: 'name',
            header: 'Promise',
            value: (row) => row.name,
            cell: (row) =>
              row.ruleId === null ? (
                <span>{row.name}</span>
              ) : (
                <button
                  type="button"
                  className="as-link"
                  aria-pressed={row.ruleId === chosen}
                  onClick={() => row.ruleId !== null && choose(row.ruleId)}
                >
                  {row.name}
                </button>
              ),
          },
          ...figures<Summary['rules'][number]>(),
        ]}
      />
    </Card>
  )
}

/** Where promises are made that we keep, and where not. */
export function BySource({ summary }: { summary: Summary }) {
  const [which, setWhich] = useState(false)
  const kinds = summary.sources.filter(({ name }) => name === null)
  const named = summary.sources.length > kinds.length
  return (
    <Card
      title="By where it was said"
      tools={
        named ? (
          <Switch
            size="xs"
            label="Which one"
            checked={which}
            onChange={(event) => setWhich(event.currentTarget.checked)}
          />
        ) : undefined
      }
    >
      <DataTable
        caption="How promises stand by where they were made"
        rowKey={(row) => `${row.kind} ${row.name ?? ''}`}
        rows={which ? summary.sources : kinds}
        exportAs="promises-by-source"
        columns={[
          {
            key: 'source',
            header: 'Said',
            value: (row) =>
              row.name === null ? sourceWords[row.kind] : `${sourceWords[row.kind]}: ${row.name}`,
            cell: (row) =>
              row.name === null ? sourceWords[row.kind] : <span className="under">{row.name}</span>,
          },
          ...figures<Summary['sources'][number]>().filter(({ key }) => key !== 'first' && key !== 'overdue'),
        ]}
      />
      <p className="n">Who said it is not shown: nobody is ranked here.</p>
    </Card>
  )
}

/** A share as a bar with its interval drawn on it. */
function ShareBar({ value, low, high }: { value: number | null; low: number; high: number }) {
  if (value === null) return null
  return (
    <svg className="share-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect x="0" y="3" width="100" height="4" rx="2" className="ground" />
      <rect x="0" y="3" width={value * 100} height="4" rx="2" className="fill" />
      <rect x={low * 100} y="0.5" width={Math.max(0.8, (high - low) * 100)} height="9" className="likely" />
    </svg>
  )
}

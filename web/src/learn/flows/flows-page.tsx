import { NativeSelect } from '@mantine/core'
import type { Flows } from '../../../../src/insights/flows/schema.ts'
import { flowsSheets } from '../../../../src/insights/flows/sheets.ts'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage } from '../question-page.tsx'
import { askedOf, type QuestionSearch } from '../question-search.ts'
import { SheetCards } from '../sheet-cards.tsx'

export function FlowsPage() {
  return (
    <QuestionPage<Flows>
      name="flows"
      compares
      title="Flows and paths"
      about="What comes next and how long after, the ways customers take, and who gets where in time. The graph stands on the journey page."
      sheets={flowsSheets}
      pickers={(search, set) => (
        <>
          <NativeSelect
            size="xs"
            aria-label="What one journey is"
            value={String(search['case'] ?? 'customer')}
            onChange={(event) => set({ case: event.currentTarget.value })}
            data={[
              { value: 'customer', label: 'A customer’s life' },
              { value: 'purchase', label: 'One purchase' },
            ]}
          />
          <NativeSelect
            size="xs"
            aria-label="How much is shown"
            value={String(search['coverage'] ?? 0.8)}
            onChange={(event) => set({ coverage: Number(event.currentTarget.value) })}
            data={[0.5, 0.8, 0.95, 1].map((share) => ({
              value: String(share),
              label: `${share * 100} % of all steps`,
            }))}
          />
        </>
      )}
    >
      {(answer, search) =>
        answer.transitions === 0 ? (
          <EmptyState title="Nothing follows on anything yet">
            Once customers have met two moments, what comes next is counted here.
          </EmptyState>
        ) : (
          <>
            <SheetCards sheets={flowsSheets(answer)} />
            <p className="n">
              For process-mining tools: <a href={logAddress(search, 'xes')}>event log (XES 2.0)</a>,{' '}
              <a href={logAddress(search, 'ocel.json')}>object-centric event log (OCEL 2.0)</a>
            </p>
          </>
        )
      }
    </QuestionPage>
  )
}

/** The whole event log of the journeys asked about. */
function logAddress(search: QuestionSearch, format: 'xes' | 'ocel.json'): string {
  const { from, to, segment, case: kind } = askedOf(search)
  const asked = Object.entries({ from, to, segment, case: kind }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return `/api/insights/flows.${format}?${new URLSearchParams(asked)}`
}

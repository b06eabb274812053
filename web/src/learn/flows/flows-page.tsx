import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { Flows } from '../../../../src/insights/flows/schema.ts'
import { flowsSheets } from '../../../../src/insights/flows/sheets.ts'
import type { Figure } from '../../journey/api.ts'
import { BehindDrawer } from '../../journey/behind-drawer.tsx'
import type { JourneySearch } from '../../journey/scope.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage, type SetSearch } from '../question-page.tsx'
import { askedOf, type QuestionSearch } from '../question-search.ts'
import { SheetCards } from '../sheet-cards.tsx'
import { Compared } from './compared.tsx'
import { Conversion } from './conversion.tsx'
import { Graph } from './graph.tsx'
import { named } from './names.ts'
import { Passing } from './passing.tsx'
import { Ways } from './ways.tsx'

/** Every way, so that how much of them the graph shows can change without counting anew. */
const always = { coverage: '1' }

export function FlowsPage() {
  return (
    <QuestionPage<Flows>
      name="flows"
      compares
      title="Flows and paths"
      about="What comes next and how long after, the ways customers take, and who gets where in time."
      sheets={flowsSheets}
      always={always}
      pickers={(search, set) => (
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
      )}
    >
      {(answer, search, set) =>
        answer.transitions === 0 ? (
          <EmptyState
            title="Nothing follows on anything yet"
            action={
              <LinkButton to="/imports" variant="default">
                Bring in what happened
              </LinkButton>
            }
          >
            Once customers have met two moments, what comes next is counted here.
          </EmptyState>
        ) : (
          <Pictures answer={answer} search={search} set={set} />
        )
      }
    </QuestionPage>
  )
}

function Pictures({ answer, search, set }: { answer: Flows; search: QuestionSearch; set: SetSearch }) {
  const [opened, setOpened] = useState<{ title: string; figure: Figure; among?: JourneySearch } | null>(null)
  const open = (title: string, figure: Figure) => setOpened({ title, figure })
  // what is listed of a step from one to the next goes by customers' lives
  const openWay = answer.case === 'customer' ? open : undefined
  const { name } = named(answer)
  const openPlace = (id: number) => open(name(id), { figure: 'touchpoint', touchpoint: String(id) })
  return (
    <>
      <Graph answer={answer} open={openWay} />
      <Ways answer={answer} />
      <Conversion
        answer={answer}
        set={set}
        open={({ title, compared, days }) => {
          const { conversion } = answer
          if (!conversion) return
          // nobody is taken out of a list: of everybody else it is a list of everybody
          const all = compared && answer.compared?.others
          setOpened({
            title: all ? `${title}, with those asked about` : title,
            figure: {
              figure: 'arrived',
              touchpoint: String(conversion.start),
              goal: String(conversion.goal),
              within: String(days),
              case: answer.case,
            },
            ...(compared && answer.compared ? { among: comparedScope(answer.compared) } : {}),
          })
        }}
      />
      <Passing answer={answer} open={openPlace} />
      <Compared answer={answer} open={openWay} />
      <SheetCards sheets={flowsSheets(answer).filter((sheet) => sheet.name === 'touchpoints')} />
      <p className="n">
        For process-mining tools: <a href={logAddress(search, 'xes')}>event log (XES 2.0)</a>,{' '}
        <a href={logAddress(search, 'ocel.json')}>object-centric event log (OCEL 2.0)</a>
      </p>
      <BehindDrawer
        title={opened?.title ?? ''}
        figure={opened?.figure ?? null}
        search={opened?.among ?? search}
        close={() => setOpened(null)}
      />
    </>
  )
}

/** Those that were compared with, as they are asked for. */
function comparedScope({ with: { from, to, segment } }: NonNullable<Flows['compared']>): JourneySearch {
  return {
    period: 'custom',
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(segment ? { segment: segment.id } : {}),
  }
}

/** The whole event log of the journeys asked about. */
function logAddress(search: QuestionSearch, format: 'xes' | 'ocel.json'): string {
  const { from, to, segment, case: kind } = askedOf(search)
  const asked = Object.entries({ from, to, segment, case: kind }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return `/api/insights/flows.${format}?${new URLSearchParams(asked)}`
}

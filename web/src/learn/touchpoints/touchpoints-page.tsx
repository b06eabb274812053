import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Touchpoints } from '../../../../src/insights/touchpoints/schema.ts'
import { Funnel } from '../../figures/funnel.tsx'
import { ImportanceMap } from '../../figures/importance-map.tsx'
import { segmentsQuery } from '../../journey/api.ts'
import { BehindDrawer } from '../../journey/behind-drawer.tsx'
import { number } from '../../lib/words.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage, type SetSearch } from '../question-page.tsx'
import type { QuestionSearch } from '../question-search.ts'
import { Asymmetry } from './asymmetry.tsx'
import { CannotTell } from './cannot-tell.tsx'
import { SelectionCriteria } from './criteria.tsx'
import { Differences } from './differences.tsx'
import { funnelSteps, pointsOf, sayPoint } from './drawn.ts'
import { LengthPickers } from './length-pickers.tsx'

/** Which touchpoints go along with coming back, between customers who are equal. */
export function TouchpointsPage() {
  return (
    <QuestionPage<Touchpoints>
      name="touchpoints"
      title="What moves with coming back"
      about="What customers met around their first purchase, and what became of them later: between customers who are equal in what they paid, when they bought, how they came, how busy they are and what they met before."
      sheets={[
        { name: 'touchpoints', title: 'Touchpoints' },
        { name: 'funnel', title: 'Who was counted' },
        { name: 'ranks', title: 'How sure the order is' },
      ]}
      pickers={(search, set) => <Pickers search={search} set={set} />}
    >
      {(answer, search) =>
        answer.n === 0 && answer.funnel.every(({ n }) => n === 0) ? (
          <EmptyState
            title="Nobody has bought in this time"
            action={
              <LinkButton to="/imports" variant="default">
                Bring in sales
              </LinkButton>
            }
          >
            Bring in purchases and what happened around them, or choose a longer time.
          </EmptyState>
        ) : (
          <Pictures answer={answer} search={search} />
        )
      }
    </QuestionPage>
  )
}

function Pickers({ search, set }: { search: QuestionSearch; set: SetSearch }) {
  const segments = useQuery(segmentsQuery).data?.items ?? []
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label="What is looked for"
        value={String(search['outcome'] ?? 'return')}
        onChange={(event) => {
          const { value } = event.currentTarget
          set({ outcome: value === 'return' ? undefined : value })
        }}
        data={[
          { value: 'return', label: 'Came back' },
          { value: 'referral', label: 'Brought somebody' },
          { value: 'renewal', label: 'Renewed' },
          { value: 'rating', label: 'Rated later' },
          ...segments.map(({ id, name }) => ({ value: `segment:${id}`, label: `Belongs to “${name}”` })),
        ]}
      />
      <LengthPickers search={search} set={set} />
      <NativeSelect
        size="xs"
        aria-label="Against choosing"
        value={String(search['criteria'] ?? 'no')}
        onChange={(event) => {
          const { value } = event.currentTarget
          set({ criteria: value === 'no' ? undefined : value })
        }}
        data={[
          { value: 'no', label: 'After the sale only' },
          { value: 'yes', label: 'Against what choosing hangs on' },
        ]}
      />
      {search['outcome'] !== 'rating' && (
        <NativeSelect
          size="xs"
          aria-label="How it is weighed"
          value={String(search['model'] ?? 'linear')}
          onChange={(event) => {
            const { value } = event.currentTarget
            set({ model: value === 'linear' ? undefined : value })
          }}
          data={[
            { value: 'linear', label: 'Weighed in shares' },
            { value: 'logistic', label: 'Weighed in odds' },
          ]}
        />
      )}
    </>
  )
}

function Pictures({ answer, search }: { answer: Touchpoints; search: QuestionSearch }) {
  const [opened, setOpened] = useState<number | null>(null)
  const points = useMemo(() => pointsOf(answer), [answer])
  const say = useMemo(() => sayPoint(answer), [answer])
  const steps = useMemo(() => funnelSteps(answer), [answer])
  const name = answer.touchpoints.find(({ id }) => id === opened)?.name ?? ''
  return (
    <>
      <ImportanceMap
        title={`What matters for ${answer.outcome.noun}, and how it is`}
        sentence={`The higher, the more it moves with ${answer.outcome.noun}; the further right, the better customers felt there.`}
        claim="goes along with"
        n={`${number(answer.n)} of ${number(answer.funnel[0]?.n ?? 0)} buyers`}
        note={`Equals are equal in ${answer.controls.join('; ')}. ${answer.model.words}`}
        points={points}
        matters={answer.matters}
        up={`moves with ${answer.outcome.noun}`}
        say={say}
        onOpen={(point) => setOpened(Number(point.id))}
      />
      <Differences answer={answer} open={setOpened} />
      <SelectionCriteria answer={answer} open={setOpened} />
      <div className="learn-pair">
        <Funnel
          title="Who was counted"
          claim="counted"
          steps={steps}
          note={
            answer.early > 0
              ? `${number(answer.early)} had ${answer.outcome.kind === 'referral' ? 'brought somebody' : 'come back'} by day ${answer.spans.landmark} already; they stay in, and only what came after counts.`
              : undefined
          }
        />
        <Asymmetry answer={answer} />
      </div>
      <CannotTell answer={answer} />
      <BehindDrawer
        title={name}
        figure={opened === null ? null : { figure: 'touchpoint', touchpoint: String(opened) }}
        search={search}
        close={() => setOpened(null)}
      />
    </>
  )
}

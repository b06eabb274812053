import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Touchpoints } from '../../../../src/insights/touchpoints/schema.ts'
import { touchpointSheets } from '../../../../src/insights/touchpoints/sheets.ts'
import { ImportanceMap } from '../../figures/importance-map.tsx'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { type Figure, segmentsQuery } from '../../journey/api.ts'
import { BehindDrawer } from '../../journey/behind-drawer.tsx'
import { number, percent } from '../../lib/words.ts'
import { QuestionPage } from '../question-page.tsx'
import { SheetCards } from '../sheet-cards.tsx'

const outcomes = [
  { value: 'return', label: 'Coming back' },
  { value: 'referral', label: 'Bringing others' },
  { value: 'renewal', label: 'Renewing' },
  { value: 'rating', label: 'Later ratings' },
]

export function TouchpointsPage() {
  const segments = useQuery(segmentsQuery).data?.items ?? []
  const [opened, setOpened] = useState<{ title: string; figure: Figure } | null>(null)
  return (
    <QuestionPage<Touchpoints>
      name="touchpoints"
      title="What matters"
      about="Which moments go along with coming back, compared between customers who are alike in what they spent, when and how they came, and how busy they are."
      sheets={[
        { name: 'touchpoints', title: 'Moment by moment' },
        { name: 'funnel', title: 'Who was counted' },
        { name: 'ranks', title: 'How sure the order is' },
      ]}
      pickers={(search, set) => (
        <NativeSelect
          size="xs"
          aria-label="What is looked for"
          value={String(search['outcome'] ?? 'return')}
          onChange={(event) => set({ outcome: event.currentTarget.value })}
          data={[
            ...outcomes,
            ...segments.map((segment) => ({
              value: `segment:${segment.id}`,
              label: `Being in ${segment.name}`,
            })),
          ]}
        />
      )}
    >
      {(answer, search) => (
        <>
          <Picture
            answer={answer}
            open={(id, name) => setOpened({ title: name, figure: { figure: 'touchpoint', touchpoint: id } })}
          />
          <Between answer={answer} />
          <p className="n">
            Equals are equal in {answer.controls.join(', ')}. What a customer met from{' '}
            {number(answer.spans.lookback)} days before the first sale to {number(answer.spans.landmark)} days
            after it counts; {answer.outcome.noun} is looked for in the {number(answer.spans.horizon)} days
            after that.
          </p>
          <SheetCards sheets={touchpointSheets(answer)} />
          <BehindDrawer
            title={opened?.title ?? ''}
            figure={opened?.figure ?? null}
            search={search}
            close={() => setOpened(null)}
          />
        </>
      )}
    </QuestionPage>
  )
}

function Picture({ answer, open }: { answer: Touchpoints; open: (id: string, name: string) => void }) {
  const points = answer.touchpoints.map((each) => {
    const level = each[each.shown]
    return {
      id: String(each.id),
      name: each.name,
      importance: {
        value: each.importance?.share ?? null,
        low: each.importance?.low ?? null,
        high: each.importance?.high ?? null,
        n: answer.n,
      },
      experience: { value: level.value, low: level.low, high: level.high, n: level.n },
      quadrant: each.quadrant,
    }
  })
  return (
    <ImportanceMap
      title={`What moves with ${answer.outcome.noun}, and how it is experienced`}
      claim="goes along with"
      n={answer.n}
      points={points}
      matters={answer.matters}
      up={`moves with ${answer.outcome.noun}`}
      onOpen={(point) => open(point.id, point.name)}
    />
  )
}

/** Having met a touchpoint against not: as counted, and between equals. */
function Between({ answer }: { answer: Touchpoints }) {
  const rows = answer.touchpoints.flatMap((each) => {
    const { equals, plain } = each.meeting
    if (!equals && !plain) return []
    const n = each.met.n
    return [
      {
        id: String(each.id),
        name: each.name,
        values: [equals && { ...equals, n }, plain && { ...plain, n }],
      },
    ]
  })
  if (rows.length === 0) return null
  const rating = answer.outcome.kind === 'rating'
  return (
    <IntervalBars
      title="Having met it against not"
      sentence={`The difference in ${answer.outcome.noun}, between equals and as counted.`}
      claim="goes along with"
      n={answer.n}
      rows={rows}
      series={[
        { id: 'equals', name: 'between equals' },
        { id: 'plain', name: 'as counted' },
      ]}
      what="Moment"
      format={rating ? (value) => number(value, 2) : (value) => percent(value, 1)}
      reference={{ value: 0, name: 'no difference' }}
    />
  )
}

import { NativeSelect } from '@mantine/core'
import type { Effects } from '../../../../src/insights/effects/schema.ts'
import { effectsSheets } from '../../../../src/insights/effects/sheets.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { number, percent } from '../../lib/words.ts'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage } from '../question-page.tsx'
import { SheetCards } from '../sheet-cards.tsx'

export function EffectsPage() {
  return (
    <QuestionPage<Effects>
      name="effects"
      title="What a broken promise goes along with"
      about="Customers whose promise held against those whose did not, compared with equals: what they say, and whether they come back."
      sheets={effectsSheets}
    >
      {(answer, _search, set) =>
        answer.promise === null ? (
          <EmptyState title="No promise has been decided in this time">
            Say under Expectations which promises you make, and what keeps them.
          </EmptyState>
        ) : (
          <>
            {answer.promises.length > 1 ? (
              <NativeSelect
                size="xs"
                label="Promise"
                value={String(answer.promise.id)}
                onChange={(event) => set({ rule: Number(event.currentTarget.value) })}
                data={answer.promises.map((each) => ({ value: String(each.id), label: each.name }))}
                maw={420}
              />
            ) : null}
            <Pictures answer={answer} />
            <SheetCards sheets={effectsSheets(answer)} />
          </>
        )
      }
    </QuestionPage>
  )
}

const outcomeWords = { rating: 'Stars', cameBack: 'Came back', unhappy: 'Complained or worse' }

/** Late against in time, told beforehand against not: as counted and among equals, an outcome a picture. */
function Pictures({ answer }: { answer: Effects }) {
  return (['cameBack', 'unhappy', 'rating'] as const).map((outcome) => {
    const rows = [
      { id: 'late', name: 'Late against in time', found: answer.comparisons },
      { id: 'told', name: 'Late: told beforehand against not', found: answer.told },
      { id: 'exceeded', name: 'Better than said against just in time', found: answer.exceeded },
    ].flatMap(({ id, name, found }) => {
      const comparison = found.find((each) => each.outcome === outcome)
      if (!comparison || (!comparison.raw && !comparison.adjusted)) return []
      const n = comparison.of.n + comparison.against.n
      return [
        {
          id,
          name,
          values: [
            comparison.adjusted && { ...comparison.adjusted, n },
            comparison.raw && { ...comparison.raw, n },
          ],
        },
      ]
    })
    if (rows.length === 0) return null
    return (
      <IntervalBars
        key={outcome}
        title={outcomeWords[outcome]}
        sentence="The difference between the two, among equals and as counted."
        claim="goes along with"
        rows={rows}
        series={[
          { id: 'equals', name: 'among equals' },
          { id: 'plain', name: 'as counted' },
        ]}
        what="Compared"
        format={outcome === 'rating' ? (value) => number(value, 2) : (value) => percent(value, 1)}
        reference={{ value: 0, name: 'no difference' }}
      />
    )
  })
}

import { NativeSelect } from '@mantine/core'
import type { Attribution } from '../../../../src/insights/attribution/schema.ts'
import { attributionSheets } from '../../../../src/insights/attribution/sheets.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { percent } from '../../lib/words.ts'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage } from '../question-page.tsx'
import { SheetCards } from '../sheet-cards.tsx'

export function AttributionPage() {
  return (
    <QuestionPage<Attribution>
      name="attribution"
      title="What wins first sales"
      about="Five ways of crediting first sales, side by side. Where they disagree, none of them knows: read the spread."
      sheets={attributionSheets}
      pickers={(search, set) => (
        <NativeSelect
          size="xs"
          aria-label="Credited to"
          value={String(search['by'] ?? 'touchpoint')}
          onChange={(event) => set({ by: event.currentTarget.value })}
          data={[
            { value: 'touchpoint', label: 'By moment' },
            { value: 'channel', label: 'By channel' },
          ]}
        />
      )}
    >
      {(answer) =>
        answer.credited.length === 0 ? (
          <EmptyState title="No first sale has a touch before it">
            Bring in what happens before a sale: adverts, visits, proposals.
          </EmptyState>
        ) : (
          <>
            <IntervalBars
              title="Share of first sales, by five ways of counting"
              claim="goes along with"
              n={answer.won}
              rows={answer.credited.slice(0, 15).map((each) => ({
                id: `${each.id ?? each.name}`,
                name: each.name,
                values: each.by.map((credit) =>
                  credit.share === null
                    ? null
                    : { value: credit.share, low: credit.low, high: credit.high, n: answer.won },
                ),
              }))}
              series={(answer.credited[0]?.by ?? []).map(({ method }) => ({ id: method, name: method }))}
              what={answer.by === 'channel' ? 'Channel' : 'Moment'}
              format={(value) => percent(value, 1)}
            />
            <SheetCards sheets={attributionSheets(answer)} />
          </>
        )
      }
    </QuestionPage>
  )
}

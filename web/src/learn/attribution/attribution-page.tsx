import { NativeSelect } from '@mantine/core'
import type { Attribution } from '../../../../src/insights/attribution/schema.ts'
import { attributionSheets } from '../../../../src/insights/attribution/sheets.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'
import { percent } from '../../lib/words.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage } from '../question-page.tsx'
import { FoldedSheets } from '../sheet-cards.tsx'

/** More than these lie near nothing, by any way of counting. */
const drawn = 10
const share = (value: number) => percent(value, 1)
const tick = (value: number) => percent(value)
const methodWords: Record<Attribution['credited'][number]['by'][number]['method'], string> = {
  first: 'first touch',
  last: 'last touch',
  linear: 'equal parts',
  markov: 'what is lost without it (Markov)',
  shapley: 'what it adds (Shapley)',
}

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
          <EmptyState
            title="No first sale has a touch before it"
            action={
              <LinkButton to="/imports" variant="default">
                Bring it in
              </LinkButton>
            }
          >
            Bring in what happens before a sale: adverts, visits, proposals.
          </EmptyState>
        ) : (
          <>
            <IntervalBars
              title="Share of first sales, by five ways of counting"
              claim="goes along with"
              n={answer.won}
              sentence="Where the five lie apart, the way of counting decides; where they agree, that alone shows no cause."
              rows={answer.credited.slice(0, drawn).map((each) => ({
                id: `${each.id ?? each.name}`,
                name: each.name,
                values: each.by.map((credit) =>
                  credit.share === null
                    ? null
                    : { value: credit.share, low: credit.low, high: credit.high, n: answer.won },
                ),
              }))}
              series={(answer.credited[0]?.by ?? []).map(({ method }) => ({
                id: method,
                name: methodWords[method],
              }))}
              what={answer.by === 'channel' ? 'Channel' : 'Moment'}
              format={share}
              formatTick={tick}
              note={
                answer.credited.length > drawn
                  ? `The ${drawn} with most of ${answer.credited.length}; the tables below have all.`
                  : undefined
              }
            />
            <FoldedSheets sheets={attributionSheets(answer)} />
          </>
        )
      }
    </QuestionPage>
  )
}

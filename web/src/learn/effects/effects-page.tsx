import { NativeSelect } from '@mantine/core'
import type { Effects } from '../../../../src/insights/effects/schema.ts'
import { effectsSheets } from '../../../../src/insights/effects/sheets.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage } from '../question-page.tsx'
import { FoldedSheets } from '../sheet-cards.tsx'
import { ByGap } from './by-gap.tsx'
import { EffectDifferences } from './differences.tsx'
import { WhenAnswered } from './when-answered.tsx'
import { WhereSaid } from './where-said.tsx'

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
          <EmptyState
            title="No promise has been decided in this time"
            action={
              <LinkButton to="/expectations/promises" variant="default">
                See what you promise
              </LinkButton>
            }
          >
            Write down what you promise and what keeps it; once some have come, late or in time, they are
            compared here.
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
            <ByGap answer={answer} />
            <EffectDifferences answer={answer} />
            <div className="learn-pair">
              <WhenAnswered answer={answer} />
              <WhereSaid answer={answer} byPerson={(shown) => set({ people: shown ? 'true' : undefined })} />
            </div>
            <FoldedSheets sheets={effectsSheets(answer)} />
          </>
        )
      }
    </QuestionPage>
  )
}

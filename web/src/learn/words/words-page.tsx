import type { WordsAnswer } from '../../../../src/insights/words/schema.ts'
import { wordsSheets } from '../../../../src/insights/words/sheets.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { EmptyState } from '../../parts/page.tsx'
import { QuestionPage } from '../question-page.tsx'
import { Themes } from './themes.tsx'
import { TopicsCard } from './topics.tsx'

export function WordsPage() {
  return (
    <QuestionPage<WordsAnswer>
      name="words"
      title="In their words"
      about="What customers say where it is good and where it is bad, in any language, and what it is about. Words go along with an experience; they don’t explain it."
      sheets={wordsSheets}
    >
      {(answer) =>
        answer.texts === 0 ? (
          <EmptyState
            title="Nothing was said in words in this time"
            action={
              <LinkButton to="/imports" variant="default">
                Bring in what customers said
              </LinkButton>
            }
          >
            Reviews, answers to surveys and notes of what customers said appear here once they come in.
          </EmptyState>
        ) : (
          <>
            <Themes answer={answer} />
            <TopicsCard answer={answer} />
          </>
        )
      }
    </QuestionPage>
  )
}

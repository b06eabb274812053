import './learn.css'
import { Link } from '@tanstack/react-router'
import { Page } from '../parts/page.tsx'
import { questions } from './questions.ts'
import { SavedViews } from './saved-views.tsx'

/** What can be learned from what has happened so far: a card a question. */
export function LearnPage() {
  return (
    <Page
      title="Learn"
      sentence="What goes along with coming back and bringing others, and how sure that is."
    >
      <div className="stack">
        <div className="learn-list">
          {questions.map((question) => (
            <section className="card" key={question.to}>
              <Link to={question.to}>
                <h2>{question.title}</h2>
                <p>{question.asks}</p>
              </Link>
            </section>
          ))}
        </div>
        <SavedViews />
      </div>
    </Page>
  )
}

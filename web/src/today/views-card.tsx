import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { mapQuery } from '../journey/api.ts'
import { readSearch } from '../journey/scope.ts'
import { askedOf, readQuestionSearch } from '../learn/question-search.ts'
import { useQuestion } from '../learn/use-question.ts'
import { pageOf, type View, viewsQuery } from '../learn/views.ts'
import { said } from '../lib/api.ts'
import { Card } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'

/** The views that this person put on their home page, each with what it says now. */
export function ViewsCard() {
  const views = useQuery(viewsQuery).data?.items.filter((view) => view.home) ?? []
  if (views.length === 0) return null
  return (
    <Card title="Your views">
      {views.map((view) => (
        <div className="finding" key={view.id}>
          <p>
            <Link to={pageOf(view)} search={view.search as never}>
              {view.name}
            </Link>
            <br />
            {view.question === 'map' ? <MapSays view={view} /> : <QuestionSays view={view} />}
          </p>
        </div>
      ))}
    </Card>
  )
}

function QuestionSays({ view }: { view: View }) {
  const found = useQuestion<object>(view.question, askedOf(readQuestionSearch(view.search)))
  const [first] = found.data?.statements ?? []
  if (found.isError) return <span className="faint">{said(found.error)}</span>
  if (!first) return <span className="faint">Counting …</span>
  return (
    <>
      {first.text} <Claim kind={first.claim} />
    </>
  )
}

function MapSays({ view }: { view: View }) {
  const found = useQuery(mapQuery(readSearch(view.search)))
  if (found.isError) return <span className="faint">{said(found.error)}</span>
  if (!found.data) return <span className="faint">Counting …</span>
  return (
    <>
      {found.data.sentence.parts.map((part) => part.text).join('')} <Claim kind={found.data.sentence.claim} />
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { number } from '../lib/words.ts'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'
import { answersQuery } from './expectation-data.ts'
import type { scopeOf } from './search.ts'

type Answers = Awaited<ReturnType<NonNullable<ReturnType<typeof answersQuery>['queryFn']>>>

const words: Record<Answers['moments'][number]['moment'], { title: string; about: string }> = {
  'before it was said': { title: 'Nothing had been promised yet', about: 'about something else' },
  'in time': { title: 'It had come in time', about: 'about a promise kept' },
  'not due yet': { title: 'It was not due yet', about: 'about the wait' },
  'came late': { title: 'It had come late', about: 'about what came, after a broken promise' },
  'still waiting': { title: 'They were still waiting', about: 'about the waiting itself' },
  'never came': { title: 'It never came', about: 'about a promise that was not kept at all' },
}
const endings: Record<Answers['groups'][number]['ending'], string> = {
  'came in time': 'and it came in time',
  'came late': 'and it came late',
  'never came': 'and it never came',
  open: 'and it is still open',
}

/** Fewer answers than this say nothing about the rest. */
const fewest = 5

/** An answer is about what had happened when it was given. */
export function AnswersCard({ scope, rule }: { scope: ReturnType<typeof scopeOf>; rule: number }) {
  const answers = useQuery(answersQuery(scope, rule))
  return (
    <Card title="When they answered">
      {answers.isPending ? <Waiting height={220} /> : null}
      {answers.isError ? <Failure error={answers.error} retry={() => void answers.refetch()} /> : null}
      {answers.data ? <Moments answers={answers.data} /> : null}
    </Card>
  )
}

function Moments({ answers }: { answers: Answers }) {
  if (answers.moments.every(({ stars }) => stars.n === 0))
    return (
      <p className="faint">Nobody has rated anything after this promise was made. Not enough answers yet.</p>
    )
  return (
    <>
      <p className="card-lead">
        An answer only judges what had happened when it was given. <Claim kind="counted" />
      </p>
      <table className="data">
        <caption className="hidden-visually">
          Mean stars by where things stood when the answer was given
        </caption>
        <thead>
          <tr>
            <th scope="col">When they answered</th>
            <th scope="col" className="end">
              Stars
            </th>
            <th scope="col" className="end">
              Likely between
            </th>
            <th scope="col" className="end">
              n
            </th>
          </tr>
        </thead>
        <tbody>
          {answers.moments
            .filter(({ stars }) => stars.n > 0)
            .flatMap(({ moment, stars }) => {
              const parts = answers.groups.filter((group) => group.moment === moment)
              const lines = [
                <Line key={moment} title={words[moment].title} about={words[moment].about} stars={stars} />,
              ]
              if (parts.length > 1)
                for (const part of parts)
                  lines.push(
                    <Line
                      key={`${moment} ${part.ending}`}
                      title={endings[part.ending]}
                      stars={part.stars}
                      under
                    />,
                  )
              return lines
            })}
        </tbody>
      </table>
    </>
  )
}

function Line(props: {
  title: string
  about?: string
  stars: Answers['moments'][number]['stars']
  under?: boolean
}) {
  const { title, about, stars, under } = props
  return (
    <tr>
      <td className={under ? 'under' : undefined}>
        {title}
        {about ? <span className="n"> {about}</span> : null}
      </td>
      <td className="end">{stars.value === null ? '–' : number(stars.value, 2)}</td>
      <td className="end n">
        {stars.n < fewest || stars.low === null || stars.high === null
          ? 'not enough answers yet'
          : `${number(Math.max(1, stars.low), 2)} to ${number(Math.min(5, stars.high), 2)}`}
      </td>
      <td className="end n">{number(stars.n)}</td>
    </tr>
  )
}

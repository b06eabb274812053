import { Card } from '../parts/page.tsx'
import { Claim, DateText } from '../parts/words.tsx'
import type { Customer } from './customer-data.ts'

const shown = 8

/** What the experiences since the sale come to, and what each of them does to it. */
export function ScoreCard({ customer }: { customer: Customer }) {
  const { score } = customer
  if (!customer.standing.firstSaleAt && score.choice.n === 0) return null
  const told = score.contributions
    .filter((each) => Math.abs(each.points) >= 0.5)
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
  return (
    <Card
      title="What the experiences come to"
      tools={<Claim kind={score.value === null ? 'not enough to tell' : 'counted'} />}
    >
      <p className="standing-why">{score.sentence}</p>
      {told.length > 0 ? (
        <ul className="facts" aria-label="What each experience does to the score">
          {told.slice(0, shown).map((each) => (
            <li key={each.interactionId}>
              <span className={each.points < 0 ? 'bad' : 'good'} aria-hidden="true">
                {each.points < 0 ? '▼' : '▲'}
              </span>
              <span>
                {each.words}: <b className="num">{signed(each.points)}</b>
              </span>
              <span className="n">
                <DateText at={each.at} as="day" />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  )
}

/** "−11", "+4". */
function signed(points: number): string {
  return `${points < 0 ? '−' : '+'}${Math.round(Math.abs(points))}`
}

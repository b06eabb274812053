import { Link } from '@tanstack/react-router'
import { Card } from '../parts/page.tsx'
import { Claim, DateText } from '../parts/words.tsx'
import type { Customer } from './customer-data.ts'

const tones = {
  courting: 'level',
  unproven: 'level',
  validated: 'ok',
  doubting: 'doubt',
  lost: 'doubt',
  advocate: 'ok',
} as const
const shapes = { for: '▲', against: '▼', neither: '◆' } as const
const shapeWords = {
  for: 'speaks for it',
  against: 'speaks against it',
  neither: 'speaks neither way',
} as const
const colours = { for: 'good', against: 'bad', neither: 'faint' } as const

/** Where the customer stands, as a tag beside the name. */
export function StandingTag({ standing }: { standing: Customer['standing'] }) {
  return <span className={`standing-tag ${tones[standing.state]}`}>{standing.label}</span>
}

/** "Is the choice confirmed?", with the facts that say so. */
export function StandingCard({ customer }: { customer: Customer }) {
  const { standing } = customer
  const decided = standing.facts.filter((fact) => fact.decided)
  const rest = standing.facts.filter((fact) => !fact.decided)
  return (
    <Card title="Is the choice confirmed?" tools={<Claim kind="counted" />}>
      <p className="standing-why">{standing.why}</p>
      {standing.since && standing.state !== 'courting' ? (
        <p className="n">
          so since <DateText at={standing.since} as="day" />
        </p>
      ) : null}
      <Facts facts={decided} label="What decides it" />
      {rest.length > 0 && decided.length > 0 ? (
        <details className="standing-rest">
          <summary>What else speaks for or against it ({rest.length})</summary>
          <Facts facts={rest} label="What else happened" />
        </details>
      ) : (
        <Facts facts={rest} label="What happened" />
      )}
      <p className="n">
        <Link to="/settings/validation">How this is decided</Link>
      </p>
    </Card>
  )
}

function Facts({ facts, label }: { facts: Customer['standing']['facts']; label: string }) {
  if (facts.length === 0) return null
  return (
    <ul className="facts" aria-label={label}>
      {facts.map((fact) => (
        <li key={`${fact.at} ${fact.sentence}`}>
          <span className={colours[fact.speaks]} title={shapeWords[fact.speaks]}>
            <span aria-hidden="true">{shapes[fact.speaks]}</span>
            <span className="hidden-visually">{shapeWords[fact.speaks]}: </span>
          </span>
          <span>
            {fact.sentence}
            {fact.words ? (
              <>
                <br />
                {fact.kind === 'impression' ? fact.words : <q>{fact.words}</q>}
              </>
            ) : null}
          </span>
          <span className="n">
            <DateText at={fact.at} as="day" />
          </span>
        </li>
      ))}
    </ul>
  )
}

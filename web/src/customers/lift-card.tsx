import { number } from '../lib/words.ts'
import { Card } from '../parts/page.tsx'
import { Claim, EvidenceDot, ExperienceMark } from '../parts/words.tsx'
import type { Customer } from './customer-data.ts'

type Sides = Customer['experience']['said']
type Mean = Sides['before']

const evidences = [
  { key: 'said', label: 'What they said' },
  { key: 'impression', label: 'Our impression' },
  { key: 'inferred', label: 'What happened, without a word' },
] as const

/** How it was before the sale against after it, by whose word it is; never mixed. */
export function LiftCard({ customer }: { customer: Customer }) {
  const shown = evidences.filter(({ key }) => {
    const { before, after } = customer.experience[key]
    return before.n + after.n > 0
  })
  if (!customer.standing.firstSaleAt) return null
  return (
    <Card title="Before the sale and after it" tools={<Claim kind="counted" />}>
      {shown.length === 0 ? (
        <p className="faint">Not enough answers yet: nothing says how it was, on either side of the sale.</p>
      ) : (
        <div className="lift">
          <p className="lift-words">{inWords(customer.experience.said)}</p>
          {shown.map(({ key, label }) => (
            <div key={key} className="lift-group">
              <p className="n">
                <EvidenceDot evidence={key} /> {label}
              </p>
              <Side name="before" mean={customer.experience[key].before} />
              <Side name="after" mean={customer.experience[key].after} />
            </div>
          ))}
        </div>
      )}
    </Card>
  )
}

function inWords({ before, after }: Sides): string {
  if (before.value === null || after.value === null)
    return 'Not enough answers yet to tell a let-down from a lift: it needs one on each side of the sale.'
  const change = after.value - before.value
  const answers = `${before.n} ${before.n === 1 ? 'answer' : 'answers'} before, ${after.n} after`
  // Means whose intervals (where there are any) overlap are not called different.
  const apart =
    before.high !== null && after.high !== null && before.low !== null && after.low !== null
      ? before.low > after.high || after.low > before.high
      : false
  const few = before.n + after.n < 6
  if (Math.abs(change) < 0.1) return `About the same before and after (${answers}).`
  const word = change < 0 ? 'A let-down' : 'A lift'
  return few || !apart
    ? `${word} by what was said so far, from few answers (${answers}).`
    : `${word}: ${number(Math.abs(change), 2)} on a scale from −1 to +1 (${answers}).`
}

const width = 120

function Side({ name, mean }: { name: 'before' | 'after'; mean: Mean }) {
  const at = (value: number) => ((value + 1) / 2) * (width - 10) + 5
  return (
    <div className="lift-side">
      <span className={`side-name ${name}`}>{name}</span>
      <svg width={width} height={14} aria-hidden="true">
        <line x1={5} x2={width - 5} y1={7} y2={7} stroke="var(--line)" />
        <line x1={width / 2} x2={width / 2} y1={2} y2={12} stroke="var(--line)" />
        {mean.low !== null && mean.high !== null ? (
          <line
            x1={at(mean.low)}
            x2={at(mean.high)}
            y1={7}
            y2={7}
            stroke={`var(--${name})`}
            strokeWidth={5}
            strokeOpacity={0.35}
            strokeLinecap="round"
          />
        ) : null}
        {mean.value !== null ? <circle cx={at(mean.value)} cy={7} r={4.5} fill={`var(--${name})`} /> : null}
      </svg>
      <span>
        {mean.n === 0 ? (
          <span className="faint">nothing yet</span>
        ) : (
          <>
            <ExperienceMark value={mean.value} low={mean.low} high={mean.high} n={mean.n} />
            {mean.low === null ? <span className="n"> n {mean.n}</span> : null}
          </>
        )}
      </span>
    </div>
  )
}

import { Button } from '@mantine/core'
import { useWorkspace } from '../lib/session.ts'
import { count, dateText } from '../lib/words.ts'

interface Month {
  month: string
  interactions: number
  good: number
  bad: number
  sales: number
}

const height = 34

/** How much happened in each month, as bars; choosing one takes the story there. */
export function MonthScrubber(props: {
  months: Month[]
  until: string | undefined
  jump: (until: string | undefined) => void
}) {
  const { timeZone } = useWorkspace()
  const months = withGaps(props.months)
  const most = Math.max(1, ...months.map((each) => each.interactions))
  const chosen = props.until ? monthOf(new Date(Date.parse(props.until) - 1), timeZone) : undefined
  const first = months[0]
  const last = months.at(-1)
  return (
    <div className="scrubber">
      {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a form's fields */}
      <div role="group" aria-label="Jump to a month" className="bars">
        {months.map((each) => (
          <button
            key={each.month}
            type="button"
            tabIndex={each.interactions === 0 ? -1 : 0}
            disabled={each.interactions === 0}
            aria-pressed={chosen === each.month}
            aria-label={`${named(each.month)}: ${wordsOf(each)}`}
            title={`${named(each.month)}: ${wordsOf(each)}`}
            onClick={() => props.jump(endOfMonth(each.month, timeZone))}
          >
            <i
              className={each.bad > each.good ? 'bad' : each.good > each.bad ? 'good' : ''}
              style={{ height: each.interactions === 0 ? 0 : 4 + ((height - 4) * each.interactions) / most }}
            />
            {each.sales > 0 ? <b aria-hidden="true" /> : null}
          </button>
        ))}
      </div>
      <div className="ends n">
        <span>{first ? named(first.month) : ''}</span>
        {props.until ? (
          <Button size="compact-xs" variant="subtle" onClick={() => props.jump(undefined)}>
            Back to the latest
          </Button>
        ) : null}
        <span>{last ? named(last.month) : ''}</span>
      </div>
    </div>
  )
}

function wordsOf(month: Month): string {
  return [
    count(month.interactions, 'interaction'),
    ...(month.good ? [`${month.good} good`] : []),
    ...(month.bad ? [`${month.bad} bad`] : []),
    ...(month.sales ? [count(month.sales, 'sale')] : []),
  ].join(', ')
}

/** Oldest first, with the empty months between; at most ten years back. */
function withGaps(months: Month[]): Month[] {
  const known = new Map(months.map((each) => [each.month, each]))
  const newest = months[0]?.month
  const oldest = months.at(-1)?.month
  if (!newest || !oldest) return []
  const all: Month[] = []
  for (let month = newest; month >= oldest && all.length < 120; month = before(month))
    all.unshift(known.get(month) ?? { month, interactions: 0, good: 0, bad: 0, sales: 0 })
  return all
}

function before(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

function named(month: string): string {
  return dateText(new Date(`${month}-15T12:00:00Z`), 'UTC', 'month')
}

function monthOf(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' }).format(at)
  return parts.slice(0, 7)
}

/** The instant at which a month ends in a time zone. */
function endOfMonth(month: string, timeZone: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const utc = Date.UTC(year, number, 1)
  const there = new Date(new Date(utc).toLocaleString('en-US', { timeZone }))
  const here = new Date(new Date(utc).toLocaleString('en-US', { timeZone: 'UTC' }))
  return new Date(utc - (there.getTime() - here.getTime())).toISOString()
}

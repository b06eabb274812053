import { useMemo } from 'react'
import type { Comparison, Effects } from '../../../../src/insights/effects/schema.ts'
import { signed } from '../../figures/estimate.ts'
import { IntervalBars } from '../../figures/interval-bars.tsx'

const series = [
  { id: 'equals', name: 'among equals' },
  { id: 'plain', name: 'as counted' },
]
const none = { value: 0, name: 'no difference' }
const outcomes: Record<Comparison['outcome'], string> = {
  cameBack: 'Coming back',
  unhappy: 'Complaints and worse',
  rating: 'Stars',
}

/** Late against in time, told beforehand against not, better than said: each among equals and as counted. */
export function EffectDifferences({ answer }: { answer: Effects }) {
  const all = useMemo(() => rowsOf(answer), [answer])
  const shares = all.filter(({ outcome }) => outcome !== 'rating')
  const stars = all.filter(({ outcome }) => outcome === 'rating')
  const equals = answer.comparisons.find(({ adjustedFor }) => adjustedFor.length > 0)?.adjustedFor ?? []
  const note = equals.length > 0 ? `Equals are the same in ${equals.join(', ')}.` : undefined
  return (
    <>
      {shares.length > 0 ? (
        <IntervalBars
          title="In 100 customers"
          sentence="How many more (or fewer) there are in 100 of the first than of the second."
          claim={claimOf(shares)}
          rows={shares}
          series={series}
          what="Compared"
          format={inHundred}
          formatTick={tickInHundred}
          reference={none}
          note={note}
        />
      ) : null}
      {stars.length > 0 ? (
        <IntervalBars
          title="In stars"
          sentence="How many more (or fewer) stars the first gave than the second, once it had come."
          claim={claimOf(stars)}
          rows={stars}
          series={series}
          what="Compared"
          format={inStars}
          formatTick={tickInStars}
          reference={none}
          {...(shares.length > 0 ? {} : { note })}
        />
      ) : null}
    </>
  )
}

const inHundred = (value: number) => fixed(100 * value, 1)
const inStars = (value: number) => fixed(value, 2)
const tickInHundred = (value: number) => signed(100 * value, 1)
const tickInStars = (value: number) => signed(value, 3)

/** With all its digits, so that figures below each other are compared at a glance. */
function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`
}

function rowsOf({ comparisons, told, exceeded, promise }: Effects) {
  const days = promise?.dimension === 'days'
  const groups = [
    { id: 'late', name: days ? 'late against in time' : 'broken against kept', found: comparisons },
    { id: 'told', name: 'told beforehand against not told', found: told },
    { id: 'exceeded', name: 'better than said against just in time', found: exceeded },
  ]
  return groups.flatMap(({ id, name, found }) =>
    found.flatMap((each) => {
      if (!each.raw && !each.adjusted) return []
      const n = each.of.n + each.against.n
      return [
        {
          id: `${id} ${each.outcome}`,
          name: each.outcome === 'rating' ? sentenceCase(name) : `${outcomes[each.outcome]}: ${name}`,
          outcome: each.outcome,
          tells: (each.adjusted ?? each.raw)?.tells === true,
          values: [each.adjusted && { ...each.adjusted, n }, each.raw && { ...each.raw, n }],
        },
      ]
    }),
  )
}

function claimOf(rows: { tells: boolean }[]) {
  return rows.some(({ tells }) => tells) ? 'goes along with' : 'not enough to tell'
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

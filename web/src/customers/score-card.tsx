import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Waterfall } from '../figures/waterfall.tsx'
import { useWorkspace } from '../lib/session.ts'
import { dateText } from '../lib/words.ts'
import type { Customer } from './customer-data.ts'

/** What the experiences since the sale come to, and what each of them does to it. */
export function ScoreCard({ customer }: { customer: Customer }) {
  const { score } = customer
  const { timeZone } = useWorkspace()
  const steps = useMemo(
    () =>
      score.contributions.filter(tells).map(({ interactionId, words, points, at }) => ({
        id: String(interactionId),
        name: words,
        value: points,
        on: dateText(new Date(at), timeZone, 'day'),
      })),
    [score, timeZone],
  )
  const silent = score.contributions.length - steps.length
  const start = useMemo(() => ({ name: 'Where everybody begins', value: score.start }), [score])
  const end = useMemo(() => ({ name: 'Now', value: score.value ?? score.start }), [score])
  const say = useMemo(() => {
    const days = new Map(steps.map((step) => [step.id, step.on]))
    return (step: { id: string; name: string; value: number }) =>
      `${step.name}, ${days.get(step.id)}: ${signedPoints(step.value)}.`
  }, [steps])
  if (!customer.standing.firstSaleAt && score.choice.n === 0) return null
  return (
    <Waterfall
      title="What the experiences come to"
      sentence={score.value === null ? undefined : score.sentence}
      claim="counted"
      start={start}
      steps={steps}
      end={end}
      most={9}
      format={signedPoints}
      formatTotal={total}
      say={say}
      {...(score.value === null ? { cantTell: score.sentence } : {})}
      note={
        <>
          {silent > 0
            ? `${silent === 1 ? 'One more makes' : `${silent} more make`} no difference to it. `
            : null}
          {score.claim === 'predictive'
            ? 'Predictive: on later time it told who comes back, better than purchases and ratings. '
            : 'Descriptive: it sums up what was; that it foretells who comes back is not shown. '}
          <Link to="/learn/score">How sure the score is</Link>
        </>
      }
    />
  )
}

/** The weights may have been found to make nothing of it. */
function tells({ points }: Customer['score']['contributions'][number]): boolean {
  return Math.abs(points) >= 0.05
}

/** "−11.3", "+4.0": with a digit, for rounded they wouldn't add up. */
function signedPoints(points: number): string {
  return `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`
}
function total(score: number): string {
  return score.toFixed(1)
}

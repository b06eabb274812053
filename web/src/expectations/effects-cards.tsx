import { Link } from '@tanstack/react-router'
import type { Effects } from '../../../src/insights/effects/schema.ts'
import { Counting, Stopped } from '../learn/counting.tsx'
import { ByGap } from '../learn/effects/by-gap.tsx'
import { WhenAnswered } from '../learn/effects/when-answered.tsx'
import { type Answered, useQuestion } from '../learn/use-question.ts'
import { Card, Failure } from '../parts/page.tsx'
import type { scopeOf } from './search.ts'

/** What goes along with how a promise was kept: the question of its page under "learn", two of its pictures. */
export function useEffects(scope: ReturnType<typeof scopeOf>, rule: number) {
  const { from, segment } = scope
  return useQuestion<Effects>('effects', {
    rule: String(rule),
    ...(from ? { from } : {}),
    ...(segment ? { segment } : {}),
  })
}

type Found = ReturnType<typeof useEffects>

export function ByGapCard({ found }: { found: Found }) {
  if (!found.data) return <OnItsWay found={found} title="What goes along with it" />
  return <ByGap answer={found.data} below={<More answer={found.data} />} />
}

export function WhenAnsweredCard({ found }: { found: Found }) {
  if (!found.data) return <OnItsWay found={found} title="When they answered" />
  return <WhenAnswered answer={found.data} />
}

function OnItsWay({ found, title }: { found: Found; title: string }) {
  return (
    <Card title={title}>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : found.fetchStatus === 'idle' ? (
        <Stopped again={() => void found.refetch()} />
      ) : (
        <Counting name="effects" />
      )}
    </Card>
  )
}

/** The way to the whole answer: among equals, told beforehand, by where it was said. */
function More({ answer }: { answer: Effects & Answered }) {
  if (!answer.promise) return null
  const { segment, from } = answer.asked
  const search = {
    rule: answer.promise.id,
    ...(segment ? { segment: segment.id } : {}),
    ...(from ? { period: 'custom', from } : {}),
  }
  return (
    <p className="n">
      <Link to="/learn/effects" search={search as never}>
        Among equals, told beforehand or not, and by where it was said
      </Link>
    </p>
  )
}

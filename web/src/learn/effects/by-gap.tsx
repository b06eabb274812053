import { SegmentedControl } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import type { Comparison, Effects } from '../../../../src/insights/effects/schema.ts'
import { DoseCurve } from '../../figures/dose-curve.tsx'
import type { DoseSeries } from '../../figures/dose-layout.ts'
import { number, percent } from '../../lib/words.ts'
import { gapWords } from './gap-words.ts'

type What = 'rating' | 'cameBack'

const names: Record<What, string> = { rating: 'Stars', cameBack: 'Came back' }
const formats: Record<What, (value: number) => string> = {
  rating: (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2)),
  cameBack: (value) => percent(value),
}
/** Fewer than this in a bin: no dot is drawn. */
const fewest = 5

/** What goes along with how far off it was: it breaks at the promise, or it does not. */
export function ByGap({ answer, below }: { answer: Effects; below?: ReactNode }) {
  const [what, setWhat] = useState<What>('rating')
  const each = answer.comparisons.find(({ outcome }) => outcome === what)
  const { promise, doses } = answer
  const series = useMemo(
    (): DoseSeries[] => [
      {
        id: what,
        name: names[what],
        format: formats[what],
        values: doses.map((dose) => dose[what]),
        ...(each ? { kept: each.against, broken: each.of } : {}),
        ...(what === 'rating' ? { range: [1, 5] as [number, number] } : {}),
      },
    ],
    [doses, each, what],
  )
  const words = useMemo(() => (promise ? gapWords(promise) : {}), [promise])
  const known = each?.adjusted ?? each?.raw
  return (
    <DoseCurve
      title="What goes along with it"
      fileName="what-goes-along-with-the-promise"
      tools={
        <SegmentedControl
          size="xs"
          aria-label="What goes along with it"
          value={what}
          onChange={(value) => setWhat(value === 'cameBack' ? 'cameBack' : 'rating')}
          data={[
            { value: 'rating', label: 'stars' },
            { value: 'cameBack', label: 'coming back' },
          ]}
        />
      }
      sentence={each ? sentence(each) : 'Nothing can be compared yet.'}
      claim={known?.tells ? 'goes along with' : 'not enough to tell'}
      n={each ? `n ${number(each.against.n)} kept, ${number(each.of.n)} broken` : 0}
      note={
        what === 'rating'
          ? 'Only answers that were given once it had come.'
          : `Bought again within ${number(answer.horizon)} days after it came.${
              answer.counts.tooRecent > 0
                ? ` ${number(answer.counts.tooRecent)} came too recently to know.`
                : ''
            }`
      }
      below={below}
      fewest={fewest}
      bins={doses}
      series={series}
      {...words}
      empty={
        what === 'rating'
          ? 'Nobody has rated anything yet after it had come.'
          : 'Nobody has been followed for long enough yet after it had come.'
      }
    />
  )
}

/** As counted, then among equals: the larger of the two is not the truer one. */
function sentence({ outcome, of, against, raw, adjusted }: Comparison): ReactNode {
  const what: What = outcome === 'rating' ? 'rating' : 'cameBack'
  if (of.value === null || against.value === null || !raw)
    return `Too few to compare: ${number(against.n)} kept and ${number(of.n)} broken; at least 10 of each are needed.`
  const size = (value: number) =>
    what === 'rating' ? Math.abs(value).toFixed(2) : number(100 * Math.abs(value))
  const off = (difference: NonNullable<typeof raw>) => {
    const [near, far] = [difference.low, difference.high].map(Math.abs).toSorted((a, b) => a - b)
    return `${size(difference.value)} ${difference.value < 0 ? 'less' : 'more'} (${size(near ?? 0)} to ${size(far ?? 0)})`
  }
  return (
    <>
      {what === 'rating' ? 'Kept, customers gave ' : 'Kept, of 100 customers '}
      <b>{what === 'rating' ? against.value.toFixed(2) : number(100 * against.value)}</b>
      {what === 'rating' ? ' stars; broken, ' : ' came back; broken, '}
      <b>{what === 'rating' ? of.value.toFixed(2) : number(100 * of.value)}</b>:{' '}
      {raw.tells ? off(raw) : 'no difference that we can see'}
      {adjusted ? `; among equals ${adjusted.tells ? off(adjusted) : 'none that we can see'}` : ''}.
    </>
  )
}

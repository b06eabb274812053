import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { DoseCurve } from '../figures/dose-curve.tsx'
import type { DoseSeries } from '../figures/dose-layout.ts'
import { number, percent } from '../lib/words.ts'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { effectsQuery } from './expectation-data.ts'
import type { scopeOf } from './search.ts'

type Effects = Awaited<ReturnType<NonNullable<ReturnType<typeof effectsQuery>['queryFn']>>>
type What = 'stars' | 'cameBack'

/** Fewer than this: no dot is drawn, and nothing is compared. */
const fewest = 5
const title = 'What goes along with it'
const names: Record<What, string> = { stars: 'Stars', cameBack: 'Came back' }
const formats: Record<What, (value: number) => string> = {
  stars: (value) => number(value, 2),
  cameBack: (value) => percent(value),
}

/** What goes along with how far off it was: it breaks at the promise. */
export function DoseCard({ scope, rule }: { scope: ReturnType<typeof scopeOf>; rule: number }) {
  const [what, setWhat] = useState<What>('stars')
  const effects = useQuery(effectsQuery(scope, rule))
  if (!effects.data)
    return (
      <Card title={title}>
        {effects.isError ? (
          <Failure error={effects.error} retry={() => void effects.refetch()} />
        ) : (
          <Waiting height={220} />
        )}
      </Card>
    )
  return <Curve effects={effects.data} what={what} setWhat={setWhat} />
}

function Curve({ effects, what, setWhat }: { effects: Effects; what: What; setWhat: (what: What) => void }) {
  const series = useMemo((): DoseSeries[] => {
    const range: Partial<DoseSeries> = what === 'stars' ? { range: [1, 5] } : {}
    return [
      {
        id: what,
        name: names[what],
        format: formats[what],
        values: effects.doses.map((dose) => dose[what]),
        kept: effects.kept[what],
        broken: effects.broken[what],
        ...range,
      },
    ]
  }, [effects, what])
  const kept = effects.kept[what]
  const broken = effects.broken[what]
  const difference = what === 'stars' ? effects.starsDifference : effects.cameBackDifference
  const compared = difference !== null && Math.min(kept.n, broken.n) >= fewest
  return (
    <DoseCurve
      title={title}
      fileName="what-goes-along-with-the-promise"
      tools={
        <SegmentedControl
          size="xs"
          aria-label={title}
          value={what}
          onChange={(value) => setWhat(value === 'cameBack' ? 'cameBack' : 'stars')}
          data={[
            { value: 'stars', label: 'stars' },
            { value: 'cameBack', label: 'coming back' },
          ]}
        />
      }
      sentence={
        compared ? (
          <Lead what={what} kept={kept} broken={broken} difference={difference} />
        ) : what === 'stars' ? (
          'Not enough answers yet to compare.'
        ) : (
          'Too few have been seen for long enough yet.'
        )
      }
      claim={compared ? 'goes along with' : 'not enough to tell'}
      n={`n ${number(kept.n)} kept, ${number(broken.n)} broken`}
      note={
        what === 'stars'
          ? 'Only answers given after it had come: what was written while waiting is shown below.'
          : `Bought again within ${number(effects.horizon)} days after it came.${
              effects.tooRecent > 0 ? ` ${number(effects.tooRecent)} came too recently to know.` : ''
            }`
      }
      fewest={fewest}
      bins={effects.doses}
      series={series}
      empty={
        what === 'stars'
          ? 'Nobody has rated anything yet after it had come.'
          : 'Nobody has been seen for long enough yet after it had come.'
      }
    />
  )
}

function Lead(props: {
  what: What
  kept: { value: number | null; n: number }
  broken: { value: number | null; n: number }
  difference: Effects['starsDifference']
}) {
  const { what, kept, broken, difference } = props
  if (kept.value === null || broken.value === null || difference === null) return null
  const sure = difference.low > 0 || difference.high < 0
  const points = what === 'stars' ? '' : ' points'
  const off = (value: number) =>
    number(Math.abs(value) * (what === 'stars' ? 1 : 100), what === 'stars' ? 2 : 0)
  return (
    <>
      {what === 'stars'
        ? 'Customers whose promise was kept gave '
        : 'Customers whose promise was kept came back '}
      <b>{formats[what](kept.value)}</b>
      {what === 'stars' ? ' stars, the others ' : ' of the time, the others '}
      <b>{formats[what](broken.value)}</b>:{' '}
      {sure
        ? `${off(difference.value)}${points} ${difference.value < 0 ? 'less' : 'more'} (${[
            difference.low,
            difference.high,
          ]
            .map(Math.abs)
            .toSorted((a, b) => a - b)
            .map(off)
            .join(' to ')}).`
        : 'no difference that we can see.'}
    </>
  )
}

import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { number } from '../lib/words.ts'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'
import { gapsQuery } from './expectation-data.ts'
import { gapWords } from './expectation-words.ts'
import type { scopeOf } from './search.ts'

/** How far off what came was: one bar a day, the promise as the ink line. */
export function GapCard({ scope, rule }: { scope: ReturnType<typeof scopeOf>; rule: number }) {
  const [word, setWord] = useState<'first' | 'last'>('last')
  const gaps = useQuery(gapsQuery(scope, rule, word))
  return (
    <Card
      title="How far off it was"
      tools={
        <SegmentedControl
          size="xs"
          aria-label="Measured against"
          value={word}
          onChange={(value) => setWord(value === 'first' ? 'first' : 'last')}
          data={[
            { value: 'last', label: 'last word' },
            { value: 'first', label: 'first word' },
          ]}
        />
      }
    >
      {gaps.isPending ? <Waiting height={220} /> : null}
      {gaps.isError ? <Failure error={gaps.error} retry={() => void gaps.refetch()} /> : null}
      {gaps.data ? <Histogram gaps={gaps.data} /> : null}
    </Card>
  )
}

type Gaps = Awaited<ReturnType<NonNullable<ReturnType<typeof gapsQuery>['queryFn']>>>

function Histogram({ gaps }: { gaps: Gaps }) {
  const { bins, n, awaited, median, low, high } = gaps
  if (n === 0) return <p className="faint">Nothing has come yet that could be measured.</p>
  const width = 560
  const height = 170
  const most = Math.max(...bins.map((bin) => bin.n))
  const first = bins[0]?.from ?? 0
  const last = bins.at(-1)?.to ?? 1
  const x = (value: number) => ((value - first) / (last - first)) * width
  const scale = gaps.dimension === 'money' ? 100 : 1
  const ticks = niceTicks(first / scale, last / scale).map((tick) => tick * scale)
  const say = (value: number | null) =>
    gapWords(value, { dimension: gaps.dimension, currency: gaps.currency, precision: 'day' })
  const unit =
    gaps.dimension === 'days' ? 'days' : gaps.dimension === 'money' ? (gaps.currency ?? '') : 'points'
  return (
    <>
      <p className="card-lead">
        Half came {say(median)} or better; 8 in 10 between {say(low)} and {say(high)}.{' '}
        <span className="n">
          n {number(n)}
          {awaited > 0 ? `; ${number(awaited)} more are overdue and have not come` : ''}
        </span>{' '}
        <Claim kind="counted" />
      </p>
      <svg
        className="picture"
        viewBox={`0 -16 ${width} ${height + 42}`}
        role="img"
        aria-label={`Half came ${say(median)} or better, 8 in 10 between ${say(low)} and ${say(high)}`}
      >
        {bins.map((bin) => {
          const size = (bin.n / most) * height
          return (
            <rect
              key={bin.from}
              x={x(bin.from) + 0.75}
              y={height - size}
              width={Math.max(1, x(bin.to) - x(bin.from) - 1.5)}
              height={size}
              className={bin.to <= 0 ? 'bar good' : 'bar bad'}
            />
          )
        })}
        <line x1={0} x2={width} y1={height} y2={height} className="ground" />
        <line x1={x(0)} x2={x(0)} y1={-4} y2={height + 6} className="ink" />
        <text x={x(0) - 6} y={-4} textAnchor="end" className="good">
          ▲ as promised
        </text>
        <text x={x(0) + 6} y={-4} className="bad">
          ▼ worse
        </text>
        {ticks.map((tick) => (
          <text key={tick} x={x(tick)} y={height + 18} textAnchor="middle" className="tick">
            {number(Math.abs(tick / scale))}
          </text>
        ))}
      </svg>
      <p className="axis">
        <span>
          ← {unit} {gaps.dimension === 'days' ? 'early' : 'better'}
        </span>
        <span>
          {unit} {gaps.dimension === 'days' ? 'late' : 'worse'} →
        </span>
      </p>
      <details className="n">
        <summary>As a table</summary>
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Above</th>
              <th scope="col">up to</th>
              <th scope="col" className="end">
                Promises
              </th>
            </tr>
          </thead>
          <tbody>
            {bins
              .filter((bin) => bin.n > 0)
              .map((bin) => (
                <tr key={bin.from}>
                  <td>{bin === bins[0] ? 'all before' : number(bin.from / scale)}</td>
                  <td>{bin === bins.at(-1) ? 'and beyond' : number(bin.to / scale)}</td>
                  <td className="end">{number(bin.n)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

function niceTicks(from: number, to: number): number[] {
  const least = (to - from) / 8
  const scale = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)))
  const step = [1, 2, 5, 10].map((each) => each * scale).find((each) => each >= least) ?? scale
  const ticks: number[] = []
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick)
  return ticks
}

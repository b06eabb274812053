import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { number, percent } from '../lib/words.ts'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'
import { effectsQuery } from './expectation-data.ts'
import type { scopeOf } from './search.ts'

type Effects = Awaited<ReturnType<NonNullable<ReturnType<typeof effectsQuery>['queryFn']>>>
type What = 'stars' | 'cameBack'

/** Fewer than this: no dot is drawn. */
const fewest = 5

/** What goes along with how far off it was: it breaks at the promise. */
export function DoseCard({ scope, rule }: { scope: ReturnType<typeof scopeOf>; rule: number }) {
  const [what, setWhat] = useState<What>('stars')
  const effects = useQuery(effectsQuery(scope, rule))
  return (
    <Card
      title="What goes along with it"
      tools={
        <SegmentedControl
          size="xs"
          aria-label="What goes along with it"
          value={what}
          onChange={(value) => setWhat(value === 'cameBack' ? 'cameBack' : 'stars')}
          data={[
            { value: 'stars', label: 'stars' },
            { value: 'cameBack', label: 'coming back' },
          ]}
        />
      }
    >
      {effects.isPending ? <Waiting height={220} /> : null}
      {effects.isError ? <Failure error={effects.error} retry={() => void effects.refetch()} /> : null}
      {effects.data ? <Curve effects={effects.data} what={what} /> : null}
    </Card>
  )
}

function Curve({ effects, what }: { effects: Effects; what: What }) {
  const doses = effects.doses.map((dose) => ({ ...dose, ...dose[what] })).filter((dose) => dose.n > 0)
  const kept = effects.kept[what]
  const broken = effects.broken[what]
  const difference = what === 'stars' ? effects.starsDifference : effects.cameBackDifference
  const drawn = doses.filter((dose) => dose.n >= fewest && dose.value !== null)
  return (
    <>
      <p className="card-lead">
        <Lead what={what} kept={kept} broken={broken} difference={difference} horizon={effects.horizon} />{' '}
        <Claim kind="goes along with" />
      </p>
      {drawn.length > 0 ? <Dots doses={drawn} what={what} /> : null}
      <p className="n">
        {what === 'stars'
          ? 'Only answers given after it had come: what was written while waiting is shown below.'
          : `Bought again within ${number(effects.horizon)} days after it came.${
              effects.tooRecent > 0 ? ` ${number(effects.tooRecent)} came too recently to know.` : ''
            }`}
      </p>
      <details className="n">
        <summary>As a table</summary>
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Against the promise</th>
              <th scope="col" className="end">
                {what === 'stars' ? 'Stars' : 'Came back'}
              </th>
              <th scope="col" className="end">
                Likely between
              </th>
              <th scope="col" className="end">
                n
              </th>
            </tr>
          </thead>
          <tbody>
            {doses.map((dose) => (
              <tr key={`${dose.from} ${dose.to}`}>
                <td>{range(dose.from, dose.to)}</td>
                <td className="end">{dose.value === null ? '–' : figure(dose.value, what)}</td>
                <td className="end">
                  {dose.low === null || dose.high === null
                    ? 'not enough answers yet'
                    : `${figure(dose.low, what)} to ${figure(dose.high, what)}`}
                </td>
                <td className="end">{number(dose.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

function Lead(props: {
  what: What
  kept: { value: number | null; n: number }
  broken: { value: number | null; n: number }
  difference: Effects['starsDifference']
  horizon: number
}) {
  const { what, kept, broken, difference } = props
  if (
    kept.value === null ||
    broken.value === null ||
    difference === null ||
    Math.min(kept.n, broken.n) < fewest
  )
    return (
      <>
        {what === 'stars'
          ? 'Not enough answers yet to compare.'
          : 'Too few have been seen for long enough yet.'}
      </>
    )
  const sure = difference.low > 0 || difference.high < 0
  const points = what === 'stars' ? '' : ' points'
  const off = (value: number) =>
    number(Math.abs(value) * (what === 'stars' ? 1 : 100), what === 'stars' ? 2 : 0)
  return (
    <>
      {what === 'stars'
        ? 'Customers whose promise was kept gave '
        : 'Customers whose promise was kept came back '}
      <b>{figure(kept.value, what)}</b>
      {what === 'stars' ? ' stars, the others ' : ' of the time, the others '}
      <b>{figure(broken.value, what)}</b>:{' '}
      {sure
        ? `${off(difference.value)}${points} ${difference.value < 0 ? 'less' : 'more'} (${[
            difference.low,
            difference.high,
          ]
            .map(Math.abs)
            .toSorted((a, b) => a - b)
            .map(off)
            .join(' to ')}).`
        : 'no difference that we can see.'}{' '}
      <span className="n">
        n {number(kept.n)} and {number(broken.n)}
      </span>
    </>
  )
}

function Dots({
  doses,
  what,
}: {
  doses: {
    from: number | null
    to: number | null
    value: number | null
    low: number | null
    high: number | null
    n: number
  }[]
  what: What
}) {
  const width = 560
  const height = 180
  const left = 34
  const highest =
    what === 'stars'
      ? 5
      : Math.max(0.1, Math.ceil(Math.max(...doses.map((dose) => dose.high ?? 0)) * 10) / 10)
  const lowest = what === 'stars' ? 1 : 0
  const y = (value: number) =>
    height - ((Math.min(Math.max(value, lowest), highest) - lowest) / (highest - lowest)) * height
  const step = (width - left) / doses.length
  const x = (index: number) => left + step * (index + 0.5)
  const early = doses.filter((dose) => dose.to !== null && dose.to <= 0).length
  const line = left + step * early
  const ticks = what === 'stars' ? [1, 2, 3, 4, 5] : [0, highest / 2, highest]
  return (
    <svg
      className="picture"
      viewBox={`0 -18 ${width} ${height + 60}`}
      role="img"
      aria-label={`${what === 'stars' ? 'Mean stars' : 'Share who came back'} by days against the promise; the table below holds the figures`}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width} y1={y(tick)} y2={y(tick)} className="grid" />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end" className="tick">
            {what === 'stars' ? tick : percent(tick)}
          </text>
        </g>
      ))}
      {early > 0 && early < doses.length ? (
        <>
          <line x1={line} x2={line} y1={-6} y2={height + 6} className="ink dotted" />
          <text x={line - 8} y={-8} textAnchor="end" className="good">
            ▲ kept
          </text>
          <text x={line + 8} y={-8} className="bad">
            ▼ broken
          </text>
        </>
      ) : null}
      {doses.map((dose, index) => (
        <g key={`${dose.from} ${dose.to}`} className={dose.to !== null && dose.to <= 0 ? 'good' : 'bad'}>
          <title>{`${range(dose.from, dose.to)}: ${figure(dose.value ?? 0, what)}, n ${number(dose.n)}`}</title>
          {dose.low !== null && dose.high !== null ? (
            <line x1={x(index)} x2={x(index)} y1={y(dose.low)} y2={y(dose.high)} className="range" />
          ) : null}
          <circle cx={x(index)} cy={y(dose.value ?? 0)} r={5} className="dot" />
          <text x={x(index)} y={height + 20} textAnchor="middle" className="tick">
            {shortRange(dose.from, dose.to)}
          </text>
          <text x={x(index)} y={height + 35} textAnchor="middle" className="tick faint">
            n {number(dose.n)}
          </text>
        </g>
      ))}
    </svg>
  )
}

function figure(value: number, what: What): string {
  return what === 'stars' ? number(value, 2) : percent(value)
}

function shortRange(from: number | null, to: number | null): string {
  if (from === null) return `≤ ${number(to ?? 0)}`
  if (to === null) return `≥ +${number(from)}`
  const sign = (value: number) => (value > 0 ? `+${number(value)}` : number(value))
  return from === to ? (from === 0 ? '0' : sign(from)) : `${sign(from)}…${sign(to)}`
}

function range(from: number | null, to: number | null): string {
  const days = (value: number) => `${number(Math.abs(value))} days`
  if (from === null) return `${days(to ?? 0)} early or more`
  if (to === null) return `${days(from)} late or more`
  if (from === 0 && to === 0) return 'on the day'
  const [near, far] = [Math.abs(from), Math.abs(to)].toSorted((a, b) => a - b)
  return `${near} to ${far} days ${to > 0 ? 'late' : 'early'}`
}

import { SegmentedControl } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Flows } from '../../../src/insights/flows/schema.ts'
import { waited } from '../../../src/lib/phrases.ts'
import { shorten } from '../figures/room.ts'
import { number, percent } from '../lib/words.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Card, Failure, Waiting } from '../parts/page.tsx'
import { Claim } from '../parts/words.tsx'
import { flowsQuery, type JourneyMap } from './api.ts'
import { layoutFlow } from './flow-layout.ts'
import { type Open, Opens } from './map-table.tsx'
import type { JourneySearch } from './scope.ts'

/** What usually comes next, and about how long after. */
export function FlowCard({ map, search, open }: { map: JourneyMap; search: JourneySearch; open: Open }) {
  const [coverage, setCoverage] = useState('0.8')
  const found = useQuery(flowsQuery(search, coverage))
  const [chosen, setChosen] = useState<number | null>(null)
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Waiting height={320} />
  const { edges, transitions, hiddenShare, hiddenEdges } = found.data
  const names = new Map(map.touchpoints.map((place) => [place.id, place.name]))
  const focus = chosen ?? edges[0]?.from ?? null
  return (
    <Card
      title="What usually comes next"
      tools={
        <SegmentedControl
          size="xs"
          value={coverage}
          onChange={setCoverage}
          aria-label="How much of all steps is shown"
          data={[
            { value: '0.5', label: 'half' },
            { value: '0.8', label: '80 %' },
            { value: '0.95', label: '95 %' },
          ]}
        />
      }
    >
      {edges.length === 0 ? (
        <p className="muted">
          Nothing follows on anything yet: it takes customers who were met at two touchpoints in this time.
        </p>
      ) : (
        <>
          <div className="flows">
            <FlowPicture map={map} edges={edges} chosen={focus} choose={setChosen} />
            <div>{focus === null ? null : <Next edges={edges} from={focus} names={names} open={open} />}</div>
          </div>
          <p className="n">
            <Claim kind="counted" /> The {number(edges.length)} commonest of{' '}
            {number(edges.length + hiddenEdges)} ways, {percent(1 - (hiddenShare ?? 0))} of{' '}
            {number(transitions)} steps from one touchpoint to the next; {percent(hiddenShare ?? 0)} hidden.
            Bowed right: later on the map. Bowed left: back again. Waits are approximate, within a tenth.
          </p>
          <details>
            <summary className="n">The same as a table</summary>
            <DataTable
              caption="What usually comes next"
              columns={[
                { key: 'from', header: 'After', value: (edge) => names.get(edge.from) ?? '' },
                { key: 'to', header: 'comes', value: (edge) => names.get(edge.to) ?? '' },
                {
                  key: 'n',
                  header: 'Times',
                  align: 'end',
                  value: (edge) => edge.n,
                  cell: (edge) => number(edge.n),
                },
                {
                  key: 'share',
                  header: 'Of all that follow',
                  align: 'end',
                  value: (edge) => edge.share,
                  cell: (edge) => percent(edge.share),
                },
                {
                  key: 'wait',
                  header: 'About how long after',
                  align: 'end',
                  value: (edge) => edge.medianSeconds,
                  cell: (edge) => waited(edge.medianSeconds),
                },
              ]}
              rows={edges}
              rowKey={(edge) => `${edge.from}-${edge.to}`}
              exportAs="journey-flows"
            />
          </details>
        </>
      )}
    </Card>
  )
}

function FlowPicture(props: {
  map: JourneyMap
  edges: Flows['edges']
  chosen: number | null
  choose: (id: number) => void
}) {
  const { map, edges, chosen, choose } = props
  const { ref, width: measured } = useElementSize()
  const width = Math.max(280, measured)
  const names = Math.min(190, width * 0.44)
  const reach = (width - names) / 2
  const left = reach
  const right = reach + names
  const picture = useMemo(
    () => layoutFlow(map.touchpoints, edges, left, right, reach),
    [map.touchpoints, edges, left, right, reach],
  )
  const side = new Map(map.touchpoints.map((place) => [place.id, place.side]))
  const room = (text: string) => text.length * 6.6
  return (
    <div ref={ref}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can't hold a drawing */}
      <svg
        width={width}
        height={picture.height}
        className="flow"
        role="group"
        aria-label="What usually comes next, as arcs; the table below has the same figures"
      >
        {picture.arcs
          .toSorted((a, b) => Number(touches(a.edge, chosen)) - Number(touches(b.edge, chosen)))
          .map((arc) => (
            <path
              key={`${arc.edge.from}-${arc.edge.to}`}
              d={arc.path}
              strokeWidth={arc.thick}
              className={`flow-arc ${side.get(arc.edge.from) ?? 'before'} ${arc.way} ${touches(arc.edge, chosen) ? 'chosen' : ''}`}
            />
          ))}
        {picture.rows.map(({ place, y }) => (
          // biome-ignore lint/a11y/useSemanticElements: a name of a drawing can't be a button element
          <g
            key={place.id}
            role="button"
            tabIndex={0}
            aria-pressed={chosen === place.id}
            aria-label={`What comes after ${place.name}`}
            className={`flow-place ${chosen === place.id ? 'chosen' : ''}`}
            onClick={() => choose(place.id)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return
              event.preventDefault()
              choose(place.id)
            }}
          >
            <title>{place.name}</title>
            <rect x={left} y={y - 12} width={names} height={24} rx={6} />
            <text x={left + names / 2} y={y + 4}>
              {shorten(place.name, names - 12, room)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  )
}

function touches(edge: { from: number }, chosen: number | null): boolean {
  return edge.from === chosen
}

function Next(props: { edges: Flows['edges']; from: number; names: Map<number, string>; open: Open }) {
  const { edges, from, names, open } = props
  const next = edges.filter((edge) => edge.from === from)
  const name = names.get(from) ?? ''
  return (
    <div aria-live="polite">
      <p className="flow-say">
        After <b className="wrap-anywhere">{name}</b>
        {next.length === 0 ? ' nothing comes often enough to be shown.' : ' comes'}
      </p>
      <ul className="standards">
        {next.slice(0, 8).map((edge) => (
          <li key={edge.to}>
            <div className="behind-line">
              <Opens
                act={() =>
                  open(`${name}, then ${names.get(edge.to) ?? ''}`, {
                    figure: 'flow',
                    touchpoint: String(edge.from),
                    next: String(edge.to),
                  })
                }
              >
                {edge.to === from ? `${names.get(edge.to)} again` : names.get(edge.to)}
              </Opens>
              <span className="num">{percent(edge.share)}</span>
            </div>
            <span className="n">
              about {waited(edge.medianSeconds)} later · n {number(edge.n)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

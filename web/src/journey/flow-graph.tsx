import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { waited } from '../../../src/lib/phrases.ts'
import { FlowGraph } from '../figures/flow-graph.tsx'
import { number, percent } from '../lib/words.ts'
import { Failure, Waiting } from '../parts/page.tsx'
import { flowsQuery, type JourneyMap } from './api.ts'
import { Coverage } from './coverage.tsx'
import { FlowNext } from './flow-next.tsx'
import type { Open } from './map-table.tsx'
import type { JourneySearch } from './scope.ts'

/** What usually comes next, and about how long after. */
export function FlowCard({ map, search, open }: { map: JourneyMap; search: JourneySearch; open: Open }) {
  const [coverage, setCoverage] = useState('0.8')
  const found = useQuery(flowsQuery(search, coverage))
  const [chosen, setChosen] = useState<string | null>(null)
  const edges = found.data?.edges
  const picture = useMemo(
    () => ({
      stages: map.stages.map((stage) => ({ ...stage, id: String(stage.id) })),
      places: map.touchpoints.map(({ id, name, stageId }) => ({
        id: String(id),
        name,
        stageId: String(stageId),
      })),
      links: (edges ?? []).map((edge) => ({
        from: String(edge.from),
        to: String(edge.to),
        n: edge.n,
        share: edge.share,
        wait: waited(edge.medianSeconds),
      })),
    }),
    [map, edges],
  )
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Waiting height={320} />
  const { transitions, hiddenShare, hiddenEdges } = found.data
  const names = new Map(map.touchpoints.map((place) => [place.id, place.name]))
  const focus = chosen ?? picture.links[0]?.from ?? null
  return (
    <FlowGraph
      {...picture}
      title="What usually comes next"
      fileName="journey-flows"
      claim="counted"
      n={`${number(transitions)} steps; ${percent(hiddenShare ?? 0)} of them hidden`}
      note={
        <>
          The {number(found.data.edges.length)} commonest of {number(found.data.edges.length + hiddenEdges)}{' '}
          ways from one touchpoint to the next. Waits are approximate, within a tenth.
        </>
      }
      tools={<Coverage value={coverage} change={setCoverage} />}
      chosen={focus}
      onChoose={(place) => setChosen(place.id)}
      below={
        focus === null ? null : (
          <FlowNext edges={found.data.edges} from={Number(focus)} names={names} open={open} />
        )
      }
    />
  )
}

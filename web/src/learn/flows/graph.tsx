import { useMemo, useState } from 'react'
import { covering } from '../../../../src/insights/flows/coverage.ts'
import type { Flows } from '../../../../src/insights/flows/schema.ts'
import { waited } from '../../../../src/lib/phrases.ts'
import { FlowGraph } from '../../figures/flow-graph.tsx'
import { Coverage } from '../../journey/coverage.tsx'
import { FlowNext } from '../../journey/flow-next.tsx'
import type { Open } from '../../journey/map-table.tsx'
import { number, percent } from '../../lib/words.ts'

/** What follows on what. The answer has every way, so that how much is shown changes without counting anew. */
export function Graph({ answer, open }: { answer: Flows; open: Open | undefined }) {
  const [coverage, setCoverage] = useState('0.8')
  const [chosen, setChosen] = useState<string | null>(null)
  const kept = useMemo(() => covering(answer.edges, Number(coverage)), [answer, coverage])
  const picture = useMemo(() => drawn(answer, kept.edges), [answer, kept])
  const names = useMemo(() => new Map(answer.touchpoints.map(({ id, name }) => [id, name])), [answer])
  const first = picture.links.find(({ from, to }) => from !== to) ?? picture.links[0]
  const focus = chosen ?? first?.from ?? null
  const hidden = 1 - kept.shown / answer.transitions
  return (
    <FlowGraph
      {...picture}
      title="What comes next"
      fileName="flows"
      sentence="A line for each way from one touchpoint to the next; choose a touchpoint to see what comes after it."
      claim="counted"
      n={`${number(answer.transitions)} steps; ${hidden > 0 ? `${percent(hidden, hidden < 0.1 ? 1 : 0)} of them hidden` : 'all of them shown'}`}
      note={
        <>
          The {number(kept.edges.length)} commonest of {number(answer.edges.length)} ways from one touchpoint
          to the next, {percent(kept.shown / answer.transitions)} of all steps. Waits are approximate, within
          a tenth.
        </>
      }
      tools={<Coverage value={coverage} change={setCoverage} all />}
      chosen={focus}
      onChoose={(place) => setChosen(place.id)}
      below={
        focus === null ? null : <FlowNext edges={kept.edges} from={Number(focus)} names={names} open={open} />
      }
    />
  )
}

/** Stages and touchpoints in the order of the map; only those that were met. */
function drawn({ touchpoints }: Flows, edges: Flows['edges']) {
  const stages = new Map(
    touchpoints.map(({ stageId, stage, side }) => [stageId, { id: String(stageId), name: stage, side }]),
  )
  return {
    stages: [...stages.values()],
    places: touchpoints.map(({ id, name, stageId }) => ({
      id: String(id),
      name,
      stageId: String(stageId),
    })),
    links: edges.map((edge) => ({
      from: String(edge.from),
      to: String(edge.to),
      n: edge.n,
      share: edge.share,
      wait: waited(edge.medianSeconds),
    })),
  }
}

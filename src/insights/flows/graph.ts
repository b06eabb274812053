import { gapSeconds } from '../../store/projection-layout.ts'
import { covering } from './coverage.ts'
import type { EdgeCasesRow, EdgeRow, PlaceRow } from './graph-questions.ts'
import type { Known } from './known.ts'
import type { Flows } from './schema.ts'

export type Graph = Pick<
  Flows,
  'cases' | 'transitions' | 'edges' | 'shownShare' | 'hiddenShare' | 'hiddenEdges' | 'touchpoints'
>

/** The commonest ways from touchpoint to touchpoint that together cover `coverage` of all, and the share left out. */
export function graphOf(
  found: { edges: EdgeRow[]; places: PlaceRow[]; edgeCases?: EdgeCasesRow[] },
  known: Known[],
  coverage: number,
): Graph {
  const transitions = found.edges.reduce((sum, row) => sum + row.n, 0)
  const leaving = new Map<number, number>()
  for (const row of found.edges)
    leaving.set(row.prev_touchpoint, (leaving.get(row.prev_touchpoint) ?? 0) + row.n)
  const cases = new Map(
    found.edgeCases?.map((row) => [`${row.prev_touchpoint} ${row.touchpoint_id}`, row.cases]),
  )
  const kept = covering(found.edges, coverage)
  const { shown } = kept
  const edges = kept.edges.map((row) => ({
    from: row.prev_touchpoint,
    to: row.touchpoint_id,
    n: row.n,
    cases: cases.get(`${row.prev_touchpoint} ${row.touchpoint_id}`) ?? null,
    share: row.n / (leaving.get(row.prev_touchpoint) ?? row.n),
    medianSeconds: gapSeconds(row.median_gap),
    p90Seconds: gapSeconds(row.p90_gap),
  }))
  return {
    cases: found.places.reduce((sum, place) => sum + place.starts, 0),
    transitions,
    edges,
    shownShare: transitions > 0 ? shown / transitions : null,
    hiddenShare: transitions > 0 ? 1 - shown / transitions : null,
    hiddenEdges: found.edges.length - edges.length,
    touchpoints: known.flatMap(({ purpose: _, ...touchpoint }) => {
      const place = found.places.find((each) => each.touchpoint_id === touchpoint.id)
      if (!place) return []
      const { n, cases: met, starts } = place
      return [{ ...touchpoint, n, cases: met, starts, ends: n - (leaving.get(touchpoint.id) ?? 0) }]
    }),
  }
}

import { gapSeconds } from '../../store/projection-layout.ts'
import type { Store } from '../../store/store.ts'
import { ask, during, inSegment, type Question, type Scope, scopeValues } from '../question.ts'
import type { FlowsAnswer } from '../schema.ts'

export interface FlowRow {
  prev_touchpoint: number
  touchpoint_id: number
  n: number
  median_gap: number
}

/**
 * What comes next: for each pair of touchpoints how often, and the bin in which the middle wait lies (waits
 * are kept in quarter octaves; exact medians took more than twice as long).
 */
export function flowQuestion(scope: Scope): Question {
  return {
    text: `
      with binned as (
        select prev_touchpoint, touchpoint_id, gap, count(*) as n
        from steps
        where ${during(scope, 'happened')}
          and prev_touchpoint is not null
          ${inSegment(scope, '$3')}
        group by prev_touchpoint, touchpoint_id, gap
      ), summed as (
        select prev_touchpoint, touchpoint_id, gap,
          sum(n) over (partition by prev_touchpoint, touchpoint_id order by gap) as upto,
          sum(n) over (partition by prev_touchpoint, touchpoint_id) as total
        from binned
      )
      select prev_touchpoint, touchpoint_id,
        cast(max(total) as integer) as n,
        cast(min(gap) filter (where upto * 2 >= total) as integer) as median_gap
      from summed
      group by prev_touchpoint, touchpoint_id
      order by n desc, prev_touchpoint, touchpoint_id`,
    values: scopeValues(scope),
  }
}

/** The commonest ways from touchpoint to touchpoint that together cover `coverage` of all, and the share left out. */
export async function flows(store: Store, scope: Scope, coverage: number): Promise<FlowsAnswer> {
  const found = await ask<FlowRow>(store, flowQuestion(scope))
  return { asked: scope.asked, ...flowAnswer(found, coverage) }
}

export function flowAnswer(found: FlowRow[], coverage: number): Omit<FlowsAnswer, 'asked'> {
  const transitions = found.reduce((sum, row) => sum + row.n, 0)
  const leaving = new Map<number, number>()
  for (const row of found) leaving.set(row.prev_touchpoint, (leaving.get(row.prev_touchpoint) ?? 0) + row.n)
  let shown = 0
  const edges: FlowsAnswer['edges'] = []
  for (const row of found) {
    if (shown >= transitions * coverage) break
    shown += row.n
    edges.push({
      from: row.prev_touchpoint,
      to: row.touchpoint_id,
      n: row.n,
      share: row.n / (leaving.get(row.prev_touchpoint) ?? row.n),
      medianSeconds: gapSeconds(row.median_gap),
    })
  }
  return {
    transitions,
    edges,
    shownShare: transitions > 0 ? shown / transitions : null,
    hiddenShare: transitions > 0 ? 1 - shown / transitions : null,
    hiddenEdges: found.length - edges.length,
  }
}

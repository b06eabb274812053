/**
 * The commonest ways that together cover `coverage` of all.
 * @param edges the commonest first
 * @param coverage 0 to 1
 */
export function covering<Edge extends { n: number }>(
  edges: readonly Edge[],
  coverage: number,
): { edges: Edge[]; shown: number } {
  const enough = coverage * edges.reduce((sum, edge) => sum + edge.n, 0)
  let shown = 0
  const kept: Edge[] = []
  for (const edge of edges) {
    if (shown >= enough) break
    shown += edge.n
    kept.push(edge)
  }
  return { edges: kept, shown }
}

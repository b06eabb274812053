// An arc diagram down the page: touchpoints one below the other in the order of the map, so that no name can
// lie on another however many there are; what comes later bows to the right, what goes back bows to the left.
export interface FlowEdge {
  from: number
  to: number
  n: number
}
export interface FlowPlace {
  id: number
  name: string
}
export interface FlowRow {
  place: FlowPlace
  y: number
}
export interface FlowArc {
  edge: FlowEdge
  path: string
  thick: number
  /** Later on the map, earlier, or the same touchpoint again. */
  way: 'on' | 'back' | 'again'
}

export const rowHeight = 26

export function layoutFlow(
  places: FlowPlace[],
  edges: FlowEdge[],
  left: number,
  right: number,
  reach: number,
) {
  const met = new Set(edges.flatMap((edge) => [edge.from, edge.to]))
  const rows = places
    .filter((place) => met.has(place.id))
    .map((place, index): FlowRow => ({ place, y: 16 + index * rowHeight }))
  const at = new Map(rows.map((row, index) => [row.place.id, { index, y: row.y }]))
  const most = Math.max(1, ...edges.map((edge) => edge.n))
  const longest = Math.max(
    1,
    ...edges.map((edge) => Math.abs((at.get(edge.from)?.index ?? 0) - (at.get(edge.to)?.index ?? 0))),
  )
  const arcs = edges.flatMap((edge): FlowArc[] => {
    const from = at.get(edge.from)
    const to = at.get(edge.to)
    if (!from || !to) return []
    const thick = 1 + 7 * Math.sqrt(edge.n / most)
    if (from === to)
      return [
        {
          edge,
          thick: Math.min(3, thick),
          way: 'again',
          path: `M${right},${from.y - 4}c14,-8 14,16 0,8`,
        },
      ]
    const on = to.index > from.index
    const bow = 14 + (reach - 18) * Math.sqrt(Math.abs(to.index - from.index) / longest)
    const side = on ? right : left
    const control = on ? side + bow * 1.3 : side - bow * 1.3
    return [
      {
        edge,
        thick,
        way: on ? 'on' : 'back',
        path: `M${side},${from.y}C${control},${from.y} ${control},${to.y} ${side},${to.y}`,
      },
    ]
  })
  return { rows, arcs, height: rows.length * rowHeight + 16, left: places.length - rows.length }
}

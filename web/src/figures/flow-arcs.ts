// The flow down a narrow page: touchpoints one below the other in the order of the map, so that no name can lie on
// another however many there are; what comes later bows to the right, what goes back bows to the left.
import { type FlowInput, type FlowLink, type FlowPlace, gather } from './flow-gather.ts'
import { type Box, type Measure, shorten } from './room.ts'

export interface FlowRow {
  place: FlowPlace
  text: string
  box: Box
}
export interface FlowArc {
  link: FlowLink
  path: string
  thick: number
  /** Later on the map, earlier, or the same touchpoint again. */
  way: 'on' | 'back' | 'again'
}
export interface FlowArcs {
  width: number
  height: number
  rows: FlowRow[]
  arcs: FlowArc[]
}

const rowHeight = 26

export function layoutArcs(input: FlowInput, width: number, measure: Measure): FlowArcs {
  const { places, links } = gather(input)
  const names = Math.min(210, width * 0.5)
  const reach = (width - names) / 2
  const left = reach
  const right = reach + names
  const y = new Map(places.map((place, index) => [place.id, 16 + index * rowHeight]))
  const most = Math.max(1, ...links.map((link) => link.n))
  const known = links.flatMap((link) => {
    const from = y.get(link.from)
    const to = y.get(link.to)
    return from === undefined || to === undefined ? [] : [{ link, from, to }]
  })
  const longest = Math.max(1, ...known.map(({ from, to }) => Math.abs(from - to)))
  return {
    width,
    height: places.length * rowHeight + 16,
    rows: places.map((place) => {
      const middle = y.get(place.id) ?? 0
      return {
        place,
        text: shorten(place.name, names - 12, measure),
        box: { left, right, top: middle - 12, bottom: middle + 12 },
      }
    }),
    arcs: known.map(({ link, from, to }): FlowArc => {
      const thick = 1 + 7 * Math.sqrt(link.n / most)
      if (from === to)
        return {
          link,
          thick: Math.min(3, thick),
          way: 'again',
          path: `M${right},${from - 4}c14,-8 14,16 0,8`,
        }
      const on = to > from
      const bow = (14 + (reach - 18) * Math.sqrt(Math.abs(to - from) / longest)) * 1.3
      const side = on ? right : left
      const control = on ? side + bow : side - bow
      return {
        link,
        thick,
        way: on ? 'on' : 'back',
        path: `M${side},${from}C${control},${from} ${control},${to} ${side},${to}`,
      }
    }),
  }
}

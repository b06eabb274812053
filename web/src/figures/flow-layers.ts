// The flow from touchpoint to touchpoint, stage by stage from left to right. A step over several stages is led
// between the names in its way (Sugiyama's layers: dummies in the columns it crosses, ordered with the names so that
// lines cross as little as they can), so that it can be followed however many touchpoints there are.
import { type FlowInput, type FlowLink, type FlowPlace, gather } from './flow-gather.ts'
import { type Slot, straighten, untangle } from './flow-order.ts'
import { type Box, type Measure, wrap } from './room.ts'
import { f } from './scale.ts'

export interface FlowNode {
  place: FlowPlace
  texts: string[]
  box: Box
  column: number
}
export interface FlowLine {
  link: FlowLink
  path: string
  thick: number
  /** Later on the map, earlier, within a stage, or the same touchpoint again. */
  way: 'on' | 'back' | 'within' | 'again'
  /** The head of the arrow. */
  head: string
  /** Where its share can be written, close to where it ends. */
  end: { x: number; y: number; anchor: 'start' | 'end' }
}
export interface FlowLayers {
  width: number
  height: number
  nodes: FlowNode[]
  lines: FlowLine[]
  columns: { x: number; width: number; lines: string[]; side: 'before' | 'after' }[]
  /** Where the sale lies; null without stages on both sides. */
  saleX: number | null
  top: number
}

const lineHeight = 14
/** Beside the first and the last column, for what leads from one name to another of the same stage. */
const margin = 30
/** Room for a share as well. */
const rightMargin = 46
const top = 46

/** `width`: what there is; the picture is wider when its names need it. */
export function layoutLayers(input: FlowInput, width: number, measure: Measure): FlowLayers {
  const { stages, places, links } = gather(input)
  const used = stages.filter((stage) => places.some((place) => place.stageId === stage.id))
  const columnOf = new Map(used.map((stage, index) => [stage.id, index]))
  const count = Math.max(1, used.length)
  const between = Math.max(40, Math.min(110, (width / count) * 0.3))
  const nodeWidth = Math.max(
    88,
    Math.min(176, (width - between * (count - 1) - margin - rightMargin) / count),
  )
  const left = (column: number) => margin + column * (nodeWidth + between)
  const most = Math.max(1, ...links.map((link) => link.n))
  const thick = (link: FlowLink) => 1 + 6 * Math.sqrt(link.n / most)

  const slots = places.map((place, index): Slot => {
    const texts = wrap(place.name, nodeWidth - 14, measure)
    return {
      place,
      texts,
      column: columnOf.get(place.stageId) ?? 0,
      height: 12 + Math.max(1, texts.length) * lineHeight,
      y: 0,
      order: index,
      near: [],
    }
  })
  const slotOf = new Map(slots.map((slot) => [slot.place?.id, slot]))
  const routes = links.flatMap((link) => {
    const from = slotOf.get(link.from)
    const to = slotOf.get(link.to)
    if (!from || !to) return []
    const way = to.column > from.column ? 1 : -1
    const stops: Slot[] = [from]
    for (let column = from.column + way; column !== to.column && from.column !== to.column; column += way) {
      const share = (column - from.column) / (to.column - from.column)
      const order = from.order + (to.order - from.order) * share
      const dummy: Slot = { place: null, texts: [], column, height: thick(link) + 5, y: 0, order, near: [] }
      slots.push(dummy)
      stops.push(dummy)
    }
    if (to !== from) stops.push(to)
    for (let index = 1; index < stops.length; index++) {
      const [a, b] = [stops[index - 1], stops[index]]
      if (!a || !b || a.column === b.column) continue
      a.near.push({ slot: b, weight: link.n })
      b.near.push({ slot: a, weight: link.n })
    }
    return [{ link, stops }]
  })
  const columns = used.map((_, index) => slots.filter((slot) => slot.column === index))
  untangle(columns)
  straighten(columns)
  const lowest = Math.min(0, ...slots.map((slot) => slot.y - slot.height / 2))
  for (const slot of slots) slot.y += top + 8 - lowest

  const nodes = slots.flatMap((slot): FlowNode[] => {
    const { place } = slot
    if (!place) return []
    const x = left(slot.column)
    const half = slot.height / 2
    const box = { left: x, right: x + nodeWidth, top: slot.y - half, bottom: slot.y + half }
    return [{ place, texts: slot.texts, box, column: slot.column }]
  })
  const ports = portsOf(routes)
  const lines = routes.map(({ link, stops }) =>
    draw(link, stops, thick(link), ports, {
      left,
      right: (column) => left(column) + nodeWidth,
      between,
      width,
    }),
  )
  const firstAfter = used.findIndex((stage) => stage.side === 'after')
  return {
    width: Math.max(width, left(count - 1) + nodeWidth + rightMargin),
    height: Math.max(120, ...slots.map((slot) => slot.y + slot.height / 2 + 14)),
    nodes,
    lines,
    columns: used.map((stage, index) => ({
      x: left(index),
      width: nodeWidth,
      lines: wrap(stage.name, nodeWidth + between * 0.6, measure),
      side: stage.side,
    })),
    saleX: firstAfter > 0 ? left(firstAfter) - between / 2 : null,
    top,
  }
}

type Route = { link: FlowLink; stops: Slot[] }
type Ports = Map<Route['link'], { from: number; to: number }>

/** Lines leave and enter a name side by side, in the order of where they come from. */
function portsOf(routes: Route[]): Ports {
  const ports: Ports = new Map(routes.map(({ link }) => [link, { from: 0, to: 0 }]))
  const ends = new Map<string, { link: FlowLink; end: 'from' | 'to'; y: number; room: number }[]>()
  for (const { link, stops } of routes) {
    const [from, next] = stops
    const to = stops.at(-1)
    const before = stops.at(-2)
    if (!from || !to || !next || !before) continue
    const put = (slot: Slot, end: 'from' | 'to', other: Slot) => {
      const side = other.column > slot.column ? 'right' : other.column < slot.column ? 'left' : 'within'
      const key = `${slot.place?.id} ${side}`
      ends.set(key, [...(ends.get(key) ?? []), { link, end, y: other.y, room: slot.height - 8 }])
    }
    put(from, 'from', next)
    put(to, 'to', before)
  }
  for (const list of ends.values()) {
    list.sort((a, b) => a.y - b.y)
    const apart = Math.min(4, (list[0]?.room ?? 0) / Math.max(1, list.length - 1))
    for (const [index, { link, end }] of list.entries()) {
      const port = ports.get(link)
      if (port) port[end] = (index - (list.length - 1) / 2) * apart
    }
  }
  return ports
}

function draw(
  link: FlowLink,
  stops: Slot[],
  thick: number,
  ports: Ports,
  at: { left: (column: number) => number; right: (column: number) => number; between: number; width: number },
): FlowLine {
  const [from] = stops
  const to = stops.at(-1) ?? from
  const port = ports.get(link) ?? { from: 0, to: 0 }
  const size = 3 + thick * 0.7
  const head = (x: number, y: number, way: 1 | -1) =>
    `M${f(x)},${f(y)}l${f(-way * size * 1.6)},${f(-size)}v${f(2 * size)}z`
  if (!from || !to)
    return { link, path: '', thick, way: 'again', head: '', end: { x: 0, y: 0, anchor: 'start' } }
  if (from === to) {
    const x = at.right(from.column)
    return {
      link,
      thick: Math.min(3, thick),
      way: 'again',
      path: `M${f(x)},${f(from.y - 5)}c18,-10 18,20 5,10`,
      head: head(x + 1, from.y + 5, -1),
      // beside the loop, above it where the picture ends
      end:
        x + 60 > at.width
          ? { x: x + 6, y: from.y - 14, anchor: 'end' }
          : { x: x + 20, y: from.y + 4, anchor: 'start' },
    }
  }
  if (from.column === to.column) {
    const down = to.y > from.y
    const x = down ? at.right(from.column) : at.left(from.column)
    const bow = (down ? 1 : -1) * Math.min(at.between * 0.8, 18 + Math.abs(to.y - from.y) * 0.12)
    const [y1, y2] = [from.y + port.from, to.y + port.to]
    const way = down ? -1 : 1
    const tip = x - way * size * 1.4
    return {
      link,
      thick,
      way: 'within',
      path: `M${f(x)},${f(y1)}C${f(x + bow)},${f(y1)} ${f(x + bow)},${f(y2)} ${f(tip)},${f(y2)}`,
      head: head(x, y2, way),
      end: { x: x + (down ? 14 : -14), y: y2 + 4, anchor: down ? 'start' : 'end' },
    }
  }
  const way = to.column > from.column ? 1 : -1
  const out = (column: number) => (way > 0 ? at.right(column) : at.left(column))
  const into = (column: number) => (way > 0 ? at.left(column) : at.right(column))
  let x = out(from.column)
  let y = from.y + port.from
  let path = `M${f(x)},${f(y)}`
  for (const [index, stop] of stops.slice(1).entries()) {
    const last = index === stops.length - 2
    const nextX = into(stop.column) - (last ? way * size * 1.4 : 0)
    const nextY = stop.y + (last ? port.to : 0)
    const half = (nextX - x) / 2
    path += `C${f(x + half)},${f(y)} ${f(nextX - half)},${f(nextY)} ${f(nextX)},${f(nextY)}`
    x = nextX
    y = nextY
    if (!last) {
      x = out(stop.column)
      path += `L${f(x)},${f(y)}`
    }
  }
  const tip = into(to.column)
  return {
    link,
    path,
    thick,
    way: way > 0 ? 'on' : 'back',
    head: head(tip, y, way),
    end: { x: tip - way * (size * 1.6 + 4), y: y - 5, anchor: way > 0 ? 'end' : 'start' },
  }
}

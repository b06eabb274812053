// A flow as it fits: stage by stage from left to right, or down the page where it is narrow.
import { number, percent } from '../lib/words.ts'
import { type FlowArcs, layoutArcs } from './flow-arcs.ts'
import { type FlowInput, type FlowLink, type FlowPlace, gather, isOthers } from './flow-gather.ts'
import { type FlowLayers, layoutLayers } from './flow-layers.ts'
import type { Drawing, Mark } from './marks.ts'
import type { Measure } from './room.ts'

export type FlowDrawing = Drawing & {
  /** The width that there is, for making all of it fit. */
  room: number
  /** What is drawn of it. */
  links: FlowLink[]
  places: FlowPlace[]
  gatheredPlaces: number
  hiddenLinks: number
} & ({ layers: FlowLayers; arcs: null } | { layers: null; arcs: FlowArcs })

/** Narrower than this, names stand one below the other. */
const narrowest = 640

export function layoutFlow(
  input: FlowInput,
  width: number,
  measure: Measure,
  say?: (place: FlowPlace, next: FlowLink[], before: FlowLink[]) => string,
  /** Nothing happens when a touchpoint is chosen. */
  closed = false,
): FlowDrawing {
  const { links, places, gatheredPlaces, hiddenLinks } = gather(input)
  const drawn = { room: width, links, places, gatheredPlaces, hiddenLinks }
  const names = new Map(places.map((place) => [place.id, place.name]))
  const mark = (place: FlowPlace, box: Mark['box'] & object, lane: number): Mark => {
    const next = links.filter((link) => link.from === place.id).sort((a, b) => b.n - a.n)
    const before = links.filter((link) => link.to === place.id).sort((a, b) => b.n - a.n)
    return {
      id: place.id,
      x: (box.left + box.right) / 2,
      y: (box.top + box.bottom) / 2,
      box,
      lane,
      closed: closed && !isOthers(place.id),
      say: isOthers(place.id)
        ? `${place.name} of this stage; open to see them all.`
        : (say?.(place, next, before) ?? sentence(place, next, before, names)),
    }
  }
  if (width < narrowest) {
    const arcs = layoutArcs(input, width, measure)
    return {
      ...drawn,
      width: arcs.width,
      height: arcs.height,
      layers: null,
      arcs,
      marks: arcs.rows.map((row, index) => mark(row.place, row.box, index)),
    }
  }
  const layers = layoutLayers(input, width, measure)
  return {
    ...drawn,
    width: layers.width,
    height: layers.height,
    lanesDown: true,
    layers,
    arcs: null,
    marks: layers.nodes.map((node) => mark(node.place, node.box, node.column)),
  }
}

function sentence(
  place: FlowPlace,
  next: FlowLink[],
  before: FlowLink[],
  names: Map<string, string>,
): string {
  const name = (id: string) => (id === place.id ? 'the same again' : (names.get(id) ?? ''))
  const list = (links: FlowLink[], id: (link: FlowLink) => string, more: (link: FlowLink) => string) => {
    const shown = links.slice(0, 3).map((link) => `${name(id(link))} (${more(link)})`)
    const rest = links.length - shown.length
    return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  }
  const after =
    next.length === 0
      ? 'nothing comes often enough after it to be shown'
      : `after it comes ${list(
          next,
          (link) => link.to,
          (link) =>
            `${link.share === null ? `${number(link.n)} times` : percent(link.share)}${link.wait ? `, about ${link.wait} later` : ''}`,
        )}`
  const came =
    before.length === 0
      ? ''
      : `; before it ${list(
          before,
          (link) => link.from,
          (link) => `${number(link.n)} times`,
        )}`
  return `${place.name}: ${after}${came}.`
}

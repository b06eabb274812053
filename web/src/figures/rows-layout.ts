// Pictures that are lists: a name, something drawn, a value; the name above what is drawn where it is narrow.
import { type Box, type Measure, wrap } from './room.ts'

export interface RowSpec {
  id: string
  name: string
  /** The height of what is drawn. */
  height: number
  /** How far the name is set in. */
  indent?: number
}
export interface PlacedRow {
  id: string
  lines: { text: string; x: number; y: number }[]
  /** Where the drawing of the row stands. */
  top: number
  bottom: number
  /** The line that its value stands on, at the right end. */
  valueY: number
  /** All of it, as something to point at. */
  box: Box
}
export interface PlacedRows {
  rows: PlacedRow[]
  /** The ends of what is drawn. */
  left: number
  right: number
  bottom: number
}

const lineHeight = 15
const gap = 10
/** Below this width a name stands above. */
const narrowest = 480

/**
 * From `top` downwards. `valueRoom`: what the widest value needs. `laneRoom`: of that, what stands beside each
 * lane of what is drawn, for it has a figure of its own; it does so where it is narrow too.
 */
export function placeRows(
  specs: RowSpec[],
  width: number,
  top: number,
  valueRoom: number,
  measure: Measure,
  laneRoom = 0,
): PlacedRows {
  const narrow = width < narrowest
  const longest = Math.max(0, ...specs.map((spec) => measure(spec.name) + (spec.indent ?? 0)))
  const nameRoom = narrow
    ? width - (valueRoom - laneRoom) - 8
    : Math.min(longest, Math.max(150, width * 0.34))
  const left = narrow ? 4 : nameRoom + 14
  const right = width - (narrow ? (laneRoom > 0 ? laneRoom + 10 : 4) : valueRoom + 10)
  let y = top
  const rows = specs.map((spec): PlacedRow => {
    const indent = spec.indent ?? 0
    const texts = wrap(spec.name, nameRoom - indent, measure)
    const words = texts.length * lineHeight
    const high = narrow ? words + 3 + spec.height : Math.max(words, spec.height)
    const drawnTop = narrow ? y + words + 3 : y + (high - spec.height) / 2
    const firstLine = narrow ? y + 11 : y + (high - words) / 2 + 11
    const row: PlacedRow = {
      id: spec.id,
      lines: texts.map((text, index) => ({ text, x: indent, y: firstLine + index * lineHeight })),
      top: drawnTop,
      bottom: drawnTop + spec.height,
      valueY: narrow ? firstLine : y + high / 2 + 4,
      box: { left: 0, right: width, top: y - gap / 2, bottom: y + high + gap / 2 },
    }
    y += high + gap
    return row
  })
  return { rows, left, right, bottom: y - gap + 4 }
}

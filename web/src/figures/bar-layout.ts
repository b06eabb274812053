// Bars in a list: one figure a row from a common ground, or two that lean to opposite sides of it, so that what
// is said here and what is said there are compared in one look.
import type { Tone } from './legend.tsx'
import type { Drawing, Mark } from './marks.ts'
import type { Measure } from './room.ts'
import { type PlacedRow, placeRows } from './rows-layout.ts'

export interface Bar {
  /** Not below 0. */
  value: number
  /** As it stands beside the bar. */
  text: string
  tone: Tone
}
export interface BarRow {
  id: string
  name: string
  bar: Bar
  /** The bar to the left; where any row has one, the ground is in the middle. */
  opposite?: Bar
  say: string
}
export interface DrawnBar {
  x: number
  width: number
  tone: Tone
  text: string
  textX: number
  anchor: 'start' | 'end'
}
export interface BarDrawing extends Drawing {
  rows: (PlacedRow & { bars: DrawnBar[] })[]
  ground: number
  top: number
  bottom: number
  /** What stands over each side, where there are two. */
  sides: { x: number; text: string; anchor: 'start' | 'end' }[]
}

const height = 14
const gap = 6

export function layoutBars(
  rows: BarRow[],
  width: number,
  measure: Measure,
  sides?: [opposite: string, own: string],
): BarDrawing {
  const two = rows.some((row) => row.opposite)
  const top = two && sides ? 22 : 6
  const placed = placeRows(
    rows.map(({ id, name }) => ({ id, name, height })),
    width,
    top,
    0,
    measure,
  )
  const room = (of: (row: BarRow) => Bar | undefined) =>
    Math.max(0, ...rows.map((row) => measure(of(row)?.text ?? ''))) + gap
  const [before, after] = [two ? room((row) => row.opposite) : 0, room((row) => row.bar)]
  const long = Math.max(20, placed.right - placed.left - before - after)
  const most = (of: (row: BarRow) => Bar | undefined) =>
    Math.max(0, ...rows.map((row) => of(row)?.value ?? 0))
  // one scale for both sides: what is longer is more
  const [left, right] = [two ? most((row) => row.opposite) : 0, most((row) => row.bar)]
  const unit = long / (left + right || 1)
  const ground = placed.left + before + left * unit
  const drawn = placed.rows.map((place, index) => {
    const row = rows[index]
    const bars = row
      ? [...(row.opposite ? [drawBar(row.opposite, ground, -unit)] : []), drawBar(row.bar, ground, unit)]
      : []
    return { ...place, bars }
  })
  return {
    width,
    height: placed.bottom + 4,
    rows: drawn,
    ground,
    top,
    bottom: placed.bottom,
    sides: two && sides ? placeSides(sides, ground, width, measure) : [],
    marks: drawn.map(
      (row, index): Mark => ({
        id: row.id,
        x: ground,
        y: (row.top + row.bottom) / 2,
        lane: index,
        box: row.box,
        say: rows[index]?.say ?? '',
      }),
    ),
  }
}

/** The names of the two sides beside the ground; moved over where one would leave the picture. */
function placeSides(
  [opposite, own]: [string, string],
  ground: number,
  width: number,
  measure: Measure,
): BarDrawing['sides'] {
  const [before, after] = [measure(opposite), measure(own)]
  const apart = 16
  const from = Math.max(Math.min(ground + apart / 2, width - after), Math.min(before + apart, width - after))
  const to = Math.max(before, Math.min(ground - apart / 2, from - apart))
  return [
    { x: to, text: opposite, anchor: 'end' },
    { x: from, text: own, anchor: 'start' },
  ]
}

function drawBar({ value, tone, text }: Bar, ground: number, unit: number): DrawnBar {
  // the least that is there is seen
  const width = value > 0 ? Math.max(1.5, value * Math.abs(unit)) : 0
  const leftwards = unit < 0
  return {
    x: leftwards ? ground - width : ground,
    width,
    tone,
    text,
    textX: leftwards ? ground - width - gap : ground + width + gap,
    anchor: leftwards ? 'end' : 'start',
  }
}

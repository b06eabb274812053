// Figures with their intervals, one row each, several series side by side in a row where they are compared.
// A dot is full where its interval leaves out the reference, hollow where it can't be told from it.
import { compact, number } from '../lib/words.ts'
import { type Estimate, type Format, spoken } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import { anchorAt, type Measure } from './room.ts'
import { type PlacedRow, placeRows } from './rows-layout.ts'
import { extent, labels, scale } from './scale.ts'

export interface IntervalSeries {
  id: string
  name: string
}
export interface IntervalRow {
  id: string
  name: string
  /** One for each series, in their order; null where the series says nothing about it. */
  values: (Estimate | null)[]
}
export interface Reference {
  value: number
  name: string
}
export interface IntervalPoint {
  row: IntervalRow
  series: IntervalSeries
  estimate: Estimate
}
export interface IntervalDot {
  id: string
  lane: number
  x: number
  y: number
  low: number | null
  high: number | null
  /** The interval leaves out the reference. */
  sure: boolean
  value: string
  /** The line that the value stands on. */
  valueY: number
  n: string
}
export interface IntervalDrawing extends Drawing {
  left: number
  right: number
  top: number
  bottom: number
  /** Where values end; beyond it, or above where it is narrow, stands how many are behind them. */
  valueX: number
  rows: (PlacedRow & { dots: IntervalDot[]; nothing: boolean })[]
  ticks: { at: number; text: string; anchor: 'start' | 'middle' | 'end' }[]
  reference: { x: number; text: string; anchor: 'start' | 'middle' | 'end' } | null
}
export interface IntervalOptions {
  format: Format
  /** A short form for the axis; `format` unless told. */
  formatTick?: Format
  reference?: Reference | null
  /** Values that the axis must reach to. */
  include?: number[]
  say?: (point: IntervalPoint) => string
}

const laneHeight = 17

export function layoutIntervals(
  rows: IntervalRow[],
  series: IntervalSeries[],
  width: number,
  measure: Measure,
  options: IntervalOptions,
): IntervalDrawing {
  const { format, reference = null } = options
  const say = options.say ?? ((point: IntervalPoint) => sentence(point, series.length > 1, format))
  const known = rows.flatMap((row) => row.values).filter((each) => each !== null)
  const valueRoom = Math.max(
    0,
    ...known.map((each) => (isNumber(each.value) ? measure(format(each.value)) + 2 : 0)),
  )
  const several = series.length > 1
  const counts = rows.map(countOf)
  // the same behind every row of several is said once, with the figure
  const once = rows.length > 1 && several && new Set(counts).size === 1
  const nRoom = once ? 0 : 10 + Math.max(0, ...counts.map((text) => measure(text)))
  const top = reference ? 24 : 6
  const placed = placeRows(
    rows.map(({ id, name }) => ({ id, name, height: laneHeight * Math.max(1, series.length) })),
    width,
    top,
    valueRoom + nRoom,
    measure,
    several ? valueRoom : 0,
  )
  const range = reach(known, [...(reference ? [reference.value] : []), ...(options.include ?? [])])
  const x = scale(range, [placed.left + 8, placed.right - 8])
  const marks: Mark[] = []
  const drawn = placed.rows.map((place, index) => {
    const row = rows[index]
    const dots = series.flatMap((each, lane): IntervalDot[] => {
      const estimate = row?.values[lane]
      if (!row || !estimate || !isNumber(estimate.value)) return []
      const id = `${row.id} ${each.id}`
      const { low, high } = estimate
      const dot = {
        id,
        lane,
        x: x(estimate.value),
        y: place.top + laneHeight * (lane + 0.5),
        low: isNumber(low) ? x(low) : null,
        high: isNumber(high) ? x(high) : null,
        sure:
          isNumber(low) && isNumber(high) && (!reference || low > reference.value || high < reference.value),
        value: format(estimate.value),
        valueY: several ? place.top + laneHeight * (lane + 0.5) + 4 : place.valueY,
        n: once ? '' : (counts[index] ?? ''),
      }
      marks.push({
        id,
        x: dot.x,
        y: dot.y,
        lane: index * series.length + lane,
        say: say({ row, series: each, estimate }),
        ...(series.length === 1 ? { box: place.box } : { r: 5 }),
      })
      return [dot]
    })
    return { ...place, dots, nothing: dots.length === 0 }
  })
  const refX = reference ? x(reference.value) : 0
  return {
    width,
    height: placed.bottom + 26,
    marks,
    left: placed.left,
    right: placed.right,
    top,
    bottom: placed.bottom,
    valueX: several && placed.rows.some(above) ? width : width - nRoom,
    rows: drawn,
    ticks: labels(range, 6, options.formatTick ?? format, { room: placed.right - placed.left, measure }).map(
      ({ value, text }) => ({ at: x(value), text, anchor: anchorAt(x(value), measure(text), width) }),
    ),
    reference: reference
      ? {
          x: refX,
          text: reference.name,
          anchor: anchorAt(refX, measure(reference.name), width),
        }
      : null,
  }
}

/** Its name and how many stand behind it lie above what is drawn. */
export function above({ top, valueY }: PlacedRow): boolean {
  return valueY < top
}

/** How many stand behind a row; nothing where its series differ in that. */
function countOf({ values }: IntervalRow): string {
  const ns = new Set(values.flatMap((each) => (each && isNumber(each.value) ? [each.n] : [])))
  const [n] = ns
  return ns.size === 1 && n !== undefined ? `n ${compact(n)}` : ''
}

/** What the axis covers: the estimates, and intervals as far as one wild one doesn't press the others together. */
function reach(known: Estimate[], include: number[]): [number, number] {
  const values = [...known.map((each) => each.value), ...include].filter((value) => value !== null)
  const alone = new Set(values).size === 1
  const [low, high] = extent(
    alone ? [...values, ...known.flatMap((each) => [each.low, each.high])] : values,
  ) ?? [0, 1]
  const room = (high - low) * 1.5
  return (
    extent([
      low,
      high,
      ...known.map((each) => (each.low === null ? null : Math.max(each.low, low - room))),
      ...known.map((each) => (each.high === null ? null : Math.min(each.high, high + room))),
    ]) ?? [0, 1]
  )
}

function sentence({ row, series, estimate }: IntervalPoint, several: boolean, format: Format): string {
  return `${row.name}${several ? `, ${series.name}` : ''}: ${spoken(estimate, format)}, n ${number(estimate.n)}.`
}

function isNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value)
}

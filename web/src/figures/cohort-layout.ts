// Cohorts down, time since across; each cell says its figure and is shaded by it. The cohorts' names keep their place
// while a wide grid is scrolled.
import { compact, number, percent } from '../lib/words.ts'
import { type Estimate, type Format, spoken } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import { type Measure, shorten } from './room.ts'

export interface CohortCell extends Estimate {
  /** Its time isn't over yet. */
  open?: boolean
}
export interface Cohort {
  id: string
  /** "March 2026" */
  name: string
  n: number
  /** One for each column; null where its time hasn't come. */
  cells: (CohortCell | null)[]
}
export interface CohortPoint {
  cohort: Cohort
  column: number
  cell: CohortCell
}
export interface CohortOptions {
  /** The columns' names: "1", "2", … */
  columns: string[]
  /** What the columns count: "months since the first purchase". */
  since: string
  format?: Format
  /** The figure with the darkest shade; the largest unless told. */
  darkest?: number
  say?: (point: CohortPoint) => string
}
export interface CohortDrawing extends Drawing {
  head: number
  top: number
  cell: { width: number; height: number }
  columns: { x: number; text: string }[]
  rows: {
    cohort: Cohort
    name: string
    n: string
    y: number
    cells: { id: string; x: number; shade: number; text: string; open: boolean }[]
  }[]
  nX: number
  points: Map<string, CohortPoint>
}

const rowHeight = 30

export function layoutCohorts(
  cohorts: Cohort[],
  width: number,
  measure: Measure,
  options: CohortOptions,
): CohortDrawing {
  const { columns, format = (value: number) => percent(value) } = options
  const say = options.say ?? ((point: CohortPoint) => sentence(point, options, format))
  const values = cohorts.flatMap((cohort) => cohort.cells.map((cell) => cell?.value ?? null))
  const darkest = options.darkest ?? Math.max(0, ...values.filter((value) => isNumber(value)))
  const nameRoom = Math.min(
    Math.max(0, ...cohorts.map((cohort) => measure(cohort.name))),
    Math.max(116, width * 0.22),
  )
  const nRoom = Math.max(measure('n'), ...cohorts.map((cohort) => measure(compact(cohort.n)))) + 12
  const head = nameRoom + nRoom + 10
  const widest = Math.max(30, ...values.map((value) => (isNumber(value) ? measure(format(value)) + 10 : 0)))
  const cellWidth = Math.max(widest, Math.min(72, (width - head) / Math.max(1, columns.length)))
  const top = 40
  const points = new Map<string, CohortPoint>()
  const marks: Mark[] = []

  const rows = cohorts.map((cohort, row) => {
    const y = top + row * rowHeight
    return {
      cohort,
      name: shorten(cohort.name, nameRoom, measure),
      n: compact(cohort.n),
      y,
      cells: columns.flatMap((_, column) => {
        const cell = cohort.cells[column]
        if (!cell) return []
        const id = `${cohort.id} ${column}`
        const x = head + column * cellWidth
        const point = { cohort, column, cell }
        points.set(id, point)
        marks.push({
          id,
          x: x + cellWidth / 2,
          y: y + rowHeight / 2,
          lane: row,
          box: { left: x + 1, right: x + cellWidth - 1, top: y + 1, bottom: y + rowHeight - 1 },
          say: say(point),
        })
        return [
          {
            id,
            x,
            // half as dark as it could be at most: the number has to be read on it
            shade: isNumber(cell.value) && darkest > 0 ? 0.03 + 0.47 * clamp(cell.value / darkest) : 0,
            text: isNumber(cell.value) ? format(cell.value) : '·',
            open: cell.open ?? false,
          },
        ]
      }),
    }
  })
  return {
    width: Math.max(width, head + columns.length * cellWidth + 2),
    height: top + cohorts.length * rowHeight + 4,
    head,
    top,
    cell: { width: cellWidth, height: rowHeight },
    columns: columns.map((text, index) => ({ x: head + (index + 0.5) * cellWidth, text })),
    rows,
    nX: head - 10,
    marks,
    points,
  }
}

function sentence({ cohort, column, cell }: CohortPoint, options: CohortOptions, format: Format): string {
  return `${cohort.name}, ${options.columns[column]} ${options.since}: ${spoken(cell, format)} of ${number(cohort.n)}${
    cell.open ? '; this time isn’t over yet' : ''
  }.`
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value))
}

function isNumber(value: number | null | undefined): value is number {
  return value != null && Number.isFinite(value)
}

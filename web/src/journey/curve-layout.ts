// Where everything of the experience curve stands: pure, so that a test can prove that no label ever lies on
// another, on a dot or on the line, however many touchpoints there are and however long their names.
import { shorten, wrap } from '../figures/room.ts'
import { placeLabels, widestLabel } from './curve-labels.ts'
import type { Curve, CurvePoint, CurveStage, Dot } from './curve-parts.ts'

const stageHeader = 40
const sideHeader = 26
const plotHeight = 300

/** The least room of a touchpoint, of one without enough answers (only a slanted name below), and of a stage. */
interface Density {
  column: number
  silent: number
  stage: number
}
const comfortable: Density = { column: 34, silent: 19, stage: 78 }
/** Taken when the whole map then fits the page; otherwise it is comfortable and scrolls. */
const tight: Density = { column: 27, silent: 16, stage: 64 }

export function layoutCurve(
  stages: CurveStage[],
  points: CurvePoint[],
  available: number,
  measure: (text: string) => number = (text) => text.length * 6.4,
): Curve {
  const whole = layoutAt(comfortable, stages, points, available, measure)
  if (whole.width <= available) return whole
  const dense = layoutAt(tight, stages, points, available, measure)
  return dense.width <= available ? dense : whole
}

function layoutAt(
  density: Density,
  stages: CurveStage[],
  points: CurvePoint[],
  available: number,
  measure: (text: string) => number,
): Curve {
  const top = sideHeader + stageHeader
  const bottom = top + plotHeight
  const middle = (top + bottom) / 2
  const y = (value: number) => middle - value * (plotHeight / 2 - 14)
  const largest = Math.max(1, ...points.map((point) => point.customers))
  const radius = (point: CurvePoint) => 3.5 + 9 * Math.sqrt(point.customers / largest)

  const silent = points.filter((point) => point.value === null)
  const short = (text: string, room: number) => shorten(text, room, measure)
  const wide = stageColumns(density, stages, points, available)
  const slanted = slants(wide, silent, (text) => measure(short(text, widestLabel)))
  // slanted names reach to the left of their dot
  const reach = slanted
    ? Math.max(
        0,
        ...silent.map((point) => measure(short(point.name, widestLabel)) * 0.72 + 8 - wide.x(point)),
      )
    : 0
  const columns = reach > 0 ? stageColumns(density, stages, points, available - reach) : wide
  const x = (point: CurvePoint) => columns.x(point) + reach
  const width = columns.width + reach

  const dots = points.flatMap((point) =>
    point.value === null ? [] : [{ point, x: x(point), y: y(point.value), r: radius(point) }],
  )
  const placed = columns.stages.map((each) => ({
    ...each,
    x: each.x + reach,
    lines: wrap(each.stage.name, each.width - 10, measure),
  }))
  const firstAfter = placed.find((each) => each.stage.side === 'after')
  const saleX = firstAfter && placed.some((each) => each.stage.side === 'before') ? firstAfter.x : null
  const labels = placeLabels(dots, { left: 2, top: top + 4, right: width - 2, bottom: bottom - 4 }, saleX, {
    text: (point) => short(point.name, widestLabel),
    measure,
  })
  const stripY = bottom + 44
  const longest = Math.max(0, ...silent.map((point) => measure(short(point.name, widestLabel))))
  const strip =
    silent.length === 0
      ? null
      : {
          y: stripY,
          dots: silent.map((point) => ({ point, x: x(point), y: stripY, r: Math.min(6, radius(point)) })),
          slanted,
          texts: silent.map((point) => short(point.name, widestLabel)),
          height: slanted ? longest * 0.72 + 26 : 34,
        }
  return {
    width,
    height: strip ? stripY + strip.height : bottom + 22,
    top,
    bottom,
    middle,
    stages: placed,
    saleX,
    dots,
    labels,
    strip,
    line: smooth(dots.map((dot) => [dot.x, dot.y])),
    band: bandPath(dots, y),
    comparedLine: smooth(
      points.flatMap((point): [number, number][] =>
        point.compared === null ? [] : [[x(point), y(point.compared)]],
      ),
    ),
  }
}

function stageColumns(density: Density, stages: CurveStage[], points: CurvePoint[], available: number) {
  const needs = (point: CurvePoint) => (point.value === null ? density.silent : density.column)
  const total = (values: number[]) => values.reduce((sum, each) => sum + each, 0)
  const spans = stages.map((stage) => {
    const own = points.filter((point) => point.stageId === stage.id)
    return { stage, own, least: Math.max(density.stage, total(own.map(needs))) }
  })
  const spare = Math.max(0, available - total(spans.map((span) => span.least)))
  const all = total(spans.map((span) => span.least))
  const positions = new Map<number, number>()
  let at = 0
  const placed = spans.map(({ stage, own, least }) => {
    const width = least + (spare * least) / Math.max(1, all)
    const scale = width / Math.max(1, total(own.map(needs)))
    let from = at
    for (const point of own) {
      positions.set(point.id, from + (needs(point) * scale) / 2)
      from += needs(point) * scale
    }
    const here = { stage, x: at, width }
    at += width
    return here
  })
  return { stages: placed, width: at, x: (point: CurvePoint) => positions.get(point.id) ?? 0 }
}

/** Whether the names below the strip would run into each other if they lay level. */
function slants(
  columns: { x: (point: CurvePoint) => number; width: number },
  silent: CurvePoint[],
  wide: (text: string) => number,
): boolean {
  let end = 0
  for (const point of silent) {
    const half = wide(point.name) / 2
    const at = columns.x(point)
    if (at - half < end || at + half > columns.width) return true
    end = at + half + 8
  }
  return false
}

function smooth(points: [number, number][]): string {
  if (points.length < 2) return ''
  return points
    .map(([x, y], index) => {
      if (index === 0) return `M${f(x)},${f(y)}`
      const [px, py] = points[index - 1] ?? [x, y]
      const half = (px + x) / 2
      return `C${f(half)},${f(py)} ${f(half)},${f(y)} ${f(x)},${f(y)}`
    })
    .join('')
}

function bandPath(dots: Dot[], y: (value: number) => number): string {
  const known = dots.filter((dot) => dot.point.low !== null && dot.point.high !== null)
  if (known.length < 2) return ''
  const upper = smooth(known.map((dot) => [dot.x, y(dot.point.high ?? 0)]))
  const lower = smooth(known.map((dot): [number, number] => [dot.x, y(dot.point.low ?? 0)]).reverse())
  return `${upper}L${lower.slice(1)}Z`
}

function f(value: number): string {
  return String(Math.round(value * 10) / 10)
}

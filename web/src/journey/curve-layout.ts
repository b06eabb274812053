// Where everything of the experience curve stands: pure, so that a test can prove that no label ever lies on
// another, on a dot or on the line, however many touchpoints there are and however long their names.
import { around, type Box, overlaps, shorten, wrap } from '../figures/room.ts'

export interface CurveStage {
  id: number
  name: string
  side: 'before' | 'after'
}
export interface CurvePoint {
  id: number
  name: string
  stageId: number
  customers: number
  /** −1 to +1; null when there are too few answers. */
  value: number | null
  low: number | null
  high: number | null
  compared: number | null
}
export interface Dot {
  point: CurvePoint
  x: number
  y: number
  r: number
}
export interface Label extends Box {
  id: number
  text: string
  /** From the dot to a label that found room only further away. */
  leader: { x: number; from: number; to: number } | null
}
export interface Curve {
  width: number
  height: number
  top: number
  bottom: number
  middle: number
  stages: { stage: CurveStage; x: number; width: number; lines: string[] }[]
  /** Where the sale lies; null without stages on both sides. */
  saleX: number | null
  dots: Dot[]
  labels: Label[]
  /** Touchpoints without enough answers, in a strip of their own, with slanted names when they are many. */
  strip: { y: number; dots: Dot[]; slanted: boolean; texts: string[]; height: number } | null
  line: string
  band: string
  comparedLine: string
}

const stageHeader = 40
const sideHeader = 26
const plotHeight = 300
const labelHeight = 15
/** The least room of a touchpoint, of one without enough answers (only a slanted name below), and of a stage. */
interface Density {
  column: number
  silent: number
  stage: number
}
const comfortable: Density = { column: 34, silent: 19, stage: 78 }
/** Taken when the whole map then fits the page; otherwise it is comfortable and scrolls. */
const tight: Density = { column: 27, silent: 16, stage: 64 }
const widestLabel = 152

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

/** The more customers, the sooner a name gets its place: close above or below its dot, else further, else none. */
function placeLabels(
  dots: Dot[],
  room: Box,
  saleX: number | null,
  words: { text: (point: CurvePoint) => string; measure: (text: string) => number },
): Label[] {
  const taken: Box[] = dots.map((dot) => around(dot.x, dot.y, dot.r + 2))
  taken.push(...curveBoxes(dots))
  if (saleX !== null) taken.push({ left: saleX - 2, right: saleX + 2, top: room.top, bottom: room.bottom })
  const labels: Label[] = []
  for (const dot of [...dots].sort((a, b) => b.point.customers - a.point.customers || a.x - b.x)) {
    const text = words.text(dot.point)
    const half = words.measure(text) / 2 + 2
    const label = candidates(dot, dots, half, room)
      .map((box) => ({ ...box, id: dot.point.id, text, leader: leaderTo(dot, box) }))
      .find((each) => free(each, each.leader, taken, dot))
    if (!label) continue
    labels.push(label)
    taken.push(label)
    if (label.leader)
      taken.push({
        left: label.leader.x - 1,
        right: label.leader.x + 1,
        top: Math.min(label.leader.from, label.leader.to),
        bottom: Math.max(label.leader.from, label.leader.to),
      })
  }
  return labels.sort((a, b) => a.left - b.left)
}

function candidates(dot: Dot, dots: Dot[], half: number, room: Box): Box[] {
  const near = dots.filter((other) => other !== dot && Math.abs(other.x - dot.x) < 120)
  const mean = near.reduce((sum, other) => sum + other.y, 0) / Math.max(1, near.length)
  const above = near.length === 0 || dot.y <= mean
  const boxes: Box[] = []
  for (let away = 4; away < 280; away += 8)
    for (const up of [above, !above])
      for (const shift of [0, -half * 0.8, half * 0.8]) {
        const centre = Math.max(room.left + half, Math.min(room.right - half, dot.x + shift))
        const top = up ? dot.y - dot.r - away - labelHeight : dot.y + dot.r + away
        const box = { left: centre - half, right: centre + half, top, bottom: top + labelHeight }
        if (box.top >= room.top && box.bottom <= room.bottom && box.left <= dot.x && box.right >= dot.x)
          boxes.push(box)
      }
  return boxes
}

function leaderTo(dot: Dot, box: Box): Label['leader'] {
  const up = box.bottom <= dot.y
  const from = up ? dot.y - dot.r - 2 : dot.y + dot.r + 2
  const to = up ? box.bottom : box.top
  return Math.abs(from - to) > 8 ? { x: dot.x, from, to } : null
}

function free(box: Box, leader: Label['leader'], taken: Box[], dot: Dot): boolean {
  if (taken.some((other) => overlaps(box, other))) return false
  if (!leader) return true
  const stem = {
    left: leader.x - 1,
    right: leader.x + 1,
    top: Math.min(leader.from, leader.to),
    bottom: Math.max(leader.from, leader.to),
  }
  // a stem may leave its own dot and cross the line, never a name or another dot
  return !taken.some(
    (other) =>
      overlaps(stem, other) &&
      other.bottom - other.top > 8 &&
      !(dot.x >= other.left && dot.x <= other.right && dot.y >= other.top && dot.y <= other.bottom),
  )
}

/** The line as small boxes that names must not cover. */
function curveBoxes(dots: Dot[]): Box[] {
  const boxes: Box[] = []
  for (let index = 1; index < dots.length; index++) {
    const [from, to] = [dots[index - 1], dots[index]]
    if (!from || !to) continue
    const steps = Math.max(4, Math.ceil((to.x - from.x) / 6))
    for (let step = 0; step <= steps; step++) {
      const t = step / steps
      // the cubic of `smooth`, whose control points lie level with its ends
      const across = 3 * t * (1 - t) * (1 - t) * 0.5 + 3 * t * t * (1 - t) * 0.5 + t * t * t
      const up = 3 * t * t * (1 - t) + t * t * t
      boxes.push(around(from.x + (to.x - from.x) * across, from.y + (to.y - from.y) * up, 2.5))
    }
  }
  return boxes
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

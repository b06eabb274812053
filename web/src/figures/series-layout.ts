// A figure over time: its points, the level and the limits of each stretch, and what was changed when.
import { dateText, number } from '../lib/words.ts'
import { type Estimate, type Format, spoken } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import { anchorAt, type Box, type Measure, wrap } from './room.ts'
import { extent, labels, line, rounded, scale } from './scale.ts'
import { timeTicks } from './time-ticks.ts'

export interface SeriesPoint extends Estimate {
  /** An instant, RFC 3339: the beginning of the day, week or month that it counts. */
  at: string
  /** It lies outside the limits, and whether that is good. */
  signal?: 'good' | 'bad' | null
}
/** A stretch with one level: before a change and after it. Low and high are its limits or its interval. */
export interface SeriesLevel {
  from: string
  to: string
  value: number
  low: number | null
  high: number | null
  name: string
}
export interface SeriesEvent {
  at: string
  name: string
}
export interface SeriesOptions {
  format: Format
  timeZone: string
  /** The ends of the axis; from the data unless given. */
  range?: [number, number]
  /** How a point's time is said: "the week of 4 May 2026". The date unless told. */
  sayTime?: (at: string) => string
  say?: (point: SeriesPoint) => string
}
export interface SeriesDrawing extends Drawing {
  left: number
  right: number
  top: number
  bottom: number
  dots: { id: string; x: number; y: number; signal: 'good' | 'bad' | null; up: boolean; alone: boolean }[]
  /** Dots are left out where they would run together; those outside the limits never. */
  dense: boolean
  lines: string[]
  bands: string[]
  levels: {
    x1: number
    x2: number
    y: number
    low: number | null
    high: number | null
    text: string
    /** Where the text begins, and the line it stands on: clear of the figure's own line, else above the picture. */
    textX: number
    textY: number
  }[]
  events: { x: number; lines: string[]; y: number; anchor: 'start' | 'end' }[]
  xTicks: { at: number; text: string; anchor: 'start' | 'middle' | 'end' }[]
  yTicks: { at: number; text: string }[]
}

const eventLine = 14
const levelLine = 14

export function layoutSeries(
  points: SeriesPoint[],
  levels: SeriesLevel[],
  events: SeriesEvent[],
  width: number,
  measure: Measure,
  options: SeriesOptions,
): SeriesDrawing {
  const { format, timeZone } = options
  const sayTime = options.sayTime ?? ((at: string) => dateText(new Date(at), timeZone))
  const say =
    options.say ??
    ((point: SeriesPoint) =>
      `${sayTime(point.at)}: ${spoken(point, format)}, n ${number(point.n)}${point.signal ? '; outside what is usual' : ''}.`)
  const known = points.flatMap((point) => {
    const time = Date.parse(point.at)
    return isNumber(point.value) && Number.isFinite(time) ? [{ point, time, value: point.value }] : []
  })
  const times = timeSpan([
    ...points.map((point) => Date.parse(point.at)),
    ...levels.flatMap((level) => [Date.parse(level.from), Date.parse(level.to)]),
  ])
  const found = extent([
    ...known.map((each) => each.value),
    ...levels.flatMap((level) => [level.value, level.low, level.high]),
    ...clipped(known.map((each) => each.point)),
  ])
  const range = options.range ?? rounded(found ?? [0, 1], 4)
  const yTicks = labels(range, 4, format)
  const left = 12 + Math.max(12, ...yTicks.map((tick) => measure(tick.text)))
  const right = width - 8

  const x = scale(times, [left + 8, right - 8])
  const placed = placeEvents(events, x, left, right, measure)
  const top = 10 + placed.rows * eventLine + (levels.length > 0 ? levelLine : 0)
  const bottom = top + Math.max(150, Math.min(240, width * 0.28))
  const y = scale(range, [bottom - 2, top + 6])

  const level = (time: number) =>
    levels.find((each) => time >= Date.parse(each.from) && time <= Date.parse(each.to))?.value
  const runs = stretches(points, known, events)
  const alone = new Set(runs.filter((run) => run.length === 1).map(([only]) => only?.point.at))
  const dots = known.map(({ point, time, value }) => ({
    id: point.at,
    alone: alone.has(point.at),
    x: x(time),
    y: y(value),
    signal: point.signal ?? null,
    up: value >= (level(time) ?? 0),
  }))
  const paths = runs.map((run) => run.map(({ time, value }): [number, number] => [x(time), y(value)]))
  const dense = dots.length > 1 && (right - left) / dots.length < 7
  return {
    width,
    height: bottom + 26,
    left,
    right,
    top,
    bottom,
    dots,
    dense,
    lines: paths.map(line).filter(Boolean),
    bands: runs.flatMap((run) => band(run, x, y)),
    levels: levels.map((each) => {
      const text = levelText(each, x, format, measure)
      const drawn = {
        x1: x(Date.parse(each.from)),
        x2: x(Date.parse(each.to)),
        y: y(each.value),
        low: isNumber(each.low) ? y(each.low) : null,
        high: isNumber(each.high) ? y(each.high) : null,
      }
      return { ...drawn, text, ...besideLine(drawn, measure(text), paths, { top, bottom }) }
    }),
    events: placed.events,
    xTicks: timeTicks(times, Math.max(2, Math.floor((right - left) / 80))).map((tick) => ({
      at: x(tick.time),
      text: tick.text,
      anchor: anchorAt(x(tick.time), measure(tick.text), width),
    })),
    yTicks: yTicks.map(({ value, text }) => ({ at: y(value), text })),
    marks: known.map(({ point }, index): Mark => {
      const dot = dots[index]
      return { id: point.at, x: dot?.x ?? 0, y: dot?.y ?? 0, r: 4, say: say(point) }
    }),
  }
}

const day = 86_400_000

/** From the first to the last; some days around a single one. */
function timeSpan(times: number[]): [number, number] {
  const known = times.filter((time) => Number.isFinite(time))
  const [from, to] = [Math.min(...known), Math.max(...known)]
  if (known.length === 0) return [0, day]
  return from < to ? [from, to] : [from - 3 * day, to + 3 * day]
}

/** Intervals as far as one wild one doesn't flatten the line. */
function clipped(points: SeriesPoint[]): (number | null)[] {
  const [low, high] = extent(points.map((point) => point.value)) ?? [0, 1]
  const room = high - low
  return points.flatMap((point) => [
    point.low === null ? null : Math.max(point.low, low - room),
    point.high === null ? null : Math.min(point.high, high + room),
  ])
}

type Known = { point: SeriesPoint; time: number; value: number }

/** The line breaks where a time has no figure, and where something was changed. */
function stretches(points: SeriesPoint[], known: Known[], events: SeriesEvent[]): Known[][] {
  const byAt = new Map(known.map((each) => [each.point.at, each]))
  const changes = events.map((event) => Date.parse(event.at))
  const runs: Known[][] = [[]]
  for (const point of points) {
    const here = byAt.get(point.at)
    const before = runs.at(-1)?.at(-1)
    if (here && before && changes.some((time) => time > before.time && time <= here.time)) runs.push([])
    if (here) runs.at(-1)?.push(here)
    else runs.push([])
  }
  return runs.filter((run) => run.length > 0)
}

function band(run: Known[], x: (time: number) => number, y: (value: number) => number): string[] {
  const whole = run.filter(({ point }) => isNumber(point.low) && isNumber(point.high))
  if (whole.length < 2) return []
  const upper = line(whole.map(({ point, time }) => [x(time), y(point.high ?? 0)]))
  const lower = line(whole.map(({ point, time }): [number, number] => [x(time), y(point.low ?? 0)]).reverse())
  return [`${upper}L${lower.slice(1)}Z`]
}

function levelText(
  level: SeriesLevel,
  x: (time: number) => number,
  format: Format,
  measure: Measure,
): string {
  const room = x(Date.parse(level.to)) - x(Date.parse(level.from)) - 4
  const whole = `${level.name} ${format(level.value)}`
  return measure(whole) <= room ? whole : measure(format(level.value)) <= room ? format(level.value) : ''
}

/** A place for a level's name above or below it, where the line doesn't run; there is always one above the picture. */
function besideLine(
  level: { x1: number; x2: number; y: number; low: number | null; high: number | null },
  wide: number,
  paths: [number, number][][],
  { top, bottom }: { top: number; bottom: number },
): { textX: number; textY: number } {
  const above = Math.min(level.y, level.high ?? level.y) - 5
  const below = Math.max(level.y, level.low ?? level.y) + 14
  for (const textY of [above, below]) {
    if (textY - 12 < top || textY + 4 > bottom) continue
    for (let textX = level.x1 + 4; textX + wide <= level.x2; textX += 6)
      if (
        !paths.some((path) =>
          runsThrough(path, { left: textX - 4, right: textX + wide + 4, top: textY - 14, bottom: textY + 6 }),
        )
      )
        return { textX, textY }
  }
  return { textX: level.x1 + 4, textY: top - 5 }
}

/** Whether a line from point to point crosses a box, or a point of it lies inside. */
function runsThrough(path: [number, number][], box: Box): boolean {
  return path.some(([x1, y1], index) => {
    const [x2, y2] = path[index + 1] ?? [x1, y1]
    const [from, to] = [Math.max(x1, box.left), Math.min(x2, box.right)]
    if (from > to) return false
    const at = (x: number) => (x2 > x1 ? y1 + ((y2 - y1) * (x - x1)) / (x2 - x1) : y1)
    const [one, other] = x2 > x1 ? [at(from), at(to)] : [y1, y2]
    return Math.min(one, other) <= box.bottom && Math.max(one, other) >= box.top
  })
}

/** Names of changes at the top, in as many rows as they need to stand clear of each other. */
function placeEvents(
  events: SeriesEvent[],
  x: (time: number) => number,
  left: number,
  right: number,
  measure: Measure,
) {
  const ends: number[] = []
  const placed = [...events]
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map((event) => {
      const at = x(Date.parse(event.at))
      const anchor = at > (left + right) / 2 ? ('end' as const) : ('start' as const)
      const room = anchor === 'start' ? right - at : at - left
      const lines = wrap(event.name, Math.min(220, room), measure, 1)
      const wide = Math.max(0, ...lines.map((text) => measure(text)))
      const from = anchor === 'start' ? at : at - wide
      let row = ends.findIndex((end) => end < from - 10)
      if (row < 0) row = ends.length
      ends[row] = from + wide
      return { x: at, lines, y: 11 + row * eventLine, anchor }
    })
  return { events: placed, rows: ends.length }
}

function isNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value)
}

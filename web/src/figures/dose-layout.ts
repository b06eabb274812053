// How far off it was against what goes along with it. The bins stand side by side with equal room, however many
// days they span: the outer ones are open and have no width. Where the promise lies is a line; the means of both
// sides are steps, because that is the shape that lateness has: it breaks at the promise.
import { number, rough } from '../lib/words.ts'
import { type Estimate, type Format, spoken } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import { type Measure, shorten } from './room.ts'
import { extent, labels, rounded, scale } from './scale.ts'

/** Days against the promise, both inclusive; null: all that is earlier or later. Negative is early. */
export interface DoseBin {
  from: number | null
  to: number | null
}
export interface DoseSeries {
  id: string
  /** "Stars", "Came back" */
  name: string
  format: Format
  /** One for each bin, in their order. */
  values: Estimate[]
  /** The means over all that were kept, and over all that were broken. */
  kept?: Estimate
  broken?: Estimate
  /** The ends of its axis; from the data unless given. */
  range?: [number, number]
}

export interface DosePoint {
  series: DoseSeries
  bin: DoseBin
  estimate: Estimate
}
interface Dot {
  id: string
  x: number
  y: number
  low: number | null
  high: number | null
  tone: 'good' | 'bad'
}
export interface DosePanel {
  series: DoseSeries
  top: number
  bottom: number
  ticks: { at: number; text: string }[]
  dots: Dot[]
  steps: {
    tone: 'good' | 'bad'
    x1: number
    x2: number
    y: number
    low: number | null
    high: number | null
  }[]
}
export interface DoseDrawing extends Drawing {
  panels: DosePanel[]
  left: number
  right: number
  /** The promise; null when all lies on one side of it. */
  promiseX: number | null
  bins: { x: number; lines: string[]; n: string }[]
  /** The lines that "n …" and the axis' name stand on. */
  nY: number
  axisY: number
  points: Map<string, DosePoint>
}

export interface DoseWords {
  /** With fewer than this no dot is drawn; the table has them all. 1 unless told. */
  fewest?: number
  /** "2 to 4 days late" */
  sayBin?: (bin: DoseBin) => string
  /** "+2…+4", under the axis */
  shortBin?: (bin: DoseBin) => string
  say?: (point: DosePoint) => string
}

const head = 24
const between = 34

export function layoutDose(
  bins: DoseBin[],
  series: DoseSeries[],
  width: number,
  measure: Measure,
  words: DoseWords = {},
): DoseDrawing {
  const sayBin = words.sayBin ?? binWords
  const say = words.say ?? ((point: DosePoint) => sentence(point, sayBin))
  const kept = bins.map(isKept)
  // a bin in which no series has anybody takes no room at the ends
  const met = bins.map((_, index) => series.some((each) => (each.values[index]?.n ?? 0) > 0))
  const first = met.indexOf(true)
  const last = met.lastIndexOf(true)
  const shown = bins.map((_, index) => index).filter((index) => index >= first && index <= last && first >= 0)
  const axes = series.map((each) => axisOf(each, shown))
  const left = Math.max(
    30,
    10 + Math.max(0, ...axes.flatMap((axis) => axis.ticks.map((tick) => measure(tick.text)))),
  )
  const [front] = series
  const ns = shown.map((index) => front?.values[index]?.n ?? 0)
  // a bin has room for how many are in it; where that is too much for the page, the picture is scrolled
  const least = Math.max(24, ...ns.map((n) => measure(rough(n)) * 0.92))
  const room = Math.max(least, (width - 6 - left) / Math.max(1, shown.length))
  const right = left + room * shown.length
  const x = (index: number) => left + room * (shown.indexOf(index) + 0.5)
  const panelHeight = series.length > 1 ? 120 : 190
  const points = new Map<string, DosePoint>()
  const marks: Mark[] = []

  const panels = series.map((each, lane): DosePanel => {
    const top = head + lane * (panelHeight + between)
    const bottom = top + panelHeight
    const axis = axes[lane] ?? { range: [0, 1] as [number, number], ticks: [] }
    const y = scale(axis.range, [bottom - 4, top + 8])
    const place = (value: number | null) => (isNumber(value) ? y(value) : null)
    const dots = shown.flatMap((index): Dot[] => {
      const estimate = each.values[index]
      const bin = bins[index]
      if (!estimate || !bin || !isNumber(estimate.value) || estimate.n < (words.fewest ?? 1)) return []
      const id = `${each.id} ${index}`
      const point = { series: each, bin, estimate }
      points.set(id, point)
      const dot: Dot = {
        id,
        x: x(index),
        y: y(estimate.value),
        low: place(estimate.low),
        high: place(estimate.high),
        tone: kept[index] ? 'good' : 'bad',
      }
      marks.push({ id, x: dot.x, y: dot.y, lane, r: 5, say: say(point) })
      return [dot]
    })
    const side = (estimate: Estimate | undefined, tone: 'good' | 'bad') => {
      const own = shown.filter((index) => kept[index] === (tone === 'good'))
      const [from, to] = [own[0], own.at(-1)]
      if (!estimate || !isNumber(estimate.value) || estimate.n < (words.fewest ?? 1)) return []
      if (from === undefined || to === undefined) return []
      return [
        {
          tone,
          x1: x(from) - room / 2 + 2,
          x2: x(to) + room / 2 - 2,
          y: y(estimate.value),
          low: place(estimate.low),
          high: place(estimate.high),
        },
      ]
    }
    return {
      series: each,
      top,
      bottom,
      ticks: axis.ticks.map((tick) => ({ at: y(tick.value), text: tick.text })),
      dots,
      steps: [...side(each.kept, 'good'), ...side(each.broken, 'bad')],
    }
  })
  const early = shown.filter((index) => kept[index]).length
  const spelled = ns.every((n) => measure(`n ${number(n)}`) < room - 2)
  const labels = shown.map((index, place) => {
    const text = (words.shortBin ?? shortBinWords)(bins[index] ?? { from: null, to: null })
    const n = ns[place] ?? 0
    return {
      x: x(index),
      lines: measure(text) <= room - 4 ? [text] : inTwo(text, room, measure),
      n: spelled ? `n ${number(n)}` : rough(n),
    }
  })
  const bottom = panels.at(-1)?.bottom ?? head
  const nY = bottom + 19 + 14 * Math.max(1, ...labels.map((label) => label.lines.length))
  return {
    width: Math.max(width, right + 6),
    height: nY + 24,
    marks,
    panels,
    left,
    right,
    promiseX: early > 0 && early < shown.length ? left + room * early : null,
    bins: labels,
    nY,
    axisY: nY + 18,
    points,
  }
}

function axisOf(series: DoseSeries, shown: number[]) {
  const values = shown.map((index) => series.values[index])
  const found = extent(values.flatMap((each) => [each?.value, each?.low, each?.high]))
  const range = series.range ?? rounded(found ?? [0, 1], 4)
  return { range, ticks: labels(range, 4, series.format) }
}

/** Kept: not later than promised. */
export function isKept(bin: DoseBin): boolean {
  return bin.to !== null && bin.to <= 0
}

export function binWords({ from, to }: DoseBin): string {
  const days = (value: number) => `${number(Math.abs(value))} ${Math.abs(value) === 1 ? 'day' : 'days'}`
  if (from === null && to === null) return 'whenever it came'
  if (from === null) return `${days(to ?? 0)} early or more`
  if (to === null) return `${days(from)} late or more`
  if (from === 0 && to === 0) return 'on the day'
  if (from === to) return `${days(from)} ${from > 0 ? 'late' : 'early'}`
  const [near = 0, far = 0] = [Math.abs(from), Math.abs(to)].toSorted((a, b) => a - b)
  return `${number(near)} to ${days(far)} ${to > 0 ? 'late' : 'early'}`
}

function shortBinWords({ from, to }: DoseBin): string {
  const sign = (value: number) => (value > 0 ? `+${number(value)}` : number(value))
  if (from === null) return `≤ ${sign(to ?? 0)}`
  if (to === null) return `≥ ${sign(from)}`
  return from === to ? sign(from) : `${sign(from)}…${sign(to)}`
}

/** "+7…+13" as "+7" over "…+13", "≤ −14" as "≤" over "−14". */
function inTwo(text: string, room: number, measure: Measure): string[] {
  const [from = text, to] = text.split(/…|\s/, 2)
  if (to === undefined) return [shorten(text, room, measure)]
  const lower = text.includes('…') && measure(`…${to}`) <= room + 2 ? `…${to}` : to
  return [from, lower].map((part) => shorten(part, room + 4, measure))
}

function sentence({ series, bin, estimate }: DosePoint, sayBin: (bin: DoseBin) => string): string {
  const when = sayBin(bin)
  return `${when.charAt(0).toUpperCase()}${when.slice(1)}: ${series.name.toLowerCase()} ${spoken(estimate, series.format)}, n ${number(estimate.n)}.`
}

function isNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value)
}

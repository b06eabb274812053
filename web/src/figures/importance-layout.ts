// Importance against experience: what matters is high, what goes badly is on the left. A touchpoint is only
// called something ("mend first") where that is sure, and a quarter only has a name when something surely lies in it.
import { number, percent } from '../lib/words.ts'
import { type Estimate, type Format, signed, spoken } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import { type Box, type Measure, type Name, placeNames, shorten, widestName } from './room.ts'
import { extent, labels, scale } from './scale.ts'

export type Quadrant = 'mend' | 'keep' | 'minor' | 'fine'
export const quadrantWords: Record<Quadrant, string> = {
  mend: 'matters, goes badly: mend first',
  keep: 'matters, goes well: keep',
  minor: 'matters less, goes badly',
  fine: 'matters less, goes well',
}

export interface ImportancePoint {
  id: string
  name: string
  /** The share of what is explained, 0 to 1. */
  importance: Estimate
  /** −1 to +1. */
  experience: Estimate
  /** The quarter it surely lies in; null where that can't be told. */
  quadrant: Quadrant | null
}

export interface ImportanceDot {
  point: ImportancePoint
  x: number
  y: number
  r: number
  tone: 'good' | 'bad' | 'unsure' | 'faint'
  /** It matters so much more that it stands above the picture, with its figure beside its name. */
  beyond: boolean
  /** The intervals; null where there is none. */
  across: { from: number; to: number } | null
  up: { from: number; to: number } | null
}
export interface ImportanceDrawing extends Drawing {
  plot: Box
  dots: ImportanceDot[]
  names: Name[]
  xTicks: { at: number; text: string }[]
  yTicks: { at: number; text: string }[]
  /** Where the quarters meet; null when that is unknown. */
  splitX: number
  splitY: number | null
  quarters: { quadrant: Quadrant; text: string; x: number; y: number; anchor: 'start' | 'end'; area: Box }[]
  /** Where those stand of whom nobody said how it was; null: there are none. */
  strip: { from: number; middle: number } | null
  /** Where those stand that matter far more than all others; null: there are none. */
  beyond: { top: number; bottom: number } | null
  /** Drawn fainter when so many crosses lie over each other. */
  crowded: boolean
}

export interface ImportanceOptions {
  /** From this share on it matters; null: no line. */
  matters: number | null
  /** From this experience on it goes well; 0 unless told. */
  goesWell?: number
  say?: (point: ImportancePoint) => string
  measure: Measure
  formatImportance?: Format
  words?: Record<Quadrant, string>
}

const left = 44
const top = 30
const bottomRoom = 40
const beyondRoom = 34
/** So many times as much as all others: drawn to scale it would press them into a line. */
const farTimes = 3

export function layoutImportance(
  points: ImportancePoint[],
  width: number,
  options: ImportanceOptions,
): ImportanceDrawing {
  const { matters, goesWell = 0, measure } = options
  const format = options.formatImportance ?? ((value) => percent(value, value < 0.1 ? 1 : 0))
  const say = options.say ?? ((point) => sentence(point, format, options.words ?? quadrantWords))
  const weighed = points.filter((point) => isNumber(point.importance.value))
  const known = weighed.filter((point) => isNumber(point.experience.value))
  const unasked = weighed.filter((point) => !isNumber(point.experience.value))
  const stripWidth = unasked.length === 0 ? 0 : width < 500 ? 56 : 96
  const crowded = known.length > 14
  const height = Math.round(Math.max(crowded ? 460 : 340, Math.min(560, width * 0.62)))
  const far = farAbove(weighed, matters)
  const plot: Box = {
    left,
    right: width - 12 - stripWidth,
    top: top + (far.size > 0 ? beyondRoom : 0),
    bottom: height - bottomRoom,
  }
  const strip = unasked.length === 0 ? null : { from: plot.right + 8, middle: width - 8 - stripWidth / 2 }

  const xs = domain(
    known.map((point) => point.experience),
    [goesWell],
    [-1, 1],
  )
  const ys = domain(
    weighed.filter((point) => !far.has(point)).map((point) => point.importance),
    matters === null ? [0] : [0, matters],
    [0, null],
  )
  const x = scale(xs, [plot.left + 14, plot.right - 14])
  const y = scale(ys, [plot.bottom - 24, plot.top + 28])
  const most = Math.max(1, ...known.map((point) => point.experience.n))

  const dots = weighed
    .map((point): ImportanceDot => {
      const { importance, experience } = point
      const beyond = far.has(point)
      const height = (value: number) => Math.max(y(value), plot.top)
      return {
        point,
        beyond,
        x: isNumber(experience.value) ? x(experience.value) : (strip?.middle ?? plot.right),
        y: beyond ? plot.top - beyondRoom / 2 : y(importance.value ?? 0),
        r: 4 + 4.5 * Math.sqrt(Math.max(0, experience.n) / most),
        tone: toneOf(point, goesWell),
        across: span(experience, x),
        up: beyond ? spanBeyond(importance, plot.top, height) : span(importance, height),
      }
    })
    .sort((a, b) => (b.point.importance.value ?? 0) - (a.point.importance.value ?? 0))

  const splitX = x(goesWell)
  const splitY = matters === null ? null : y(matters)
  const quarters = nameQuarters(known, plot, splitX, splitY, options.words ?? quadrantWords, measure)
  const names = placeNames(
    dots
      // of those that nobody was asked about, only what matters is named: they stand in one line
      .filter(
        ({ point }) => isNumber(point.experience.value) || (point.importance.value ?? 0) > (matters ?? 0),
      )
      .map(({ point, x: dotX, y: dotY, r, beyond }) => ({
        id: point.id,
        name: beyond ? withFigure(point.name, format(point.importance.value ?? 0), measure) : point.name,
        x: dotX,
        y: dotY,
        r,
      })),
    quarters.map(({ x: at, y: line, text, anchor }) => {
      const wide = measure(text)
      const from = anchor === 'start' ? at : at - wide
      return { left: from, right: from + wide, top: line - 12, bottom: line + 4 }
    }),
    dots.flatMap(({ across, up, x: dotX, y: dotY }) => [
      ...(across ? [{ left: across.from, right: across.to, top: dotY - 1, bottom: dotY + 1 }] : []),
      ...(up ? [{ left: dotX - 1, right: dotX + 1, top: up.to, bottom: up.from }] : []),
    ]),
    {
      left: plot.left + 2,
      right: width - 14,
      top: plot.top + 2 - (far.size > 0 ? beyondRoom : 0),
      bottom: plot.bottom - 2,
    },
    measure,
  )
  return {
    width,
    height,
    plot,
    dots,
    names,
    splitX,
    splitY,
    quarters,
    strip,
    beyond: far.size === 0 ? null : { top: plot.top - beyondRoom, bottom: plot.top },
    crowded,
    xTicks: labels(xs, width < 500 ? 4 : 6, signed).map(({ value, text }) => ({ at: x(value), text })),
    yTicks: labels(ys, 5, (value) => percent(value, ys[1] < 0.04 ? 1 : 0)).map(({ value, text }) => ({
      at: y(value),
      text,
    })),
    marks: dots.map((dot): Mark => ({ id: dot.point.id, x: dot.x, y: dot.y, r: dot.r, say: say(dot.point) })),
  }
}

/** The few that matter so much more than all others that the others couldn't be told apart beside them. */
function farAbove(weighed: ImportancePoint[], matters: number | null): Set<ImportancePoint> {
  const sorted = weighed.toSorted((a, b) => (b.importance.value ?? 0) - (a.importance.value ?? 0))
  const least = Math.max(0, matters ?? 0)
  for (let few = 1; few <= Math.max(1, Math.floor(sorted.length / 6)) && sorted.length - few >= 3; few++) {
    const next = Math.max(sorted[few]?.importance.value ?? 0, least)
    if ((sorted[few - 1]?.importance.value ?? 0) > farTimes * next) return new Set(sorted.slice(0, few))
  }
  return new Set()
}

/** The name of what stands beyond the scale says its figure, however long it is. */
function withFigure(name: string, figure: string, measure: Measure): string {
  return `${shorten(name, widestName - measure(` ${figure}`) - 2, measure)} ${figure}`
}

/** What is drawn: the estimates, and their intervals as far as they don't push the estimates into a corner. */
function domain(
  estimates: Estimate[],
  include: number[],
  [least, most]: [number | null, number | null],
): [number, number] {
  const [nearest, furthest] = extent([...estimates.map((each) => each.value), ...include]) ?? [0, 1]
  // neither a dot nor the line between the quarters lies at the very edge
  const edge = (furthest - nearest) * 0.08
  const [low, high] = [nearest - edge, furthest + edge]
  const room = Math.max((high - low) * 0.6, 1e-9)
  const reach = extent([
    low,
    high,
    ...estimates.flatMap((each) => [
      each.low === null ? null : Math.max(each.low, low - room),
      each.high === null ? null : Math.min(each.high, high + room),
    ]),
  ]) ?? [low, high]
  return [
    least === null ? reach[0] : Math.max(least, reach[0]),
    most === null ? reach[1] : Math.min(most, reach[1]),
  ]
}

function span(estimate: Estimate, place: (value: number) => number): { from: number; to: number } | null {
  if (!isNumber(estimate.low) || !isNumber(estimate.high)) return null
  return { from: place(estimate.low), to: place(estimate.high) }
}

/** Up to the end of the picture; its lower end may reach into the scale. */
function spanBeyond(
  { low, high }: Estimate,
  edge: number,
  place: (value: number) => number,
): { from: number; to: number } | null {
  return isNumber(low) && isNumber(high) ? { from: Math.max(place(low), edge), to: edge - beyondRoom } : null
}

export function toneOf({ quadrant, experience }: ImportancePoint, goesWell = 0): ImportanceDot['tone'] {
  if (quadrant === null) return 'faint'
  const { low, high } = experience
  if (low !== null && low > goesWell) return 'good'
  if (high !== null && high < goesWell) return 'bad'
  return quadrant === 'mend' || quadrant === 'minor' ? 'bad' : 'good'
}

function nameQuarters(
  points: ImportancePoint[],
  plot: Box,
  splitX: number,
  splitY: number | null,
  words: Record<Quadrant, string>,
  measure: Measure,
): ImportanceDrawing['quarters'] {
  if (splitY === null) return []
  const found = new Set(points.map((point) => point.quadrant))
  return (['mend', 'keep', 'minor', 'fine'] as const).flatMap((quadrant) => {
    if (!found.has(quadrant)) return []
    const worse = quadrant === 'mend' || quadrant === 'minor'
    const upper = quadrant === 'mend' || quadrant === 'keep'
    const area = {
      left: worse ? plot.left : splitX,
      right: worse ? splitX : plot.right,
      top: upper ? plot.top : splitY,
      bottom: upper ? splitY : plot.bottom,
    }
    const text = words[quadrant]
    // a name that is longer than its quarter would read as that of its neighbour
    const fits = measure(text) < area.right - area.left - 16
    return [
      {
        quadrant,
        area,
        text: fits ? text : (text.split(': ')[1] ?? text.split(', ')[1] ?? text),
        x: worse ? plot.left + 8 : plot.right - 8,
        y: upper ? plot.top + 16 : plot.bottom - 8,
        anchor: worse ? ('start' as const) : ('end' as const),
      },
    ]
  })
}

function sentence(point: ImportancePoint, format: Format, words: Record<Quadrant, string>): string {
  const { name, importance, experience, quadrant } = point
  if (experience.value === null)
    return `${name}: ${spoken(importance, format)} of what can be told apart; nobody said how it was.`
  const level = experience.value
  const how = level > 0.1 ? 'good' : level < -0.1 ? 'bad' : 'neither good nor bad'
  return `${name}: ${spoken(importance, format)} of what can be told apart; experience ${how}, ${spoken(experience, signed)}, from ${number(experience.n)} customers; ${quadrant === null ? 'where it belongs can’t be told yet' : words[quadrant]}.`
}

function isNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value)
}

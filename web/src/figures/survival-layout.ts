// How many had come back by when, for several groups: stairs with bands, dashed where few are still followed, the
// numbers still followed below, a mark where half had come back.
import { compact, number, percent } from '../lib/words.ts'
import type { Estimate, Format } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import { type Measure, shorten } from './room.ts'
import { extent, labels, rounded, scale, stairs, stairsBand, ticks } from './scale.ts'

export interface CurveStep {
  time: number
  /** Of those followed so long: who had come back (rising), or who had not (falling). 0 to 1. */
  share: number
  low: number | null
  high: number | null
  /** Still followed and not back yet, just before. */
  atRisk: number
}
export interface SurvivalGroup {
  id: string
  name: string
  n: number
  /** In the order of time. */
  curve: CurveStep[]
  /** When half had; null where that isn't known. */
  median: Estimate | null
}
export interface SurvivalPoint {
  group: SurvivalGroup
  time: number
  step: CurveStep
}
export interface SurvivalOptions {
  /** "days", under the axis and in sentences. */
  unit: string
  /** "had come back" */
  happened: string
  /** The share falls from all to none: who hasn't come back. */
  falling?: boolean
  /** How far the axis reaches; to the last step unless told. */
  horizon?: number
  /** Fewer still followed than this: dashed. 20 unless told. */
  few?: number
  format?: Format
  say?: (point: SurvivalPoint) => string
}
export interface SurvivalCurve {
  group: SurvivalGroup
  index: number
  line: string
  /** From where few are followed. */
  dashed: string
  band: string
  median: { x: number; y: number } | null
  name: { x: number; y: number; text: string } | null
  /** How many were still followed at each mark of the axis. */
  atRisk: { x: number; text: string }[]
  riskName: string
  riskY: number
}
export interface SurvivalDrawing extends Drawing {
  left: number
  right: number
  top: number
  bottom: number
  curves: SurvivalCurve[]
  xTicks: { at: number; text: string }[]
  yTicks: { at: number; text: string }[]
  half: number | null
  axisY: number
  riskHead: number
  /** The group's name stands above its numbers instead of before them. */
  narrow: boolean
  points: Map<string, SurvivalPoint>
}

export function layoutSurvival(
  groups: SurvivalGroup[],
  width: number,
  measure: Measure,
  options: SurvivalOptions,
): SurvivalDrawing {
  const { few = 20, format = (value: number) => percent(value) } = options
  const say = options.say ?? ((point: SurvivalPoint) => sentence(point, options, few))
  const shown = groups.filter((group) => group.curve.length > 0)
  const narrow = width < 520
  const longest = Math.max(0, ...shown.map((group) => measure(group.name)))
  const horizon = options.horizon ?? Math.max(0, ...shown.map((group) => group.curve.at(-1)?.time ?? 0))
  const found = extent(shown.flatMap((group) => group.curve.flatMap((step) => [step.share, ceiling(step)])))
  const most = Math.min(1, rounded([0, found?.[1] ?? 1], 4)[1])
  const nameRoom = narrow ? width : Math.min(160, longest)
  const firstNumber = Math.max(0, ...shown.map((group) => measure(compact(group.n)) / 2))
  const left = Math.max(44, narrow ? 0 : nameRoom + firstNumber + 10)
  const right = width - (narrow ? Math.max(14, firstNumber) : nameRoom + 10)
  const top = 14
  const bottom = top + Math.max(190, Math.min(300, width * 0.34))
  const end = horizon > 0 ? horizon : 1
  const x = scale([0, end], [left, right])
  const y = scale([0, most], [bottom, top])
  const times = niceTimes(end, options.unit, Math.max(2, Math.floor((right - left) / 64)))
  const riskHead = bottom + 56
  const riskRow = narrow ? 32 : 18
  const points = new Map<string, SurvivalPoint>()

  const curves = shown.map((group, index): SurvivalCurve => {
    const steps = thin(group.curve, x)
    const cut = steps.findIndex((step) => step.atRisk < few)
    const sure = cut < 0 ? steps : steps.slice(0, cut + 1)
    const late = cut < 0 ? [] : steps.slice(Math.max(0, cut))
    const start = { x: left, share: options.falling ? 1 : 0 }
    const path = (list: CurveStep[], first?: [number, number]) =>
      stairs([
        ...(first ? [first] : []),
        ...list.map((step): [number, number] => [x(step.time), y(step.share)]),
      ])
    const banded = sure.filter((step) => step.low !== null && step.high !== null)
    const median = group.median?.value
    return {
      group,
      index,
      line: path(sure, [start.x, y(start.share)]),
      dashed: path(late),
      band: stairsBand(
        banded.map((step) => ({ x: x(step.time), low: y(step.low ?? 0), high: y(step.high ?? 0) })),
      ),
      median: median != null && median <= end && most >= 0.5 ? { x: x(median), y: y(0.5) } : null,
      name: null,
      atRisk: times.map((time) => ({ x: x(time), text: compact(at(group.curve, time)?.atRisk ?? group.n) })),
      riskName: shorten(group.name, nameRoom, measure),
      riskY: riskHead + 20 + index * riskRow + (narrow ? 14 : 0),
    }
  })
  if (!narrow)
    nameEnds(curves, x, y, { top, bottom, measure, name: (text) => shorten(text, nameRoom, measure) })

  const marks: Mark[] = []
  for (const { group, index } of curves) {
    const last = Math.min(end, group.curve.at(-1)?.time ?? 0)
    for (const time of [...new Set([...times.filter((each) => each > 0 && each < last), last])]) {
      const step = at(group.curve, time)
      if (!step) continue
      const id = `${group.id} ${time}`
      const point = { group, time, step }
      points.set(id, point)
      marks.push({ id, x: x(time), y: y(step.share), r: 4, lane: index, say: say(point) })
    }
  }
  return {
    width,
    height: riskHead + 12 + shown.length * riskRow + 8,
    left,
    right,
    top,
    bottom,
    curves,
    marks,
    points,
    narrow,
    riskHead,
    axisY: bottom + 34,
    half: most >= 0.5 && curves.some((curve) => curve.median) ? y(0.5) : null,
    xTicks: times.map((time) => ({ at: x(time), text: number(time) })),
    yTicks: labels([0, most], 4, format).map(({ value, text }) => ({ at: y(value), text })),
  }
}

/** Where a curve stands at a time: its last step until then. */
function at(curve: CurveStep[], time: number): CurveStep | null {
  let found: CurveStep | null = null
  let [low, high] = [0, curve.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const step = curve[middle]
    if (step && step.time <= time) {
      found = step
      low = middle + 1
    } else high = middle - 1
  }
  return found
}

/** One step a pixel: a year of days on a small screen, or a million customers, draw as fast as a few. */
function thin(curve: CurveStep[], x: (time: number) => number): CurveStep[] {
  const kept: CurveStep[] = []
  for (const step of curve) {
    const last = kept.at(-1)
    if (last && kept.length > 1 && Math.round(x(last.time)) === Math.round(x(step.time))) kept.pop()
    kept.push(step)
  }
  return kept
}

/** Intervals count for the axis as long as they are of use. */
function ceiling(step: CurveStep): number | null {
  return step.high === null ? null : Math.min(step.high, step.share * 1.5 + 0.05)
}

/** Names at the ends of the curves, moved apart where curves end together; none that another curve runs through. */
function nameEnds(
  curves: SurvivalCurve[],
  x: (time: number) => number,
  y: (share: number) => number,
  room: { top: number; bottom: number; measure: Measure; name: (text: string) => string },
): void {
  const ends = curves
    .map((curve) => ({ curve, last: curve.group.curve.at(-1) }))
    .flatMap(({ curve, last }) => (last ? [{ curve, at: y(last.share), from: x(last.time) }] : []))
    .sort((a, b) => a.at - b.at)
  let lowest = room.top - 8
  for (const end of ends) {
    lowest = Math.max(end.at, lowest + 15)
    end.at = lowest
  }
  let highest = room.bottom + 8
  for (const end of ends.toReversed()) {
    highest = Math.min(end.at, highest - 15)
    const name = { x: end.from + 8, y: highest + 4, text: room.name(end.curve.group.name) }
    const right = name.x + room.measure(name.text)
    const struck = curves.some(
      ({ group }) => group !== end.curve.group && runsAcross(group.curve, x, y, { ...name, right }),
    )
    end.curve.name = struck ? null : name
  }
}

/** Whether the stairs of a curve run through a line of text. */
function runsAcross(
  curve: CurveStep[],
  x: (time: number) => number,
  y: (share: number) => number,
  text: { x: number; right: number; y: number },
): boolean {
  return curve.some((step, index) => {
    const from = x(step.time)
    const next = curve[index + 1]
    const to = next ? x(next.time) : from
    if (from > text.right || to < text.x) return false
    return y(step.share) > text.y - 14 && y(step.share) < text.y + 6
  })
}

/** What a person reads of a curve: where it stands at round times. */
export function readings(group: SurvivalGroup, unit: string): CurveStep[] {
  const end = group.curve.at(-1)?.time ?? 0
  return niceTimes(Math.max(end, 1), unit, 24).flatMap((time) => {
    const step = at(group.curve, time)
    return step ? [{ ...step, time }] : []
  })
}

/** Round times: months of 30 days and years where it counts days. */
function niceTimes(end: number, unit: string, most: number): number[] {
  const days = [1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1825]
  const step = unit === 'days' ? days.find((each) => end / each <= most + 0.5) : undefined
  if (!step) return ticks([0, end], most)
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step)
}

function sentence({ group, time, step }: SurvivalPoint, options: SurvivalOptions, few: number): string {
  const format = options.format ?? ((value: number) => percent(value))
  const interval =
    step.low === null || step.high === null ? '' : ` (${format(step.low)} to ${format(step.high)})`
  return `${group.name}: ${format(step.share)}${interval} ${options.happened} within ${number(time)} ${options.unit}; ${
    step.atRisk < few ? `only ${number(step.atRisk)}` : number(step.atRisk)
  } were still followed then.`
}

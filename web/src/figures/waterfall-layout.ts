// Contributions to a score, one after the other, from where everybody begins to where this one stands. The largest
// keep their place in the order; the many small ones are folded into one row. What the rows don't add up to is
// said as a row of its own rather than left for somebody to find.
import { type Format, signed } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import type { Measure } from './room.ts'
import { type PlacedRow, placeRows } from './rows-layout.ts'
import { extent, scale } from './scale.ts'

export interface Contribution {
  id: string
  /** "Delivered four days late" */
  name: string
  value: number
}
export interface WaterfallInput {
  start: { name: string; value: number }
  steps: Contribution[]
  end: { name: string; value: number; low?: number | null; high?: number | null }
}
export interface WaterfallOptions {
  /** How a contribution is written; "+14", "−11" unless told. */
  format?: Format
  /** How the start and the end are written. */
  formatTotal?: Format
  /** How many rows at most; 12 unless told. */
  most?: number
  say?: (step: Contribution) => string
}
export interface WaterfallRow extends PlacedRow {
  kind: 'total' | 'step' | 'rest'
  from: number
  to: number
  tone: 'good' | 'bad' | 'faint' | 'ink'
  value: string
  /** The interval of the end. */
  low: number | null
  high: number | null
}
export interface WaterfallDrawing extends Drawing {
  rows: WaterfallRow[]
}

const rest = 'the rest'
const difference = 'the difference'

export function layoutWaterfall(
  input: WaterfallInput,
  width: number,
  measure: Measure,
  options: WaterfallOptions = {},
): WaterfallDrawing {
  const format = options.format ?? ((value) => signed(value, 0))
  const formatTotal = options.formatTotal ?? ((value) => signed(value, 0).replace('+', ''))
  const steps = foldSteps(input, options.most ?? 12)
  if (steps.length === 0 && input.start.value === input.end.value)
    return { width, height: 0, marks: [], rows: [] }

  const say = (step: Contribution) =>
    step.id === rest || step.id === difference || !options.say
      ? `${step.name}: ${format(step.value)}.`
      : options.say(step)
  let running = input.start.value
  const items = [
    {
      id: ' start',
      name: input.start.name,
      kind: 'total' as const,
      from: running,
      to: running,
      value: formatTotal(running),
      say: `${input.start.name}: ${formatTotal(running)}.`,
    },
    ...steps.map((step) => {
      const from = running
      running += step.value
      return {
        id: step.id,
        name: step.name,
        kind: step.id === rest || step.id === difference ? ('rest' as const) : ('step' as const),
        from,
        to: running,
        value: format(step.value),
        say: say(step),
      }
    }),
    {
      id: ' end',
      name: input.end.name,
      kind: 'total' as const,
      from: input.end.value,
      to: input.end.value,
      value: formatTotal(input.end.value),
      say: `${input.end.name}: ${formatTotal(input.end.value)}${interval(input.end, formatTotal)}.`,
    },
  ]
  const placed = placeRows(
    items.map(({ id, name }) => ({ id, name, height: 14 })),
    width,
    6,
    Math.max(...items.map((item) => measure(item.value))) + 4,
    measure,
  )
  const range = extent([...items.flatMap((item) => [item.from, item.to]), input.end.low, input.end.high]) ?? [
    0, 1,
  ]
  const x = scale(range, [placed.left + 6, placed.right - 6])
  const rows = placed.rows.flatMap((place, index): WaterfallRow[] => {
    const item = items[index]
    if (!item) return []
    const { low = null, high = null } = item.id === ' end' ? input.end : {}
    return [
      {
        ...place,
        kind: item.kind,
        from: x(item.from),
        to: x(item.to),
        tone: toneOf(item),
        value: item.value,
        low: low === null ? null : x(low),
        high: high === null ? null : x(high),
      },
    ]
  })
  return {
    width,
    height: placed.bottom + 4,
    rows,
    marks: rows.map(
      (row, index): Mark => ({
        id: row.id,
        x: (row.from + row.to) / 2,
        y: (row.top + row.bottom) / 2,
        lane: index,
        box: row.box,
        say: items[index]?.say ?? '',
        closed: row.kind !== 'step',
      }),
    ),
  }
}

function toneOf({
  kind,
  from,
  to,
}: {
  kind: WaterfallRow['kind']
  from: number
  to: number
}): WaterfallRow['tone'] {
  if (kind === 'total') return 'ink'
  if (kind === 'rest' || from === to) return 'faint'
  return to > from ? 'good' : 'bad'
}

/** The largest in their order, the others as one, and what is missing to the end. */
export function foldSteps({ start, steps, end }: WaterfallInput, most: number): Contribution[] {
  const large = new Set(
    [...steps]
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
      .slice(0, steps.length > most ? most - 1 : most)
      .map((step) => step.id),
  )
  const kept = steps.filter((step) => large.has(step.id))
  const small = steps.filter((step) => !large.has(step.id))
  const total = (list: Contribution[]) => list.reduce((sum, step) => sum + step.value, 0)
  const missing = end.value - start.value - total(steps)
  const size = Math.max(Math.abs(end.value - start.value), ...steps.map((step) => Math.abs(step.value)), 1e-9)
  return [
    ...kept,
    ...(small.length > 0
      ? [{ id: rest, name: `${small.length} smaller ones together`, value: total(small) }]
      : []),
    ...(Math.abs(missing) > size * 0.02
      ? [{ id: difference, name: 'What these don’t account for', value: missing }]
      : []),
  ]
}

function interval({ low, high }: WaterfallInput['end'], format: Format): string {
  return low == null || high == null ? '' : `, likely between ${format(low)} and ${format(high)}`
}

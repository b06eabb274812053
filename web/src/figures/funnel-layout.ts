// Who entered, who was left out and why, down to those who count. Bars share one beginning; those left out lie at
// the end of the bar that they were taken from.
import { number, percent } from '../lib/words.ts'
import type { Drawing, Mark } from './marks.ts'
import type { Measure } from './room.ts'
import { type PlacedRow, placeRows } from './rows-layout.ts'
import { scale } from './scale.ts'

export interface FunnelStep {
  id: string
  /** "bought in these twelve months" */
  name: string
  n: number
  /** Who is left out before the next step. */
  left?: { id: string; name: string; n: number }[]
}
export interface FunnelItem {
  id: string
  name: string
  n: number
  kind: 'step' | 'left'
}
export interface FunnelRow extends PlacedRow {
  kind: 'step' | 'left'
  from: number
  to: number
  value: string
  /** Of all who entered. */
  share: string
}
export interface FunnelDrawing extends Drawing {
  rows: FunnelRow[]
  /** Where the counts end; the shares end at the right. */
  valueX: number
}

export function layoutFunnel(
  steps: FunnelStep[],
  width: number,
  measure: Measure,
  say?: (item: FunnelItem) => string,
): FunnelDrawing {
  const items = unfold(steps)
  const first = steps[0]?.n ?? 0
  if (items.length === 0 || first <= 0) return { width, height: 0, marks: [], rows: [], valueX: width }
  const value = (item: FunnelItem) => (item.kind === 'left' ? `−${number(item.n)}` : number(item.n))
  const share = (item: FunnelItem) => percent(item.n / first)
  const shareRoom = Math.max(...items.map((item) => measure(share(item)))) + 8
  const placed = placeRows(
    items.map((item) => ({
      id: item.id,
      name: item.name,
      height: item.kind === 'left' ? 10 : 18,
      indent: item.kind === 'left' ? 16 : 0,
    })),
    width,
    4,
    Math.max(...items.map((item) => measure(value(item)))) + shareRoom,
    measure,
  )
  const x = scale([0, first], [placed.left, placed.right])
  let running = first
  const rows = placed.rows.flatMap((place, index): FunnelRow[] => {
    const item = items[index]
    if (!item) return []
    const from = item.kind === 'left' ? running - item.n : 0
    const to = item.kind === 'left' ? running : item.n
    running = item.kind === 'left' ? from : item.n
    return [{ ...place, kind: item.kind, from: x(from), to: x(to), value: value(item), share: share(item) }]
  })
  const sentence = (item: FunnelItem) =>
    say?.(item) ??
    (item.kind === 'left'
      ? `${number(item.n)} left out (${percent(item.n / first)} of all): ${item.name}.`
      : `${number(item.n)} ${item.name}, ${percent(item.n / first)} of all.`)
  return {
    width,
    height: placed.bottom + 2,
    rows,
    valueX: width - shareRoom,
    marks: items.map((item, index): Mark => {
      const row = rows[index]
      return {
        id: item.id,
        x: ((row?.from ?? 0) + (row?.to ?? 0)) / 2,
        y: ((row?.top ?? 0) + (row?.bottom ?? 0)) / 2,
        lane: index,
        ...(row ? { box: row.box } : {}),
        say: sentence(item),
        closed: item.id.startsWith('unexplained '),
      }
    }),
  }
}

/** Steps and those left out in one list; who is missing without a reason is said too. */
export function unfold(steps: FunnelStep[]): FunnelItem[] {
  return steps.flatMap((step, index): FunnelItem[] => {
    const next = steps[index + 1]
    const left = step.left ?? []
    const missing = next ? step.n - next.n - left.reduce((sum, each) => sum + each.n, 0) : 0
    return [
      { id: step.id, name: step.name, n: step.n, kind: 'step' },
      ...left.filter((each) => each.n > 0).map((each): FunnelItem => ({ ...each, kind: 'left' })),
      ...(missing > 0
        ? [
            {
              id: `unexplained ${step.id}`,
              name: 'for reasons not recorded',
              n: missing,
              kind: 'left' as const,
            },
          ]
        : []),
    ]
  })
}

// The order and the heights of names in the columns of a flow, and of the dummies that lead long lines through
// (Sugiyama, Tagawa and Toda 1981: sweeps by the middle of what is near).
import type { FlowPlace } from './flow-gather.ts'

export interface Slot {
  /** A touchpoint, or null where a line passes through. */
  place: FlowPlace | null
  texts: string[]
  column: number
  height: number
  /** The middle. */
  y: number
  /** Where it stands in its column; fractions while it is being sorted. */
  order: number
  near: { slot: Slot; weight: number }[]
}

const gap = 9

/** Sorts each column by where its neighbours stand, back and forth, and keeps the order with the fewest crossings. */
export function untangle(columns: Slot[][]): void {
  for (const column of columns) number(column.sort((a, b) => a.order - b.order))
  let best = crossings(columns)
  let kept = columns.map((column) => [...column])
  for (let sweep = 0; sweep < 8; sweep++) {
    const order = sweep % 2 === 0 ? columns : columns.toReversed()
    for (const column of order) {
      const wanted = new Map(column.map((slot) => [slot, middle(slot, (near) => near.order)]))
      number(column.sort((a, b) => (wanted.get(a) ?? a.order) - (wanted.get(b) ?? b.order)))
    }
    const now = crossings(columns)
    if (now >= best) continue
    best = now
    kept = columns.map((column) => [...column])
  }
  for (const [index, column] of columns.entries()) {
    column.splice(0, column.length, ...(kept[index] ?? []))
    number(column)
  }
}

/** Relative, so that columns of different lengths can be compared. */
function number(column: Slot[]): void {
  for (const [index, slot] of column.entries()) slot.order = (index + 0.5) / column.length
}

/** How often lines cross between neighbouring columns, heavy ones counting more. */
function crossings(columns: Slot[][]): number {
  let total = 0
  for (const column of columns) {
    const ahead = column.flatMap((slot) =>
      slot.near
        .filter((near) => near.slot.column === slot.column + 1)
        .map((near) => ({ from: slot.order, to: near.slot.order, weight: Math.sqrt(near.weight) })),
    )
    for (const [index, a] of ahead.entries())
      for (const b of ahead.slice(index + 1))
        if ((a.from - b.from) * (a.to - b.to) < 0) total += a.weight * b.weight
  }
  return total
}

/** Moves each slot towards its neighbours as far as the order and the room between slots allow. */
export function straighten(columns: Slot[][]): void {
  for (const column of columns) {
    let y = 0
    for (const slot of column) {
      slot.y = y + slot.height / 2
      y += slot.height + gap
    }
    for (const slot of column) slot.y -= y / 2
  }
  for (let pass = 0; pass < 10; pass++)
    for (const column of pass % 2 === 0 ? columns : columns.toReversed())
      settle(
        column,
        column.map((slot) => middle(slot, (near) => near.y) ?? slot.y),
      )
}

/**
 * As near to the wanted heights as possible without changing the order or coming too close: isotonic regression by
 * pooling adjacent violators, after what lies above has been taken off.
 */
function settle(column: Slot[], wanted: number[]): void {
  let above = 0
  const offsets = column.map((slot, index) => {
    const before = column[index - 1]
    if (before) above += before.height / 2 + gap + slot.height / 2
    return above
  })
  const pools: { sum: number; count: number }[] = []
  for (const [index, want] of wanted.entries()) {
    let pool = { sum: want - (offsets[index] ?? 0), count: 1 }
    for (
      let last = pools.at(-1);
      last && last.sum / last.count > pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count }
      pools.pop()
    }
    pools.push(pool)
  }
  const placed = pools.flatMap((pool) => Array.from({ length: pool.count }, () => pool.sum / pool.count))
  for (const [index, slot] of column.entries()) slot.y = (placed[index] ?? 0) + (offsets[index] ?? 0)
}

function middle(slot: Slot, of: (near: Slot) => number): number | null {
  let sum = 0
  let weight = 0
  for (const near of slot.near) {
    // a line that passes stays straight before a name moves towards it
    const heavy = Math.sqrt(near.weight) * (slot.place === null && near.slot.place === null ? 4 : 1)
    sum += of(near.slot) * heavy
    weight += heavy
  }
  return weight > 0 ? sum / weight : null
}

// What can be pointed at in a figure, and how the arrow keys walk over it.
import type { Box } from './room.ts'

export interface Mark {
  id: string
  x: number
  y: number
  /** The whole sentence: for the ear, the pointer and the keyboard alike. */
  say: string
  /** How large the ring around a dot is; 9 unless told. */
  r?: number
  /** A bar, a cell or a name instead of a dot. */
  box?: Box
  /** The row or series it belongs to: left and right stay in it, up and down change it. */
  lane?: number
  /** Nothing stands behind it, so that it can't be opened. */
  closed?: boolean
}

export interface Drawing {
  width: number
  height: number
  marks: Mark[]
  /** Lanes run down the picture, so that up and down stay in one and left and right change it. */
  lanesDown?: boolean
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End'
export function isArrow(key: string): key is Arrow {
  return /^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(key)
}

/**
 * Where an arrow leads: left and right to the neighbour in the same lane, up and down to the nearest in the next
 * lane. Marks that all lie in one lane are walked through by height with up and down. Null: there is no further.
 */
export function step(marks: Mark[], from: Mark, arrow: Arrow, lanesDown = false): Mark | null {
  if (lanesDown) {
    const found = step(marks.map(turned), turned(from), turnedArrow[arrow])
    return marks.find((mark) => mark.id === found?.id) ?? null
  }
  const lanes = [...new Set(marks.map(lane))].sort((a, b) => a - b)
  const own = marks.filter((mark) => lane(mark) === lane(from))
  switch (arrow) {
    case 'ArrowLeft':
      return beside(own, from, byX, -1)
    case 'ArrowRight':
      return beside(own, from, byX, 1)
    case 'ArrowUp':
    case 'ArrowDown': {
      const way = arrow === 'ArrowUp' ? -1 : 1
      if (lanes.length === 1) return beside(own, from, byY, way)
      const next = lanes[lanes.indexOf(lane(from)) + way]
      return nearestIn(
        marks.filter((mark) => lane(mark) === next),
        from.x,
      )
    }
    case 'Home':
      return inOrder(own, byX)[0] ?? null
    case 'End':
      return inOrder(own, byX).at(-1) ?? null
    default:
      return arrow satisfies never
  }
}

/** What lies under a pointer: the bar around it, else the nearest dot within reach. */
export function under(marks: Mark[], x: number, y: number, reach = 26): Mark | null {
  let found: Mark | null = null
  let least = reach
  for (const mark of marks) {
    const { box } = mark
    const away = box
      ? Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) * 4
      : Math.hypot(mark.x - x, mark.y - y)
    if (away >= least) continue
    least = away
    found = mark
  }
  return found
}

const turned = (mark: Mark): Mark => ({ ...mark, x: mark.y, y: mark.x })
const turnedArrow: Record<Arrow, Arrow> = {
  ArrowLeft: 'ArrowUp',
  ArrowRight: 'ArrowDown',
  ArrowUp: 'ArrowLeft',
  ArrowDown: 'ArrowRight',
  Home: 'Home',
  End: 'End',
}
const lane = (mark: Mark) => mark.lane ?? 0
const byX = (a: Mark, b: Mark) => a.x - b.x || a.y - b.y
const byY = (a: Mark, b: Mark) => a.y - b.y || a.x - b.x

function inOrder(marks: Mark[], by: (a: Mark, b: Mark) => number): Mark[] {
  return [...marks].sort(by)
}

function beside(marks: Mark[], from: Mark, by: (a: Mark, b: Mark) => number, way: -1 | 1): Mark | null {
  const order = inOrder(marks, by)
  return order[order.findIndex((mark) => mark.id === from.id) + way] ?? null
}

function nearestIn(marks: Mark[], x: number): Mark | null {
  let best: Mark | null = null
  for (const mark of marks) if (!best || Math.abs(mark.x - x) < Math.abs(best.x - x)) best = mark
  return best
}

// Where the names of the experience curve's dots find room: never on each other, on a dot or on the line.
import { around, type Box, overlaps } from '../figures/room.ts'
import type { CurvePoint, Dot, Label } from './curve-parts.ts'

const labelHeight = 15

export const widestLabel = 152

/** The more customers, the sooner a name gets its place: close above or below its dot, else further, else none. */
export function placeLabels(
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

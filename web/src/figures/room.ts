// Room for words in drawings: pure, so that tests can prove that no name lies on another.

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}
/** The width of a text in pixels. */
export type Measure = (text: string) => number

export function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

export function around(x: number, y: number, r: number): Box {
  return { left: x - r, right: x + r, top: y - r, bottom: y + r }
}

/** How a text around `x` is set so that it stays between 0 and `width`. */
export function anchorAt(x: number, wide: number, width: number): 'start' | 'middle' | 'end' {
  if (x - wide / 2 < 0) return 'start'
  return x + wide / 2 > width ? 'end' : 'middle'
}

/** The text, or its beginning and "…" within `room` pixels; a single letter stays however little room there is. */
export function shorten(text: string, room: number, measure: Measure): string {
  if (measure(text) <= room) return text
  const letters = [...text]
  let [low, high] = [1, letters.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (measure(`${letters.slice(0, middle).join('')}…`) <= room) low = middle
    else high = middle - 1
  }
  return `${letters.slice(0, low).join('').trimEnd()}…`
}

/** The text over at most `most` lines of `room` pixels; what finds no room ends in "…". */
export function wrap(text: string, room: number, measure: Measure, most = 2): string[] {
  const lines: string[] = []
  const words = text.split(/\s+/).filter(Boolean)
  while (words.length > 0 && lines.length < most) {
    const last = lines.length === most - 1
    let line = words.shift() ?? ''
    while (words.length > 0 && measure(`${line} ${words[0]}`) <= room) line += ` ${words.shift()}`
    if (last && words.length > 0) line = `${line} ${words.join(' ')}`
    lines.push(shorten(line, room, measure))
  }
  return lines
}

export interface Named {
  id: string
  x: number
  y: number
  r: number
  name: string
}
export interface Name extends Box {
  id: string
  text: string
  anchor: 'start' | 'middle' | 'end'
  /** Where the text begins (or ends, or has its middle). */
  x: number
  /** The line that the letters stand on. */
  y: number
  /** From the dot to a name that found room only further away. */
  leader: { x1: number; y1: number; x2: number; y2: number } | null
}

const lineHeight = 15
/** A name beside a dot is at most so wide. */
export const widestName = 170

/**
 * Names beside, above or below their dots, the first in the list first; a name that finds no free place is left
 * out. `taken`: what no name may cover. `thin`: lines that a name covers only when it finds no better place.
 */
export function placeNames(dots: Named[], taken: Box[], thin: Box[], room: Box, measure: Measure): Name[] {
  const solid = [...taken, ...dots.map((dot) => around(dot.x, dot.y, dot.r + 1))]
  const names: Name[] = []
  for (const dot of dots) {
    const text = shorten(dot.name, Math.min(widestName, room.right - room.left), measure)
    const wide = measure(text)
    const places = candidates(dot, text, wide).filter((place) => inside(place, room))
    const open = places.filter(
      (place) => !solid.some((other) => overlaps(place, other)) && clear(place, solid),
    )
    const chosen = open.find((place) => !thin.some((other) => overlaps(place, other))) ?? open[0]
    if (!chosen) continue
    names.push(chosen)
    solid.push(chosen)
  }
  return names
}

function candidates(dot: Named, text: string, wide: number): Name[] {
  const places: Name[] = []
  const at = (anchor: Name['anchor'], x: number, y: number, away: number) => {
    const left = anchor === 'start' ? x : anchor === 'end' ? x - wide : x - wide / 2
    const box = { left: left - 1, right: left + wide + 1, top: y - 11, bottom: y - 11 + lineHeight }
    places.push({ ...box, id: dot.id, text, anchor, x, y, leader: away > 14 ? leaderTo(dot, box) : null })
  }
  for (const away of [4, 10, 18, 28, 42, 60, 84, 112]) {
    const beside = dot.r + away
    at('start', dot.x + beside, dot.y - 5, away)
    at('end', dot.x - beside, dot.y - 5, away)
    at('start', dot.x + beside, dot.y + 14, away)
    at('end', dot.x - beside, dot.y + 14, away)
    at('middle', dot.x, dot.y - dot.r - away - 3, away)
    at('middle', dot.x, dot.y + dot.r + away + 11, away)
    if (away > 10)
      for (const up of [-away, away]) {
        at('start', dot.x + 8, dot.y + up, away)
        at('end', dot.x - 8, dot.y + up, away)
      }
  }
  return places
}

function leaderTo(dot: Named, box: Box) {
  const x2 = Math.max(box.left, Math.min(box.right, dot.x))
  const y2 = Math.max(box.top, Math.min(box.bottom, dot.y))
  const long = Math.hypot(x2 - dot.x, y2 - dot.y) || 1
  const from = (dot.r + 2) / long
  return { x1: dot.x + (x2 - dot.x) * from, y1: dot.y + (y2 - dot.y) * from, x2, y2 }
}

/** A leader runs over no name and no other dot. */
function clear({ leader }: Name, solid: Box[]): boolean {
  if (!leader) return true
  const steps = 12
  for (let step = 1; step < steps; step++) {
    const x = leader.x1 + ((leader.x2 - leader.x1) * step) / steps
    const y = leader.y1 + ((leader.y2 - leader.y1) * step) / steps
    if (solid.some((box) => x > box.left && x < box.right && y > box.top && y < box.bottom)) return false
  }
  return true
}

function inside(box: Box, room: Box): boolean {
  return box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom
}

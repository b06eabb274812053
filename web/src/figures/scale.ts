// From figures to places in a drawing, and round numbers for its axes.

export type Scale = (value: number) => number

/** A straight scale; what lies outside `from` is held at its ends, so that nothing is drawn outside the picture. */
export function scale([low, high]: [number, number], [start, end]: [number, number]): Scale {
  const span = high - low || 1
  return (value) => start + ((Math.min(Math.max(value, low), high) - low) / span) * (end - start)
}

/**
 * The least and the greatest of what is known; null when nothing is. One value alone gets room around it, since
 * an axis needs a length.
 */
export function extent(values: (number | null | undefined)[]): [number, number] | null {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value == null || !Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return null
  // closer together than the digits of a number reach is one value
  if (high - low > Math.max(Math.abs(low) * 1e-9, Math.abs(high) * 1e-9, smallest)) return [low, high]
  const room = Math.abs(low) * 0.1
  return room > smallest ? [low - room, high + room] : [low - 1, high + 1]
}

/** Numbers still nearer to nothing lose their digits: no axis can be marked in them. */
const smallest = 1e-300

/** Round numbers within low..high, about so many: steps of 1, 2, 2.5 or 5 times a power of ten. */
export function ticks([low, high]: [number, number], about = 5): number[] {
  const rough = (high - low) / Math.max(1, about)
  // near the smallest numbers there are, parts of a range are no longer equal
  if (!(rough > 1e-300) || !Number.isFinite(rough)) return [low]
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.75) ?? 10) * power
  const first = Math.ceil(low / step - 1e-9)
  const found: number[] = []
  // counted in whole steps: adding the step up would drift
  for (let index = first; index * step <= high + step * 1e-9; index++) {
    const value = Number((index * step).toPrecision(12))
    found.push(value === 0 ? 0 : value)
  }
  return found
}

/** Marks of an axis with their words: as many as stand clear of each other in `room` pixels, and no word twice. */
export function labels(
  range: [number, number],
  about: number,
  format: (value: number) => string,
  fits?: { room: number; measure: (text: string) => number },
): { value: number; text: string }[] {
  for (let most = about; ; most--) {
    const found = ticks(range, most).map((value) => ({ value, text: format(value) }))
    const widest = fits ? Math.max(0, ...found.map((tick) => fits.measure(tick.text))) + 18 : 0
    const crowded = fits && widest * (found.length - 1) > fits.room
    const twice = new Set(found.map((tick) => tick.text)).size < found.length
    if (most <= 1) return twice ? found.slice(0, 1) : found
    if (!crowded && !twice) return found
  }
}

/** low..high widened to the next round numbers. */
export function rounded([low, high]: [number, number], about = 5): [number, number] {
  const inner = ticks([low, high], about)
  const step = inner.length > 1 ? (inner[1] ?? 0) - (inner[0] ?? 0) : high - low
  if (!(step > 0)) return [low, high]
  const near = (value: number) => Number((value * step).toPrecision(12))
  return [near(Math.floor(low / step + 1e-9)), near(Math.ceil(high / step - 1e-9))]
}

/** A place in a path, to a tenth of a pixel. */
export function f(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** A path through points; '' for fewer than two. */
export function line(points: [number, number][]): string {
  return points.length < 2 ? '' : `M${points.map(([x, y]) => `${f(x)},${f(y)}`).join('L')}`
}

/** A path that keeps its height until the next point. */
export function stairs(points: [number, number][]): string {
  const [first, ...rest] = points
  if (!first || rest.length === 0) return ''
  return `M${f(first[0])},${f(first[1])}${rest.map(([x, y]) => `H${f(x)}V${f(y)}`).join('')}`
}

/** The area between two stairs over the same x. */
export function stairsBand(points: { x: number; low: number; high: number }[]): string {
  const upper = stairs(points.map(({ x, high }) => [x, high]))
  if (upper === '') return ''
  const lower = points.map(({ x, low }): [number, number] => [x, low])
  const [last] = lower.slice(-1)
  if (!last) return ''
  let back = `L${f(last[0])},${f(last[1])}`
  for (let index = lower.length - 1; index > 0; index--) {
    const before = lower[index - 1]
    const here = lower[index]
    if (before && here) back += `H${f(here[0])}V${f(before[1])}`
  }
  const [start] = lower
  return `${upper}${back}${start ? `H${f(start[0])}` : ''}Z`
}

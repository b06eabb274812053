// How something is spread: a bar a step, the promise as a line between what held and what did not.
import { number } from '../lib/words.ts'
import type { Format } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import { anchorAt, type Measure } from './room.ts'
import { labels, scale } from './scale.ts'

/** Above `from`, up to `to`; how many. */
export interface HistogramBin {
  from: number
  to: number
  n: number
}
export interface HistogramDrawing extends Drawing {
  bars: { id: string; x: number; width: number; y: number; height: number; tone: 'good' | 'bad' }[]
  ticks: { x: number; text: string; anchor: 'start' | 'middle' | 'end' }[]
  top: number
  bottom: number
  /** Where the promise lies. */
  promiseX: number
  /** What each side of it is called, where it has room. */
  sides: { text: string; x: number; anchor: 'start' | 'end'; tone: 'good' | 'bad' }[]
}

const [top, tall, under] = [24, 190, 42]

export function layoutHistogram(
  bins: HistogramBin[],
  width: number,
  measure: Measure,
  options: { formatTick: Format; say: (bin: HistogramBin) => string },
): HistogramDrawing {
  const [first, last] = [bins[0], bins.at(-1)]
  const range: [number, number] = [first?.from ?? 0, last?.to ?? 1]
  const x = scale(range, [4, width - 4])
  const bottom = top + tall
  const most = Math.max(1, ...bins.map(({ n }) => n))
  const bars = bins.flatMap((bin, index) => {
    if (bin.n === 0) return []
    const height = Math.max(1.5, (bin.n / most) * (tall - 6))
    const left = x(bin.from)
    return [
      {
        id: String(index),
        x: left + 0.75,
        width: Math.max(1, x(bin.to) - left - 1.5),
        y: bottom - height,
        height,
        tone: bin.to <= 0 ? ('good' as const) : ('bad' as const),
      },
    ]
  })
  return {
    width,
    height: bottom + under,
    bars,
    top,
    bottom,
    promiseX: x(0),
    ticks: labels(range, 8, options.formatTick, { room: width - 8, measure }).map(({ value, text }) => ({
      x: x(value),
      text,
      anchor: anchorAt(x(value), measure(text), width),
    })),
    sides: [
      { text: '▲ as promised', x: x(0) - 8, anchor: 'end' as const, tone: 'good' as const },
      { text: '▼ worse', x: x(0) + 8, anchor: 'start' as const, tone: 'bad' as const },
    ].filter((side) =>
      side.anchor === 'end' ? side.x >= measure(side.text) : side.x + measure(side.text) <= width,
    ),
    marks: bars.map((bar): Mark => {
      const bin = bins[Number(bar.id)]
      return {
        id: bar.id,
        x: bar.x + bar.width / 2,
        y: bar.y + bar.height / 2,
        box: { left: bar.x, right: bar.x + bar.width, top, bottom },
        closed: true,
        say: bin ? `${options.say(bin)}: ${number(bin.n)}.` : '',
      }
    }),
  }
}

// What was foretold against what came: on the diagonal it came as often as foretold. Both axes have the same
// scale, so that the diagonal means what it says.
import { type Estimate, type Format, spoken } from './estimate.ts'
import type { Drawing, Mark } from './marks.ts'
import type { Measure } from './room.ts'
import { extent, labels, scale } from './scale.ts'

export interface CalibrationBin {
  /** The mean of what was foretold: a share of 1, or how many for each. */
  foretold: number
  /** What came, in the same measure. */
  came: Estimate
}
export interface CalibrationDrawing extends Drawing {
  left: number
  right: number
  top: number
  bottom: number
  ticks: { x: number; y: number; text: string }[]
  dots: { id: string; x: number; y: number; low: number | null; high: number | null; sure: boolean }[]
}

const tallest = 340

export function layoutCalibration(
  bins: CalibrationBin[],
  width: number,
  measure: Measure,
  format: Format,
): CalibrationDrawing {
  const [top, under] = [10, 44]
  const known = extent(bins.flatMap(({ foretold, came }) => [foretold, came.value, came.low, came.high])) ?? [
    0, 1,
  ]
  const spread = 0.04 * (known[1] - known[0])
  const range: [number, number] = [Math.max(0, known[0] - spread), known[1] + spread]
  const left = 12 + Math.max(...labels(range, 5, format).map(({ text }) => measure(text)))
  const side = Math.max(120, Math.min(width - left - 12, tallest))
  const [right, bottom] = [left + side, top + side]
  const x = scale(range, [left, right])
  const y = scale(range, [bottom, top])
  const dots = bins.flatMap(({ foretold, came }, index) =>
    came.value === null
      ? []
      : [
          {
            id: String(index),
            x: x(foretold),
            y: y(came.value),
            low: came.low === null ? null : y(came.low),
            high: came.high === null ? null : y(came.high),
            // where the interval leaves the diagonal out, it was foretold wrongly
            sure: came.low !== null && came.high !== null && (came.low > foretold || came.high < foretold),
          },
        ],
  )
  return {
    width,
    height: bottom + under,
    left,
    right,
    top,
    bottom,
    ticks: labels(range, 5, format, { room: side, measure }).map(({ value, text }) => ({
      x: x(value),
      y: y(value),
      text,
    })),
    dots,
    marks: dots.map(({ id, x: at, y: height }): Mark => {
      const bin = bins[Number(id)]
      return {
        id,
        x: at,
        y: height,
        closed: true,
        say: bin
          ? `Foretold ${format(bin.foretold)}, came ${spoken(bin.came, format)}, n ${bin.came.n.toLocaleString('en')}.`
          : '',
      }
    }),
  }
}

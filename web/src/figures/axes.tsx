/** A round value of the axis, at so many pixels. */
interface AxisTick {
  at: number
  text: string
}

/** The values at the left, each with its line across the figure. */
export function LeftAxis({ ticks, left, right }: { ticks: AxisTick[]; left: number; right: number }) {
  return ticks.map((tick) => (
    <g key={tick.at}>
      <line x1={left} x2={right} y1={tick.at} y2={tick.at} className="fig-grid" />
      <text x={left - 8} y={tick.at + 4} className="fig-tick end">
        {tick.text}
      </text>
    </g>
  ))
}

/** The values below, each with its mark on the base line. `anchor`: where its text begins; its middle unless told. */
export function BottomAxis({
  ticks,
  bottom,
}: {
  ticks: (AxisTick & { anchor?: 'start' | 'middle' | 'end' })[]
  bottom: number
}) {
  return ticks.map((tick) => (
    <g key={tick.at}>
      <line x1={tick.at} x2={tick.at} y1={bottom} y2={bottom + 4} className="fig-base" />
      <text x={tick.at} y={bottom + 18} className={`fig-tick ${tick.anchor ?? 'middle'}`}>
        {tick.text}
      </text>
    </g>
  ))
}

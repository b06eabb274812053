import { useCallback } from 'react'
import { figures } from './columns.ts'
import type { Format } from './estimate.ts'
import { Figure, type FigureWords } from './figure.tsx'
import { type HistogramBin, type HistogramDrawing, layoutHistogram } from './histogram-layout.ts'
import { measure } from './measure.ts'

/** How far off it was, bar by bar, with the promise between the two sides. */
export function Histogram(
  props: FigureWords & {
    bins: HistogramBin[]
    formatTick: Format
    /** "1 to 2 days late" */
    say: (bin: HistogramBin) => string
    /** What stands under each end: ["days early", "days late"]. */
    ends: [string, string]
    /** What is counted, for the table. */
    what: string
  },
) {
  const { bins, formatTick, say, ends, what } = props
  const layout = useCallback(
    (width: number) => layoutHistogram(bins, width, measure, { formatTick, say }),
    [bins, formatTick, say],
  )
  return (
    <Figure
      words={props}
      legend={[]}
      empty={props.empty ?? 'Nothing has come yet that could be measured.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} ends={ends} />}
      table={{
        rows: bins.filter(({ n }) => n > 0),
        rowKey: (bin) => bin.from,
        columns: [
          { key: 'bin', header: 'Against the promise', value: say, sortedBy: (bin) => bin.from },
          figures<HistogramBin>('n', what, (bin) => bin.n),
        ],
      }}
    />
  )
}

function Drawn(props: { drawing: HistogramDrawing; active: string | null; ends: [string, string] }) {
  const { drawing, active, ends } = props
  const { bars, ticks, top, bottom, width, promiseX } = drawing
  return (
    <>
      {bars.map((bar) => (
        <g
          key={bar.id}
          className={`tone-${bar.tone} ${active !== null && active !== bar.id ? 'fig-dim' : ''}`}
        >
          <rect x={bar.x} y={bar.y} width={bar.width} height={bar.height} className="fig-fill" />
        </g>
      ))}
      <line x1={0} x2={width} y1={bottom} y2={bottom} className="fig-base" />
      <line x1={promiseX} x2={promiseX} y1={top - 8} y2={bottom} className="fig-promise" />
      {drawing.sides.map((side) => (
        <text key={side.tone} x={side.x} y={12} className={`dose-side ${side.tone} ${side.anchor}`}>
          {side.text}
        </text>
      ))}
      {ticks.map((tick) => (
        <text key={tick.x} x={tick.x} y={bottom + 17} className={`fig-tick ${tick.anchor}`}>
          {tick.text}
        </text>
      ))}
      <text x={0} y={bottom + 36} className="fig-axis">
        ← {ends[0]}
      </text>
      <text x={width} y={bottom + 36} className="fig-axis end">
        {ends[1]} →
      </text>
    </>
  )
}

import { useCallback } from 'react'
import { percent } from '../lib/words.ts'
import { type CalibrationBin, type CalibrationDrawing, layoutCalibration } from './calibration-layout.ts'
import { estimateColumns, figures } from './columns.ts'
import type { Format } from './estimate.ts'
import { Figure, type FigureWords } from './figure.tsx'
import { measure } from './measure.ts'

const share: Format = (value) => percent(value)

/** Whether what was foretold with 30 % came 3 times in 10. */
export function CalibrationPlot(
  props: FigureWords & {
    bins: CalibrationBin[]
    empty?: string
    /** Shares of 1 unless told. */
    format?: Format
  },
) {
  const { bins, format = share } = props
  const layout = useCallback(
    (width: number) => layoutCalibration(bins, width, measure, format),
    [bins, format],
  )
  return (
    <Figure
      words={props}
      legend={[
        { swatch: 'cross', tone: 'group1', text: 'about as many customers in each, with 95 % intervals' },
        { swatch: 'ring', tone: 'group1', text: 'as foretold, as far as can be told' },
        { swatch: 'dashed', tone: 'faint', text: 'came as often as foretold' },
      ]}
      empty={props.empty ?? 'Nothing was foretold yet.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} />}
      table={{
        rows: bins,
        rowKey: (bin) => bin.foretold,
        columns: [
          figures<CalibrationBin>('foretold', 'Foretold', (bin) => bin.foretold, format),
          ...estimateColumns<CalibrationBin>('Came', (bin) => bin.came, format),
        ],
      }}
    />
  )
}

function Drawn({ drawing, active }: { drawing: CalibrationDrawing; active: string | null }) {
  const { left, right, top, bottom } = drawing
  return (
    <>
      {drawing.ticks.map((tick) => (
        <g key={tick.text}>
          <line x1={left} x2={right} y1={tick.y} y2={tick.y} className="fig-grid" />
          <line x1={tick.x} x2={tick.x} y1={top} y2={bottom} className="fig-grid" />
          <text x={left - 8} y={tick.y + 4} className="fig-tick end">
            {tick.text}
          </text>
          <text x={tick.x} y={bottom + 18} className="fig-tick middle">
            {tick.text}
          </text>
        </g>
      ))}
      <text x={(left + right) / 2} y={bottom + 36} className="fig-axis middle">
        foretold
      </text>
      <text x={left + 8} y={top + 14} className="fig-axis">
        came
      </text>
      <g className="tone-faint">
        <line x1={left} x2={right} y1={bottom} y2={top} className="fig-line dashed" />
      </g>
      {drawing.dots.map((dot) => (
        <g key={dot.id} className={`tone-group1 ${active !== null && active !== dot.id ? 'fig-dim' : ''}`}>
          {dot.low !== null && dot.high !== null ? (
            <line x1={dot.x} x2={dot.x} y1={dot.low} y2={dot.high} className="fig-line" />
          ) : null}
          <circle cx={dot.x} cy={dot.y} r={4.5} className={dot.sure ? 'fig-fill' : 'fig-ring'} />
        </g>
      ))}
    </>
  )
}

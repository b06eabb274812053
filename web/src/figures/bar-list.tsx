import { useCallback } from 'react'
import { type BarDrawing, type BarRow, layoutBars } from './bar-layout.ts'
import { Figure, type FigureTable, type FigureWords } from './figure.tsx'
import type { LegendItem } from './legend.tsx'
import { measure } from './measure.ts'
import { RowName } from './row-names.tsx'

/** Bars, a row each: amounts, counts, or two sides that are set against each other. */
export function BarList<Row>(
  props: FigureWords & {
    rows: BarRow[]
    /** What stands over each side, where rows have an opposite one. */
    sides?: [opposite: string, own: string]
    legend?: LegendItem[]
    table: FigureTable<Row>
    onOpen?: (id: string) => void
    opens?: string
  },
) {
  const { rows, sides, legend = [], table, onOpen, opens } = props
  const layout = useCallback((width: number) => layoutBars(rows, width, measure, sides), [rows, sides])
  return (
    <Figure
      words={props}
      legend={legend}
      empty={props.empty ?? 'There is nothing to draw yet.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} />}
      table={table}
      {...(onOpen ? { onOpen: (mark) => onOpen(mark.id) } : {})}
      {...(opens ? { opens } : {})}
    />
  )
}

function Drawn({ drawing, active }: { drawing: BarDrawing; active: string | null }) {
  const { ground, top, bottom } = drawing
  // a line through the names would strike them out
  const above = drawing.rows.some((row) => (row.lines[0]?.y ?? 0) <= row.top)
  return (
    <>
      {drawing.sides.map((side) => (
        <text key={side.anchor} x={side.x} y={12} className={`fig-axis ${side.anchor}`}>
          {side.text}
        </text>
      ))}
      {drawing.rows.map((row) => (
        <g key={row.id} className={active !== null && active !== row.id ? 'fig-dim' : ''}>
          {row.bars.map((bar) => (
            <g key={bar.anchor} className={`tone-${bar.tone}`}>
              <rect
                x={bar.x}
                y={row.top}
                width={bar.width}
                height={row.bottom - row.top}
                rx={2}
                className="fig-fill"
              />
              <text x={bar.textX} y={(row.top + row.bottom) / 2 + 4} className={`fig-name ${bar.anchor}`}>
                {bar.text}
              </text>
            </g>
          ))}
          <RowName row={row} />
          {above ? (
            <line x1={ground} x2={ground} y1={row.top - 2} y2={row.bottom + 2} className="fig-base" />
          ) : null}
        </g>
      ))}
      {above ? null : <line x1={ground} x2={ground} y1={top - 4} y2={bottom} className="fig-base" />}
    </>
  )
}

import { useCallback } from 'react'
import { figures } from './columns.ts'
import { signed } from './estimate.ts'
import { Figure, type FigureWords } from './figure.tsx'
import { measureStrong } from './measure.ts'
import { RowName } from './row-names.tsx'
import {
  type Contribution,
  layoutWaterfall,
  type WaterfallDrawing,
  type WaterfallInput,
  type WaterfallOptions,
} from './waterfall-layout.ts'

/** What made a score: "Delivered four days late: −11". */
export function Waterfall(
  props: FigureWords & WaterfallInput & WaterfallOptions & { onOpen?: (step: Contribution) => void },
) {
  const { start, steps, end, format, formatTotal, most, say, onOpen } = props
  const layout = useCallback(
    (width: number) =>
      layoutWaterfall({ start, steps, end }, width, measureStrong, {
        ...(format ? { format } : {}),
        ...(formatTotal ? { formatTotal } : {}),
        ...(most ? { most } : {}),
        ...(say ? { say } : {}),
      }),
    [start, steps, end, format, formatTotal, most, say],
  )
  return (
    <Figure
      words={props}
      legend={[
        ...(steps.some((step) => step.value > 0)
          ? [{ swatch: 'bar' as const, tone: 'good' as const, text: 'speaks for it' }]
          : []),
        ...(steps.some((step) => step.value < 0)
          ? [{ swatch: 'bar' as const, tone: 'bad' as const, text: 'speaks against it' }]
          : []),
      ]}
      empty={props.empty ?? 'Nothing has happened yet that would speak for it or against it.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} />}
      table={{
        rows: [{ id: ' start', ...start }, ...steps, { id: ' end', name: end.name, value: end.value }],
        rowKey: (row) => row.id,
        columns: [
          { key: 'name', header: 'What happened', value: (row) => row.name },
          figures<Contribution>(
            'value',
            'Points',
            (row) => row.value,
            format ?? ((value) => signed(value, 1)),
          ),
        ],
      }}
      {...(onOpen
        ? {
            onOpen: (mark) => {
              const step = steps.find((each) => each.id === mark.id)
              if (step) onOpen(step)
            },
          }
        : {})}
    />
  )
}

function Drawn({ drawing, active }: { drawing: WaterfallDrawing; active: string | null }) {
  return (
    <>
      {drawing.rows.map((row, index) => {
        const next = drawing.rows[index + 1]
        return (
          <g key={row.id} className={active !== null && active !== row.id ? 'fig-dim' : ''}>
            {next && next.top - row.bottom < 24 ? (
              <line x1={row.to} x2={row.to} y1={row.bottom} y2={next.top} className="fig-leader" />
            ) : null}
            <RowName row={row} className={row.kind === 'total' ? 'fig-strong' : ''} />
            <g className={`tone-${row.tone}`}>
              {row.low !== null && row.high !== null ? (
                <rect
                  x={row.low}
                  width={Math.max(1, row.high - row.low)}
                  y={row.top + 2}
                  height={10}
                  rx={3}
                  className="fig-band"
                />
              ) : null}
              {row.kind === 'total' ? (
                <line x1={row.to} x2={row.to} y1={row.top - 3} y2={row.bottom + 3} className="fig-line" />
              ) : (
                <rect
                  x={Math.min(row.from, row.to)}
                  width={Math.max(1.5, Math.abs(row.to - row.from))}
                  y={row.top + 1}
                  height={12}
                  rx={2}
                  className="fig-fill"
                />
              )}
              <text
                x={drawing.width}
                y={row.valueY}
                className={`fig-toned end ${row.kind === 'total' ? 'fig-strong' : ''}`}
              >
                {row.value}
              </text>
            </g>
          </g>
        )
      })}
    </>
  )
}

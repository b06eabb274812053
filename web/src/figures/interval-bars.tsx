import { useCallback } from 'react'
import { estimateColumns } from './columns.ts'
import { Figure, type FigureWords } from './figure.tsx'
import {
  above,
  type IntervalDot,
  type IntervalDrawing,
  type IntervalOptions,
  type IntervalPoint,
  type IntervalRow,
  type IntervalSeries,
  layoutIntervals,
} from './interval-layout.ts'
import type { LegendItem, Swatch, Tone } from './legend.tsx'
import { measure } from './measure.ts'
import { RowName } from './row-names.tsx'

const tones: Tone[] = ['group1', 'group2', 'group3', 'group4', 'group5', 'group6']
/** Which series a dot belongs to is told by its shape as well as by its colour. */
const shapes: Swatch[] = ['dot', 'square', 'triangle', 'diamond', 'down', 'bar']

/** Figures with intervals, one below the other: shares, win rates, ways of attribution side by side. */
export function IntervalBars(
  props: FigureWords &
    IntervalOptions & {
      rows: IntervalRow[]
      /** One or several; up to six can be told apart. */
      series: IntervalSeries[]
      /** What a row is ("Channel"), for the table. */
      what: string
      onOpen?: (point: IntervalPoint) => void
    },
) {
  const { rows, series, format, formatTick, reference, include, say, onOpen } = props
  const layout = useCallback(
    (width: number) =>
      layoutIntervals(rows, series, width, measure, {
        format,
        ...(formatTick ? { formatTick } : {}),
        ...(reference ? { reference } : {}),
        ...(include ? { include } : {}),
        ...(say ? { say } : {}),
      }),
    [rows, series, format, formatTick, reference, include, say],
  )
  const points = rows.flatMap((row) =>
    series.flatMap((each, index): IntervalPoint[] => {
      const estimate = row.values[index]
      return estimate ? [{ row, series: each, estimate }] : []
    }),
  )
  const several = series.length > 1
  return (
    <Figure
      words={props}
      legend={
        several
          ? [
              ...series.map(
                (each, index): LegendItem => ({
                  swatch: shapes[index % 6] ?? 'dot',
                  tone: tones[index % 6] ?? 'ink',
                  text: each.name,
                }),
              ),
              { swatch: 'cross', tone: 'ink', text: '95 % intervals' },
              ...(reference
                ? [{ swatch: 'ring', tone: 'ink', text: `can’t be told from ${reference.name}` } as const]
                : []),
            ]
          : [
              { swatch: 'cross', tone: 'group1', text: '95 % interval' },
              ...(reference
                ? [{ swatch: 'ring', tone: 'group1', text: `can’t be told from ${reference.name}` } as const]
                : []),
            ]
      }
      empty={props.empty ?? 'There is nothing to compare yet.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} several={several} />}
      table={{
        rows: points,
        rowKey: (point) => `${point.row.id} ${point.series.id}`,
        columns: [
          { key: 'name', header: props.what, value: (point) => point.row.name },
          ...(several
            ? [{ key: 'series', header: 'Which', value: (point: IntervalPoint) => point.series.name }]
            : []),
          ...estimateColumns(series[0]?.name ?? 'Value', (point: IntervalPoint) => point.estimate, format),
        ],
      }}
      {...(onOpen
        ? {
            onOpen: (mark) => {
              const point = points.find((each) => `${each.row.id} ${each.series.id}` === mark.id)
              if (point) onOpen(point)
            },
          }
        : {})}
    />
  )
}

function Drawn(props: { drawing: IntervalDrawing; active: string | null; several: boolean }) {
  const { drawing, active, several } = props
  const { reference } = drawing
  // a line through the names would strike them out
  const namesAbove = drawing.rows.some(above)
  return (
    <>
      {drawing.ticks.map((tick) => (
        <g key={tick.at}>
          <line x1={tick.at} x2={tick.at} y1={drawing.top} y2={drawing.bottom} className="fig-grid" />
          <text x={tick.at} y={drawing.bottom + 18} className={`fig-tick ${tick.anchor}`}>
            {tick.text}
          </text>
        </g>
      ))}
      {reference ? (
        <>
          {namesAbove ? (
            drawing.rows.map((row) => (
              <line
                key={row.id}
                x1={reference.x}
                x2={reference.x}
                y1={row.top - 1}
                y2={row.bottom + 1}
                className="fig-promise"
              />
            ))
          ) : (
            <line x1={reference.x} x2={reference.x} y1={18} y2={drawing.bottom} className="fig-promise" />
          )}
          <text x={reference.x} y={12} className={`fig-axis ${reference.anchor}`}>
            {reference.text}
          </text>
        </>
      ) : null}
      {drawing.rows.map((row, index) => (
        <g key={row.id}>
          {several && index > 0 ? (
            <line x1={0} x2={drawing.width} y1={row.box.top} y2={row.box.top} className="fig-grid" />
          ) : null}
          <RowName row={row} />
          {row.nothing ? (
            <text x={drawing.left + 8} y={(row.top + row.bottom) / 2 + 4} className="fig-small fig-name">
              not enough answers yet
            </text>
          ) : null}
          {row.dots[0]?.n ? (
            <text x={drawing.width} y={row.valueY} className="fig-small fig-name end">
              {row.dots[0].n}
            </text>
          ) : null}
          {row.dots.map((dot) => (
            <g
              key={dot.id}
              className={`tone-${tones[dot.lane % 6]} ${active !== null && active !== dot.id ? 'fig-dim' : ''}`}
            >
              {dot.low !== null && dot.high !== null ? (
                <line x1={dot.low} x2={dot.high} y1={dot.y} y2={dot.y} className="fig-line" />
              ) : null}
              <Dot dot={dot} shape={several ? (shapes[dot.lane % 6] ?? 'dot') : 'dot'} />
              <text
                x={drawing.valueX}
                y={dot.valueY}
                className={`fig-name end ${several ? 'fig-toned' : 'fig-strong'}`}
              >
                {dot.value}
              </text>
            </g>
          ))}
        </g>
      ))}
    </>
  )
}

function Dot({ dot, shape }: { dot: IntervalDot; shape: Swatch }) {
  const className = dot.sure ? 'fig-fill' : 'fig-ring'
  if (shape === 'square')
    return <rect x={dot.x - 4} y={dot.y - 4} width={8} height={8} className={className} />
  if (shape === 'triangle') return <path d={`M${dot.x},${dot.y - 5.5}l5.5,10h-11z`} className={className} />
  if (shape === 'diamond') return <path d={`M${dot.x},${dot.y - 6}l6,6l-6,6l-6,-6z`} className={className} />
  if (shape === 'down') return <path d={`M${dot.x},${dot.y + 5.5}l5.5,-10h-11z`} className={className} />
  if (shape === 'bar')
    return <rect x={dot.x - 7} y={dot.y - 2.5} width={14} height={5} className={className} />
  return <circle cx={dot.x} cy={dot.y} r={4.5} className={className} />
}

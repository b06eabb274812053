import { useCallback } from 'react'
import { number } from '../lib/words.ts'
import { LeftAxis } from './axes.tsx'
import {
  binWords,
  type DoseBin,
  type DoseDrawing,
  type DosePoint,
  type DoseSeries,
  type DoseWords,
  layoutDose,
} from './dose-layout.ts'
import { Figure, type FigureWords } from './figure.tsx'
import { measure } from './measure.ts'

/** What goes along with how far off it was: one or two series over the same bins, the promise as a line. */
export function DoseCurve(
  props: FigureWords &
    DoseWords & {
      bins: DoseBin[]
      series: DoseSeries[]
      /** What the two sides are called; "kept" and "broken" unless told. */
      sides?: [string, string]
      /** What the gap is measured in, under the axis; "days against the promise" unless told. */
      axis?: string
      onOpen?: (point: DosePoint) => void
    },
) {
  const { bins, series, fewest, sayBin, shortBin, say, sides = ['kept', 'broken'], onOpen } = props
  const layout = useCallback(
    (width: number) =>
      layoutDose(bins, series, width, measure, {
        ...(fewest ? { fewest } : {}),
        ...(sayBin ? { sayBin } : {}),
        ...(shortBin ? { shortBin } : {}),
        ...(say ? { say } : {}),
      }),
    [bins, series, fewest, sayBin, shortBin, say],
  )
  const rows = series.flatMap((each) =>
    bins.flatMap((bin, index): (DosePoint & { order: number })[] => {
      const estimate = each.values[index]
      return estimate && estimate.n > 0 ? [{ series: each, bin, estimate, order: index }] : []
    }),
  )
  const shown = ({ series: { format } }: DosePoint, value: number | null) =>
    value === null ? '–' : format(value)
  return (
    <Figure
      words={props}
      legend={[
        { swatch: 'dot', tone: 'good', text: sides[0] },
        { swatch: 'dot', tone: 'bad', text: sides[1] },
        ...(series.some((each) => each.kept || each.broken)
          ? [
              {
                swatch: 'band' as const,
                tone: 'faint' as const,
                text: 'mean of each side with its 95 % interval',
              },
            ]
          : []),
        { swatch: 'cross', tone: 'ink', text: '95 % intervals' },
      ]}
      empty={props.empty ?? 'Nobody whose promise was kept or broken has been seen for long enough yet.'}
      layout={layout}
      draw={(drawing, active) => (
        <Drawn
          drawing={drawing}
          active={active}
          sides={sides}
          axis={props.axis ?? 'days against the promise'}
        />
      )}
      table={{
        rows,
        rowKey: (row) => `${row.series.id} ${row.order}`,
        columns: [
          {
            key: 'bin',
            header: 'Against the promise',
            value: (row) => (sayBin ?? binWords)(row.bin),
            sortedBy: (row) => row.order,
          },
          { key: 'what', header: 'What', value: (row) => row.series.name },
          figure('value', 'Mean', (row) => row.estimate.value, shown),
          figure('low', 'from', (row) => row.estimate.low, shown),
          figure('high', 'to', (row) => row.estimate.high, shown),
          {
            key: 'n',
            header: 'n',
            align: 'end',
            value: (row) => row.estimate.n,
            cell: (row) => number(row.estimate.n),
          },
        ],
      }}
      {...(onOpen
        ? {
            onOpen: (mark) => {
              const point = rows.find((row) => `${row.series.id} ${row.order}` === mark.id)
              if (point) onOpen(point)
            },
          }
        : {})}
    />
  )
}

function figure<Row>(
  key: string,
  header: string,
  value: (row: Row) => number | null,
  shown: (row: Row, value: number | null) => string,
) {
  return { key, header, align: 'end' as const, value, cell: (row: Row) => shown(row, value(row)) }
}

function Drawn(props: {
  drawing: DoseDrawing
  active: string | null
  sides: [string, string]
  axis: string
}) {
  const { drawing, active, sides } = props
  const { left, right, panels, promiseX } = drawing
  const bottom = panels.at(-1)?.bottom ?? 0
  return (
    <>
      {panels.map((panel) => (
        <g key={panel.series.id}>
          <LeftAxis ticks={panel.ticks} left={left} right={right} />
          {panels.length > 1 ? (
            <text x={0} y={panel.top - 8} className="fig-axis">
              {panel.series.name}
            </text>
          ) : null}
          {panel.steps.map((step) => (
            <g key={step.tone} className={`tone-${step.tone}`}>
              {step.low !== null && step.high !== null ? (
                <rect
                  x={step.x1}
                  width={step.x2 - step.x1}
                  y={step.high}
                  height={Math.max(1, step.low - step.high)}
                  className="fig-band"
                />
              ) : null}
              <line x1={step.x1} x2={step.x2} y1={step.y} y2={step.y} className="fig-line thin" />
            </g>
          ))}
          {promiseX === null ? null : (
            <line x1={promiseX} x2={promiseX} y1={panel.top - 4} y2={panel.bottom} className="fig-promise" />
          )}
          {panel.dots.map((dot) => (
            <g
              key={dot.id}
              className={`tone-${dot.tone} ${active !== null && active !== dot.id ? 'fig-dim' : ''}`}
            >
              {dot.low !== null && dot.high !== null ? (
                <line x1={dot.x} x2={dot.x} y1={dot.low} y2={dot.high} className="fig-line" />
              ) : null}
              <circle cx={dot.x} cy={dot.y} r={5} className={dot.low === null ? 'fig-ring' : 'fig-fill'} />
            </g>
          ))}
        </g>
      ))}
      {promiseX === null ? null : (
        <>
          <text x={promiseX - 8} y={14} className="dose-side good end">
            ▲ {sides[0]}
          </text>
          <text x={promiseX + 8} y={14} className="dose-side bad">
            ▼ {sides[1]}
          </text>
        </>
      )}
      {drawing.bins.map((bin) => (
        <g key={bin.x}>
          {bin.lines.map((text, index) => (
            <text
              // biome-ignore lint/suspicious/noArrayIndexKey: the two lines of one label
              key={index}
              x={bin.x}
              y={bottom + 18 + index * 13}
              className="fig-tick middle"
            >
              {text}
            </text>
          ))}
          <text x={bin.x} y={drawing.nY} className="fig-small middle">
            {bin.n}
          </text>
        </g>
      ))}
      <text x={(left + right) / 2} y={drawing.axisY} className="fig-axis middle">
        {props.axis}
      </text>
    </>
  )
}

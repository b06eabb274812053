import { useCallback } from 'react'
import { dateText } from '../lib/words.ts'
import { BottomAxis, LeftAxis } from './axes.tsx'
import { estimateColumns } from './columns.ts'
import { Figure, type FigureWords } from './figure.tsx'
import type { LegendItem } from './legend.tsx'
import { measure } from './measure.ts'
import {
  layoutSeries,
  type SeriesDrawing,
  type SeriesEvent,
  type SeriesLevel,
  type SeriesOptions,
  type SeriesPoint,
} from './series-layout.ts'

/** A figure over time, with levels and limits before and after what was changed. */
export function SeriesWithEvent(
  props: FigureWords &
    SeriesOptions & {
      points: SeriesPoint[]
      levels?: SeriesLevel[]
      events?: SeriesEvent[]
      /** What the figure is ("Share late"), for the table. */
      what: string
      /** What low and high of a level are; "usual range" unless told. */
      limits?: string
      onOpen?: (point: SeriesPoint) => void
    },
) {
  const { points, levels = none, events = none, format, timeZone, range, sayTime, say, onOpen } = props
  const layout = useCallback(
    (width: number) =>
      layoutSeries(points, levels, events, width, measure, {
        format,
        timeZone,
        ...(range ? { range } : {}),
        ...(sayTime ? { sayTime } : {}),
        ...(say ? { say } : {}),
      }),
    [points, levels, events, format, timeZone, range, sayTime, say],
  )
  return (
    <Figure
      words={props}
      legend={legendOf(points, levels, props.limits ?? 'usual range')}
      empty={props.empty ?? 'Nothing has been counted over time yet.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} />}
      table={{
        rows: points,
        rowKey: (point) => point.at,
        columns: [
          {
            key: 'at',
            header: 'When',
            value: (point) => point.at,
            cell: (point) => (sayTime ?? ((at) => dateText(new Date(at), timeZone)))(point.at),
          },
          ...estimateColumns(props.what, (point: SeriesPoint) => point, format),
          {
            key: 'signal',
            header: 'Outside the limits',
            value: (point) => (point.signal ? 'yes' : ''),
          },
        ],
      }}
      {...(onOpen
        ? {
            onOpen: (mark) => {
              const point = points.find((each) => each.at === mark.id)
              if (point) onOpen(point)
            },
          }
        : {})}
    />
  )
}

const none: never[] = []

function legendOf(points: SeriesPoint[], levels: SeriesLevel[], limits: string): LegendItem[] {
  const items: LegendItem[] = []
  if (points.some((point) => point.low !== null))
    items.push({ swatch: 'band', tone: 'ink', text: '95 % interval' })
  if (levels.length > 0) items.push({ swatch: 'line', tone: 'accent', text: 'level' })
  if (levels.some((level) => level.low !== null)) items.push({ swatch: 'band', tone: 'accent', text: limits })
  if (points.some((point) => point.signal === 'bad'))
    items.push({ swatch: 'triangle', tone: 'bad', text: 'outside it, for the worse' })
  if (points.some((point) => point.signal === 'good'))
    items.push({ swatch: 'triangle', tone: 'good', text: 'outside it, for the better' })
  return items
}

function Drawn({ drawing, active }: { drawing: SeriesDrawing; active: string | null }) {
  const { left, right, bottom } = drawing
  return (
    <>
      <LeftAxis ticks={drawing.yTicks} left={left} right={right} />
      <BottomAxis ticks={drawing.xTicks} bottom={bottom} />
      <g className="tone-accent">
        {drawing.levels.map((level) => (
          <g key={level.x1}>
            {level.low !== null && level.high !== null ? (
              <rect
                x={level.x1}
                width={Math.max(1, level.x2 - level.x1)}
                y={level.high}
                height={Math.max(1, level.low - level.high)}
                className="fig-band"
              />
            ) : null}
            <line x1={level.x1} x2={level.x2} y1={level.y} y2={level.y} className="fig-line thin" />
          </g>
        ))}
      </g>
      <g className="tone-ink">
        {drawing.bands.map((path) => (
          <path key={path} d={path} className="fig-band" />
        ))}
        {drawing.lines.map((path) => (
          <path key={path} d={path} className="fig-line thin" />
        ))}
      </g>
      {drawing.events.map((event) => (
        <g key={`${event.x} ${event.y}`}>
          <line x1={event.x} x2={event.x} y1={event.y + 3} y2={bottom} className="fig-promise" />
          {event.lines.map((text) => (
            <text
              key={text}
              x={event.x + (event.anchor === 'start' ? -1 : 1)}
              y={event.y}
              className={`fig-name fig-strong ${event.anchor}`}
            >
              {text}
            </text>
          ))}
        </g>
      ))}
      {drawing.dots.map((dot) =>
        dot.signal ? (
          <g key={dot.id} className={`tone-${dot.signal}`}>
            <path
              d={dot.up ? `M${dot.x},${dot.y - 7}l6,11h-12z` : `M${dot.x},${dot.y + 7}l6,-11h-12z`}
              className="fig-fill"
            />
          </g>
        ) : drawing.dense && dot.id !== active && !dot.alone ? null : (
          <g key={dot.id} className="tone-ink">
            <circle cx={dot.x} cy={dot.y} r={3} className="fig-fill" />
          </g>
        ),
      )}
      <g className="tone-accent">
        {drawing.levels.map((level) => (
          <text key={level.x1} x={level.textX} y={level.textY} className="fig-name fig-toned">
            {level.text}
          </text>
        ))}
      </g>
    </>
  )
}

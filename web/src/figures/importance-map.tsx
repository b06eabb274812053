import { type ReactNode, useCallback } from 'react'
import { number, percent } from '../lib/words.ts'
import { signed } from './estimate.ts'
import { Figure, type FigureWords } from './figure.tsx'
import {
  type ImportanceDot,
  type ImportanceDrawing,
  type ImportancePoint,
  layoutImportance,
  type Quadrant,
  quadrantWords,
  toneOf,
} from './importance-layout.ts'
import type { LegendItem } from './legend.tsx'
import { measure } from './measure.ts'

/** How much each touchpoint moves with what is wanted, against how it is experienced. */
export function ImportanceMap(
  props: FigureWords & {
    points: ImportancePoint[]
    /** From this share on a touchpoint matters (one part of as many as there are, say); null: no quarters. */
    matters: number | null
    /** What is high ("moves with coming back"). */
    up: string
    say?: (point: ImportancePoint) => string
    quadrants?: Record<Quadrant, string>
    onOpen?: (point: ImportancePoint) => void
  },
) {
  const { points, matters, up, say, quadrants, onOpen } = props
  const layout = useCallback(
    (width: number) =>
      layoutImportance(points, width, {
        matters,
        measure,
        ...(say ? { say } : {}),
        ...(quadrants ? { words: quadrants } : {}),
      }),
    [points, matters, say, quadrants],
  )
  const unplaced = points.filter((point) => point.importance.value === null)
  return (
    <Figure
      words={{
        ...props,
        ...(unplaced.length > 0 || props.note
          ? { note: <Note unplaced={unplaced.map((point) => point.name)}>{props.note}</Note> }
          : {}),
      }}
      legend={legend.filter(({ tone }) => tone === 'ink' || points.some((point) => toneOf(point) === tone))}
      empty={props.empty ?? 'No touchpoint has enough answers yet to say how much it matters.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} up={up} />}
      {...(onOpen
        ? {
            onOpen: (mark) => {
              const point = points.find((each) => each.id === mark.id)
              if (point) onOpen(point)
            },
          }
        : {})}
      table={{
        rows: points,
        rowKey: (point) => point.id,
        columns: [
          { key: 'name', header: 'Touchpoint', value: (point) => point.name },
          share('importance', 'Matters', (point) => point.importance.value),
          share('importanceLow', 'from', (point) => point.importance.low),
          share('importanceHigh', 'to', (point) => point.importance.high),
          level('experience', 'Experience', (point) => point.experience.value),
          level('experienceLow', 'from', (point) => point.experience.low),
          level('experienceHigh', 'to', (point) => point.experience.high),
          {
            key: 'n',
            header: 'Customers',
            align: 'end',
            value: (point) => point.experience.n,
            cell: (point) => number(point.experience.n),
          },
          {
            key: 'quadrant',
            header: 'Belongs to',
            value: (point) =>
              point.quadrant ? (quadrants ?? quadrantWords)[point.quadrant] : 'can’t be told yet',
          },
        ],
      }}
    />
  )
}

function Note({ unplaced, children }: { unplaced: string[]; children: ReactNode }) {
  return (
    <>
      {unplaced.length > 0 ? `Too few answers to place: ${unplaced.join(', ')}. ` : ''}
      {children}
    </>
  )
}

function share(key: string, header: string, value: (point: ImportancePoint) => number | null) {
  return {
    key,
    header,
    value,
    align: 'end' as const,
    cell: (point: ImportancePoint) => shown(value(point), (each) => percent(each, 1)),
  }
}
function level(key: string, header: string, value: (point: ImportancePoint) => number | null) {
  return {
    key,
    header,
    value,
    align: 'end' as const,
    cell: (point: ImportancePoint) => shown(value(point), signed),
  }
}
function shown(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value)
}

function Drawn({ drawing, active, up }: { drawing: ImportanceDrawing; active: string | null; up: string }) {
  const { plot, splitX, splitY, strip, beyond } = drawing
  return (
    <>
      {drawing.quarters
        .filter((quarter) => quarter.quadrant === 'mend')
        .map(({ area }) => (
          <rect
            key="mend"
            x={area.left}
            y={area.top}
            width={Math.max(0, area.right - area.left)}
            height={Math.max(0, area.bottom - area.top)}
            rx={6}
            className="imp-mend"
          />
        ))}
      {drawing.yTicks.map((tick) => (
        <text key={tick.text} x={plot.left - 8} y={tick.at + 4} className="fig-tick end">
          {tick.text}
        </text>
      ))}
      {drawing.xTicks.map((tick) => (
        <text key={tick.text} x={tick.at} y={plot.bottom + 16} className="fig-tick middle">
          {tick.text}
        </text>
      ))}
      <line x1={plot.left} x2={plot.right} y1={plot.bottom} y2={plot.bottom} className="fig-grid" />
      <line x1={plot.left} x2={plot.left} y1={plot.top} y2={plot.bottom} className="fig-grid" />
      <line x1={splitX} x2={splitX} y1={plot.top} y2={plot.bottom} className="fig-split" />
      {splitY === null ? null : (
        <line x1={plot.left} x2={plot.right} y1={splitY} y2={splitY} className="fig-split" />
      )}
      {beyond ? (
        <>
          <line x1={plot.left} x2={plot.left} y1={beyond.top} y2={beyond.bottom} className="fig-grid" />
          <path d={`M${plot.left - 5},${beyond.bottom - 1}l10,-6m-10,0l10,-6`} className="imp-break" />
          <text x={plot.left - 8} y={(beyond.top + beyond.bottom) / 2 + 4} className="fig-tick end">
            more
          </text>
        </>
      ) : null}
      {strip ? (
        <>
          <line x1={strip.from} x2={strip.from} y1={plot.top} y2={plot.bottom} className="fig-grid" />
          <text x={strip.middle} y={plot.bottom + 16} className="fig-tick middle">
            not asked
          </text>
        </>
      ) : null}
      <text x={plot.left} y={16} className="fig-axis">
        ↑ {up}
      </text>
      <text x={(plot.left + plot.right) / 2} y={plot.bottom + 34} className="fig-axis middle">
        experience: worse ← → better
      </text>
      {drawing.quarters.map(({ quadrant, x, y, text, anchor }) => (
        <g key={quadrant} className={`tone-${quadrantTone[quadrant]}`}>
          <text x={x} y={y} className={`fig-toned ${anchor}`}>
            {text}
          </text>
        </g>
      ))}
      {[...drawing.dots].reverse().map((dot) => (
        <Cross key={dot.point.id} dot={dot} strength={strength(dot, active, drawing.crowded)} />
      ))}
      {drawing.names.map(({ id, leader }) =>
        leader ? <line key={id} {...leader} className="fig-leader" /> : null,
      )}
      {[...drawing.dots].reverse().map(({ point, x, y, r, tone }) => (
        <g key={point.id} className={`tone-${tone}`}>
          <circle cx={x} cy={y} r={r} className={point.quadrant === null ? 'fig-ring' : 'fig-fill'} />
        </g>
      ))}
      {drawing.names.map(({ id, x, y, text, anchor }) => (
        <text key={id} x={x} y={y} className={`fig-name ${anchor} ${id === active ? 'fig-strong' : ''}`}>
          {text}
        </text>
      ))}
    </>
  )
}

const legend: LegendItem[] = [
  { swatch: 'dot', tone: 'good', text: 'surely goes well' },
  { swatch: 'dot', tone: 'bad', text: 'surely goes badly' },
  { swatch: 'ring', tone: 'faint', text: 'can’t tell where it belongs' },
  { swatch: 'cross', tone: 'ink', text: '95 % intervals' },
]
const quadrantTone = { mend: 'bad', keep: 'good', minor: 'faint', fine: 'faint' } as const

function strength(dot: ImportanceDot, active: string | null, crowded: boolean): number {
  if (dot.point.id === active) return 1
  if (active !== null) return crowded ? 0.12 : 0.35
  return crowded ? 0.3 : dot.tone === 'faint' ? 0.6 : 0.9
}

function Cross({ dot, strength: opacity }: { dot: ImportanceDot; strength: number }) {
  return (
    <g className={`tone-${dot.tone}`} opacity={opacity}>
      {dot.across ? (
        <line x1={dot.across.from} x2={dot.across.to} y1={dot.y} y2={dot.y} className="fig-line thin" />
      ) : null}
      {dot.up ? (
        <line x1={dot.x} x2={dot.x} y1={dot.up.from} y2={dot.up.to} className="fig-line thin" />
      ) : null}
    </g>
  )
}

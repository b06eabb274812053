import { useCallback } from 'react'
import { number, percent } from '../lib/words.ts'
import { BottomAxis, LeftAxis } from './axes.tsx'
import { figures } from './columns.ts'
import { Figure, type FigureWords } from './figure.tsx'
import type { LegendItem, Tone } from './legend.tsx'
import { measureStrong } from './measure.ts'
import {
  type CurveStep,
  layoutSurvival,
  readings,
  type SurvivalDrawing,
  type SurvivalGroup,
  type SurvivalOptions,
  type SurvivalPoint,
} from './survival-layout.ts'

type SurvivalRow = { group: SurvivalGroup; step: CurveStep }
const tones: Tone[] = ['group1', 'group2', 'group3', 'group4', 'group5', 'group6']

/** When customers come back, group by group. */
export function SurvivalCurves(
  props: FigureWords &
    SurvivalOptions & {
      /** Up to six can be told apart. */
      groups: SurvivalGroup[]
      onOpen?: (point: SurvivalPoint) => void
    },
) {
  const { groups, unit, happened, falling, horizon, few, format, say, onOpen } = props
  const layout = useCallback(
    (width: number) =>
      layoutSurvival(groups, width, measureStrong, {
        unit,
        happened,
        ...(falling ? { falling } : {}),
        ...(horizon ? { horizon } : {}),
        ...(few ? { few } : {}),
        ...(format ? { format } : {}),
        ...(say ? { say } : {}),
      }),
    [groups, unit, happened, falling, horizon, few, format, say],
  )
  const share = format ?? ((value: number) => percent(value, 1))
  const rows = groups.flatMap((group) => group.curve.map((step): SurvivalRow => ({ group, step })))
  return (
    <Figure
      words={props}
      legend={[
        ...groups.map(
          (group, index): LegendItem => ({
            swatch: 'line',
            tone: tones[index % 6] ?? 'ink',
            text: `${group.name}${medianText(group, unit)}`,
          }),
        ),
        { swatch: 'band', tone: 'ink', text: '95 % interval' },
        ...(groups.some((group) => group.curve.some((step) => step.atRisk < (few ?? 20)))
          ? [
              {
                swatch: 'dashed' as const,
                tone: 'faint' as const,
                text: `fewer than ${number(few ?? 20)} still followed`,
              },
            ]
          : []),
      ]}
      empty={props.empty ?? 'Nobody has been followed long enough yet.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} unit={unit} />}
      table={{
        rows,
        brief: groups.flatMap((group) => readings(group, unit).map((step) => ({ group, step }))),
        rowKey: (row) => `${row.group.id} ${row.step.time}`,
        columns: [
          { key: 'group', header: 'Group', value: (row) => row.group.name },
          figures<SurvivalRow>('time', unit.charAt(0).toUpperCase() + unit.slice(1), (row) => row.step.time),
          figures<SurvivalRow>('share', 'Share', (row) => row.step.share, share),
          figures<SurvivalRow>('low', 'from', (row) => row.step.low, share),
          figures<SurvivalRow>('high', 'to', (row) => row.step.high, share),
          figures<SurvivalRow>('atRisk', 'Still followed', (row) => row.step.atRisk),
        ],
      }}
      {...(onOpen
        ? {
            onOpen: (mark) => {
              const group = groups.find((each) => mark.id.startsWith(`${each.id} `))
              const time = Number(mark.id.slice((group?.id.length ?? 0) + 1))
              const step = group?.curve.findLast((each) => each.time <= time)
              if (group && step) onOpen({ group, time, step })
            },
          }
        : {})}
    />
  )
}

function medianText({ median }: SurvivalGroup, unit: string): string {
  return median?.value == null ? '' : `, half after ${number(median.value)} ${unit}`
}

function Drawn({ drawing, active, unit }: { drawing: SurvivalDrawing; active: string | null; unit: string }) {
  const { left, right, top, bottom } = drawing
  const chosen = active === null ? null : (drawing.points.get(active)?.group.id ?? null)
  return (
    <>
      <LeftAxis ticks={drawing.yTicks} left={left} right={right} />
      {drawing.half === null ? null : (
        <line x1={left} x2={right} y1={drawing.half} y2={drawing.half} className="fig-split" />
      )}
      <BottomAxis ticks={drawing.xTicks} bottom={bottom} />
      <text x={(left + right) / 2} y={drawing.axisY} className="fig-axis middle">
        {unit}
      </text>
      <text x={0} y={drawing.riskHead} className="fig-small">
        still followed
      </text>
      {drawing.curves.map((curve) => (
        <g
          key={curve.group.id}
          className={`tone-${tones[curve.index % 6]} ${chosen !== null && chosen !== curve.group.id ? 'fig-dim' : ''}`}
        >
          <path d={curve.band} className="fig-band" />
          <path d={curve.line} className="fig-line" />
          <path d={curve.dashed} className="fig-line dashed" />
          {curve.median ? (
            <>
              <line
                x1={curve.median.x}
                x2={curve.median.x}
                y1={curve.median.y}
                y2={bottom}
                className="fig-line thin dashed"
              />
              <circle cx={curve.median.x} cy={curve.median.y} r={4.5} className="fig-ring" />
            </>
          ) : null}
          {curve.name ? (
            <text x={curve.name.x} y={curve.name.y} className="fig-toned fig-strong">
              {curve.name.text}
            </text>
          ) : null}
          <text x={0} y={curve.riskY - (drawing.narrow ? 15 : 0)} className="fig-toned">
            {curve.riskName}
          </text>
          {curve.atRisk.map((risk) => (
            <text key={risk.x} x={risk.x} y={curve.riskY} className="fig-tick middle">
              {risk.text}
            </text>
          ))}
        </g>
      ))}
      <line x1={left} x2={left} y1={top} y2={bottom} className="fig-grid" />
    </>
  )
}

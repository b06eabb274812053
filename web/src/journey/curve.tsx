import { type ReactNode, useCallback } from 'react'
import { estimateColumns } from '../figures/columns.ts'
import { signed } from '../figures/estimate.ts'
import { Figure } from '../figures/figure.tsx'
import type { LegendItem } from '../figures/legend.tsx'
import type { Drawing, Mark } from '../figures/marks.ts'
import { measure } from '../figures/measure.ts'
import { count, number } from '../lib/words.ts'
import type { JourneyMap, Place } from './api.ts'
import { layoutCurve } from './curve-layout.ts'
import type { Curve, CurvePoint, Dot } from './curve-parts.ts'

/** What stands for a touchpoint on the curve: what customers said, else what is inferred; never both in one. */
export function levelShown(place: Place) {
  return place.said.value === null ? place.inferred : place.said
}

/** The experience along the journey, stage by stage, with the sale as the line between before and after. */
export function ExperienceCurve(props: { map: JourneyMap; note: ReactNode; onOpen: (place: Place) => void }) {
  const { map, onOpen } = props
  const layout = useCallback((width: number) => drawingOf(map, Math.max(280, width)), [map])
  const places = new Map(map.touchpoints.map((place) => [place.id, place]))
  return (
    <Figure
      words={{
        title: 'The experience along the journey',
        claim: 'counted',
        n: `${count(map.customers, 'customer')}, ${count(map.interactions, 'interaction')}`,
        note: props.note,
        fileName: 'experience-along-the-journey',
      }}
      legend={legendOf(map)}
      empty="No touchpoint has been met yet."
      layout={layout}
      draw={(curve) => <Drawn curve={curve} places={places} buyers={map.buyers} />}
      onOpen={(mark) => {
        const place = places.get(Number(mark.id))
        if (place) onOpen(place)
      }}
      table={{
        rows: map.touchpoints,
        rowKey: (place) => place.id,
        columns: [
          { key: 'name', header: 'Touchpoint', value: (place) => place.name },
          ...estimateColumns<Place>('Experience', levelShown, signed),
          {
            key: 'evidence',
            header: 'Known from',
            value: (place) =>
              levelShown(place).value === null ? '' : place.said.value === null ? 'inferred' : 'said',
          },
          {
            key: 'customers',
            header: 'Customers',
            align: 'end',
            value: (place) => place.customers,
            cell: (place) => number(place.customers),
          },
        ],
      }}
    />
  )
}

function legendOf(map: JourneyMap): LegendItem[] {
  return [
    { swatch: 'dot', tone: 'ink', text: 'said by customers' },
    { swatch: 'ring', tone: 'ink', text: 'inferred from what happened' },
    { swatch: 'band', tone: 'ink', text: '95 % interval' },
    ...(map.comparedWith
      ? [{ swatch: 'dashed' as const, tone: 'ink' as const, text: 'what it is compared with' }]
      : []),
  ]
}

function drawingOf(map: JourneyMap, width: number): Curve & Drawing {
  const curve = layout(map, width)
  const places = new Map(map.touchpoints.map((place) => [place.id, place]))
  const mark = (dot: Dot, lane: number): Mark[] => {
    const place = places.get(dot.point.id)
    return place ? [{ id: String(place.id), x: dot.x, y: dot.y, r: dot.r, lane, say: spoken(place) }] : []
  }
  return {
    ...curve,
    marks: [
      ...curve.dots.flatMap((dot) => mark(dot, 0)),
      ...(curve.strip?.dots ?? []).flatMap((dot) => mark(dot, 1)),
    ],
  }
}

function Drawn({ curve, places, buyers }: { curve: Curve; places: Map<number, Place>; buyers: number }) {
  const { strip } = curve
  return (
    <g className="curve">
      <Ground curve={curve} />
      <path d={curve.band} className="curve-band" />
      <path d={curve.comparedLine} className="curve-compared" />
      <path d={curve.line} className="curve-line" />
      {curve.saleX === null ? null : <Sale x={curve.saleX} curve={curve} buyers={buyers} />}
      {curve.labels.map((label) =>
        label.leader ? (
          <line
            key={label.id}
            x1={label.leader.x}
            x2={label.leader.x}
            y1={label.leader.from}
            y2={label.leader.to}
            className="curve-leader"
          />
        ) : null,
      )}
      {curve.dots.map((dot) => (
        <Spot key={dot.point.id} dot={dot} place={places.get(dot.point.id)} />
      ))}
      {curve.labels.map((label) => (
        <text key={label.id} x={(label.left + label.right) / 2} y={label.bottom - 3.5} className="curve-name">
          {label.text}
        </text>
      ))}
      {strip ? <Strip curve={curve} strip={strip} places={places} /> : null}
    </g>
  )
}

function layout(map: JourneyMap, width: number): Curve {
  const points = map.touchpoints.map((place): CurvePoint => {
    const level = levelShown(place)
    const then = place.compared
      ? place.said.value === null
        ? place.compared.inferred.value
        : place.compared.said.value
      : null
    return {
      id: place.id,
      name: place.name,
      stageId: place.stageId,
      customers: place.customers,
      value: level.value,
      low: level.low,
      high: level.high,
      compared: then,
    }
  })
  return layoutCurve(map.stages, points, width, measure)
}

function Ground({ curve }: { curve: Curve }) {
  const right = curve.width
  const split = curve.saleX ?? (curve.stages[0]?.stage.side === 'after' ? 0 : right)
  return (
    <g>
      <rect x={0} y={26} width={split} height={curve.bottom - 26} className="ground-before" />
      <rect x={split} y={26} width={right - split} height={curve.bottom - 26} className="ground-after" />
      {split > 0 ? (
        <text x={6} y={16} className="curve-side before">
          Before the sale
        </text>
      ) : null}
      {split < right ? (
        <text x={right - 6} y={16} textAnchor="end" className="curve-side after">
          After the sale
        </text>
      ) : null}
      {curve.stages.map(({ stage, x, width, lines }) => (
        <g key={stage.id}>
          {lines.map((line, index) => (
            <text
              key={line}
              x={x + width / 2}
              y={(lines.length === 1 ? 50 : 43) + index * 14}
              className="curve-stage"
            >
              {line}
            </text>
          ))}
          {x > 0 && x !== curve.saleX ? (
            <line x1={x} x2={x} y1={34} y2={curve.top - 4} className="curve-rule" />
          ) : null}
        </g>
      ))}
      <line x1={0} x2={right} y1={curve.top} y2={curve.top} className="curve-rule" />
      <line x1={0} x2={right} y1={curve.middle} y2={curve.middle} className="curve-zero" />
      <text x={6} y={curve.top + 14} className="curve-end good">
        ▲ good
      </text>
      <text x={6} y={curve.bottom - 6} className="curve-end bad">
        ▼ bad
      </text>
    </g>
  )
}

function Sale({ x, curve, buyers }: { x: number; curve: Curve; buyers: number }) {
  const text = `the sale · ${number(buyers)}`
  const half = measure(text) / 2 + 12
  const centre = Math.max(half, Math.min(curve.width - half, x))
  return (
    <g>
      <line x1={x} x2={x} y1={26} y2={curve.bottom} className="curve-sale" />
      <rect
        x={centre - half}
        y={curve.bottom - 4}
        width={2 * half}
        height={24}
        rx={12}
        className="curve-sale-pill"
      />
      <text x={centre} y={curve.bottom + 12} className="curve-sale-words">
        {text}
      </text>
    </g>
  )
}

function Spot({ dot, place }: { dot: Dot; place: Place | undefined }) {
  const { value } = dot.point
  const tone = value === null ? 'none' : value > 0.1 ? 'good' : value < -0.1 ? 'bad' : 'level'
  return (
    <g className={`curve-dot ${tone} ${place && place.said.value !== null ? 'said' : 'inferred'}`}>
      <circle cx={dot.x} cy={dot.y} r={dot.r} className="curve-mark" />
    </g>
  )
}

function Strip(props: { curve: Curve; strip: NonNullable<Curve['strip']>; places: Map<number, Place> }) {
  const { curve, strip, places } = props
  return (
    <g>
      <line x1={0} x2={curve.width} y1={strip.y} y2={strip.y} className="curve-zero" />
      {strip.dots.map((dot, index) => (
        <g key={dot.point.id}>
          <Spot dot={dot} place={places.get(dot.point.id)} />
          <text
            className={`curve-name faint ${strip.slanted ? 'slanted' : ''}`}
            {...(strip.slanted
              ? {
                  transform: `translate(${dot.x + 2} ${strip.y + 16}) rotate(-45)`,
                  textAnchor: 'end' as const,
                }
              : { x: dot.x, y: strip.y + 22, textAnchor: 'middle' as const })}
          >
            {strip.texts[index]}
          </text>
        </g>
      ))}
    </g>
  )
}

/** The touchpoint in one sentence, for the ear and the pointer. */
function spoken(place: Place): string {
  const level = levelShown(place)
  const how =
    level.value === null
      ? 'not enough answers yet'
      : `${level.value > 0.1 ? 'good' : level.value < -0.1 ? 'bad' : 'neither good nor bad'}, ${level.value.toFixed(2)} (${level.low?.toFixed(2)} to ${level.high?.toFixed(2)}), ${place.said.value === null ? 'inferred from what happened' : `said in ${number(level.n)} answers`}`
  return `${place.name}: ${how}; ${number(place.customers)} customers.`
}

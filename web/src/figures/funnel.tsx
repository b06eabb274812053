import { useCallback } from 'react'
import { percent } from '../lib/words.ts'
import { figures } from './columns.ts'
import { Figure, type FigureWords } from './figure.tsx'
import {
  type FunnelDrawing,
  type FunnelItem,
  type FunnelStep,
  layoutFunnel,
  unfold,
} from './funnel-layout.ts'
import { measureStrong } from './measure.ts'
import { RowName } from './row-names.tsx'

/** Who entered an analysis, who was left out, and why. */
export function Funnel(
  props: FigureWords & {
    steps: FunnelStep[]
    say?: (item: FunnelItem) => string
    onOpen?: (item: FunnelItem) => void
  },
) {
  const { steps, say, onOpen } = props
  const layout = useCallback((width: number) => layoutFunnel(steps, width, measureStrong, say), [steps, say])
  const items = unfold(steps)
  const first = steps[0]?.n ?? 0
  return (
    <Figure
      words={props}
      legend={[
        { swatch: 'bar', tone: 'accent', text: 'in' },
        { swatch: 'hatched', tone: 'faint', text: 'left out' },
      ]}
      empty={props.empty ?? 'Nobody entered.'}
      layout={layout}
      draw={(drawing, active) => <Drawn drawing={drawing} active={active} />}
      table={{
        rows: items,
        rowKey: (item) => item.id,
        columns: [
          { key: 'kind', header: 'In or out', value: (item) => (item.kind === 'left' ? 'left out' : 'in') },
          { key: 'name', header: 'Who', value: (item) => item.name },
          figures<FunnelItem>('n', 'Customers', (item) => item.n),
          figures<FunnelItem>(
            'share',
            'Of all',
            (item) => (first > 0 ? item.n / first : null),
            (value) => percent(value, 1),
          ),
        ],
      }}
      {...(onOpen
        ? {
            onOpen: (mark) => {
              const item = items.find((each) => each.id === mark.id)
              if (item) onOpen(item)
            },
          }
        : {})}
    />
  )
}

function Drawn({ drawing, active }: { drawing: FunnelDrawing; active: string | null }) {
  return (
    <>
      {drawing.rows.map((row) => (
        <g key={row.id} className={active !== null && active !== row.id ? 'fig-dim' : ''}>
          <RowName row={row} className={row.kind === 'left' ? 'fig-tick' : 'fig-strong'} />
          <g className={row.kind === 'left' ? 'tone-faint' : 'tone-accent'}>
            <rect
              x={row.from}
              width={row.to > row.from ? Math.max(1.5, row.to - row.from) : 0}
              y={row.top}
              height={row.bottom - row.top}
              rx={2}
              className={row.kind === 'left' ? 'fig-left' : 'fig-fill'}
            />
          </g>
          <text
            x={drawing.valueX}
            y={row.valueY}
            className={`end ${row.kind === 'left' ? 'fig-tick' : 'fig-strong'}`}
          >
            {row.value}
          </text>
          <text x={drawing.width} y={row.valueY} className="fig-tick end">
            {row.share}
          </text>
        </g>
      ))}
    </>
  )
}

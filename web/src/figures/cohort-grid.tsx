import { useCallback } from 'react'
import { percent } from '../lib/words.ts'
import {
  type Cohort,
  type CohortDrawing,
  type CohortOptions,
  type CohortPoint,
  layoutCohorts,
} from './cohort-layout.ts'
import { figures } from './columns.ts'
import { Figure, type FigureWords } from './figure.tsx'
import { measure } from './measure.ts'
import { shorten } from './room.ts'

/** Cohorts against the time since: how many came back, as a shaded grid of numbers. */
export function CohortGrid(
  props: FigureWords &
    CohortOptions & {
      cohorts: Cohort[]
      /** What a cohort is ("First bought in"). */
      what: string
      onOpen?: (point: CohortPoint) => void
    },
) {
  const { cohorts, columns, since, format, darkest, say, onOpen } = props
  const layout = useCallback(
    (width: number) =>
      layoutCohorts(cohorts, width, measure, {
        columns,
        since,
        ...(format ? { format } : {}),
        ...(darkest ? { darkest } : {}),
        ...(say ? { say } : {}),
      }),
    [cohorts, columns, since, format, darkest, say],
  )
  const shown = format ?? ((value: number) => percent(value, 1))
  return (
    <Figure
      words={props}
      legend={[
        { swatch: 'bar', tone: 'accent', text: 'the stronger the colour, the more' },
        ...(cohorts.some((cohort) => cohort.cells.some((cell) => cell?.open))
          ? [{ swatch: 'hatched' as const, tone: 'faint' as const, text: 'not over yet' }]
          : []),
      ]}
      empty={props.empty ?? 'There is no cohort yet that has been followed for a whole month.'}
      layout={layout}
      draw={(drawing, active) => <Cells drawing={drawing} active={active} since={since} />}
      stuck={(drawing) => ({
        width: drawing.head,
        draw: (active) => <Head drawing={drawing} what={props.what} active={active} />,
      })}
      table={{
        rows: cohorts,
        rowKey: (cohort) => cohort.id,
        columns: [
          {
            key: 'name',
            header: props.what,
            value: (cohort) => cohort.name,
            sortedBy: (cohort) => cohort.id,
          },
          figures<Cohort>('n', 'n', (cohort) => cohort.n),
          ...columns.map((name, index) =>
            figures<Cohort>(`c${index}`, name, (cohort) => cohort.cells[index]?.value ?? null, shown),
          ),
        ],
      }}
      {...(onOpen
        ? {
            onOpen: (mark) => {
              const cohort = cohorts.find((each) => mark.id.startsWith(`${each.id} `))
              const column = Number(mark.id.slice((cohort?.id.length ?? 0) + 1))
              const cell = cohort?.cells[column]
              if (cohort && cell) onOpen({ cohort, column, cell })
            },
          }
        : {})}
    />
  )
}

function Cells({ drawing, active, since }: { drawing: CohortDrawing; active: string | null; since: string }) {
  const { cell } = drawing
  const column = active === null ? -1 : (drawing.points.get(active)?.column ?? -1)
  return (
    <>
      <text x={drawing.head + 4} y={14} className="fig-axis">
        {since}
      </text>
      {drawing.columns.map((each, index) => (
        <text
          key={each.x}
          x={each.x}
          y={32}
          className={`middle ${index === column ? 'fig-strong' : 'fig-tick'}`}
        >
          {each.text}
        </text>
      ))}
      {drawing.rows.map((row) =>
        row.cells.map((each) => (
          <g key={each.id} className="tone-accent">
            <rect
              x={each.x + 1}
              y={row.y + 1}
              width={cell.width - 2}
              height={cell.height - 2}
              rx={3}
              className={each.open ? 'coh-open' : 'coh-cell'}
              fillOpacity={each.shade}
            />
            <text x={each.x + cell.width / 2} y={row.y + cell.height / 2 + 4} className="middle">
              {each.text}
            </text>
          </g>
        )),
      )}
    </>
  )
}

function Head({ drawing, what, active }: { drawing: CohortDrawing; what: string; active: string | null }) {
  const cohort = active === null ? null : (drawing.points.get(active)?.cohort.id ?? null)
  return (
    <>
      <rect x={-4} y={0} width={drawing.head + 2} height={drawing.height} className="coh-head" />
      {/* above the counts: beside them there may be no room for both */}
      <text x={0} y={14} className="fig-tick">
        {shorten(what, drawing.head - 4, measure)}
      </text>
      <text x={drawing.nX} y={32} className="fig-tick end">
        n
      </text>
      {drawing.rows.map((row) => (
        <g key={row.cohort.id}>
          <text
            x={0}
            y={row.y + drawing.cell.height / 2 + 4}
            className={row.cohort.id === cohort ? 'fig-strong' : ''}
          >
            {row.name}
          </text>
          <text x={drawing.nX} y={row.y + drawing.cell.height / 2 + 4} className="fig-tick end">
            {row.n}
          </text>
        </g>
      ))}
    </>
  )
}

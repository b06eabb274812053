// Figures: the pictures that answer a question, each with the words, the table and the exports that belong to it.
//
// A page chooses a picture kind (ImportanceMap, DoseCurve, …), gives it data and words, and has everything else:
// a heading, the sentence with its claim, the drawing, a legend, the same as a table, exports, tooltips in
// sentences, arrow keys between marks, Enter or a click to the customers behind a mark.
//
//   <ImportanceMap title="What moves with coming back" sentence={…} claim="goes along with" n="18,930 of 41,200 buyers"
//     points={…} onOpen={(point) => …} />
//
// Each kind has a layout file (pure, tested: what stands where, and each mark's sentence) and a thin drawing of it.
// A kind hands the frame a `layout` (from a width to a Drawing with its marks) and a `draw`.
import './figure.css'
import { ActionIcon } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconChartDots, IconTable } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react'
import { number } from '../lib/words.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Claim, type ClaimKind } from '../parts/words.tsx'
import { ExportMenu } from './export-menu.tsx'
import { Legend, type LegendItem } from './legend.tsx'
import type { Drawing, Mark } from './marks.ts'
import { Picture } from './picture.tsx'

/** What a page says about any figure. */
export interface FigureWords {
  title: string
  /** What the picture shows, in one sentence; carries the claim. */
  sentence?: ReactNode
  claim: ClaimKind
  /** How many stand behind it: 18930 ("n 18,930") or words ("18,930 of 41,200 buyers"). */
  n?: number | string
  /** Under the legend: what was adjusted for, what is left out. */
  note?: ReactNode
  /** Choices that belong to this figure. */
  tools?: ReactNode
  /** Beside the picture, under it where it is narrow. */
  beside?: ReactNode
  /** Under the picture and its legend: a list that belongs to it. */
  below?: ReactNode
  /** Instead of the picture: why it can't be told, and how much would be needed. */
  cantTell?: ReactNode
  /** Instead of the picture when there is nothing to draw; each kind has words of its own. */
  empty?: ReactNode
  /** The name of exported files, without date and ending; the title unless told. */
  fileName?: string
  /** More lines for the export menu ("Copy the SQL"). */
  menu?: { label: string; act: () => void }[]
}

export interface FigureTable<Row> {
  columns: Column<Row>[]
  /** All of them; the CSV has them. */
  rows: Row[]
  /** Those that a person reads, where all are too many. */
  brief?: Row[]
  rowKey: (row: Row) => string | number
}

export function Figure<Row, D extends Drawing>(props: {
  words: FigureWords
  legend: LegendItem[]
  table: FigureTable<Row>
  /** From the width that there is to what stands where. Must keep its identity while the data do. */
  layout: (width: number) => D
  draw: (drawing: D, active: string | null) => ReactNode
  /** What keeps its place at the left while a wide picture is scrolled, and its width. */
  stuck?: (drawing: D) => { draw: (active: string | null) => ReactNode; width: number }
  /** Words in place of the picture when there is nothing to draw. */
  empty: ReactNode
  onOpen?: ((mark: Mark) => void) | undefined
  /** What opening shows ("Click for the customers."), for the tooltip. */
  opens?: string
  onKey?: (event: KeyboardEvent<SVGSVGElement>, mark: Mark) => boolean
  onActive?: (id: string | null) => void
  /** Buttons above the picture. */
  controls?: ReactNode
  zoom?: number
}) {
  const { words, table, layout } = props
  const [asTable, setAsTable] = useState(false)
  const { ref: sized, width } = useElementSize()
  const whole = useRef<HTMLElement>(null)
  const heading = useId()
  // Nothing is laid out before it is known for which width
  const drawing = useMemo(() => (width > 0 ? layout(Math.max(240, width)) : null), [layout, width])
  const nothing = words.cantTell ?? (drawing?.marks.length === 0 ? props.empty : null)
  const n = typeof words.n === 'number' ? `n ${number(words.n)}` : words.n
  const claim = (
    <span data-figure="claim">
      <Claim kind={words.cantTell ? 'not enough to tell' : words.claim} />
    </span>
  )
  return (
    <section className="card figure" aria-labelledby={heading} ref={whole}>
      <div className="fig-head">
        <h2 id={heading} data-figure="title">
          {words.title}
        </h2>
        {words.sentence ? null : claim}
        <div className="fig-tools">
          {words.tools}
          {nothing ? null : (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-pressed={asTable}
              aria-label={`${words.title} as a table`}
              title={asTable ? 'As a picture' : 'As a table'}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? <IconChartDots size={18} stroke={1.6} /> : <IconTable size={18} stroke={1.6} />}
            </ActionIcon>
          )}
          {nothing ? null : <ExportMenu figure={whole} words={words} table={table} />}
        </div>
      </div>
      {words.sentence ? (
        <p className="fig-say">
          <span data-figure="sentence">{words.sentence} </span>
          {claim}
        </p>
      ) : null}
      <div className={words.beside && !nothing ? 'fig-pair' : ''}>
        <div ref={sized} className="fig-body">
          {nothing ? (
            <p className="fig-nothing">{nothing}</p>
          ) : drawing === null ? (
            <div className="fig-waiting" />
          ) : (
            <>
              {asTable ? null : props.controls}
              <Picture
                label={words.title}
                drawing={drawing}
                draw={(active) => props.draw(drawing, active)}
                stuck={props.stuck?.(drawing)}
                onOpen={props.onOpen}
                opens={props.opens ?? 'Click for the customers behind it.'}
                onKey={props.onKey}
                onActive={props.onActive}
                zoom={props.zoom ?? 1}
                hidden={asTable}
              />
              {asTable ? <WholeTable caption={words.title} table={table} /> : null}
              {asTable ? null : <PlainTable caption={words.title} table={table} />}
            </>
          )}
        </div>
        {words.beside && !nothing ? <div>{words.beside}</div> : null}
      </div>
      {nothing ? null : <Legend items={asTable ? [] : props.legend} n={n} />}
      {nothing ? null : words.below}
      {words.note ? <p className="n fig-note">{words.note}</p> : null}
    </section>
  )
}

/** More rows than this nobody reads, and no browser likes. */
const readable = 500
const audible = 100

function WholeTable<Row>({ caption, table }: { caption: string; table: FigureTable<Row> }) {
  const rows = table.brief ?? table.rows
  return (
    <>
      <DataTable
        caption={caption}
        columns={table.columns}
        rows={rows.slice(0, readable)}
        rowKey={table.rowKey}
      />
      {table.rows.length > Math.min(rows.length, readable) ? (
        <p className="n">
          {number(Math.min(rows.length, readable))} of {number(table.rows.length)} rows; the CSV has them all.
        </p>
      ) : null}
    </>
  )
}

/** The same figures for who hears the page. */
function PlainTable<Row>({ caption, table }: { caption: string; table: FigureTable<Row> }) {
  const { columns, rowKey } = table
  const all = table.brief ?? table.rows
  const rows = all.slice(0, audible)
  return (
    <div className="hidden-visually">
      <table>
        <caption>
          {caption}
          {all.length > rows.length ? ` (the first ${rows.length} rows of ${all.length})` : ''}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col">
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key}>{column.cell ? column.cell(row) : column.value(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

import { useState } from 'react'
import type { Sheet, Unit } from '../../../src/insights/asking/sheet.ts'
import { waited } from '../../../src/lib/phrases.ts'
import type { FigureTable } from '../figures/figure.tsx'
import { useWorkspace } from '../lib/session.ts'
import { count, money, number, percent } from '../lib/words.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Card } from '../parts/page.tsx'

type Row = { key: number; cells: Sheet['rows'][number] }

/** The tables of an answer, as its CSV and the terminal have them, each a card that sorts. Empty ones are left out. */
export function SheetCards({ sheets }: { sheets: Sheet[] }) {
  return sheets
    .filter((sheet) => sheet.rows.length > 0)
    .map((sheet) => (
      <Card key={sheet.name} title={sheet.title}>
        <SheetTable sheet={sheet} />
      </Card>
    ))
}

/** The same behind the pictures that show them: one card, each table opened by who wants its figures. */
export function FoldedSheets({ sheets, note }: { sheets: Sheet[]; note?: string }) {
  const filled = sheets.filter((sheet) => sheet.rows.length > 0)
  if (filled.length === 0) return null
  return (
    <Card title="The figures as tables">
      {filled.map((sheet) => (
        <Folded key={sheet.name} sheet={sheet} />
      ))}
      {note ? <p className="n">{note}</p> : null}
    </Card>
  )
}

function Folded({ sheet }: { sheet: Sheet }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="folded" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {sheet.title} <span className="n">{count(sheet.rows.length, 'row')}</span>
      </summary>
      {open ? <SheetTable sheet={sheet} /> : null}
    </details>
  )
}

/** Of more rows than this the first are shown, the others when asked for: on a phone each takes a screen's third. */
const many = 15
const shownFirst = 10
/** More rows than this nobody reads; the CSV has them all. */
const readable = 200

/** A table of the answer, as its CSV and the terminal have it. */
export function SheetTable({ sheet }: { sheet: Sheet }) {
  const table = useSheetTable(sheet)
  return (
    <>
      <DataTable
        caption={sheet.title}
        rows={table.rows.slice(0, readable)}
        rowKey={table.rowKey}
        columns={table.columns}
        {...(sheet.rows.length > many ? { first: shownFirst } : {})}
      />
      {sheet.rows.length > readable ? (
        <p className="n">
          {number(readable)} of {number(sheet.rows.length)} rows; the CSV has them all.
        </p>
      ) : null}
    </>
  )
}

/** A table of the answer as the one behind a figure, so that its columns are written down once. */
export function useSheetTable(sheet: Sheet): FigureTable<Row> {
  const { currency } = useWorkspace()
  return {
    rows: sheet.rows.map((cells, key): Row => ({ key, cells })),
    rowKey: (row) => row.key,
    columns: sheet.columns.map((column, index) => ({
      key: `${index}`,
      header: column.title.charAt(0).toUpperCase() + column.title.slice(1),
      value: (row: Row) => row.cells[index] ?? null,
      cell: (row: Row) => shown(row.cells[index] ?? null, column.unit, currency),
      ...(column.unit === undefined ? {} : { align: 'end' as const }),
    })),
  }
}

/** The sheet of that name; one without rows where the answer has none. */
export function sheetNamed(sheets: Sheet[], name: string): Sheet {
  return sheets.find((sheet) => sheet.name === name) ?? { name, title: '', columns: [], rows: [] }
}

function shown(value: string | number | null, unit: Unit | undefined, currency: string): string | undefined {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  return inUnit(value, unit, currency)
    ?.replace(/^-/, '−')
    .replace(/^−(0(?![.,]?[1-9]).*)$/, '$1')
}

function inUnit(value: number, unit: Unit | undefined, currency: string): string | undefined {
  switch (unit) {
    case 'share':
      return percent(value, 1)
    case 'minor':
      return money(Math.round(value), currency)
    case 'count':
    case 'days':
      return number(value)
    case 'seconds':
      return waited(value)
    case 'number':
    case undefined:
      return number(value, 2)
  }
}

import { useState } from 'react'
import type { Sheet, Unit } from '../../../src/insights/asking/sheet.ts'
import { waited } from '../../../src/lib/phrases.ts'
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
export function FoldedSheets({
  sheets,
  title = 'The figures as tables',
}: {
  sheets: Sheet[]
  title?: string
}) {
  const filled = sheets.filter((sheet) => sheet.rows.length > 0)
  if (filled.length === 0) return null
  return (
    <Card title={title}>
      {filled.map((sheet) => (
        <Folded key={sheet.name} sheet={sheet} />
      ))}
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

/** More rows than this nobody reads; the CSV has them all. */
const readable = 200

function SheetTable({ sheet }: { sheet: Sheet }) {
  const { currency } = useWorkspace()
  const rows = sheet.rows.slice(0, readable).map((cells, key): Row => ({ key, cells }))
  return (
    <>
      <DataTable
        caption={sheet.title}
        rows={rows}
        rowKey={(row) => row.key}
        columns={sheet.columns.map((column, index) => ({
          key: `${index}`,
          header: column.title,
          value: (row: Row) => row.cells[index] ?? null,
          cell: (row: Row) => shown(row.cells[index] ?? null, column.unit, currency),
          ...(column.unit === undefined ? {} : { align: 'end' as const }),
        }))}
      />
      {sheet.rows.length > readable ? (
        <p className="n">
          {number(readable)} of {number(sheet.rows.length)} rows; the CSV has them all.
        </p>
      ) : null}
    </>
  )
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

import { Button, TextInput } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'

type Plain = string | number | boolean | null | undefined

export interface Column<Row> {
  key: string
  header: string
  /** What is shown; default the value. */
  cell?: (row: Row) => ReactNode
  /** What is sorted by, searched in and exported. */
  value: (row: Row) => Plain
  /** What is sorted by instead, where words have an order of their own. */
  sortedBy?: (row: Row) => Plain
  /** 'end' for figures. */
  align?: 'end'
  sortable?: boolean
}

export interface Sort {
  key: string
  descending: boolean
}

/**
 * A table that sorts, filters and exports. With `onSort` the rows come sorted by the server and `sort` says how;
 * without it they are sorted here.
 */
export function DataTable<Row>(props: {
  caption: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string | number
  sort?: Sort
  onSort?: (sort: Sort) => void
  /** Shows a field that keeps rows containing the text in any column. */
  filter?: boolean
  /** File name without .csv; shows the export button. */
  exportAs?: string
  onOpen?: (row: Row) => void
  empty?: ReactNode
  /** So many rows at first, the others when asked for. */
  first?: number
}) {
  const { caption, columns, rows, rowKey, onSort, onOpen, first } = props
  const [whole, setWhole] = useState(false)
  const [ownSort, setOwnSort] = useState<Sort | undefined>(props.sort)
  const [text, setText] = useState('')
  const sort = onSort ? props.sort : ownSort
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    const kept = wanted
      ? rows.filter((row) =>
          columns.some((column) =>
            String(column.value(row) ?? '')
              .toLowerCase()
              .includes(wanted),
          ),
        )
      : rows
    const column = onSort ? undefined : columns.find((each) => each.key === sort?.key)
    if (!column || !sort) return kept
    const by = column.sortedBy ?? column.value
    return [...kept].sort((a, b) => compare(by(a), by(b), sort.descending))
  }, [rows, columns, text, sort, onSort])

  function sortBy(column: Column<Row>) {
    const next = {
      key: column.key,
      descending: sort?.key === column.key ? !sort.descending : column.align === 'end',
    }
    if (onSort) onSort(next)
    else setOwnSort(next)
  }

  return (
    <div>
      {props.filter || props.exportAs ? (
        <div className="page-bar" style={{ marginBottom: 8 }}>
          {props.filter ? (
            <TextInput
              size="xs"
              placeholder="Filter these rows"
              aria-label={`Filter ${caption}`}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          ) : null}
          {props.exportAs ? (
            <div className="tools">
              <Button
                size="xs"
                variant="default"
                onClick={() => download(`${props.exportAs}.csv`, csv(columns, shown))}
              >
                Export CSV
              </Button>
            </div>
          ) : null}
        </div>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled sideways by keyboard too */}
      <section className="table-wrap" aria-label={caption} tabIndex={0}>
        <table
          className={`data ${columns.length > 3 ? 'restack' : ''} ${columns.length > 6 ? 'wrapped' : ''}`}
        >
          <caption className="hidden-visually">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  className={column.align}
                  aria-sort={
                    sort?.key === column.key ? (sort.descending ? 'descending' : 'ascending') : undefined
                  }
                >
                  {column.sortable === false ? (
                    column.header
                  ) : (
                    <button type="button" onClick={() => sortBy(column)}>
                      {column.header}
                      <span aria-hidden="true">
                        {sort?.key === column.key ? (sort.descending ? ' ↓' : ' ↑') : ''}
                      </span>
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(first === undefined || whole ? shown : shown.slice(0, first)).map((row) => (
              // The row is a larger target for the mouse; the keyboard uses the link that a cell holds.
              <tr
                key={rowKey(row)}
                className={onOpen ? 'go' : undefined}
                onClick={onOpen ? () => onOpen(row) : undefined}
              >
                {columns.map((column) => (
                  <td key={column.key} className={column.align} data-label={column.header}>
                    <div>{column.cell ? column.cell(row) : column.value(row)}</div>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {first !== undefined && !whole && shown.length > first ? (
        <Button size="compact-xs" variant="default" mt={8} onClick={() => setWhole(true)}>
          Show all {shown.length}
        </Button>
      ) : null}
      {shown.length === 0
        ? (props.empty ?? <p className="faint">Nothing here{text ? ' contains that' : ''}.</p>)
        : null}
    </div>
  )
}

function compare(a: Plain, b: Plain, descending: boolean): number {
  const absent = Number(a == null) - Number(b == null)
  if (absent !== 0 || a == null || b == null) return absent
  const by = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b))
  return descending ? -by : by
}

export function csv<Row>(columns: Column<Row>[], rows: Row[]): string {
  const lines = [
    columns.map((column) => column.header),
    ...rows.map((row) => columns.map((column) => column.value(row))),
  ]
  return lines.map((line) => line.map(csvField).join(',')).join('\r\n')
}

/** Quoted where needed; a leading =, +, − or @ is disarmed, so that a spreadsheet doesn't run a customer's words. */
function csvField(value: Plain): string {
  const text = value == null ? '' : String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function download(name: string, content: string | Blob, type = 'text/csv;charset=utf-8'): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

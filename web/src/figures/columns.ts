// The columns of the table behind a figure.
import { number } from '../lib/words.ts'
import type { Column } from '../parts/data-table.tsx'
import type { Estimate } from './estimate.ts'

/** A column of figures; "–" where there is none. */
export function figures<Row>(
  key: string,
  header: string,
  value: (row: Row) => number | null,
  format: (value: number, row: Row) => string = (each) => number(each),
): Column<Row> {
  return {
    key,
    header,
    align: 'end',
    value,
    cell: (row) => {
      const known = value(row)
      return known === null ? '–' : format(known, row)
    },
  }
}

/** The value, the ends of its interval, and how many stand behind it. */
export function estimateColumns<Row>(
  header: string,
  of: (row: Row) => Estimate,
  format: (value: number, row: Row) => string,
): Column<Row>[] {
  return [
    figures('value', header, (row) => of(row).value, format),
    figures('low', 'from', (row) => of(row).low, format),
    figures('high', 'to', (row) => of(row).high, format),
    figures('n', 'n', (row) => of(row).n),
  ]
}

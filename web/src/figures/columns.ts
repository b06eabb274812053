// The columns of the table behind a figure.
import { number } from '../lib/words.ts'
import type { Column } from '../parts/data-table.tsx'
import type { Estimate, Format } from './estimate.ts'

/**
 * A column of figures; "–" where there is none. `format` gets the figure alone: one that also takes digits
 * would take anything else for them.
 */
export function figures<Row>(
  key: string,
  header: string,
  value: (row: Row) => number | null,
  format: Format = (each) => number(each),
): Column<Row> {
  return {
    key,
    header,
    align: 'end',
    value,
    cell: (row) => {
      const known = value(row)
      return known === null ? '–' : format(known)
    },
  }
}

/** The value, the ends of its interval, and how many stand behind it. */
export function estimateColumns<Row>(
  header: string,
  of: (row: Row) => Estimate,
  format: Format,
): Column<Row>[] {
  return [
    figures('value', header, (row) => of(row).value, format),
    figures('low', 'from', (row) => of(row).low, format),
    figures('high', 'to', (row) => of(row).high, format),
    figures('n', 'n', (row) => of(row).n),
  ]
}

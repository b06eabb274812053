import { csvLine } from '../../lib/csv.ts'

/** How a number of a column reads: a share of 1, a length of time, money in minor units, or as it is. */
export type Unit = 'count' | 'share' | 'days' | 'seconds' | 'minor' | 'number'

export interface Column {
  /** The header in a spreadsheet: "low", "kept_share". */
  name: string
  /** The header for people. */
  title: string
  /** Undefined: words. */
  unit?: Unit
}

/** An answer, or a part of one, as a table. */
export interface Sheet {
  /** In the address: `.csv?sheet=name`. */
  name: string
  title: string
  columns: Column[]
  rows: (string | number | null)[][]
}

/** A sheet as a spreadsheet opens it. */
export function sheetCsv(sheet: Sheet): string {
  return [sheet.columns.map((column) => column.name), ...sheet.rows].map(csvLine).join('')
}

export type CsvField = string | number | null

/** Makes spreadsheets read a file as UTF-8; the first thing in it. */
export const utf8Mark = '\uFEFF'

/** One line of a CSV file (RFC 4180), with its end. */
export function csvLine(fields: readonly CsvField[]): string {
  return `${fields.map(csvField).join(',')}\r\n`
}

/**
 * One field, quoted where needed; numbers to six digits. Text that a spreadsheet would run as a formula is kept
 * text by a leading apostrophe; a telephone number or a negative one is none.
 */
export function csvField(value: CsvField): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(Number(value.toFixed(6)))
  const safe = /^[=@\t\r]|^[+-](?![\d\s().,-]*$)/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

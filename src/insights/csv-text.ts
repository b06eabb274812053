export type CsvField = string | number | null

/** One line of a CSV file (RFC 4180), with its end. */
export function csvLine(fields: readonly CsvField[]): string {
  return `${fields.map(csvField).join(',')}\r\n`
}

/** Quoted where needed; a leading =, +, − or @ is disarmed, so that a spreadsheet doesn't run a customer's words. */
function csvField(value: CsvField): string {
  const text = value === null ? '' : typeof value === 'number' ? String(Number(value.toFixed(6))) : value
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

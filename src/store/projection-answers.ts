// How a question's numbers go into the projection, and how its answer comes out.
import type { DuckDBValue } from '@duckdb/node-api'

/**
 * Numbers written into the text: as parameters they are not known when the query is planned, so whole row
 * groups outside the time asked for are read and compared (a third of the time of the map's main question).
 * Anything but a whole number or null stays a parameter.
 */
export function withNumbers(text: string, values: readonly unknown[]): [string, DuckDBValue[]?] {
  if (values.length === 0) return [text]
  if (!values.every((value) => value === null || Number.isSafeInteger(value)))
    return [text, values as DuckDBValue[]]
  return [
    text.replaceAll(/\$(\d+)/g, (name, digits: string) => {
      const value = values[Number(digits) - 1]
      if (value === undefined) throw new Error(`the question has no value for ${name}`)
      if (value === null) return 'null'
      const number = Number(value)
      return number < 0 ? `(${number})` : `${number}`
    }),
  ]
}

export function plain(row: Record<string, DuckDBValue>): Record<string, DuckDBValue | number> {
  for (const [name, value] of Object.entries(row))
    if (typeof value === 'bigint') (row as Record<string, unknown>)[name] = Number(value)
  return row
}

import { Invalid } from '../lib/errors.ts'
import type { Cell, Row } from './rowsfromfile.ts'
import type { Source } from './schema.ts'

/**
 * A case spread over several rows, its fields only on the first (an order with a row per line item): blank
 * cells take the value of the case's rows above. A row whose case cell is blank continues the case above.
 * @throws Invalid when a column named is not there
 */
export function fillDown(columns: string[], rule: Source['fill_down'], file: string): (row: Row) => Row {
  if (!rule) return (row) => row
  const position = (name: string) => {
    const found = columns.findIndex((column) => column.toLowerCase() === name.toLowerCase())
    if (found < 0) throw new Invalid(`${file} has no column "${name}" to fill down.`)
    return found
  }
  const key = position(rule.case)
  const filled = rule.columns?.map(position) ?? columns.map((_, index) => index)
  let current: Cell = null
  let above: Cell[] = []
  return (row) => {
    const value = row.cells[key] ?? null
    if (!isBlank(value) && value !== current) {
      current = value
      above = [...row.cells]
      return row
    }
    const cells = [...row.cells]
    cells[key] = current
    for (const index of filled) {
      if (isBlank(cells[index] ?? null)) cells[index] = above[index] ?? null
      else above[index] = cells[index] ?? null
    }
    return { line: row.line, cells }
  }
}

function isBlank(cell: Cell): boolean {
  return cell === null || cell.trim() === ''
}

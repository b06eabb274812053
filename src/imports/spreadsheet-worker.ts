// Runs in a thread of its own, started by spreadsheet.ts.

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import readWorkbook from 'read-excel-file/node'

const { path, sheet, target } = workerData as { path: string; sheet?: string | number; target: string }

try {
  const workbook = await readWorkbook(path)
  const sheets = workbook.map((each) => each.sheet)
  const chosen =
    sheet === undefined
      ? (workbook.find((each) => each.data.length > 1) ?? workbook[0])
      : typeof sheet === 'number'
        ? workbook[sheet - 1]
        : workbook.find((each) => each.sheet === sheet)
  if (!chosen)
    parentPort?.postMessage({
      failed: `there is no sheet ${JSON.stringify(sheet)}; there are: ${sheets.join(', ') || 'none'}.`,
    })
  else {
    const out = createWriteStream(target)
    for (const row of chosen.data)
      if (!out.write(`${JSON.stringify(row.map(textOf))}\n`)) await once(out, 'drain')
    out.end()
    await once(out, 'finish')
    parentPort?.postMessage({ sheets, sheet: chosen.sheet, rows: chosen.data.length })
  }
} catch (error) {
  parentPort?.postMessage({
    failed: `it is not readable as an Excel workbook (${(error as Error).message}).`,
  })
}

/** Excel's dates have no zone: a day stays a day, a time of day stays what the clock on the wall said. */
function textOf(cell: unknown): string | null {
  if (cell === null || cell === undefined) return null
  if (cell instanceof Date) {
    if (Number.isNaN(cell.getTime())) return null
    const text = cell.toISOString()
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
  }
  return typeof cell === 'string' ? cell : String(cell as number | boolean)
}

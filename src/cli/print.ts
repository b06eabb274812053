import { styleText } from 'node:util'

/** Whether a person is looking: colours and moving bars only then. */
export const lively = process.stdout.isTTY === true

export interface Column<Row> {
  title: string
  value: (row: Row) => string
  align?: 'left' | 'right'
}

/** A plain table in aligned columns, as wide as its content. */
export function table<Row>(columns: Column<Row>[], rows: Row[]): string {
  const cells = rows.map((row) => columns.map((column) => column.value(row)))
  const widths = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...cells.map((line) => displayWidth(line[i] ?? ''))),
  )
  const line = (texts: string[]) =>
    texts
      .map((text, i) => {
        const padding = ' '.repeat(Math.max(0, (widths[i] ?? 0) - displayWidth(text)))
        return columns[i]?.align === 'right' ? padding + text : text + padding
      })
      .join('  ')
      .trimEnd()
  return [faint(line(columns.map((column) => column.title))), ...cells.map(line)].join('\n')
}

/** Text broken at spaces to the terminal's width (at most 88), every line indented. */
export function wrap(text: string, indent = ''): string {
  const width = Math.min(process.stdout.columns || 88, 88) - indent.length
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  if (line) lines.push(line)
  return lines.map((each) => indent + each).join('\n')
}

export const bold = (text: string): string => style('bold', text)
export const faint = (text: string): string => style('dim', text)

function style(format: 'bold' | 'dim', text: string): string {
  return lively ? styleText(format, text) : text
}

function displayWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences take no room
  return [...text.replaceAll(/\u001b\[[0-9;]*m/g, '')].length
}

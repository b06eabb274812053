import { Invalid } from '../lib/errors.ts'

/** More columns than any table that people keep; a file with more is refused. */
export const mostColumns = 2_000

/** Names for columns: trimmed, never empty, never twice (case ignored), never one of ours (`_file`, `_line`, `_row`). */
export function columnNames(header: string[], file: string): string[] {
  if (header.length > mostColumns)
    throw new Invalid(
      `${file} has ${header.length.toLocaleString('en')} columns; Troth reads up to ${mostColumns.toLocaleString('en')}. Check the delimiter, or leave columns out.`,
    )
  const taken = new Set(['_file', '_line', '_row'])
  return header.map((cell, index) => {
    const clean = cell
      .replaceAll(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 200)
    const wanted = clean === '' ? `column${index + 1}` : clean
    let name = wanted
    for (let again = 2; taken.has(name.toLowerCase()); again++) name = `${wanted}_${again}`
    taken.add(name.toLowerCase())
    return name
  })
}

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

/**
 * Gives columns the names that the recipe's SELECTs use: of the names a wanted column may go by, the first
 * that is there. Case, spaces, hyphens and underscores don't matter.
 * @returns the columns' names, and those that are missing and stay empty
 * @throws Invalid when a column is missing that is not marked with `?`
 */
export function applyNames(
  columns: string[],
  wanted: Record<string, string[]> | undefined,
  file: string,
): { columns: string[]; missing: string[] } {
  const names = [...columns]
  const missing: string[] = []
  const claimed = new Set<number>()
  for (const [key, candidates] of Object.entries(wanted ?? {})) {
    const name = key.replace(/\?$/, '')
    const found = candidates
      .map((candidate) =>
        columns.findIndex((column, index) => !claimed.has(index) && plain(column) === plain(candidate)),
      )
      .find((index) => index >= 0)
    if (found !== undefined) {
      claimed.add(found)
      names[found] = name
    } else if (key.endsWith('?')) missing.push(name)
    else
      throw new Invalid(
        `${file} has no column for "${name}". Troth looked for ${candidates.slice(0, 6).join(', ')}${candidates.length > 6 ? ' …' : ''}; the file has ${columns.slice(0, 12).join(', ')}${columns.length > 12 ? ' …' : ''}.`,
      )
  }
  // A column that already had a name now given to another steps back.
  const given = new Set([...claimed].map((index) => names[index]?.toLowerCase()))
  const taken = new Set([...given, ...missing.map((name) => name.toLowerCase())])
  for (const [index, name] of names.entries()) {
    if (claimed.has(index)) continue
    let other = name
    for (let again = 2; taken.has(other.toLowerCase()); again++) other = `${name}_${again}`
    taken.add(other.toLowerCase())
    names[index] = other
  }
  return { columns: names, missing }
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, '')
}

// What an erased customer is recognised by where others' rows, files and logs may mention them.
import { createReadStream } from 'node:fs'
import type { Identity } from './schema.ts'

export interface Marks {
  /** Looked for anywhere in a text: email addresses and phone numbers. */
  inside: string[]
  /** Looked for as a whole value only: "7" or "customer-1" is part of too much else. */
  whole: string[]
  /** Full names: taken out of what imports and the log of changes left, and pointed out elsewhere: others have the same. */
  names: string[]
}

export function marksOf(identities: Identity[], keys: string[], names: string[]): Marks {
  const inside = identities
    .filter(({ kind }) => kind === 'email' || kind === 'phone')
    .map(({ value }) => value)
  const whole = [
    ...identities.filter(({ kind }) => kind !== 'email' && kind !== 'phone').map(({ value }) => value),
    ...keys,
  ]
  // Shorter ones ("7") are part of too many other people's rows, and say nothing by themselves.
  const telling = whole.filter((value) => value.length >= 5)
  const full = names.map((name) => name.trim()).filter((name) => /\s/.test(name) && name.length >= 6)
  return { inside: distinct(inside), whole: distinct(telling), names: distinct(full) }
}

function distinct(values: string[]): string[] {
  return [...new Set(values)]
}

/** Patterns for PostgreSQL's `~*` and regexp_replace over JSON or plain text; null when there is nothing to look for. */
export interface Patterns {
  inside: string | null
  /** As quoted JSON strings. */
  whole: string | null
  names: string | null
}

export function patternsOf(marks: Marks): Patterns {
  return {
    inside: alternatives(
      marks.inside.map((mark) =>
        mark.includes('@') ? `(?<![\\w.+-])${escaped(mark)}(?!\\.?\\w)` : `(?<!\\d)${escaped(mark)}(?!\\d)`,
      ),
    ),
    whole: alternatives(marks.whole.map((mark) => `"${escaped(mark)}"`)),
    names: alternatives(marks.names.map((mark) => `(?<!\\w)${escaped(mark)}(?!\\w)`)),
  }
}

function alternatives(patterns: string[]): string | null {
  return patterns.length === 0 ? null : patterns.join('|')
}

/** As it stands inside a JSON string, with what means something in a pattern made to mean itself. */
function escaped(mark: string): string {
  return JSON.stringify(mark)
    .slice(1, -1)
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** The same for our own text files. */
export function regexOf(marks: Marks): RegExp | null {
  const all = [...marks.inside, ...marks.names, ...marks.whole]
  return all.length === 0
    ? null
    : new RegExp(all.map((mark) => mark.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'gi')
}

/** Whether a file holds one of the words, in UTF-8, UTF-16 or Windows-1252, whatever the case. */
export async function fileMentions(file: string, words: string[]): Promise<boolean> {
  const wanted = words.flatMap((word) => {
    const lower = word.toLowerCase()
    const wide = Buffer.from(lower, 'utf16le').toString('latin1')
    return [Buffer.from(lower, 'utf8').toString('latin1'), lower, wide]
  })
  const longest = Math.max(0, ...wanted.map((word) => word.length))
  let tail = ''
  for await (const chunk of createReadStream(file)) {
    const text = tail + (chunk as Buffer).toString('latin1').toLowerCase()
    if (wanted.some((word) => text.includes(word))) return true
    tail = text.slice(-longest)
  }
  return false
}

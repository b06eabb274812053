// How a delimited text is written, found by trying: the right delimiter cuts nearly every line into the
// same number of cells.
import { CsvReader, type CsvRecord, type Dialect } from './csv.ts'

export interface Layout extends Dialect {
  /** Lines above the header: a title, "sep=;", an export note. */
  skip: number
  /** Whether the first row names the columns. */
  header: boolean
  /** What many tools leave out: the empty cells at the end of a row. */
  shortRows: 'refuse' | 'fill'
}

const delimiters = [',', ';', '\t', '|', '^', ':']

/** Finds the layout from the first part of a text; what is given is kept. */
export function sniff(sample: string, given: Partial<Layout> = {}): Layout {
  const named = /^sep=(.)\r?\n/.exec(sample)
  const escapedBy =
    given.escapedBy ??
    (/\\"/.test(sample) && !/""/.test(sample.replaceAll(/,""|""(?=,|;|\r?\n)/g, '')) ? '\\' : undefined)
  const quotes = given.quote === undefined ? ['"', "'"] : [given.quote]
  const tries = (given.delimiter ? [given.delimiter] : named?.[1] ? [named[1]] : delimiters).flatMap(
    (delimiter) =>
      quotes
        .filter((quote) => quote !== "'" || singleQuoted(sample, delimiter))
        .map((quote) => measure(sample, { delimiter, quote, escapedBy: escapedBy ?? quote })),
  )
  const best = tries.reduce((a, b) => (b.score > a.score + 1e-9 ? b : a))
  const skip = given.skip ?? linesAbove(best.records, best.width)
  const body = best.records.filter((record) => record.line > skip)
  const short = body.slice(1).filter((record) => record.cells.length < best.width).length
  return {
    ...best.dialect,
    skip,
    header: given.header ?? looksLikeHeader(body[0]?.cells ?? [], body.slice(1)),
    shortRows: given.shortRows ?? (short >= 3 && short > body.length * 0.1 ? 'fill' : 'refuse'),
  }
}

interface Try {
  dialect: Dialect
  records: CsvRecord[]
  width: number
  score: number
}

function measure(sample: string, dialect: Dialect): Try {
  const reader = new CsvReader(dialect)
  // The last record may be cut off by the end of the sample.
  const records = reader.push(sample.includes('\n') ? sample : `${sample}\n`).slice(0, 300)
  const widths = new Map<number, number>()
  for (const { cells } of records) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1)
  const [width, agreeing] = [...widths].reduce(
    (a, b) => (b[1] * (b[0] > 1 ? 3 : 1) > a[1] * (a[0] > 1 ? 3 : 1) ? b : a),
    [1, 0],
  )
  const agreement = records.length === 0 ? 0 : agreeing / records.length
  const refusals = reader.refused.length / (records.length + reader.refused.length + 1)
  return {
    dialect,
    records,
    width,
    score:
      width > 1
        ? (dialect.delimiter === ':' ? 0.5 : 1) * agreement * (1 - refusals) * (1 + Math.log2(width) / 8)
        : 0.01,
  }
}

function singleQuoted(sample: string, delimiter: string): boolean {
  return sample.includes(`'${delimiter}'`) && !sample.includes(`"${delimiter}"`)
}

/** Lines before the first row that is as wide as the table. */
function linesAbove(records: CsvRecord[], width: number): number {
  if (width < 2) return 0
  const first = records.findIndex((record) => record.cells.length === width)
  const above = first < 0 ? undefined : records[first]
  return above === undefined || first > 20 ? 0 : above.line - 1
}

/** A header has no empty, repeated, numeric or dated cells beyond the first; or sits over columns that are. */
function looksLikeHeader(first: string[], rest: CsvRecord[]): boolean {
  if (first.length === 0) return false
  const data = (cell: string) => /^[-+]?\d[\d.,:\sT/-]*Z?$|@.+\.|^(true|false|null)$/i.test(cell.trim())
  if (first.some((cell) => data(cell))) return false
  if (new Set(first.map((cell) => cell.trim().toLowerCase())).size < first.length * 0.8) return false
  // All words over all words can't be told apart: names are short and seldom come again below.
  const below = new Set(rest.slice(0, 100).map((record) => record.cells[0]))
  return first.length < 2 || !below.has(first[0]) || first.some((cell) => cell === '')
}

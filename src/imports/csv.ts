// Reads delimited text piece by piece. An own reader, because three things have to hold that DuckDB's
// reader does not give: the line number of every row, no row lost to a quotation mark that is never closed
// (there three rows vanished without a word), and a reason for every line that is refused.
//
// The story of a record: it starts at the beginning of a line. Cells run to the next delimiter. A cell that
// starts with a quotation mark runs to its closing mark, over line breaks if need be; a mark is the closing
// one when a delimiter or the end of the line follows. When no mark closes it, or what it swallowed makes
// no sense, only the line it started on is refused and reading goes on with the next line.

export interface Dialect {
  delimiter: string
  /** '' when nothing is quoted. */
  quote: string
  /** What makes a quotation mark inside a quoted cell plain: the mark itself (doubled) or a backslash. */
  escapedBy: string
}

export interface CsvRecord {
  /** Number of the line it starts on, from 1. */
  line: number
  cells: string[]
  /** How many lines it covers. */
  lines: number
}

export interface CsvRefusal {
  line: number
  reason: string
  raw: string
}

/** A cell longer than this is refused: it is a swallowed file or an attack, no one's words. */
export const longestCell = 1_000_000
const longestRecord = 4_000_000
const mostQuotedLines = 2_000

type Parsed = { end: number; cells: string[]; lines: number } | 'more' | { refused: string }

export class CsvReader {
  readonly refused: CsvRefusal[] = []
  /** Lines that hold nothing. */
  blank = 0
  private readonly dialect: Dialect
  private text = ''
  private line = 1
  /** Cells each record should have, once known: tells a swallowed line from a cell with line breaks. */
  private width: number | undefined
  private nextQuote = -1

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }

  /** Lines seen so far. */
  get lines(): number {
    return this.line - 1
  }

  expect(width: number): void {
    this.width = width
  }

  /** Takes the next piece of text and gives the records that are complete. */
  push(piece: string): CsvRecord[] {
    this.text += piece
    return this.take(false)
  }

  end(): CsvRecord[] {
    return this.take(true)
  }

  private take(last: boolean): CsvRecord[] {
    const records: CsvRecord[] = []
    let at = 0
    this.nextQuote = this.findQuote(0)
    while (at < this.text.length) {
      const parsed = this.record(at, last)
      if (parsed === 'more') {
        if (this.text.length - at <= longestRecord) break
        at = this.refuse(at, 'the line is longer than 4,000,000 characters')
        if (at < 0) {
          at = this.text.length
          break
        }
        continue
      }
      if ('refused' in parsed) {
        at = this.refuse(at, parsed.refused)
        continue
      }
      const { cells, lines, end } = parsed
      if (cells.every((cell) => cell === '')) this.blank += lines
      else records.push({ line: this.line, cells, lines })
      this.line += lines
      at = end
    }
    this.text = this.text.slice(at)
    return records
  }

  /** Refuses the line that starts at `at` and gives where the next one starts. */
  private refuse(at: number, reason: string): number {
    const newline = this.text.indexOf('\n', at)
    const end = newline < 0 ? this.text.length : newline + 1
    this.refused.push({
      line: this.line,
      reason,
      raw: this.text.slice(at, Math.min(end, at + 2_000)).trimEnd(),
    })
    this.line += 1
    if (this.nextQuote < end) this.nextQuote = this.findQuote(end)
    return end
  }

  private record(start: number, last: boolean): Parsed {
    const newline = this.text.indexOf('\n', start)
    if (newline < 0 && !last) return 'more'
    const lineEnd = newline < 0 ? this.text.length : newline
    if (this.nextQuote >= 0 && this.nextQuote < start) this.nextQuote = this.findQuote(start)
    // Most lines hold no quotation mark: split them at once.
    if (this.nextQuote < 0 || this.nextQuote >= lineEnd) {
      const cells = this.text
        .slice(start, withoutReturn(this.text, start, lineEnd))
        .split(this.dialect.delimiter)
      const long = cells.some((cell) => cell.length > longestCell)
      if (long) return { refused: `a cell is longer than ${longestCell.toLocaleString('en')} characters` }
      return { end: newline < 0 ? lineEnd : lineEnd + 1, cells, lines: 1 }
    }
    return this.quotedRecord(start, last)
  }

  private quotedRecord(start: number, last: boolean): Parsed {
    const { delimiter, quote } = this.dialect
    const { text } = this
    const cells: string[] = []
    let lines = 1
    let at = start
    for (;;) {
      let from = at
      while (text[from] === ' ' && delimiter !== ' ') from += 1
      if (text[from] === quote) {
        const cell = this.quotedCell(from + 1, last)
        if (cell === 'more' || 'refused' in cell) return cell
        cells.push(cell.value)
        lines += cell.breaks
        at = cell.end
      } else {
        const stop = endOfPlain(text, at, delimiter)
        const end = stop < 0 ? text.length : stop
        if (stop < 0 && !last) return 'more'
        cells.push(text.slice(at, text[end] === delimiter ? end : withoutReturn(text, at, end)))
        at = end
      }
      if (text[at] === delimiter) {
        at += 1
        continue
      }
      if (text[at] === '\r' && (at + 1 >= text.length || text[at + 1] === '\n')) at += 1
      if (at >= text.length && !last) return 'more'
      if (lines > 1 && this.width !== undefined && cells.length !== this.width)
        return { refused: 'a quotation mark is opened and not closed on its line' }
      return { end: Math.min(at + 1, text.length), cells, lines }
    }
  }

  private quotedCell(
    start: number,
    last: boolean,
  ): { value: string; end: number; breaks: number } | 'more' | { refused: string } {
    const { delimiter, quote, escapedBy } = this.dialect
    const { text } = this
    let value = ''
    let from = start
    let at = start
    for (;;) {
      const mark = nextMark(text, at, quote, escapedBy)
      if (mark < 0) {
        if (!last && text.length - start <= longestCell) return 'more'
        return { refused: 'a quotation mark is opened and never closed' }
      }
      if (mark - start > longestCell)
        return {
          refused:
            'a quotation mark is opened and never closed, or a cell is longer than 1,000,000 characters',
        }
      if (escapedBy !== quote && text[mark] === escapedBy) {
        if (mark + 1 >= text.length && !last) return 'more'
        value += text.slice(from, mark) + (text[mark + 1] ?? '')
        from = at = mark + 2
        continue
      }
      if (mark + 1 >= text.length && !last) return 'more'
      if (escapedBy === quote && text[mark + 1] === quote) {
        value += text.slice(from, mark) + quote
        from = at = mark + 2
        continue
      }
      let after = mark + 1
      while (text[after] === ' ' && delimiter !== ' ') after += 1
      if (after >= text.length && !last) return 'more'
      const follows = text[after]
      if (after >= text.length || follows === delimiter || follows === '\n' || follows === '\r') {
        value += text.slice(from, mark)
        const breaks = countBreaks(value)
        if (breaks > mostQuotedLines) return { refused: 'a quotation mark is opened and never closed' }
        return { value, end: after, breaks }
      }
      // A mark in the middle: plain when still on the first line, else the cell was never closed.
      if (text.slice(start, mark).includes('\n'))
        return { refused: 'a quotation mark is opened and not closed on its line' }
      at = mark + 1
    }
  }

  private findQuote(from: number): number {
    return this.dialect.quote === '' ? -1 : this.text.indexOf(this.dialect.quote, from)
  }
}

function nextMark(text: string, from: number, quote: string, escapedBy: string): number {
  const mark = text.indexOf(quote, from)
  if (escapedBy === quote) return mark
  const escaped = text.indexOf(escapedBy, from)
  return escaped >= 0 && (mark < 0 || escaped < mark) ? escaped : mark
}

function endOfPlain(text: string, from: number, delimiter: string): number {
  const newline = text.indexOf('\n', from)
  const next = text.indexOf(delimiter, from)
  if (next < 0) return newline
  return newline < 0 ? next : Math.min(newline, next)
}

function withoutReturn(text: string, start: number, end: number): number {
  return end > start && text[end - 1] === '\r' ? end - 1 : end
}

function countBreaks(text: string): number {
  let breaks = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks += 1
  return breaks
}

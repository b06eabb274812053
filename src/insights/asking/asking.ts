import type { Actor } from '../../lib/http.ts'
import { type Progress, type Thinker, think, thinker } from '../../lib/thinking.ts'
import type { Column, Columns, Kinds } from '../../store/projection-columns.ts'
import { columnsOf } from '../../store/projection-columns.ts'
import type { Store } from '../../store/store.ts'
import { askPostgres, type Question } from '../question.ts'

/** A query as it was run, to be copied and run again. */
export interface AskedQuery {
  /** What it counts, in words. */
  about: string
  /** The text with its values in their places; runs with `set search_path = projection` on Postgres. */
  sql: string
}

/** One asking of a question: counts where counting is done, remembers what it counted, tells how far it is, and stops when told. */
export class Asking {
  readonly queries: AskedQuery[] = []
  readonly store: Store
  readonly signal: AbortSignal
  /** Who asks; null where the answer is the same for everybody who may ask. */
  readonly asker: Actor | null
  private readonly tell: (progress: Progress) => void

  constructor(
    store: Store,
    signal = new AbortController().signal,
    tell: (progress: Progress) => void = () => {},
    asker: Actor | null = null,
  ) {
    this.store = store
    this.signal = signal
    this.tell = tell
    this.asker = asker
  }

  /** @param about what is counted, in words: shown beside the SQL */
  async rows<Row>(about: string, question: Question): Promise<Row[]> {
    this.note(about, question)
    const { projection } = this.store
    return this.turn(async () =>
      projection
        ? projection.rows<Row>(question.text, question.values, this.signal)
        : askPostgres<Row>(this.store, question, this.signal),
    )
  }

  /** For answers of many rows: a column of numbers each (null: NaN, true: 1), kept as doubles or as told. */
  async columns(about: string, question: Question, names: readonly string[]): Promise<Columns>
  async columns(
    about: string,
    question: Question,
    names: readonly string[],
    kinds: Kinds,
  ): Promise<Columns<Column>>
  async columns(
    about: string,
    question: Question,
    names: readonly string[],
    kinds: Kinds = {},
  ): Promise<Columns<Column>> {
    this.note(about, question)
    const { projection } = this.store
    return this.turn(async () =>
      projection
        ? projection.columns(question.text, question.values, this.signal, kinds)
        : columnsOf(await askPostgres(this.store, question, this.signal), names, kinds),
    )
  }

  /** Says how far it is, and stops here when nobody wants the answer any more. */
  progress(done: number, words: string): void {
    this.signal.throwIfAborted()
    this.tell({ done, words })
  }

  /**
   * Runs an exported function of a module beside everything else, so that long arithmetic holds up nobody.
   * Its arguments and result are copied; what is in `moved` goes over without copying.
   */
  think<Result>(module: URL, name: string, input: unknown, moved: ArrayBuffer[] = []): Promise<Result> {
    return think<Result>(module, name, input, {
      moved,
      signal: this.signal,
      tell: ({ done, words }) => this.progress(done, words),
    })
  }

  /** A thread that gets ready for think while its input is being counted; to be stopped in any case. */
  thinker(module: URL): Thinker {
    return thinker(module, {
      signal: this.signal,
      tell: ({ done, words }) => this.progress(done, words),
    })
  }

  private turn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.store.load.takeTurn(work, this.signal)
  }

  private note(about: string, { text, values }: Question): void {
    const sql = text.replaceAll(/\$(\d+)/g, (_, digits: string) => {
      const value = values[Number(digits) - 1]
      return value === null || value === undefined ? 'null' : String(value)
    })
    this.queries.push({ about, sql: unindented(sql) })
  }
}

function unindented(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n')
  const depth = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(depth)).join('\n')
}

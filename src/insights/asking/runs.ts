// Answers under way and answers kept. Who asks what somebody is already waiting for waits with them; when
// nobody waits any more the counting stops. An answer is kept until anything it could depend on has changed:
// a row of the projection, or something a person set (which the audit log tells).
import { sql } from 'kysely'
import { NotFound, TrothError } from '../../lib/errors.ts'
import type { Actor } from '../../lib/http.ts'
import type { Progress } from '../../lib/thinking.ts'
import { row } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { type AskedQuery, Asking } from './asking.ts'
import type { Answered, QuestionKind } from './kind.ts'

export interface Counted {
  answer: Answered
  /** When it was counted, and how long that took. */
  countedAt: string
  tookMs: number
  queries: AskedQuery[]
}

interface Run {
  id: number
  kind: QuestionKind
  asked: object
  startedAt: Date
  progress: Progress
  waiting: number
  stop: AbortController
  counted: Promise<Counted>
}

/** How many answers are kept. */
const mostKept = 60

export class Runs {
  private readonly store: Store
  private readonly running = new Map<string, Run>()
  private readonly kept = new Map<string, { state: string; counted: Counted }>()
  private lastId = 0

  constructor(store: Store) {
    this.store = store
  }

  /** The answer, from what is kept, from a count under way, or counted now. `gone` aborts when the asker has left. */
  async answer(
    kind: QuestionKind,
    asked: object,
    gone: AbortSignal,
    actor: Actor | null = null,
  ): Promise<Counted> {
    const asker = kind.personal?.(asked) ? actor : null
    const own = asker ? ` for ${asker.kind} ${asker.id} ${asker.role}` : ''
    const key = `${kind.name} ${JSON.stringify(Object.entries(asked).sort())}${own}`
    const state = await this.state()
    const known = this.kept.get(key)
    if (known && state !== undefined && known.state === state) return known.counted
    const run = this.running.get(key) ?? this.begin(key, kind, asked, state, asker)
    run.waiting++
    const leave = () => {
      if (--run.waiting > 0) return
      // who comes now begins anew
      this.forget(key, run)
      run.stop.abort(new Error('nobody waits for this answer any more'))
    }
    gone.addEventListener('abort', leave, { once: true })
    if (gone.aborted) leave()
    try {
      return await run.counted
    } finally {
      gone.removeEventListener('abort', leave)
    }
  }

  /** What is being counted now, the oldest first. */
  list() {
    return [...this.running.values()].map(({ id, kind, asked, startedAt, progress }) => ({
      id,
      question: kind.name,
      title: kind.title,
      asked: asked as Record<string, unknown>,
      startedAt: startedAt.toISOString(),
      ...progress,
    }))
  }

  /** Stops a count for everybody who waits for it. @throws NotFound when it is not under way (any more) */
  cancel(id: number): void {
    const [key, run] = [...this.running].find(([, each]) => each.id === id) ?? []
    if (key === undefined || !run) throw new NotFound('count under way', id)
    this.forget(key, run)
    run.stop.abort(new Cancelled())
  }

  private begin(
    key: string,
    kind: QuestionKind,
    asked: object,
    state: string | undefined,
    asker: Actor | null,
  ): Run {
    const stop = new AbortController()
    const run: Run = {
      id: ++this.lastId,
      kind,
      asked,
      startedAt: new Date(),
      progress: { done: 0, words: 'Beginning' },
      waiting: 0,
      stop,
      counted: Promise.resolve({} as Counted),
    }
    const tell = (progress: Progress) => {
      run.progress = progress
    }
    const asking = new Asking(this.store, stop.signal, tell, asker)
    run.counted = this.count(kind, asked, asking)
      .then((counted) => {
        if (state !== undefined) this.keep(key, state, counted)
        return counted
      })
      .finally(() => this.forget(key, run))
    this.running.set(key, run)
    return run
  }

  private forget(key: string, run: Run): void {
    if (this.running.get(key) === run) this.running.delete(key)
  }

  private async count(kind: QuestionKind, asked: object, asking: Asking): Promise<Counted> {
    const began = performance.now()
    const answer = await kind.answering(asking, asked)
    return {
      answer,
      countedAt: new Date().toISOString(),
      tookMs: Math.round(performance.now() - began),
      queries: asking.queries,
    }
  }

  private keep(key: string, state: string, counted: Counted): void {
    this.kept.delete(key)
    this.kept.set(key, { state, counted })
    const [oldest] = this.kept.keys()
    if (this.kept.size > mostKept && oldest !== undefined) this.kept.delete(oldest)
  }

  /** Changes with anything an answer could depend on; undefined where that can't be known. */
  private async state(): Promise<string | undefined> {
    const { projection } = this.store
    if (!projection) return undefined
    const changed = await row(
      this.store.db,
      sql<{ last: string }>`select coalesce(max(id), 0)::text as last from audit`,
    )
    // The day too: "in the last 30 days" means something else tomorrow.
    return `${projection.version} ${changed?.last} ${new Date().toISOString().slice(0, 10)}`
  }
}

/** Thrown to everybody who waits for a count that somebody stopped. */
export class Cancelled extends TrothError {
  constructor() {
    super('conflict', 'Somebody stopped this count. Ask again to begin anew.')
  }
}

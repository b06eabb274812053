import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'

export interface Progress {
  /** From 0 to 1. */
  done: number
  /** What is being done: "Reading 1,204,311 steps". */
  words: string
}

/** What a thread is made for. What it is to think about comes in messages. */
export interface Thinking {
  module: string
  /** Where the process keeps what Node makes of the sources: a thread doesn't take that over by itself. */
  kept: string | null
}

/** Which exported function is to be run, and on what. */
export interface Thought {
  name: string
  input: unknown
}
export type Saying =
  | { progress: Progress }
  | { result: unknown }
  | { error: { message: string; stack?: string } }

interface Listening {
  signal: AbortSignal
  tell: (progress: Progress) => void
}

/** A thread of its own that has read its module, or is just reading it, while what it is to think about is gathered. */
export interface Thinker {
  /**
   * Runs an exported function of the module: `(input, tell) => result`; one after the other. The input is copied; what
   * is in `moved` goes over without copying.
   */
  think: <Result>(name: string, input: unknown, moved?: ArrayBuffer[]) => Promise<Result>
  /** Lets go of the thread; while it thinks, this ends it. To be called in any case. */
  stop: () => Promise<void>
}

/**
 * A thread for the exported functions of `module`. Aborting ends it wherever it is. One that was let go of a short
 * while ago is taken again: its code is compiled, which is half a second of work for the longest questions.
 */
export function thinker(module: URL, { signal, tell }: Listening): Thinker {
  signal.throwIfAborted()
  const thread = resting.get(module.href)?.pop() ?? new Thread(module)
  thread.take(tell)
  const abort = () => void thread.end(signal.reason as Error)
  signal.addEventListener('abort', abort)
  return {
    think: (name, input, moved = []) => thread.think(name, input, moved),
    stop: async () => {
      signal.removeEventListener('abort', abort)
      await thread.letGo()
    },
  }
}

/** Threads that nobody holds, by module. They keep no process from ending. */
const resting = new Map<string, Thread[]>()
const restsFor = 30_000

class Thread {
  private readonly module: string
  private readonly worker: Worker
  private readonly waiting: PromiseWithResolvers<unknown>[] = []
  private tell: Listening['tell'] = () => {}
  private ended: Error | undefined
  private timer: NodeJS.Timeout | undefined

  constructor(module: URL) {
    this.module = module.href
    const kept = getCompileCacheDir()
    // without the folder that Node makes in it for its version
    const made: Thinking = { module: module.href, kept: kept === undefined ? null : dirname(kept) }
    this.worker = new Worker(new URL('./thinking-worker.ts', import.meta.url), {
      workerData: made,
      name: `thinking: ${module.pathname.split('/').at(-1)}`,
    })
    this.worker.on('message', (saying: Saying) => this.hear(saying))
    this.worker.on('error', (error) => this.over(error))
    this.worker.on('exit', () => this.over(new Error(`${module.href} ended without a result`)))
  }

  take(tell: Listening['tell']): void {
    clearTimeout(this.timer)
    this.worker.ref()
    this.tell = tell
  }

  think<Result>(name: string, input: unknown, moved: ArrayBuffer[]): Promise<Result> {
    if (this.ended) return Promise.reject(this.ended)
    const thought = Promise.withResolvers<unknown>()
    // whoever waits is told; a thread may be ended while nobody does
    thought.promise.catch(() => {})
    this.waiting.push(thought)
    this.worker.postMessage({ name, input } satisfies Thought, moved)
    return thought.promise as Promise<Result>
  }

  async letGo(): Promise<void> {
    this.tell = () => {}
    if (this.ended || this.waiting.length > 0) return this.end(new Error(`${this.module} was stopped`))
    this.worker.unref()
    const others = resting.get(this.module) ?? []
    resting.set(this.module, [...others, this])
    this.timer = setTimeout(() => void this.end(new Error(`${this.module} rested`)), restsFor).unref()
  }

  async end(why: Error): Promise<void> {
    this.over(why)
    await this.worker.terminate()
  }

  private hear(saying: Saying): void {
    // nobody waits for what an ended thread may still have said
    if (this.ended) return
    if ('progress' in saying) this.tell(saying.progress)
    else if ('result' in saying) this.waiting.shift()?.resolve(saying.result)
    else {
      const { message, stack } = saying.error
      this.waiting.shift()?.reject(Object.assign(new Error(message), { stack }))
    }
  }

  private over(error: Error): void {
    this.ended ??= error
    const others = resting.get(this.module)?.filter((each) => each !== this)
    if (others) resting.set(this.module, others)
    for (const { reject } of this.waiting.splice(0)) reject(this.ended)
  }
}

/** Runs `name` of `module` in a thread of its own. Aborting ends the thread wherever it is. */
export async function think<Result>(
  module: URL,
  name: string,
  input: unknown,
  { moved, ...listening }: Listening & { moved?: ArrayBuffer[] },
): Promise<Result> {
  const thread = thinker(module, listening)
  try {
    return await thread.think<Result>(name, input, moved)
  } finally {
    await thread.stop()
  }
}

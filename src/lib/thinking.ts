import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'

export interface Progress {
  /** From 0 to 1. */
  done: number
  /** What is being done: "Reading 1,204,311 steps". */
  words: string
}

/** What a thread is to run, and what it says. What it is to think about comes in a message. */
export interface Thought {
  module: string
  name: string
  /** Where the process keeps what Node makes of the sources: a thread doesn't take that over by itself. */
  kept: string | null
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
export interface Thinker<Result> {
  /** Once. The input is copied; what is in `moved` goes over without copying. */
  think: (input: unknown, moved?: ArrayBuffer[]) => Promise<Result>
  /** Ends the thread, whatever it does. To be called in any case. */
  stop: () => Promise<void>
}

/** A thread for `name` of `module`: `(input, tell) => result`. Aborting ends it wherever it is. */
export function thinker<Result>(module: URL, name: string, { signal, tell }: Listening): Thinker<Result> {
  signal.throwIfAborted()
  const kept = getCompileCacheDir()
  // without the folder that Node makes in it for its version
  const thought: Thought = { module: module.href, name, kept: kept === undefined ? null : dirname(kept) }
  const worker = new Worker(new URL('./thinking-worker.ts', import.meta.url), {
    workerData: thought,
    name: `thinking: ${name}`,
  })
  const abort = () => void worker.terminate()
  signal.addEventListener('abort', abort)
  const result = new Promise<Result>((resolve, reject) => {
    worker.on('message', (saying: Saying) => {
      if ('progress' in saying) tell(saying.progress)
      else if ('result' in saying) resolve(saying.result as Result)
      else reject(Object.assign(new Error(saying.error.message), { stack: saying.error.stack }))
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      reject(signal.aborted ? (signal.reason as Error) : new Error(`${name} ended without a result`))
    })
  })
  // whoever thinks is told; until then nobody asks
  result.catch(() => {})
  return {
    think: (input, moved = []) => {
      worker.postMessage(input, moved)
      return result
    },
    stop: async () => {
      signal.removeEventListener('abort', abort)
      await worker.terminate()
    },
  }
}

/** Runs `name` of `module` in a thread of its own. Aborting ends the thread wherever it is. */
export async function think<Result>(
  module: URL,
  name: string,
  input: unknown,
  { moved, ...listening }: Listening & { moved?: ArrayBuffer[] },
): Promise<Result> {
  const thread = thinker<Result>(module, name, listening)
  try {
    return await thread.think(input, moved)
  } finally {
    await thread.stop()
  }
}

import { Worker } from 'node:worker_threads'

export interface Progress {
  /** From 0 to 1. */
  done: number
  /** What is being done: "Reading 1,204,311 steps". */
  words: string
}

/** What the worker is told, and what it says. */
export interface Thought {
  module: string
  name: string
  input: unknown
}
export type Saying =
  | { progress: Progress }
  | { result: unknown }
  | { error: { message: string; stack?: string } }

/**
 * Runs `name` of `module` in a thread of its own: `(input, tell) => result`. Aborting ends the thread
 * wherever it is.
 */
export async function think<Result>(
  module: URL,
  name: string,
  input: unknown,
  options: { moved?: ArrayBuffer[]; signal: AbortSignal; tell: (progress: Progress) => void },
): Promise<Result> {
  options.signal.throwIfAborted()
  const thought: Thought = { module: module.href, name, input }
  const worker = new Worker(new URL('./thinking-worker.ts', import.meta.url), {
    workerData: thought,
    transferList: options.moved ?? [],
    name: `thinking: ${name}`,
  })
  const stop = () => void worker.terminate()
  options.signal.addEventListener('abort', stop)
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.on('message', (saying: Saying) => {
        if ('progress' in saying) options.tell(saying.progress)
        else if ('result' in saying) resolve(saying.result as Result)
        else reject(Object.assign(new Error(saying.error.message), { stack: saying.error.stack }))
      })
      worker.on('error', reject)
      worker.on('exit', () => {
        reject(
          options.signal.aborted
            ? (options.signal.reason as Error)
            : new Error(`${name} ended without a result`),
        )
      })
    })
  } finally {
    options.signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}

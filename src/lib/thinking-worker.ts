// The other end of thinking.ts: runs one function and ends.
import { enableCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { Progress, Saying, Thought } from './thinking.ts'

// On Linux 0 is this thread alone: long arithmetic gives way to what comes in.
if (process.platform === 'linux') setPriority(0, 19)

const { module, name, kept } = workerData as Thought
if (kept !== null) enableCompileCache(kept)
const say = (saying: Saying) => parentPort?.postMessage(saying)
const given = new Promise((resolve) => parentPort?.once('message', resolve))
try {
  const rooms = (await import(module)) as Record<
    string,
    (input: unknown, tell: (done: number, words: string) => void) => unknown
  >
  const work = rooms[name]
  if (!work) throw new Error(`${module} has no ${name}`)
  const tell = (done: number, words: string) => say({ progress: { done, words } satisfies Progress })
  say({ result: await work(await given, tell) })
} catch (error) {
  const { message, stack } = error as Error
  say({ error: { message, ...(stack === undefined ? {} : { stack }) } })
}

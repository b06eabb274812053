// The other end of thinking.ts: runs functions of one module, one after the other.
import { enableCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { Progress, Saying, Thinking, Thought } from './thinking.ts'

type Room = Record<string, (input: unknown, tell: (done: number, words: string) => void) => unknown>

// On Linux 0 is this thread alone: long arithmetic gives way to what comes in.
if (process.platform === 'linux') setPriority(0, 19)

const { module, kept } = workerData as Thinking
if (kept !== null) enableCompileCache(kept)
const say = (saying: Saying) => parentPort?.postMessage(saying)
const tell = (done: number, words: string) => say({ progress: { done, words } satisfies Progress })
const room = import(module) as Promise<Room>
let before: Promise<unknown> = room
parentPort?.on('message', (thought: Thought) => {
  before = before.then(
    () => run(thought),
    () => run(thought),
  )
})

async function run({ name, input }: Thought): Promise<void> {
  try {
    const work = (await room)[name]
    if (!work) throw new Error(`${module} has no ${name}`)
    say({ result: await work(input, tell) })
  } catch (error) {
    const { message, stack } = error as Error
    say({ error: { message, ...(stack === undefined ? {} : { stack }) } })
  }
}

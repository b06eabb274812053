import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

const tasks = '/proc/self/task'
/** The least there is: about a seventieth of the weight of other threads. */
const gentle = 19

/**
 * Lets the threads that count step back behind the one that takes in what happens, when the machine is full: the
 * engine's own and those of Node's pool on which its queries run (files and passwords wait a little longer with
 * them). They carry the pool's name, for the engine makes its threads on one of it. On Linux, where a thread
 * has a priority of its own; elsewhere nothing changes.
 */
export function countGently(): void {
  if (process.platform !== 'linux') return
  for (const thread of readdirSync(tasks))
    try {
      const name = readFileSync(`${tasks}/${thread}/comm`, 'utf8').trim()
      if (name === 'libuv-worker') setPriority(Number(thread), gentle)
    } catch {
      // it has ended, or may not be touched here: it counts as fast as before
    }
}

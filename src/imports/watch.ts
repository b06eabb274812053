// Watches, while an import runs, whether it is to stop: because somebody asked, or because the process stops.
import { sql } from 'kysely'
import { row } from '../store/database.ts'
import type { Store } from '../store/store.ts'

/** Thrown out of the work when somebody asked for it to stop. */
export class Cancelled extends Error {}

export interface Watch {
  signal: AbortSignal
  interrupt(stop: (() => void) | undefined): void
  stop(): void
}

export function watchForCancel(store: Store, id: number): Watch {
  const controller = new AbortController()
  let interrupt: (() => void) | undefined
  const stop = () => {
    controller.abort(store.jobs.stopping.reason)
    interrupt?.()
  }
  store.jobs.stopping.addEventListener('abort', stop)
  const timer = setInterval(() => {
    row(
      store.db,
      sql<{ asked: boolean }>`
        select cancel_asked as asked
        from imports
        where id = ${id}`,
    ).then(
      (found) => {
        if (found && !found.asked) return
        controller.abort(new Cancelled())
        interrupt?.()
      },
      () => {},
    )
  }, 500)
  return {
    signal: controller.signal,
    interrupt: (stop) => {
      interrupt = stop
    },
    stop: () => {
      clearInterval(timer)
      store.jobs.stopping.removeEventListener('abort', stop)
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'

export interface Readiness {
  ready: boolean
  /** What it says of itself, or that it says nothing. */
  said: string
}

/**
 * Whether the system at `url` can do its work. One that answers, and is not ready yet, gets `patience` milliseconds:
 * a system that has just started builds its projection first.
 */
export async function readinessOf(url: string, patience: number): Promise<Readiness> {
  for (const deadline = Date.now() + patience; ; await sleep(100)) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (!answer) return { ready: false, said: 'no answer' }
    const said = await answer.text()
    if (answer.ok || Date.now() >= deadline) return { ready: answer.ok, said }
  }
}

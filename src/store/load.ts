import { setTimeout as sleep } from 'node:timers/promises'

/** Events a second from which on background work gives way. A demo or a quiet shop never gets there. */
const heavyFrom = 1_500
/** Events a second from which background work takes turns with ingest: as long a rest as the work, at most busyRest. */
const busyFrom = 100
const busyRest = 500
/** In a flood, background work rests this many times as long as it worked: a tenth of one core is left to it. */
const restPerWork = 9
const longestRest = 15_000
/** People wait for answers: between its pieces of work a question rests as long as the last one took, at most this long. */
const questionRest = 1_500

/**
 * How much is coming in just now. What follows from events (judging, standings, the projection) shares the
 * machine with taking them in; in a flood it waits a little and then does more at once, which is also cheaper.
 */
export class Load {
  private second = 0
  private count = 0
  private before = 0
  private ended = false
  /** Milliseconds that the last piece of a question's work took. */
  private lastTurn = 0
  /** Events that came in through the API since the start, by what became of them. */
  readonly cameIn = new Map<string, number>()

  /** Says that so many events were recorded. */
  note(events: number): void {
    this.turn()
    this.count += events
  }

  /** Says what became of an event that came in through the API. */
  tell(outcome: string): void {
    this.cameIn.set(outcome, (this.cameIn.get(outcome) ?? 0) + 1)
  }

  get heavy(): boolean {
    this.turn()
    return Math.max(this.count, this.before) >= heavyFrom
  }

  /** To be awaited after a piece of background work of `milliseconds`. Ends as soon as the flood does. */
  async giveWay(milliseconds: number): Promise<void> {
    const began = performance.now()
    const rested = (factor: number, longest: number) =>
      performance.now() - began >= Math.min(milliseconds * factor, longest)
    while (
      !this.ended &&
      (this.heavy ? !rested(restPerWork, longestRest) : this.busy && !rested(1, busyRest))
    )
      await sleep(50)
  }

  /** For the work of questions: in a flood they take turns with what comes in. Stops resting when `signal` says so. */
  async takeTurn<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const until = performance.now() + Math.min(this.lastTurn, questionRest)
    while (!this.ended && this.heavy && performance.now() < until) {
      signal?.throwIfAborted()
      await sleep(20)
    }
    const began = performance.now()
    try {
      return await work()
    } finally {
      this.lastTurn = performance.now() - began
    }
  }

  /** Nobody rests any more: the process is about to stop. */
  end(): void {
    this.ended = true
  }

  /** Enough that reacting to each commit by itself would cost more than the commits. */
  private get busy(): boolean {
    this.turn()
    return Math.max(this.count, this.before) >= busyFrom
  }

  private turn(): void {
    const now = Math.floor(performance.now() / 1_000)
    if (now === this.second) return
    this.before = now === this.second + 1 ? this.count : 0
    this.count = 0
    this.second = now
  }
}

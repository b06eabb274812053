import { setTimeout as sleep } from 'node:timers/promises'

/** Events a second from which on background work gives way. A demo or a quiet shop never gets there. */
const heavyFrom = 1_500
/** Background work then rests this many times as long as it worked: a fifth of one core is left to it. */
const restPerWork = 4
const longestRest = 15_000

/**
 * How much is coming in just now. What follows from events (judging, standings, the projection) shares the
 * machine with taking them in; in a flood it waits a little and then does more at once, which is also cheaper.
 */
export class Load {
  private second = 0
  private count = 0
  private before = 0

  /** Says that so many events were recorded. */
  note(events: number): void {
    this.turn()
    this.count += events
  }

  get heavy(): boolean {
    this.turn()
    return Math.max(this.count, this.before) >= heavyFrom
  }

  /** To be awaited after a piece of background work of `milliseconds`. Ends as soon as the flood does. */
  async giveWay(milliseconds: number): Promise<void> {
    const until = performance.now() + Math.min(milliseconds * restPerWork, longestRest)
    while (this.heavy && performance.now() < until) await sleep(50)
  }

  private turn(): void {
    const now = Math.floor(performance.now() / 1_000)
    if (now === this.second) return
    this.before = now === this.second + 1 ? this.count : 0
    this.count = 0
    this.second = now
  }
}

// For tests that have to wait for something: never for a time, which a busy machine makes too short.
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Looks again and again until there is something to give: anything but false and undefined.
 * @throws naming what was awaited, when it has not come after two minutes
 */
export async function until<Found>(
  awaited: string,
  look: () => Found | Promise<Found>,
): Promise<Exclude<Found, false | undefined>> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(50)) {
    const found = await look()
    if (found !== undefined && found !== false) return found as Exclude<Found, false | undefined>
  }
  throw new Error(`${awaited}: it has not come in two minutes`)
}

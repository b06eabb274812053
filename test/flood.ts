import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { rows } from '../src/store/database.ts'
import { openData, type TrothProcess } from './process.ts'

/** Sends numbered events over several connections until told to stop; remembers which were acknowledged. */
export function flood(troth: TrothProcess, first: number) {
  const acknowledged = new Set<number>()
  const sent = new Set<number>()
  let next = first
  let stopped = false
  const one = async () => {
    while (!stopped) {
      const numbers = Array.from({ length: 20 }, () => next++)
      for (const number of numbers) sent.add(number)
      const batch = numbers.map((number) => ({
        type: 'track',
        messageId: `m${number}`,
        userId: `u${number % 50}`,
        event: number % 3 ? 'Product Viewed' : 'Order Completed',
        properties: { number, ...(number % 3 ? {} : { order_id: `o${number}` }) },
      }))
      const answer = await fetch(`${troth.url}/v1/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${troth.token}` },
        body: JSON.stringify({ batch }),
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined)
      if (answer?.ok && ((await answer.json().catch(() => ({}))) as { success?: boolean }).success)
        for (const number of numbers) acknowledged.add(number)
      else await sleep(20)
    }
  }
  const running = Promise.all(Array.from({ length: 6 }, one))
  return {
    acknowledged,
    sent,
    async [Symbol.asyncDispose]() {
      stopped = true
      await running
    },
  }
}

/** The numbers of the events that are recorded, read from the database itself. */
export async function recordedNumbers(folder: string): Promise<number[]> {
  const database = await openData(folder)
  try {
    const found = await rows(
      database.db,
      sql<{ number: number }>`
        select (properties ->> 'number')::integer as number
        from interactions
        where not judgement and properties ? 'number'`,
    )
    return found.map(({ number }) => number)
  } finally {
    await database.close()
  }
}

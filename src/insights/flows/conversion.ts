import { lifeTable } from '../../stats/life-table.ts'
import { survivalCurve, survivingAt, waitOf } from '../../stats/survival.ts'
import type { Asking } from '../asking/asking.ts'
import type { Journeys } from './cases.ts'
import {
  type BetweenRow,
  betweenQuestion,
  binsAWait,
  type Stretch,
  type WaitRow,
  waitQuestion,
} from './conversion-questions.ts'
import type { Flows } from './schema.ts'

export type Conversion = NonNullable<Flows['conversion']>

/** How many of those who come to the start get to the goal in time; who is still on the way counts as long as followed. */
export async function conversionOf(
  asking: Asking,
  journeys: Journeys,
  stretch: Stretch,
  between: BetweenRow | undefined,
): Promise<Conversion> {
  const waited = await asking.rows<WaitRow>('How long it takes from there', waitQuestion(journeys, stretch))
  return { ...curveOf(waited, stretch), between: betweenOf(between) }
}

/** How long those took who got there in time. */
export async function countBetween(
  asking: Asking,
  journeys: Journeys,
  stretch: Stretch,
): Promise<BetweenRow | undefined> {
  const [between] = await asking.rows<BetweenRow>(
    'How long those took who got there',
    betweenQuestion(journeys, stretch),
  )
  return between
}

/** Points of the curve that are told; a picture shows no more. */
const mostPoints = 120

/** @param waited by bins of the time asked about */
export function curveOf(waited: WaitRow[], stretch: Stretch): Omit<Conversion, 'between'> {
  const table = lifeTable(
    waited.map((row) => row.bin),
    waited.map((row) => row.got),
    waited.map((row) => row.n),
  )
  const whole = survivalCurve(table)
  const { start, goal, withinDays } = stretch
  const days = (bin: number) => (bin * withinDays) / binsAWait
  const share = (bin: number) => {
    const found = survivingAt(table, whole, bin)
    if ('cannotTell' in found) return null
    return { value: 1 - found.value, low: 1 - found.high, high: 1 - found.low, atRisk: found.atRisk }
  }
  // the last fall, where time runs out before those who are followed do
  const last = Math.min(binsAWait, whole.followed)
  const end = share(last)
  const half = waitOf(whole, 0.5)
  return {
    start,
    goal,
    withinDays,
    n: whole.n,
    arrived: whole.happened,
    followedDays: days(last),
    share: end === null || whole.n < 10 ? null : end,
    half:
      half.value === null ? null : { days: days(half.value), low: inDays(half.low), high: inDays(half.high) },
    curve: thinned(whole.times, mostPoints).flatMap((bin) => {
      const at = share(bin)
      return at ? [{ days: days(bin), ...at }] : []
    }),
  }

  function inDays(bin: number | null): number | null {
    return bin === null ? null : days(bin)
  }
}

function thinned(times: Float64Array, most: number): number[] {
  if (times.length <= most) return [...times]
  return Array.from({ length: most }, (_, index) =>
    Number(times[Math.round((index * (times.length - 1)) / (most - 1))]),
  )
}

function betweenOf(row: BetweenRow | undefined): Conversion['between'] {
  const seconds = (micros: number | null) => (micros === null ? null : micros / 1_000_000)
  return {
    n: row?.n ?? 0,
    p10Seconds: seconds(row?.p10 ?? null),
    medianSeconds: seconds(row?.p50 ?? null),
    p90Seconds: seconds(row?.p90 ?? null),
  }
}

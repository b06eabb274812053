// Which ad, page or contract says what does not hold: judged by the first word, because that is the one it
// said; compared like with like: one promise, and equals in everything that was known before. How long it was
// said to take is not held equal: that is what a source does differently.

import { normalTwoSided } from '../../stats/distributions.ts'
import { holm } from '../../stats/holm.ts'
import { part } from '../map/level.ts'
import type { Cases } from './cases.ts'
import { among, amongEquals, type Observed } from './compare.ts'
import { controlsFor } from './controls.ts'
import type { Difference, Source } from './schema.ts'

/** Fewer promises than this: a source is counted and not compared, and a person is not shown at all. */
export const fewestOfSource = 30
/** More sources than this are not compared one by one. */
const mostCompared = 30

/** A source and the codes under which its promises are stored. */
export interface NamedSource {
  kind: Source['kind']
  name: string | null
  codes: number[]
}

/** @param firstHeld of a case: 1 held by the first word, 0 not, NaN not decided by it */
export function sourcesOf(cases: Cases, firstHeld: Float64Array, sources: NamedSource[]): Source[] {
  const place = new Map(sources.flatMap(({ codes }, index) => codes.map((code) => [code, index] as const)))
  const of = Float64Array.from(cases.source, (code) => place.get(code) ?? Number.NaN)
  const known = firstHeld.map((held, row) => (Number.isNaN(of[row]) ? Number.NaN : held))
  const decided = among({ cases: Int32Array.from(known.keys()), values: known }, known)
  const rows = sources.map((_, index) =>
    [...decided.cases.keys()].filter((row) => of[decided.cases[row] as number] === index),
  )
  const differences = compared(cases, decided, of, rows)
  return sources.map(({ kind, name }, index) => {
    const own = (rows[index] ?? []).map((row) => decided.cases[row] as number)
    const held = (rows[index] ?? []).reduce((sum, row) => sum + (decided.values[row] as number), 0)
    return {
      kind,
      name,
      held: part(held, own.length),
      adjusted: differences[index] ?? null,
      promised: median(own.map((row) => cases.said[row] as number)),
      took: median(own.map((row) => cases.wait[row] as number)),
    }
  })
}

/** Each source against all others, where both are large enough; whether it tells is corrected for their number. */
function compared(
  cases: Cases,
  decided: Observed,
  of: Float64Array,
  rows: number[][],
): (Difference | null)[] {
  const large = rows
    .map((own, index) => ({ index, n: own.length }))
    .filter(({ n }) => n >= fewestOfSource && decided.cases.length - n >= fewestOfSource)
    .toSorted((a, b) => b.n - a.n)
    .slice(0, mostCompared)
  const controls = controlsFor(cases, decided.cases, { wait: false })
  const found = large.map(({ index }) => {
    const is = of.map((source) => Number(source === index))
    const answer = amongEquals(cases, decided, [is], controls)
    return { index, difference: typeof answer === 'string' ? null : (answer[0] ?? null) }
  })
  const pValues = found.map(({ difference }) =>
    difference && difference.high > difference.low
      ? normalTwoSided(difference.value / ((difference.high - difference.low) / 3.92))
      : 1,
  )
  const adjusted = holm(pValues)
  const result: (Difference | null)[] = rows.map(() => null)
  for (const [at, { index, difference }] of found.entries())
    result[index] = difference && { ...difference, tells: (adjusted[at] ?? 1) < 0.05 }
  return result
}

function median(values: number[]): number | null {
  const known = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  return known.length < 5 ? null : (known[Math.floor((known.length - 1) / 2)] ?? null)
}

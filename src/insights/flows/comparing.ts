import { normalTwoSided } from '../../stats/distributions.ts'
import { benjaminiHochberg } from '../../stats/holm.ts'
import { newcombe, wilson } from '../../stats/proportions.ts'
import { fewestAnswers, part } from '../map/level.ts'
import type { Conversion } from './conversion.ts'
import type { EdgeCasesRow, PlaceRow } from './graph-questions.ts'
import type { Flows } from './schema.ts'

export type Compared = NonNullable<Flows['compared']>

/** What is counted of journeys for a comparison. */
export interface Side {
  places: PlaceRow[]
  edgeCases: EdgeCasesRow[]
}

/**
 * Of the journeys that came to a touchpoint, how many went on to each other at least once, here against
 * there; the same for coming by at all. Journeys are compared, not steps, for the steps of one customer are
 * not independent. Many are looked at, so p values are raised (Benjamini and Hochberg).
 */
export function differences(here: Side, there: Side): Pick<Compared, 'cases' | 'edges' | 'touchpoints'> {
  const [own, other] = [casesOf(here), casesOf(there)]
  const edges = adjusted(
    pairs(here.edgeCases, there.edgeCases, (row) => `${row.prev_touchpoint} ${row.touchpoint_id}`).map(
      ([a, b]) => ({
        from: (a ?? b)?.prev_touchpoint ?? 0,
        to: (a ?? b)?.touchpoint_id ?? 0,
        ...against(
          [a?.cases ?? 0, metAt(here, (a ?? b)?.prev_touchpoint)],
          [b?.cases ?? 0, metAt(there, (a ?? b)?.prev_touchpoint)],
        ),
      }),
    ),
  )
  const touchpoints = adjusted(
    pairs(here.places, there.places, (row) => String(row.touchpoint_id)).map(([a, b]) => ({
      id: (a ?? b)?.touchpoint_id ?? 0,
      ...against([a?.cases ?? 0, own], [b?.cases ?? 0, other]),
    })),
  )
  return { cases: other, edges, touchpoints }
}

/** What is left when everybody of `these` is taken out of `all`, of whom they are a part. */
export function without(all: Side, these: Side): Side {
  const edgeCases = pairs(
    all.edgeCases,
    these.edgeCases,
    (row) => `${row.prev_touchpoint} ${row.touchpoint_id}`,
  )
  const places = pairs(all.places, these.places, (row) => String(row.touchpoint_id))
  return {
    edgeCases: edgeCases.flatMap(([a, b]) => (a ? [{ ...a, cases: a.cases - (b?.cases ?? 0) }] : [])),
    places: places.flatMap(([a, b]) =>
      a
        ? [
            {
              ...a,
              n: a.n - (b?.n ?? 0),
              cases: a.cases - (b?.cases ?? 0),
              starts: a.starts - (b?.starts ?? 0),
            },
          ]
        : [],
    ),
  }
}

function casesOf(side: Side): number {
  return side.places.reduce((sum, place) => sum + place.starts, 0)
}

function metAt(side: Side, touchpoint: number | undefined): number {
  return side.places.find((place) => place.touchpoint_id === touchpoint)?.cases ?? 0
}

function pairs<Row>(
  here: readonly Row[],
  there: readonly Row[],
  key: (row: Row) => string,
): [Row | undefined, Row | undefined][] {
  const others = new Map(there.map((row) => [key(row), row]))
  const own = new Set(here.map(key))
  return [
    ...here.map((row): [Row, Row | undefined] => [row, others.get(key(row))]),
    ...there.filter((row) => !own.has(key(row))).map((row): [undefined, Row] => [undefined, row]),
  ]
}

function against([hits, n]: [number, number], [otherHits, otherN]: [number, number]) {
  const difference =
    n >= fewestAnswers && otherN >= fewestAnswers
      ? newcombe(wilson(hits, n), wilson(otherHits, otherN))
      : null
  return { here: part(hits, n), there: part(otherHits, otherN), difference }
}

/** The largest differences first, of those that can be told after all others were looked at too. */
function adjusted<Pair extends ReturnType<typeof against>>(found: Pair[]) {
  const known = found.filter((each) => each.difference !== null)
  const p = benjaminiHochberg(known.map(pOf))
  return known
    .map((each, index) => ({ ...each, p: p[index] ?? 1, tells: (p[index] ?? 1) < 0.05 }))
    .toSorted(
      (a, b) =>
        Number(b.tells) - Number(a.tells) ||
        Math.abs(b.difference?.value ?? 0) - Math.abs(a.difference?.value ?? 0),
    )
}

/** The two-sided p value of two equal shares (pooled z test). */
function pOf({ here, there }: ReturnType<typeof against>): number {
  const pooled = (here.hits + there.hits) / (here.n + there.n)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / here.n + 1 / there.n))
  if (!(error > 0)) return 1
  return normalTwoSided((here.hits / here.n - there.hits / there.n) / error)
}

/** How much more of them get there in time here than there. */
export function conversionDifference(
  here: Conversion['share'],
  there: Conversion['share'],
): Compared['conversionDifference'] {
  if (!here || !there) return null
  const value = here.value - there.value
  const low = value - Math.hypot(here.value - here.low, there.high - there.value)
  const high = value + Math.hypot(here.high - here.value, there.value - there.low)
  return { value, low, high, tells: low > 0 || high < 0 }
}

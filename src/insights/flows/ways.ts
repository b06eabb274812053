import type { Asking } from '../asking/asking.ts'
import type { Journeys } from './cases.ts'
import type { Flows } from './schema.ts'
import { longestQuestion, longestTold, placesOf, type WayRow, wayQuestion, writing } from './way-questions.ts'

/** The commonest ways through the touchpoints, and how many took another. `cases`: all journeys. */
export async function waysOf(
  asking: Asking,
  journeys: Journeys,
  { most, cases }: { most: number; cases: number },
): Promise<NonNullable<Flows['ways']>> {
  const places = await asking.rows<{ id: number; place: number }>('The order of the map', {
    text: 'select id, place from touchpoints order by place',
    values: [],
  })
  const [length] = await asking.rows<{ longest: number }>('The longest journey', longestQuestion(journeys))
  const longest = length?.longest ?? 0
  const written = writing(places.length, longest)
  const found = await asking.rows<WayRow>(
    'Journeys that took the same way',
    wayQuestion(journeys, written, most),
  )
  const idAt = new Map(places.map(({ id, place }) => [place, id]))
  const listed = found.reduce((sum, row) => sum + row.n, 0)
  return {
    commonest: found.map((row) => ({
      steps: placesOf(row, written).flatMap((place) => idAt.get(place) ?? []),
      length: row.length,
      n: row.n,
      share: row.n / cases,
    })),
    different: found[0]?.ways ?? 0,
    others: cases - listed,
    othersShare: cases > 0 ? (cases - listed) / cases : 0,
    toldUpTo: longest > longestTold(written) ? longestTold(written) : null,
  }
}

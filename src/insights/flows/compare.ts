import type { Asking } from '../asking/asking.ts'
import { inSegment, type Question, readCompared, type Scope, type ScopeQuery } from '../question.ts'
import type { Journeys } from './cases.ts'
import { type Compared, conversionDifference, differences, without } from './comparing.ts'
import { type Conversion, curveOf } from './conversion.ts'
import { type Stretch, type WaitRow, waitQuestion } from './conversion-questions.ts'
import { type EdgeCasesRow, edgeCasesQuestion, type PlaceRow, placeQuestion } from './graph-questions.ts'

/** The same journeys of somebody else, or of another time, and where the two differ. */
export async function compare(
  asking: Asking,
  journeys: Journeys,
  asked: ScopeQuery & { compare: string },
  stretch: Stretch | null,
  own: Conversion | null,
): Promise<Compared> {
  const scope = await readCompared(asking.store, asked, asked.compare)
  const others = asked.compare === 'everyone'
  // of the same moment, so that what is taken out of everybody is what was counted
  const there = { scope: others ? { ...scope, asOf: journeys.scope.asOf } : scope, of: journeys.of }
  const [here, all] = [await sideOf(asking, journeys), await sideOf(asking, there)]
  const conversion = stretch
    ? curveOf(await waited(asking, { journeys, there, others }, stretch), stretch)
    : null
  return {
    with: scope.asked,
    others,
    both: others ? 0 : await inBoth(asking, journeys.scope, scope),
    ...differences(here, others ? without(all, here) : all),
    conversion,
    conversionDifference: conversionDifference(own?.share ?? null, conversion?.share ?? null),
  }
}

async function sideOf(asking: Asking, journeys: Journeys) {
  return {
    places: await asking.rows<PlaceRow>('Where journeys come by, and begin', placeQuestion(journeys)),
    edgeCases: await asking.rows<EdgeCasesRow>('Journeys that go each way', edgeCasesQuestion(journeys)),
  }
}

async function waited(
  asking: Asking,
  { journeys, there, others }: { journeys: Journeys; there: Journeys; others: boolean },
  stretch: Stretch,
): Promise<WaitRow[]> {
  const about = 'How long it takes from there'
  const all = await asking.rows<WaitRow>(about, waitQuestion(there, stretch))
  if (!others) return all
  const own = await asking.rows<WaitRow>(about, waitQuestion(journeys, stretch))
  const taken = new Map(own.map((row) => [`${row.bin} ${row.got}`, row.n]))
  return all.map((row) => ({ ...row, n: row.n - (taken.get(`${row.bin} ${row.got}`) ?? 0) }))
}

/** Customers of both segments; 0 when the two are compared over different times alone. */
async function inBoth(asking: Asking, here: Scope, there: Scope): Promise<number> {
  if (here.segment === null || there.segment === null || here.segment === there.segment) return 0
  const [found] = await asking.rows<{ n: number }>('Customers in both', bothQuestion(here, there.segment))
  return found?.n ?? 0
}

export function bothQuestion(here: Scope, other: number): Question {
  return {
    text: `
      select cast(count(*) as integer) as n
      from segment_members s
      where s.segment_id = $1::bigint
        ${inSegment(here, '$2', 's.customer_id')}`,
    values: [other, ...(here.segment === null ? [] : [here.segment])],
  }
}

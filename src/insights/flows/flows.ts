import { sql } from 'kysely'
import { rows } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import type { Asking } from '../asking/asking.ts'
import { defineQuestion } from '../asking/kind.ts'
import { readScope } from '../question.ts'
import type { Journeys } from './cases.ts'
import { type Graph, graphOf, type Known } from './graph.ts'
import {
  type EdgeCasesRow,
  type EdgeRow,
  edgeCasesQuestion,
  edgeQuestion,
  type PlaceRow,
  placeQuestion,
} from './graph-questions.ts'
import { flowsQuery, flowsSchema } from './schema.ts'
import { flowsSheets } from './sheets.ts'
import { waysOf } from './ways.ts'
import { flowsWords } from './words.ts'

/** The ways that customers take from touchpoint to touchpoint. */
export const flows = defineQuestion({
  name: 'flows',
  title: 'Flows and paths',
  summary: 'What comes next and how long after, the ways that customers take, and where they lead',
  asked: flowsQuery,
  answer: flowsSchema,
  async answering(asking, asked) {
    const scope = await readScope(asking.store, asked)
    const journeys: Journeys = { scope, of: asked.case }
    const whole = asked.show === 'all'
    const graph = await countGraph(asking, journeys, { coverage: asked.coverage, whole })
    if (whole) asking.progress(0.3, `Comparing ${graph.cases.toLocaleString('en')} journeys`)
    const ways = whole ? await waysOf(asking, journeys, { most: asked.ways, cases: graph.cases }) : null
    const answer = { asked: scope.asked, case: asked.case, ...graph, ways }
    return { ...answer, statements: flowsWords(answer) }
  },
  sheets: flowsSheets,
})

/** What comes next. `whole`: with the journeys behind each way from one to the next, which takes longer. */
export async function countGraph(
  asking: Asking,
  journeys: Journeys,
  { coverage, whole }: { coverage: number; whole: boolean },
): Promise<Graph> {
  asking.progress(0, 'Following every journey from touchpoint to touchpoint')
  const known = await knownTouchpoints(asking.store)
  const edges = await asking.rows<EdgeRow>('What comes next, and how long after', edgeQuestion(journeys))
  const places = await asking.rows<PlaceRow>('Where journeys come by, and begin', placeQuestion(journeys))
  const edgeCases = whole
    ? await asking.rows<EdgeCasesRow>('Journeys that go each way', edgeCasesQuestion(journeys))
    : []
  return graphOf({ edges, places, edgeCases }, known, coverage)
}

/** Every touchpoint, in the order of the map. */
async function knownTouchpoints(store: Store): Promise<Known[]> {
  return rows(
    store.db,
    sql<Known>`
      select t.id, t.name, s.name as stage, s.side
      from touchpoints t
      join stages s on s.id = t.stage_id
      order by case s.side when 'before' then 1 else 2 end, s.position, s.id, t.position, t.id`,
  )
}

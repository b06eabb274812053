import { NotFound } from '../../lib/errors.ts'
import type { Asking } from '../asking/asking.ts'
import { defineQuestion } from '../asking/kind.ts'
import { readScope } from '../question.ts'
import type { Journeys } from './cases.ts'
import { compare } from './compare.ts'
import { conversionOf, countBetween } from './conversion.ts'
import { type SalesRow, type Stretch, salesQuestion } from './conversion-questions.ts'
import { flowsFiles } from './files.ts'
import { type Graph, graphOf } from './graph.ts'
import {
  type EdgeCasesRow,
  type EdgeRow,
  edgeCasesQuestion,
  edgeQuestion,
  type PlaceRow,
  placeQuestion,
} from './graph-questions.ts'
import { type Known, knownTouchpoints } from './known.ts'
import { passingOf } from './passing.ts'
import { type FlowsAsked, flowsQuery, flowsSchema } from './schema.ts'
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
    const known = await knownTouchpoints(asking.store)
    const whole = asked.show === 'all'
    const graph = await countGraph(asking, journeys, known, { coverage: asked.coverage, whole })
    const answer = {
      asked: scope.asked,
      case: asked.case,
      ...graph,
      ...(whole
        ? await beyondGraph(asking, journeys, { asked, known, graph })
        : { ways: null, conversion: null, passing: null, compared: null }),
    }
    return { ...answer, statements: flowsWords(answer) }
  },
  sheets: flowsSheets,
  files: flowsFiles,
})

/** What comes next. `whole`: with the journeys behind each way from one to the next, which takes longer. */
export async function countGraph(
  asking: Asking,
  journeys: Journeys,
  known: Known[],
  { coverage, whole }: { coverage: number; whole: boolean },
): Promise<Graph> {
  asking.progress(0, 'Following every journey from touchpoint to touchpoint')
  const edges = await asking.rows<EdgeRow>('What comes next, and how long after', edgeQuestion(journeys))
  const places = await asking.rows<PlaceRow>('Where journeys come by, and begin', placeQuestion(journeys))
  const edgeCases = whole
    ? await asking.rows<EdgeCasesRow>('Journeys that go each way', edgeCasesQuestion(journeys))
    : []
  return graphOf({ edges, places, edgeCases }, known, coverage)
}

/** The ways, where they lead, and another's beside them. */
async function beyondGraph(
  asking: Asking,
  journeys: Journeys,
  { asked, known, graph }: { asked: FlowsAsked; known: Known[]; graph: Graph },
) {
  asking.progress(0.25, `Comparing the ways of ${graph.cases.toLocaleString('en')} journeys`)
  const ways = await waysOf(asking, journeys, { most: asked.ways, cases: graph.cases })
  const stretch = await stretchOf(asking, journeys, { asked, known, graph })
  asking.progress(0.5, 'Looking where they lead, and how long that takes')
  const between = stretch ? await countBetween(asking, journeys, stretch) : undefined
  const conversion = stretch ? await conversionOf(asking, journeys, stretch, between) : null
  const passing = stretch
    ? {
        ...(await passingOf(asking, journeys, stretch, { days: asked.landmark ?? null, between })),
        through: asked.through ?? null,
      }
    : null
  asking.progress(0.75, 'Looking where the others go')
  const compared =
    asked.compare === undefined
      ? null
      : await compare(asking, journeys, { ...asked, compare: asked.compare }, stretch, conversion)
  return { ways, conversion, passing, compared }
}

/**
 * From where to where: as asked; else from where most journeys begin to the sale, or where there is none, to
 * where most of them end. Null where they lead nowhere else. @throws NotFound for a touchpoint that is not on the map
 */
async function stretchOf(
  asking: Asking,
  journeys: Journeys,
  { asked, known, graph }: { asked: FlowsAsked; known: Known[]; graph: Graph },
): Promise<Stretch | null> {
  for (const id of [asked.start, asked.goal, asked.through])
    if (typeof id === 'number' && !known.some((each) => each.id === id)) throw new NotFound('touchpoint', id)
  const most = (which: 'starts' | 'ends', but?: number) =>
    graph.touchpoints
      .filter((each) => each.id !== but)
      .toSorted((a, b) => b[which] - a[which])
      .find((each) => each[which] > 0)?.id
  const start = asked.start ?? most('starts')
  if (start === undefined) return null
  const startsAtSale = known.some((each) => each.id === start && each.purpose === 'sale')
  const goal =
    asked.goal ??
    ((await anySale(asking, journeys)) && !(startsAtSale && journeys.of === 'purchase')
      ? 'sale'
      : most('ends', start))
  return goal === undefined ? null : { start, goal, startsAtSale, withinDays: asked.within }
}

async function anySale(asking: Asking, journeys: Journeys): Promise<boolean> {
  const [found] = await asking.rows<SalesRow>('Sales in this time', salesQuestion(journeys))
  return (found?.n ?? 0) > 0
}

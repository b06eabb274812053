import { test } from 'node:test'
import type { Store } from '../store/store.ts'
import { attributionQuestions } from './attribution/questions.testing.ts'
import { boughtAgain } from './budget/budget.ts'
import { answersTo, judged, promisesMade } from './effects/questions.ts'
import { type CaseKind, caseKinds } from './flows/cases.ts'
import { edgeCasesQuestion, edgeQuestion, placeQuestion } from './flows/graph-questions.ts'
import { flowsQuestions } from './flows/questions.testing.ts'
import { longestQuestion, wayQuestion, writing } from './flows/way-questions.ts'
import { returnTimes } from './horizon.ts'
import { experienceByDay, keptByDay } from './improvements/questions.ts'
import { askedQuestion, balanceQuestion } from './map/balance.ts'
import { behindQuestion, type Figure } from './map/behind-question.ts'
import { careQuestion } from './map/care.ts'
import { buyers, cells, promises, reach } from './map/map-questions.ts'
import { channelQuestion, silenceQuestion } from './map/silence.ts'
import type { Question, Scope } from './question.ts'
import { assertSame, onRandomCompanies, someScopes } from './random-company.testing.ts'
import { salesByCustomer } from './returning/questions.ts'
import { courtedQuestion, courtedTouchesQuestion, courtingQuestion } from './touchpoints/courted-questions.ts'
import { outcomeOf } from './touchpoints/outcome.ts'
import { buyersQuestion, gapsQuestion, touchesQuestion } from './touchpoints/questions.ts'
import { courtships, revenue } from './winning/questions.ts'

test('every question has one answer, on the projection and on the database', async () => {
  await onRandomCompanies(async (store) => {
    for (const scope of await someScopes(store))
      for (const [name, question] of await questions(store, scope)) await assertSame(store, name, question)
  })
})

/** 1 May 2026: some of what was promised has come by then, some may still, some never will. */
const recently = Date.UTC(2026, 4, 1) * 1000

async function questions(store: Store, scope: Scope): Promise<[string, Question][]> {
  const figures: Figure[] = [
    { figure: 'touchpoint', touchpoint: 3 },
    { figure: 'stage', stage: 1 },
    { figure: 'unplaced' },
    { figure: 'said', touchpoint: 3 },
    { figure: 'inferred' },
    { figure: 'impression', stage: 2 },
    { figure: 'good' },
    { figure: 'bad', touchpoint: 3 },
    { figure: 'flow', touchpoint: 1, next: 2 },
    { figure: 'arrived', touchpoint: 1, goal: 'sale', within: 20.5 },
    { figure: 'arrived', touchpoint: 1, goal: 3, within: 30, case: 'purchase' },
    { figure: 'kept' },
    { figure: 'broken', touchpoint: 3, side: 'after' },
    { figure: 'touches', side: 'after' },
    { figure: 'asking', side: 'before' },
    { figure: 'sales' },
    { figure: 'silent-since-sale', days: 30 },
    { figure: 'silent-now', days: 30 },
    { figure: 'care', standard: 1, outcome: 'missed' },
    { figure: 'care', standard: 1, outcome: 'got' },
  ]
  const opened = figures.map(async (figure): Promise<[string, Question]> => {
    const question = await behindQuestion(store, scope, figure)
    const text = `${question.text} select * from behind order by happened, customer_id, id`
    return [`behind ${figure.figure}`, { text, values: question.values }]
  })
  return [
    ['cells', cells(scope)],
    ['promises', promises(scope)],
    ['buyers', buyers(scope)],
    ['reach', reach(scope)],
    ['balance', balanceQuestion(scope)],
    ['asked', askedQuestion(scope)],
    ['silence', silenceQuestion(scope)],
    ['channels', channelQuestion(scope)],
    ['care', careQuestion(scope, standard(null))],
    ['care from delivery', careQuestion(scope, standard(3))],
    ...touchpointQuestions(scope),
    ...effectQuestions(scope),
    ['courtships', courtships(scope, 30)],
    ['revenue', revenue(scope)],
    ['bought again', boughtAgain(scope)],
    ['sales by customer', salesByCustomer(scope, clock)],
    ['experience by day', experienceByDay(scope)],
    ['kept by day', keptByDay(scope)],
    ...(await Promise.all(opened)),
    ...caseKinds.flatMap((of) => journeys(scope, of)),
    ...flowsQuestions(scope),
    ...attributionQuestions(scope),
  ]
}

/** Ahead by eleven hours, then ten, then eleven again: the days of the random companies lie around both changes. */
const clock = {
  ahead: 39_600_000_000,
  changes: [
    { at: Date.UTC(2026, 0, 20, 1) * 1000, by: -3_600_000_000 },
    { at: Date.UTC(2026, 2, 10, 1) * 1000, by: 3_600_000_000 },
  ],
}

function effectQuestions(scope: Scope): [string, Question][] {
  return [
    ['return times', returnTimes()],
    ['promises made', promisesMade(scope)],
    ['promises judged', judged(scope, 1, recently)],
    ['answers to a promise, first word', answersTo(scope, 2, recently, 'first')],
    ['answers to a promise', answersTo(scope, 1, recently, 'last')],
  ]
}

function journeys(scope: Scope, of: CaseKind): [string, Question][] {
  const these = { scope, of }
  return [
    [`edges of a ${of}`, edgeQuestion(these)],
    [`places of a ${of}`, placeQuestion(these)],
    [`journeys of a ${of} on each edge`, edgeCasesQuestion(these)],
    [`longest ${of}`, longestQuestion(these)],
    [`ways of a ${of}`, wayQuestion(these, writing(6, 30), 50)],
    // long ways are told apart by their beginnings
    [`long ways of a ${of}`, wayQuestion(these, { base: 7, digits: 2, words: 3 }, 50)],
  ]
}

/** One text for all outcomes but for each one's own table: half of the scopes try these, half the others. */
function touchpointQuestions(scope: Scope): [string, Question][] {
  const spans = { lookback: 20, landmark: 15, horizon: 40 }
  const touches = touchesQuestion(scope, { kind: 'return' }, spans)
  const courted = courtedTouchesQuestion(scope, spans, spans.lookback)
  const buyers = (name: string): [string, Question] => [
    `buyers for ${name}`,
    buyersQuestion(scope, outcomeOf(name), spans),
  ]
  if (scope.segment === null)
    return [...['return', 'renewal'].map(buyers), ['gaps', gapsQuestion(scope, { kind: 'return' })]]
  return [
    ...['referral', 'rating', 'segment:1'].map(buyers),
    ['gaps of renewals', gapsQuestion(scope, { kind: 'renewal' })],
    ['touches', { ...touches, text: `${touches.text} order by 1, 2, 3, 4, 5` }],
    ['courting', courtingQuestion(scope)],
    ['courted', courtedQuestion(scope, spans)],
    ['what the courted met', { ...courted, text: `${courted.text} order by 1, 2, 3, 4, 5` }],
  ]
}

function standard(countsFrom: number | null) {
  return {
    id: 1,
    name: 'A call',
    touchpointId: 4,
    touchpointName: 'Care call',
    withinDays: 7,
    countsFrom,
    countsFromName: countsFrom === null ? null : 'Delivery',
  }
}

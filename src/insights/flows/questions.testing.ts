// Every SQL text of this question, for the test that both engines answer it alike.
import type { Question, Scope } from '../question.ts'
import { type CaseKind, caseKinds } from './cases.ts'
import { bothQuestion } from './compare.ts'
import { betweenQuestion, type Stretch, salesQuestion, waitQuestion } from './conversion-questions.ts'
import { edgeCasesQuestion, edgeQuestion, placeQuestion } from './graph-questions.ts'
import { passingQuestion, riskQuestion } from './passing-questions.ts'
import { longestQuestion, wayQuestion, writing } from './way-questions.ts'

export function flowsQuestions(scope: Scope): [string, Question][] {
  return [['customers in both', bothQuestion(scope, 1)], ...caseKinds.flatMap((of) => journeys(scope, of))]
}

function journeys(scope: Scope, of: CaseKind): [string, Question][] {
  const these = { scope, of }
  const toDelivery: Stretch = { start: 1, goal: 3, startsAtSale: false, withinDays: 30 }
  const again: Stretch = { start: 2, goal: 2, startsAtSale: true, withinDays: 3650 }
  const toSale: Stretch = { start: 1, goal: 'sale', startsAtSale: false, withinDays: 90 }
  const toNextSale: Stretch = { start: 2, goal: 'sale', startsAtSale: true, withinDays: 90 }
  const questions: [string, Question][] = [
    ['edges', edgeQuestion(these)],
    ['places', placeQuestion(these)],
    ['journeys on each edge', edgeCasesQuestion(these)],
    ['longest', longestQuestion(these)],
    ['ways', wayQuestion(these, writing(6, 30), 50)],
    // long ways are told apart by their beginnings
    ['long ways', wayQuestion(these, { base: 7, digits: 2, words: 3 }, 50)],
    ['sales', salesQuestion(these)],
    ...[toDelivery, again, toSale, toNextSale].map((stretch): [string, Question] => [
      'waits',
      waitQuestion(these, stretch),
    ]),
    ...[toDelivery, toSale].flatMap((stretch): [string, Question][] => [
      ['between', betweenQuestion(these, stretch)],
      ['risk', riskQuestion(these, stretch, 5 * 86_400_000_000)],
      ['passing', passingQuestion(these, stretch, 5 * 86_400_000_000)],
    ]),
  ]
  return questions.map(([name, question]) => [`${name} of a ${of}`, question])
}

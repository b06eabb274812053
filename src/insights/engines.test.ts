import { test } from 'node:test'
import type { Store } from '../store/store.ts'
import { askedQuestion, balanceQuestion } from './map/balance.ts'
import { behindQuestion, type Figure } from './map/behind.ts'
import { careQuestion } from './map/care.ts'
import { flowQuestion } from './map/flows.ts'
import { buyers, cells, promises, reach } from './map/map-questions.ts'
import { channelQuestion, silenceQuestion } from './map/silence.ts'
import type { Question, Scope } from './question.ts'
import { assertSame, onRandomCompanies, someScopes } from './random-company.testing.ts'
import { courtships, revenue } from './winning/questions.ts'

test('every question has one answer, on the projection and on the database', async () => {
  await onRandomCompanies(async (store) => {
    for (const scope of await someScopes(store))
      for (const [name, question] of await questions(store, scope)) await assertSame(store, name, question)
  })
})

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
    ['flows', flowQuestion(scope)],
    ['balance', balanceQuestion(scope)],
    ['asked', askedQuestion(scope)],
    ['silence', silenceQuestion(scope)],
    ['channels', channelQuestion(scope)],
    ['care', careQuestion(scope, standard(null))],
    ['care from delivery', careQuestion(scope, standard(3))],
    ['courtships', courtships(scope, 30)],
    ['revenue', revenue(scope)],
    ...(await Promise.all(opened)),
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

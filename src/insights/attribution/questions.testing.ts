// Every SQL text of this question, for the test that both engines answer it alike.
import type { Question, Scope } from '../question.ts'
import { firstSaleQuestion, openQuestion, touchQuestion } from './questions.ts'

export function attributionQuestions(scope: Scope): [string, Question][] {
  return (['touchpoint', 'channel'] as const).flatMap((by): [string, Question][] => {
    const looking = { scope, by, lookbackDays: 40, quietDays: 10 }
    return [
      [`touches by ${by}`, touchQuestion(looking)],
      [`who may still buy, by ${by}`, openQuestion(looking)],
      [`first sales, by ${by}`, firstSaleQuestion(looking)],
    ]
  })
}

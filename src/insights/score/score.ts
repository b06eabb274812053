import { modelInUse } from '../../validation/validation.ts'
import { defineQuestion } from '../asking/kind.ts'
import { groupsOfBuyers } from './questions.ts'
import { type ScoreAnswer, scoreAnswerSchema, scoreGroups, scoreQuery } from './schema.ts'
import { scoreSheets } from './sheets.ts'
import { scoreWords } from './words.ts'

/** What the score is made of, and how it did on time that it had not seen. */
export const score = defineQuestion({
  name: 'score',
  title: 'How sure the score is',
  summary:
    'Whether the score foretells who comes back, against purchases and ratings; its weights; who scores what',
  asked: scoreQuery,
  answer: scoreAnswerSchema,
  async answering({ store }, { silent }) {
    const { model, judgement, madeAt } = await modelInUse(store.db)
    const found = await groupsOfBuyers(store.db, silent, new Date())
    const { firstBonus: _, ...weights } = model
    const counted: Omit<ScoreAnswer, 'statements'> = {
      silent,
      fittedAt: madeAt,
      judgement,
      weights,
      groups: scoreGroups.flatMap((group) => found.filter((each) => each.group === group)),
    }
    return { statements: scoreWords(counted), ...counted }
  },
  sheets: scoreSheets,
})

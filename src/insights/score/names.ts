// What a score is made of and set against, in words; apart, so that the page has them without the server's schemas.
import type { Judgement } from '../../validation/schema.ts'
import type { ScoreAnswer } from './schema.ts'

export const foretellerWords: Record<Judgement['foretellers'][number]['by'], string> = {
  'base rate': 'The same for everybody',
  'last rating': 'The last rating',
  'mean rating': 'The mean rating',
  purchases: 'Purchases: how lately, how often, for how much',
  'purchases and mean rating': 'Purchases and the mean rating',
  score: 'The score',
  'purchases and score': 'Purchases and the score',
}

export const groupWords: Record<ScoreAnswer['groups'][number]['group'], string> = {
  doubting: 'Doubting the choice',
  silent: 'Not confirmed, and left alone',
  unproven: 'Not confirmed yet',
  validated: 'Choice confirmed',
  advocate: 'Bring others',
  lost: 'Lost',
}

import type { QuestionKind } from './asking/kind.ts'
import { attribution } from './attribution/attribution.ts'
import { budget } from './budget/budget.ts'
import { effects } from './effects/effects.ts'
import { flows } from './flows/flows.ts'
import { improvements } from './improvements/improvements.ts'
import { returning } from './returning/returning.ts'
import { score } from './score/score.ts'
import { touchpoints } from './touchpoints/touchpoints.ts'
import { winning } from './winning/winning.ts'
import { words } from './words/words.ts'

/** Every question of "learn", one line each, so that they land beside each other. */
export const questionKinds: QuestionKind[] = [
  touchpoints,
  effects,
  //
  flows,
  returning,
  attribution,
  winning,
  improvements,
  budget,
  words,
  score,
]

// Keeping scores: of some customers as something happens to them, and of one at this moment for its page.
import type { Db, Tx } from '../store/database.ts'
import { defaultModel, ledgerOf, type Pieces, type ScoreModel, scoreOf } from './score.ts'
import {
  type ModelInUse,
  readModel,
  readPieces,
  readToldPieces,
  type ScoreRow,
  writeScores,
} from './score-queries.ts'
import type { Score } from './score-schema.ts'
import { pieceInWords, scoreInWords } from './score-words.ts'

/** The weights in use, and what they have been shown to be. */
export async function modelInUse(db: Db): Promise<ModelInUse> {
  return (await readModel(db)) ?? { model: defaultModel, claim: 'descriptive', judgement: null, madeAt: null }
}

/** Scores these customers anew, as they stand at `now`. @param ids canonical ids, and ids that are no longer */
export async function scoreChunk(tx: Tx, ids: number[], model: ScoreModel, now: Date): Promise<void> {
  const lives = await readPieces(tx, ids, now)
  const scores = lives.flatMap((life): ScoreRow[] => {
    const { value, ledger } = scoreOf(life, life.before, life.at.length, now.getTime(), model)
    return value === null ? [] : [{ customerId: life.customerId, score: Math.round(value), pieces: ledger.n }]
  })
  await writeScores(tx, ids, scores)
}

/** One customer's score at this moment, with what makes it. @param id canonical @param bought whether there is a choice to confirm */
export async function scoreNow(db: Db, id: number, bought: boolean, now: Date): Promise<Score> {
  const [{ model, claim }, told] = await Promise.all([modelInUse(db), readToldPieces(db, id, now)])
  const pieces: Pieces = {
    at: Float64Array.from(told, (piece) => piece.at),
    value: Float64Array.from(told, (piece) => piece.value),
  }
  const before = told.filter((piece) => !piece.after).length
  const score = scoreOf(pieces, before, told.length, now.getTime(), model)
  const effort = ledgerOf(pieces, 0, before, now.getTime(), model)
  const contributions = score.contributions.flatMap(({ index, points, logOdds }) => {
    const piece = told[index]
    if (!piece) return []
    const { interactionId, value, evidence } = piece
    const at = new Date(piece.at).toISOString()
    return [{ interactionId, at, words: pieceInWords(piece), value, evidence, points, logOdds }]
  })
  return {
    value: score.value,
    start: score.start,
    sentence: scoreInWords(score, contributions, bought),
    claim,
    halfLifeDays: model.halfLifeDays,
    effort: { n: effort.n, good: effort.good, bad: effort.bad },
    choice: { n: score.ledger.n, good: score.ledger.good, bad: score.ledger.bad },
    contributions,
  }
}

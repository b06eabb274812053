import { list, sentenceCase } from '../../lib/phrases.ts'
import type { Judgement } from '../../validation/schema.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import type { ScoreAnswer } from './schema.ts'

const cameBack: Record<Judgement['comingBack'], string> = {
  again: 'bought again',
  renew: 'stayed',
  referral: 'brought somebody',
}

/** Whether the score foretells anything, and what it is made of; nothing that the figures don't say. */
export function scoreWords(answer: Omit<ScoreAnswer, 'statements'>): Statement[] {
  return [...foretelling(answer.judgement), ...made(answer), ...scored(answer)]
}

function foretelling(judgement: Judgement | null): Statement[] {
  if (!judgement)
    return [
      cannotTell(
        'The score is not judged yet: that is done every night. Until then it describes what was experienced and foretells nothing.',
      ),
    ]
  if (judgement.cannotTell !== null)
    return [
      cannotTell(
        `The score describes what was experienced; whether it foretells who comes back can’t be told: ${judgement.cannotTell}.`,
      ),
    ]
  const own = judgement.foretellers.find(({ by }) => by === 'score')?.auc
  const n = judgement.judged?.n
  const who = `who ${cameBack[judgement.comingBack]} within ${judgement.horizonDays ?? 0} days`
  const statements: Statement[] = []
  if (judgement.claim === 'predictive')
    statements.push(
      goesAlong(
        `Predictive: on time that it had not seen, the score told ${who}, and told it better than purchases alone and than purchases with ratings.`,
        n,
      ),
    )
  else
    statements.push(
      cannotTell(
        `Descriptive: the score sums up what was experienced. That it tells ${who} better than purchases and ratings do is not shown.`,
        n,
      ),
    )
  if (own)
    statements.push(
      counted(
        `Of one who did and one who did not, the one who did had the higher score ${pairs(own.value)} times in 100 (${pairs(own.low)} to ${pairs(own.high)}); chance alone gives 50.`,
        n,
      ),
    )
  for (const { over, value, low, high } of judgement.gains)
    statements.push(
      counted(
        `Added to ${over === 'purchases' ? 'what was bought, how often and how lately' : 'purchases and the mean rating'}, it puts ${signed(100 * value)} more in 100 such pairs right (${signed(100 * low)} to ${signed(100 * high)})${low > 0 ? '' : ': that may be chance'}.`,
        n,
      ),
    )
  return statements
}

function made({ judgement, weights }: Omit<ScoreAnswer, 'statements'>): Statement[] {
  const fades =
    weights.halfLifeDays === null
      ? 'An experience does not fade.'
      : `An experience loses half its weight in ${weights.halfLifeDays} days.`
  if (!judgement?.fittedModelUsed)
    return [
      counted(
        `The weights are those that everybody begins with: a bad experience weighs twice as much as a good one. ${fades}${
          judgement && judgement.cannotTell === null
            ? ' Those found in your data foretold nothing on later time.'
            : ''
        }`,
      ),
    ]
  const { good, bad } = weights
  const sides =
    good > 0 && bad > 0
      ? `bad experiences weigh ${(bad / good).toFixed(1)} times as much as good ones.`
      : bad > 0
        ? 'bad experiences go along with staying away; good ones were not found to make a difference.'
        : good > 0
          ? 'good experiences go along with coming back; bad ones were not found to make a difference.'
          : 'neither good nor bad experiences together were found to make a difference.'
  const extras = [
    ...(weights.peak > 0 ? ['the strongest one'] : []),
    ...(weights.last > 0 ? ['the latest one'] : []),
    ...(weights.first > 0 ? ['the first one'] : []),
  ]
  return [
    goesAlong(
      `Among customers who bought as lately, as often and for as much: ${[sides, fades, extras.length > 0 ? `${sentenceCase(list(extras))} ${extras.length === 1 ? 'counts' : 'count'} beside that.` : ''].filter((each) => each !== '').join(' ')}`,
      judgement.fitted?.n,
    ),
  ]
}

function scored({ groups }: Omit<ScoreAnswer, 'statements'>): Statement[] {
  const buyers = groups.reduce((sum, each) => sum + each.customers, 0)
  const have = groups.reduce((sum, each) => sum + each.scored, 0)
  if (buyers === 0) return [counted('Nobody has bought yet: there is no choice to confirm.', 0)]
  return [
    counted(
      `${have.toLocaleString('en')} of ${buyers.toLocaleString('en')} buyers have a score; the others have had fewer than two experiences since the sale.`,
      buyers,
    ),
  ]
}

function pairs(area: number): string {
  return (100 * area).toFixed(0)
}

function signed(points: number): string {
  return `${points < 0 ? '−' : ''}${Math.abs(points).toFixed(1)}`
}

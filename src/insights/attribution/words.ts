import { list } from '../../lib/phrases.ts'
import type { AttributionMethod } from '../../stats/attribution.ts'
import { cannotTell, counted, goesAlong, type Statement } from '../asking/statement.ts'
import { whole } from '../findings/finding.ts'
import { fewestAnswers } from '../map/level.ts'
import type { Attribution } from './schema.ts'

type Answer = Omit<Attribution, 'statements'>
type Credited = Answer['credited'][number]

/** The answer in sentences, which never say that a touch won a sale. */
export function attributionWords(answer: Answer): Statement[] {
  const { won, untouched, credited } = answer
  if (won + untouched === 0)
    return [counted('Nobody bought for the first time in this time: there is nothing to credit.', 0)]
  if (won === 0)
    return [
      cannotTell(
        `Before none of ${whole(untouched)} first sales is a touch recorded in ${whole(answer.lookback)} days: what won them can’t be told. Bring in what happens before a sale.`,
        untouched,
      ),
    ]
  const [most] = credited
  if (won < fewestAnswers || !most)
    return [
      cannotTell(
        `Only ${whole(won)} first sales have a touch before them; at least ${fewestAnswers} are needed to credit anything.`,
        won,
      ),
      ...missing(answer),
    ]
  return [leading(answer, most), ...agreement(answer), caution(answer), ...missing(answer)]
}

function leading({ won }: Answer, most: Credited): Statement {
  return goesAlong(
    `Between ${points(most.least)} and ${points(most.most)} of 100 first sales, depending on how one counts, go along with “${most.name}”.`,
    won,
  )
}

/** Whether the ways of counting agree who comes first, and where they lie furthest apart. */
function agreement({ credited, won }: Answer): Statement[] {
  const firsts = new Map<string, AttributionMethod[]>()
  for (const method of ['first', 'last', 'linear', 'markov', 'shapley'] as const) {
    const share = (each: Credited) => each.by.find((one) => one.method === method)?.share ?? -1
    const top = credited.toSorted((a, b) => share(b) - share(a))[0]
    if (top && share(top) >= 0) firsts.set(top.name, [...(firsts.get(top.name) ?? []), method])
  }
  if (credited.length < 2) return []
  const widest = credited.toSorted((a, b) => b.most - b.least - (a.most - a.least))[0]
  return [
    firsts.size === 1
      ? counted('All five ways of counting put the same one first.', won)
      : counted(
          `The ways of counting disagree on who comes first: ${list([...firsts].map(([name, methods]) => `“${name}” by ${list(methods.map((method) => plain[method]))}`))}.`,
          won,
        ),
    ...(widest && widest.most - widest.least >= 0.1
      ? [
          counted(
            `They lie furthest apart for “${widest.name}”: ${points(widest.least)} to ${points(widest.most)} of 100. There the place in the order decides, not the touch.`,
            won,
          ),
        ]
      : []),
  ]
}

const plain: Record<AttributionMethod, string> = {
  first: 'first touch',
  last: 'last touch',
  linear: 'equal parts',
  markov: 'removal',
  shapley: 'Shapley',
}

function caution({ won }: Answer): Statement {
  return cannotTell(
    'None of this shows what made anybody buy: only a test in which some people are left out by chance can.',
    won,
  )
}

function missing({ untouched, won, open, quiet, lookback }: Answer): Statement[] {
  return [
    ...(untouched > 0
      ? [
          counted(
            `${whole(untouched)} of ${whole(won + untouched)} first sales have no touch before them in ${whole(lookback)} days and are credited to nobody.`,
            won + untouched,
          ),
        ]
      : []),
    ...(open > 0
      ? [
          counted(
            `${whole(open)} customers were touched in the last ${whole(quiet)} days and have not bought: how that ends is not known, so they are left out.`,
            open,
          ),
        ]
      : []),
  ]
}

function points(share: number): string {
  return whole(100 * share)
}
